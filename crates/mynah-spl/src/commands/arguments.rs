use crate::expression::{self, Expression};
use crate::pipeline::quotes::{end_of_brackets, end_of_quoted, unescape};
use crate::pipeline::trim;
use mynah_syntax::{Diagnostic, Span, Spanned};

/// A token of a command's arguments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A bare word: everything up to white space, a comma, an equals sign, a parenthesis, a bracket or a quote.
    Word(String),
    /// A text in double or single quotes, escapes resolved.
    Quoted(String),
    /// `,`, `=`, `(`, `)`; or `!` where `=` follows.
    Symbol(char),
    /// `[...]`: what is inside the brackets.
    Brackets(Span),
}

/// The arguments of a command, read one by one.
#[derive(Debug, Clone)]
pub(crate) struct Arguments<'a> {
    /// The whole query.
    pub text: &'a str,
    /// The command's name, and its place.
    pub name: Spanned<&'a str>,
    at: usize,
    end: usize,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(text: &'a str, name: Spanned<&'a str>, range: Span) -> Self {
        Arguments { text, name, at: range.start, end: range.end }
    }

    /// What is left.
    pub(crate) fn rest(&self) -> Span {
        trim(self.text, Span::new(self.at.min(self.end), self.end))
    }

    /// What is left, as text.
    pub(crate) fn rest_text(&self) -> &'a str {
        self.rest().of(self.text)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest_text().is_empty()
    }

    /// Goes on at `offset` of the query.
    pub(crate) fn seek(&mut self, offset: usize) {
        self.at = offset;
    }

    /// The next token, which stays the next one.
    ///
    /// # Errors
    /// Where a quote or bracket has no counterpart.
    pub(crate) fn peek(&self) -> Result<Option<Spanned<Token>>, Diagnostic> {
        self.clone().next()
    }

    /// Takes the next token.
    ///
    /// # Errors
    /// Where a quote or bracket has no counterpart.
    pub(crate) fn next(&mut self) -> Result<Option<Spanned<Token>>, Diagnostic> {
        let start = self.rest().start;
        let rest = self.rest_text();
        let Some(first) = rest.chars().next() else {
            self.at = self.end;
            return Ok(None);
        };
        let open = |what: &str| {
            Diagnostic::error("spl/syntax", format!("this {what} is not closed"), Span::new(start, start + 1))
        };
        let (token, length) = match first {
            ',' | '=' | '(' | ')' => (Token::Symbol(first), 1),
            '!' if rest.starts_with("!=") => (Token::Symbol('!'), 1),
            '"' => {
                let length = end_of_quoted(rest, 0).ok_or_else(|| open("quote"))?;
                (Token::Quoted(unescape(rest.get(1..length - 1).unwrap_or(""))), length)
            }
            '\'' => {
                let length = rest.get(1..).and_then(|inner| inner.find('\'')).ok_or_else(|| open("quote"))? + 2;
                (Token::Quoted(rest.get(1..length - 1).unwrap_or("").to_owned()), length)
            }
            '[' => {
                let length = end_of_brackets(rest, 0).ok_or_else(|| open("bracket"))?;
                (Token::Brackets(Span::new(start + 1, start + length - 1)), length)
            }
            _ => {
                let length = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, ',' | '=' | '(' | ')' | '[' | ']' | '"'))
                    .unwrap_or(rest.len())
                    .max(first.len_utf8());
                // `a!=b` is a, !=, b.
                let word = rest.get(..length).unwrap_or("");
                let length = match word.strip_suffix('!') {
                    Some(before) if !before.is_empty() && rest.get(length..).is_some_and(|r| r.starts_with('=')) => {
                        before.len()
                    }
                    _ => length,
                };
                (Token::Word(rest.get(..length).unwrap_or("").to_owned()), length)
            }
        };
        self.at = start + length;
        Ok(Some(Spanned::new(token, Span::new(start, start + length))))
    }

    /// The place of the next token; of what is left where that is none.
    pub(crate) fn next_span(&self) -> Span {
        match self.peek() {
            Ok(Some(token)) => token.span,
            _ => self.rest(),
        }
    }

    /// Takes a symbol if it is the next token.
    pub(crate) fn symbol(&mut self, symbol: char) -> bool {
        let rest = self.rest();
        let found = rest.of(self.text).starts_with(symbol);
        if found {
            self.at = rest.start + symbol.len_utf8();
        }
        found
    }

    /// Takes a keyword, in any case, if it is the next word.
    pub(crate) fn keyword(&mut self, word: &str) -> bool {
        match self.peek() {
            Ok(Some(Spanned { node: Token::Word(text), span })) if text.eq_ignore_ascii_case(word) => {
                self.at = span.end;
                true
            }
            _ => false,
        }
    }

    /// Whether the next word is this keyword.
    pub(crate) fn at_keyword(&self, word: &str) -> bool {
        self.clone().keyword(word)
    }

    /// Takes `name=value` if it is next and its name is one of `names`: which one, and the value.
    ///
    /// # Errors
    /// Where no value follows.
    pub(crate) fn option(
        &mut self,
        names: &[&'static str],
    ) -> Result<Option<(&'static str, Spanned<String>)>, Diagnostic> {
        let mut ahead = self.clone();
        let Some(Spanned { node: Token::Word(word), span }) = ahead.next()? else { return Ok(None) };
        let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(&word)) else { return Ok(None) };
        if !ahead.symbol('=') {
            return Ok(None);
        }
        let value = match ahead.next()? {
            Some(Spanned { node: Token::Word(text) | Token::Quoted(text), span }) => Spanned::new(text, span),
            _ => return Err(Diagnostic::error("spl/syntax", format!("a value is expected after `{name}=`"), span)),
        };
        *self = ahead;
        Ok(Some((name, value)))
    }

    /// Takes `name=(condition)`, with quotes around it or not, if it is next.
    ///
    /// # Errors
    /// Where no condition follows.
    pub(crate) fn condition_option(&mut self, name: &str) -> Result<Option<Expression>, Diagnostic> {
        let mut ahead = self.clone();
        if !ahead.keyword(name) || !ahead.symbol('=') {
            return Ok(None);
        }
        let condition = ahead.condition()?;
        *self = ahead;
        Ok(Some(condition))
    }

    /// Takes an eval condition, which may stand in quotes.
    ///
    /// # Errors
    /// Where there is none, or it is broken.
    pub(crate) fn condition(&mut self) -> Result<Expression, Diagnostic> {
        let rest = self.rest();
        let whole = rest.of(self.text);
        // `"("match(a,\"x\")")"`, as the reference writes it: the parentheses in quotes, and what is between them.
        if let Some((inner, end)) = between_quoted_parentheses(whole) {
            self.at = rest.start + end;
            let (condition, mut diagnostics) = expression::parse(&unescape(inner), rest.start + 3);
            return condition.ok_or_else(|| diagnostics.pop().unwrap_or_else(|| self.wrong(rest, "a condition")));
        }
        if whole.starts_with('"')
            && let Some(length) = end_of_quoted(whole, 0)
        {
            let inner = unescape(whole.get(1..length - 1).unwrap_or(""));
            self.at = rest.start + length;
            let (condition, mut diagnostics) = expression::parse(&inner, rest.start + 1);
            return condition.ok_or_else(|| diagnostics.pop().unwrap_or_else(|| self.wrong(rest, "a condition")));
        }
        let (condition, length) = expression::parse_prefix(whole, rest.start)?;
        self.at = rest.start + length;
        Ok(condition)
    }

    /// Takes a field's name: a word or a quoted text; a word with parentheses right behind it is the name of what a function
    /// gave: `sum(bytes)`, `count(eval(status=200))`.
    ///
    /// # Errors
    /// Where something else is next.
    pub(crate) fn field(&mut self) -> Result<Spanned<String>, Diagnostic> {
        let quoted = self.rest_text().starts_with(['"', '\'']);
        let mut name = self.word()?;
        let mut depth = 0usize;
        let behind = self.text.get(self.at..self.end).unwrap_or("");
        if quoted || !behind.starts_with('(') {
            return Ok(name);
        }
        let close = behind.find(|c: char| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        if let Some(parentheses) = close.and_then(|close| behind.get(..=close)) {
            name.node.push_str(parentheses);
            self.at += parentheses.len();
            name.span.end = self.at;
        }
        Ok(name)
    }

    /// Takes a word or a quoted text, which a field's name or another one may be.
    ///
    /// # Errors
    /// Where something else is next.
    pub(crate) fn word(&mut self) -> Result<Spanned<String>, Diagnostic> {
        let before = self.rest();
        match self.next()? {
            Some(Spanned { node: Token::Word(text) | Token::Quoted(text), span }) => Ok(Spanned::new(text, span)),
            Some(other) => Err(self.wrong(other.span, "the name of a field")),
            None => Err(self.wrong(Span::at(before.start), "the name of a field")),
        }
    }

    /// Takes fields, separated by commas or white space, up to the end or one of the keywords.
    ///
    /// # Errors
    /// Where something that is no field is among them.
    pub(crate) fn fields_until(&mut self, keywords: &[&str]) -> Result<Vec<Spanned<String>>, Diagnostic> {
        let mut fields = Vec::new();
        loop {
            while self.symbol(',') {}
            if self.is_empty() || keywords.iter().any(|word| self.at_keyword(word)) {
                return Ok(fields);
            }
            fields.push(self.field()?);
        }
    }

    /// Takes a subsearch in brackets, which must be next.
    ///
    /// # Errors
    /// Where something else is, or the bracket is not closed.
    pub(crate) fn subsearch(&mut self) -> Result<Span, Diagnostic> {
        self.brackets()?.ok_or_else(|| self.wrong(self.rest(), "a subsearch in brackets"))
    }

    /// Takes a subsearch in brackets, if one is next.
    ///
    /// # Errors
    /// Where the bracket is not closed.
    pub(crate) fn brackets(&mut self) -> Result<Option<Span>, Diagnostic> {
        match self.peek()? {
            Some(Spanned { node: Token::Brackets(inner), span }) => {
                self.at = span.end;
                Ok(Some(inner))
            }
            _ => Ok(None),
        }
    }

    /// Takes a symbol, which must be next.
    ///
    /// # Errors
    /// Where something else is.
    pub(crate) fn expect(&mut self, symbol: char) -> Result<(), Diagnostic> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.wrong(self.rest(), &format!("`{symbol}`"))) }
    }

    /// Takes `AS` and the name behind it, where it is next.
    ///
    /// # Errors
    /// Where no name follows.
    pub(crate) fn alias(&mut self) -> Result<Option<Spanned<String>>, Diagnostic> {
        if self.keyword("as") { self.field().map(Some) } else { Ok(None) }
    }

    /// Takes the name of a field, behind which nothing may be left.
    ///
    /// # Errors
    /// Where something else is next, or something is left.
    pub(crate) fn last_field(&mut self) -> Result<Spanned<String>, Diagnostic> {
        let field = self.field()?;
        self.end()?;
        Ok(field)
    }

    /// What has been read, of which there must be something.
    ///
    /// # Errors
    /// Where there is nothing.
    pub(crate) fn some<T>(&self, read: Vec<T>, expected: &str) -> Result<Vec<T>, Diagnostic> {
        if read.is_empty() { Err(self.wrong(self.name.span, expected)) } else { Ok(read) }
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// If something is.
    pub(crate) fn end(&self) -> Result<(), Diagnostic> {
        if self.is_empty() { Ok(()) } else { Err(self.wrong(self.rest(), "nothing more")) }
    }

    /// What to say of something else than was expected.
    pub(crate) fn wrong(&self, span: Span, expected: &str) -> Diagnostic {
        Diagnostic::error("spl/syntax", format!("`{}` expects {expected} here", self.name.node), span)
    }
}

/// What stands between `"("` and `")"`, and where that ends.
fn between_quoted_parentheses(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix("\"(\"")?;
    // A quote behind a backslash is one of the condition.
    let ends = |at: &usize| inner.get(*at..).is_some_and(|rest| rest.starts_with("\")\""));
    let escaped = |at: usize| inner.get(..at).is_some_and(|before| before.ends_with('\\'));
    let end = (0..inner.len()).find(|at| ends(at) && !escaped(*at))?;
    Some((inner.get(..end)?, 3 + end + 3))
}

/// What to say of something that Splunk has and Mynah has not.
pub(crate) fn unsupported(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("spl/unsupported-option", format!("{what} is not supported"), span)
}

/// What an option's value means as truth: `t`, `true`, `1`, `f`, `false`, `0`.
///
/// # Errors
/// Where it is none of these.
pub(crate) fn truth(value: &Spanned<String>) -> Result<bool, Diagnostic> {
    match value.node.to_ascii_lowercase().as_str() {
        "t" | "true" | "1" | "yes" => Ok(true),
        "f" | "false" | "0" | "no" => Ok(false),
        _ => Err(Diagnostic::error("spl/syntax", format!("`{}` is neither true nor false", value.node), value.span)),
    }
}

/// An option's value as a whole number.
///
/// # Errors
/// Where it is none.
pub(crate) fn whole(value: &Spanned<String>) -> Result<usize, Diagnostic> {
    value
        .node
        .parse()
        .map_err(|_| Diagnostic::error("spl/syntax", format!("`{}` is no whole number", value.node), value.span))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Arguments<'_> {
        Arguments::new(text, Spanned::new("test", Span::at(0)), Span::new(0, text.len()))
    }

    #[test]
    fn tokens_and_options() {
        let mut read = arguments("max_match=0 field=a.b{} \"x y\", 'c d' [search x]");
        assert_eq!(read.option(&["max_match"]).unwrap().map(|(_, value)| value.node), Some("0".into()));
        assert!(read.option(&["other"]).unwrap().is_none());
        assert_eq!(read.option(&["field"]).unwrap().map(|(_, value)| value.node), Some("a.b{}".into()));
        assert_eq!(read.fields_until(&[]).unwrap_err().message, "`test` expects the name of a field here");
        let mut read = arguments("a, b c BY d");
        assert_eq!(read.fields_until(&["by"]).unwrap().len(), 3);
        assert!(read.keyword("by"));
        assert_eq!(read.field().unwrap().node, "d");
        assert!(read.end().is_ok());
    }

    #[test]
    fn not_equal_is_no_part_of_a_word() {
        let mut read = arguments("a!=\"b\"");
        assert_eq!(read.next().unwrap().unwrap().node, Token::Word("a".into()));
        assert!(read.symbol('!') && read.symbol('='));
    }
}
