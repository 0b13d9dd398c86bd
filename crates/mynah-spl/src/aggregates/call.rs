use crate::expression::{Expression, parse_prefix};
use crate::plan::{name_filled, name_stars};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// One call of a statistical function, as `stats`, `eventstats`, `tstats`, `chart` and their like have it:
/// `dc(user) as users`.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateCall {
    /// The function's name as it was written: `dc`, `p95`.
    pub function: Spanned<String>,
    /// What it is calculated of; `count` may have nothing.
    pub argument: Option<Argument>,
    /// The name behind `as`.
    pub alias: Option<Spanned<String>>,
    /// The call as it is written, which is the name of what is calculated of an expression.
    pub written: Option<String>,
    /// Its place in the query, the alias included.
    pub span: Span,
    /// Whether it is calculated for each stretch of time: `sparkline(...)` around it.
    pub sparkline: Option<Sparkline>,
}

/// What `sparkline(avg(size), 1h)` says beside the function.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparkline {
    /// How long a stretch of time is, if said.
    pub span: Option<Spanned<String>>,
}

/// What a statistical function is calculated of.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A field; with `*` in it, every field whose name matches.
    Field(Spanned<String>),
    /// `eval(...)`.
    Eval(Expression),
}

impl AggregateCall {
    /// Parses the call a text starts with, and its `as NAME`: it, and the offset in `text` just after it.
    ///
    /// `base_offset` is where the text starts in the query.
    ///
    /// ```
    /// use mynah_spl::aggregates::AggregateCall;
    /// let (call, end) = AggregateCall::parse_prefix(r#"values(items{}.id) as "all ids" by user"#, 0).unwrap();
    /// assert_eq!((call.output_name(), end), ("all ids".to_owned(), 31));
    /// let (call, _) = AggregateCall::parse_prefix("count by user", 0).unwrap();
    /// assert_eq!(call.output_name(), "count");
    /// let (call, _) = AggregateCall::parse_prefix("count(eval(a=1)) by b", 0).unwrap();
    /// assert_eq!(call.output_name(), "count(eval(a=1))");
    /// ```
    ///
    /// # Errors
    /// Where there is no such call, or it is broken.
    pub fn parse_prefix(text: &str, base_offset: usize) -> Result<(AggregateCall, usize), Diagnostic> {
        Reader { text, at: 0, base: base_offset }.call()
    }

    /// The name of the column it makes: the alias, or else the call as it was written.
    pub fn output_name(&self) -> String {
        if let Some(alias) = &self.alias {
            return alias.node.clone();
        }
        if let Some(written) = &self.written {
            return written.clone();
        }
        match &self.argument {
            None => self.function.node.clone(),
            Some(Argument::Field(field)) => format!("{}({})", self.function.node, field.node),
            Some(Argument::Eval(expression)) if self.is_of_figures() => format!("{}({expression})", self.function.node),
            Some(Argument::Eval(expression)) => format!("{}(eval({expression}))", self.function.node),
        }
    }

    /// Whether it is `eval(...)`, which is calculated of other figures: `eval(avg(size)/max(delay))`.
    pub(crate) fn is_of_figures(&self) -> bool {
        // Without an expression there is nothing to calculate: then it is a function that does not exist.
        self.function.node.eq_ignore_ascii_case(FIGURES) && matches!(self.argument, Some(Argument::Eval(_)))
    }

    /// The calls that a wildcard stands for, one for each of `columns` that matches; `*` in the alias takes
    /// what the first `*` of the argument stood for.
    ///
    /// ```
    /// use mynah_spl::aggregates::AggregateCall;
    /// let (call, _) = AggregateCall::parse_prefix("sum(*_bytes) as *", 0).unwrap();
    /// let names: Vec<String> = call.expand(["in_bytes", "user", "out_bytes"]).iter().map(|c| c.output_name()).collect();
    /// assert_eq!(names, ["in", "out"]);
    /// ```
    pub fn expand<'a>(&self, columns: impl IntoIterator<Item = &'a str>) -> Vec<AggregateCall> {
        let Some(Argument::Field(pattern)) = &self.argument else { return vec![self.clone()] };
        if !pattern.node.contains('*') {
            return vec![self.clone()];
        }
        let mut calls = Vec::new();
        for column in columns {
            let Some(stars) = name_stars(&pattern.node, column) else { continue };
            let mut call = self.clone();
            call.argument = Some(Argument::Field(Spanned::new(column.to_owned(), pattern.span)));
            if let Some(alias) = &mut call.alias {
                alias.node = name_filled(&alias.node, &stars);
            }
            calls.push(call);
        }
        calls
    }
}

/// The name of what is no function of its own but calculated of the results of others.
const FIGURES: &str = "eval";

/// The name of what is calculated of a function for each stretch of time.
const SPARKLINE: &str = "sparkline";

/// The function that a sparkline is of, and its argument.
type Inner = (Spanned<String>, Option<Argument>);

struct Reader<'a> {
    text: &'a str,
    at: usize,
    base: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start, self.at).shift(self.base)
    }

    fn symbol(&mut self, symbol: char) -> bool {
        let found = self.rest().trim_start().starts_with(symbol);
        if found {
            self.skip_space();
            self.at += symbol.len_utf8();
        }
        found
    }

    fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error("spl/syntax", message, Span::at(self.base + self.at))
    }

    /// A name up to what cannot be part of a field's name, or one in quotes.
    fn name(&mut self) -> Result<Spanned<String>, Diagnostic> {
        self.skip_space();
        let (start, rest) = (self.at, self.rest());
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let content = rest.get(1..).unwrap_or("");
            let Some(length) = content.find(quote) else {
                return Err(self.error(format!("this {quote} has no closing {quote}")));
            };
            self.at += length + 2;
            return Ok(Spanned::new(content.get(..length).unwrap_or("").to_owned(), self.span(start)));
        }
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '|' | '[' | ']' | '"' | '='))
            .unwrap_or(rest.len());
        if length == 0 {
            return Err(self.error("a name is missing here"));
        }
        self.at += length;
        Ok(Spanned::new(rest.get(..length).unwrap_or("").to_owned(), self.span(start)))
    }

    /// The name behind `as`, which may have parentheses of its own: `as flags(inherited)`.
    fn alias(&mut self) -> Result<Spanned<String>, Diagnostic> {
        let mut name = self.name()?;
        let mut depth = 0usize;
        let more = self.rest().find(|c: char| {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return true,
                ')' => depth -= 1,
                c => return depth == 0 && (c.is_whitespace() || matches!(c, ',' | '|' | '[' | ']')),
            }
            false
        });
        if self.rest().starts_with('(')
            && let Some(tail) = self.rest().get(..more.unwrap_or(self.rest().len())).filter(|_| depth == 0)
        {
            name.node.push_str(tail);
            self.at += tail.len();
            name.span.end = self.base + self.at;
        }
        Ok(name)
    }

    fn call(mut self) -> Result<(AggregateCall, usize), Diagnostic> {
        self.skip_space();
        let start = self.at;
        let mut function = self.name()?;
        let mut argument = None;
        let mut sparkline = None;
        if function.node.eq_ignore_ascii_case(SPARKLINE) {
            let (inner, span) = self.sparkline()?;
            (function, argument) = inner.unwrap_or((Spanned::new("count".to_owned(), function.span), None));
            sparkline = Some(Sparkline { span });
        } else if self.symbol('(') && !self.symbol(')') {
            argument =
                Some(if function.node.eq_ignore_ascii_case(FIGURES) { self.expression()? } else { self.argument()? });
            if !self.symbol(')') {
                return Err(self.error(format!("a `)` is missing here, to end `{}(`", function.node)));
            }
        }
        // A field's name is what its quotes hold; an expression is named by its text.
        let by_text = sparkline.is_some() || matches!(argument, Some(Argument::Eval(_)));
        let written = self.text.get(start..self.at).filter(|_| by_text).map(str::to_owned);
        let mut alias = None;
        let behind = self.rest().trim_start();
        let is_as = behind.get(..2).is_some_and(|word| word.eq_ignore_ascii_case("as"))
            && behind
                .get(2..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')));
        if is_as {
            self.skip_space();
            self.at += 2;
            alias = Some(self.alias()?);
        }
        let span = Span::new(self.base + start, self.base + self.at);
        Ok((AggregateCall { function, argument, alias, written, span, sparkline }, self.at))
    }

    /// What stands in parentheses behind `sparkline`, if there are some: a call, and how long its stretches of time are.
    fn sparkline(&mut self) -> Result<(Option<Inner>, Option<Spanned<String>>), Diagnostic> {
        if !self.symbol('(') || self.symbol(')') {
            return Ok((None, None));
        }
        let function = self.name()?;
        let mut argument = None;
        if self.symbol('(') && !self.symbol(')') {
            argument = Some(self.argument()?);
            if !self.symbol(')') {
                return Err(self.error(format!("a `)` is missing here, to end `{}(`", function.node)));
            }
        }
        let span = if self.symbol(',') { Some(self.name()?) } else { None };
        if !self.symbol(')') {
            return Err(self.error("a `)` is missing here, to end `sparkline(`"));
        }
        Ok((Some((function, argument)), span))
    }

    fn argument(&mut self) -> Result<Argument, Diagnostic> {
        self.skip_space();
        let rest = self.rest();
        let inside = rest
            .get(..4)
            .filter(|word| word.eq_ignore_ascii_case("eval"))
            .and_then(|_| rest.get(4..))
            .map(str::trim_start);
        if inside.is_some_and(|rest| rest.starts_with('(')) {
            self.at += 4;
            self.symbol('(');
            let argument = self.expression()?;
            if !self.symbol(')') {
                return Err(self.error("a `)` is missing here, to end `eval(`"));
            }
            return Ok(argument);
        }
        self.name().map(Argument::Field)
    }

    fn expression(&mut self) -> Result<Argument, Diagnostic> {
        let (expression, length) = parse_prefix(self.rest(), self.base + self.at)?;
        self.at += length;
        Ok(Argument::Eval(expression))
    }
}
