//! Conditions: `selection and not 1 of filter_*`.
use crate::ast::{Condition, ConditionNode, Pattern, Quantifier};
use crate::yaml::Offsets;
use mynah_syntax::{Depth, Diagnostic, Span, Spanned};

/// Words that are no names of search identifiers.
const RESERVED: [&str; 7] = ["and", "or", "not", "all", "any", "of", "them"];

/// So many conditions can be joined by one word: what follows them by recursion has a stack that ends.
const MOST_JOINED: usize = 10_000;

/// Reads a condition.
///
/// # Errors
/// What cannot be read, at its place.
pub(super) fn parse(text: &str, offsets: &Offsets) -> Result<Condition, Diagnostic> {
    let mut parser = Parser { text, offsets, tokens: tokens(text), next: 0, depth: Depth::default() };
    let condition = parser.or()?;
    match parser.peek() {
        "" => Ok(condition),
        "|" => Err(parser.aggregation()),
        _ => Err(parser.unexpected("`and`, `or` or the end of the condition")),
    }
}

/// The names in a condition, each once, in order.
pub(super) fn names(condition: &Condition) -> Vec<Spanned<String>> {
    let mut names: Vec<Spanned<String>> = Vec::new();
    let mut open = vec![condition];
    while let Some(next) = open.pop() {
        match &next.node {
            ConditionNode::Name(name) if names.iter().all(|known| known.node != *name) => {
                names.push(Spanned::new(name.clone(), next.span));
            }
            ConditionNode::And(parts) | ConditionNode::Or(parts) => open.extend(parts.iter().rev()),
            ConditionNode::Not(inner) => open.push(inner),
            ConditionNode::Name(_) | ConditionNode::Of(..) => {}
        }
    }
    names
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '*')
}

/// Words (names, patterns, numbers), and whatever else there is, character by character.
fn tokens(text: &str) -> Vec<Span> {
    let mut tokens: Vec<Span> = Vec::new();
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match tokens.last_mut() {
            Some(last) if in_word && is_word(c) => last.end = end,
            _ if c.is_whitespace() => {}
            _ => tokens.push(Span::new(at, end)),
        }
        in_word = is_word(c);
    }
    tokens
}

struct Parser<'a> {
    text: &'a str,
    offsets: &'a Offsets,
    tokens: Vec<Span>,
    next: usize,
    depth: Depth,
}

impl<'a> Parser<'a> {
    /// `a or b or c`
    fn or(&mut self) -> Result<Condition, Diagnostic> {
        self.chain("or", ConditionNode::Or, |parser| parser.chain("and", ConditionNode::And, Parser::not))
    }

    /// Parts with a word between them.
    fn chain(
        &mut self,
        word: &str,
        node: fn(Vec<Condition>) -> ConditionNode,
        part: impl Fn(&mut Self) -> Result<Condition, Diagnostic>,
    ) -> Result<Condition, Diagnostic> {
        let first = part(self)?;
        if self.peek() != word {
            return Ok(first);
        }
        let mut span = first.span;
        let mut parts = vec![first];
        while self.take(word) {
            let next = part(self)?;
            span = span.to(next.span);
            parts.push(next);
        }
        if parts.len() > MOST_JOINED {
            let message = format!("more than {MOST_JOINED} conditions are joined by `{word}`");
            return Err(Diagnostic::error("sigma/condition", message, span));
        }
        Ok(Condition { span, node: node(parts) })
    }

    fn not(&mut self) -> Result<Condition, Diagnostic> {
        let span = self.place();
        if !self.take("not") {
            return self.primary();
        }
        self.depth.enter(span)?;
        let inner = self.not()?;
        self.depth.leave();
        Ok(Condition { span: span.to(inner.span), node: ConditionNode::Not(Box::new(inner)) })
    }

    fn primary(&mut self) -> Result<Condition, Diagnostic> {
        let span = self.place();
        if self.take("(") {
            self.depth.enter(span)?;
            let inner = self.or()?;
            self.depth.leave();
            return match self.take(")") {
                true => Ok(inner),
                false => Err(self.unexpected("`)`")),
            };
        }
        let word = self.peek();
        let quantifier = match word {
            "all" => Some(Quantifier::All),
            "any" => Some(Quantifier::AtLeast(1)),
            _ => word.parse().ok().map(Quantifier::AtLeast),
        };
        if let Some(quantifier) = quantifier.filter(|_| self.after() == "of") {
            self.next += 2;
            return self.selector(quantifier, span);
        }
        if !word.starts_with(is_word) || word.contains('*') || RESERVED.contains(&word) {
            return Err(self.unexpected("a search identifier, `not`, `(`, `1 of` or `all of`"));
        }
        self.next += 1;
        Ok(Condition { span, node: ConditionNode::Name(word.to_owned()) })
    }

    /// What follows `1 of`.
    fn selector(&mut self, quantifier: Quantifier, span: Span) -> Result<Condition, Diagnostic> {
        let word = self.peek();
        let pattern = match word {
            "them" => Pattern::Them,
            _ if word.starts_with(is_word) => Pattern::Name(word.to_owned()),
            _ => return Err(self.unexpected("`them` or a pattern such as `selection_*`")),
        };
        let span = span.to(self.place());
        self.next += 1;
        Ok(Condition { span, node: ConditionNode::Of(quantifier, pattern) })
    }

    /// The next token; nothing at the end.
    fn peek(&self) -> &'a str {
        self.tokens.get(self.next).map_or("", |token| token.of(self.text))
    }

    fn after(&self) -> &'a str {
        self.tokens.get(self.next + 1).map_or("", |token| token.of(self.text))
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.peek() == word;
        self.next += usize::from(is);
        is
    }

    /// Where the next token stands in the file.
    fn place(&self) -> Span {
        self.offsets.place(self.tokens.get(self.next).copied().unwrap_or(Span::at(self.text.trim_end().len())))
    }

    fn unexpected(&self, wanted: &str) -> Diagnostic {
        let found = self.peek();
        if found == "|" {
            return self.aggregation();
        }
        let what = if found.is_empty() { "the end".to_owned() } else { format!("`{found}`") };
        let message = format!("this is no condition: expected {wanted}, found {what}");
        let diagnostic = Diagnostic::error("sigma/condition", message, self.place());
        let lower = found.to_lowercase();
        match lower != found && RESERVED.contains(&&*lower) {
            true => diagnostic.with_fix(self.place(), lower, "operators are in lower case"),
            false => diagnostic,
        }
    }

    /// What version 1 had behind a bar: `| count() by User > 5`.
    fn aggregation(&self) -> Diagnostic {
        let end = self.tokens.last().map_or(Span::default(), |last| *last);
        let span = self.place().to(self.offsets.place(end));
        let message = format!("the aggregation `{}` in a condition is not supported", self.after());
        Diagnostic::error("sigma/aggregation", message, span).with_help(
            "write a correlation in a second document: `correlation: { type: event_count, rules: [...], group-by: [...], \
             timespan: 5m, condition: { gt: 5 } }`",
        )
    }
}
