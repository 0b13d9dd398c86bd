//! What editors want to know of a query's text: tokens, parts, names, and what may stand at a place.
use crate::aggregates::AGGREGATES;
use crate::ast::{self, BinaryOperator, Expression, Operator, Query};
use crate::functions::FUNCTIONS;
use crate::lexer::{self, TokenKind as Kind};
use crate::parser::operators::OPERATORS;
use crate::{lint, parse, plan};
use mynah_dialect::{
    Analysis, Expected, FunctionDoc, Meaning, Mode, Name, Outline, PlanContext, Stages, Token, TokenKind,
};
use mynah_syntax::{Diagnostic, Span};

/// The words of each operator, beside its own name.
const WORDS: [(&str, &[&str]); 34] = [
    ("parse", &["regex", "xml", "anchor", "field", "as", "nodrop", "multi"]),
    ("parse regex", &["field", "nodrop", "multi"]),
    ("json", &["auto", "field", "keys", "maxdepth", "extractarrays", "refonly", "as", "nodrop"]),
    ("keyvalue", &["auto", "infer", "regex", "field", "keys", "delim", "as", "nodrop"]),
    ("csv", &["field", "escape", "quote", "extract", "as", "nodrop"]),
    ("split", &["field", "delim", "escape", "quote", "extract", "as", "nodrop"]),
    ("where", &["and", "or", "not", "in", "matches", "contains", "true", "false", "null"]),
    ("fields", &[]),
    ("limit", &[]),
    ("sort", &["by", "asc", "desc"]),
    ("top", &["by", "asc", "desc"]),
    ("topk", &["by"]),
    ("dedup", &["consecutive", "by"]),
    ("geoip", &[]),
    ("lookup", &["as", "from", "on"]),
    ("withtime", &["as"]),
    ("save", &["append"]),
    ("count_frequent", &["as"]),
    ("timeslice", &["by", "buckets", "as"]),
    ("transpose", &["row", "column", "as"]),
    ("fillmissing", &["timeslice", "values", "all", "in", "with", "for", "takelast"]),
    ("smooth", &["as", "by"]),
    ("bin", &["width", "min", "max", "as"]),
    ("compare", &["with", "timeshift", "avg", "min", "max", "as"]),
    ("filter", &["in"]),
    ("join", &["as", "on", "and", "timewindow"]),
    ("merge", &["join", "with", "takeDistinct", "takeFirst", "takeLast", "as"]),
    ("outlier", &["by", "window", "threshold", "consecutive", "direction"]),
    ("predict", &["by", "model", "forecast"]),
    ("sessionize", &["as"]),
    ("trace", &[]),
    ("transaction", &["on", "fringe", "with", "states", "in", "as", "results", "by", "transactions", "flow"]),
    (
        "transactionize",
        &["as", "maxspan", "maxpause", "maxlogs", "startswith", "endswith", "keeporphans", "merge", "true", "false"],
    ),
    ("", &["as", "by", "and", "or", "not", "in", "matches", "contains", "true", "false", "null", "group"]),
];

/// The words of an operator; of an aggregate or an expression, those of the last entry.
fn words_of(operator: &str) -> &'static [&'static str] {
    let name = OPERATORS.find(operator).map(|entry| entry.doc.name);
    let entry = WORDS.iter().find(|(known, _)| Some(*known) == name).or(WORDS.last());
    entry.map_or(&[], |(_, words)| words)
}

/// The tokens of a query, broken or not.
///
/// ```
/// use mynah_dialect::TokenKind::{Field, Keyword, Operator, Text};
/// let kinds: Vec<_> = mynah_sumo::tokens("error | where user = \"ann\"").iter().map(|token| token.kind).collect();
/// assert_eq!(kinds, [Text, Operator, Keyword, Field, Operator, Text]);
/// ```
pub fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { text, at: 0, tokens: Vec::new(), operator: None, brackets: 0, in_list: false };
    loop {
        scanner.comments();
        let next = lexer::token(text, scanner.at);
        if next.kind == Kind::End {
            return scanner.tokens;
        }
        let (kind, length) = match scanner.operator {
            None => scanner.of_the_scope(next),
            Some(_) => scanner.of_a_step(next),
        };
        let span = Span::new(scanner.at, (scanner.at + length.max(1)).min(text.len()));
        match next.text {
            "(" | "[" => scanner.brackets += 1,
            ")" | "]" => scanner.brackets = scanner.brackets.saturating_sub(1),
            _ => {}
        }
        if next.kind == Kind::Pipe && scanner.brackets == 0 {
            scanner.operator = Some("");
        } else if scanner.operator == Some("") {
            scanner.operator = Some(next.text);
        }
        scanner.tokens.push(Token { span, kind });
        scanner.at = span.end;
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    /// The first word of the step, empty where it is still to come; none in the scope.
    operator: Option<&'t str>,
    brackets: usize,
    /// In the scope, between the parentheses of `in (…)`.
    in_list: bool,
}

impl Scanner<'_> {
    /// Goes on to the next token.
    fn comments(&mut self) {
        while let Some(span) = lexer::comment(self.text, self.at) {
            self.tokens.push(Token { span, kind: TokenKind::Comment });
            self.at = span.end;
        }
        self.at = lexer::skip_trivia(self.text, self.at);
    }

    /// The token before, as it is written.
    fn before(&self) -> &str {
        self.tokens.last().map_or("", |token| token.span.of(self.text))
    }

    /// Whether a comparison begins behind these bytes.
    fn compares(&self, length: usize) -> bool {
        let at = lexer::skip_trivia(self.text, self.at + length);
        let next = lexer::token(self.text, at);
        let second = lexer::token(self.text, lexer::skip_trivia(self.text, next.span.end));
        is_comparison(next.text) || (next.is("in") && second.is("("))
    }

    fn of_the_scope(&mut self, next: lexer::Token<'_>) -> (TokenKind, usize) {
        let rest = self.text.get(self.at..).unwrap_or("");
        match next.text {
            "(" => {
                self.in_list = self.before().eq_ignore_ascii_case("in");
                return (TokenKind::Punctuation, 1);
            }
            ")" | "[" | "]" => {
                self.in_list = false;
                return (TokenKind::Punctuation, 1);
            }
            "," if self.in_list => return (TokenKind::Punctuation, 1),
            "|" | "!" => return (TokenKind::Operator, 1),
            symbol if is_comparison(symbol) => return (TokenKind::Operator, symbol.len()),
            _ => {}
        }
        match next.kind {
            Kind::Text => return (TokenKind::Text, next.text.len()),
            Kind::Quoted => return (TokenKind::Field, next.text.len()),
            Kind::Unterminated => return (TokenKind::Unknown, next.text.len()),
            _ => {}
        }
        let is_value = is_comparison(self.before());
        let mut length = lexer::scope_word(rest, !is_value).max(next.text.len().min(1));
        if self.in_list {
            length = rest.get(..length).and_then(|word| word.find(',')).unwrap_or(length);
        }
        let word = rest.get(..length).unwrap_or("");
        let kind = match word.to_lowercase().as_str() {
            "and" | "or" | "not" if !is_value => TokenKind::Operator,
            "in" if next.is("in") && rest.get(2..).is_some_and(|rest| rest.trim_start().starts_with('(')) => {
                TokenKind::Operator
            }
            word if word.starts_with("{{") && word.ends_with("}}") => TokenKind::Macro,
            _ if !is_value && !self.in_list && self.compares(length) => TokenKind::Field,
            _ => TokenKind::Text,
        };
        (kind, length)
    }

    fn of_a_step(&self, next: lexer::Token<'_>) -> (TokenKind, usize) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let before = self.before().to_lowercase();
        let length = next.text.len();
        // The addresses of lookup tables.
        if matches!(before.as_str(), "from" | "append") || (before == "save" && !next.is("append")) {
            let end = rest.find(|c: char| c.is_whitespace() || c == '|').unwrap_or(rest.len());
            return (if end == 0 { TokenKind::Operator } else { TokenKind::Text }, end.max(1));
        }
        match next.kind {
            Kind::Word => (self.word(next), length),
            Kind::Number => (TokenKind::Number, length),
            Kind::Text => (TokenKind::Text, length),
            Kind::Quoted => (TokenKind::Field, length),
            Kind::Parameter => (TokenKind::Macro, length),
            Kind::Pipe => (TokenKind::Operator, length),
            Kind::Symbol if matches!(next.text, "(" | ")" | "[" | "]" | "," | ";") => (TokenKind::Punctuation, length),
            Kind::Symbol if next.text == "/" && matches!(before.as_str(), "matches" | "(" | ",") => {
                (TokenKind::Text, lexer::regex(rest).unwrap_or(length))
            }
            Kind::Symbol => (TokenKind::Operator, length),
            // One character as an option, `delim=':'`.
            _ if next.text == "'" => match rest.char_indices().skip(2).take(2).find(|(_, c)| *c == '\'') {
                Some((end, _)) => (TokenKind::Text, end + 1),
                None => (TokenKind::Unknown, length),
            },
            _ => (TokenKind::Unknown, length),
        }
    }

    fn word(&self, word: lexer::Token<'_>) -> TokenKind {
        let called = lexer::token(self.text, lexer::skip_trivia(self.text, word.span.end)).is("(");
        let operator = self.operator.unwrap_or("");
        let is_function = FUNCTIONS.find(word.text).is_some() || AGGREGATES.find(word.text).is_some();
        if (called || operator.is_empty()) && is_function {
            return TokenKind::Function;
        }
        let lower = word.text.to_lowercase();
        match lower.as_str() {
            "and" | "or" | "not" | "in" | "matches" | "contains" => TokenKind::Operator,
            _ if operator.is_empty() && OPERATORS.find(word.text).is_some() => TokenKind::Keyword,
            lower if !operator.is_empty() && words_of(operator).contains(&lower) => TokenKind::Keyword,
            "as" | "by" if !operator.is_empty() => TokenKind::Keyword,
            _ => TokenKind::Field,
        }
    }
}

fn is_comparison(text: &str) -> bool {
    BinaryOperator::comparison(text).is_some()
}

/// The steps of a query: the tokens between pipes.
fn steps<'t>(text: &str, tokens: &'t [Token]) -> Vec<&'t [Token]> {
    let mut depth = 0usize;
    let is_pipe = |token: &Token| {
        match token.span.of(text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.kind == TokenKind::Operator && token.span.of(text) == "|"
    };
    tokens.split(is_pipe).collect()
}

/// What there is to know of a query.
pub(crate) fn analyse(text: &str, context: &PlanContext<'_>) -> Analysis {
    let (query, mut diagnostics) = parse(text);
    diagnostics.extend(lint(&query));
    let stages = Stages::without_data();
    let lowered = plan(&query, &PlanContext { mode: Mode::Check, stages: &stages, ..*context });
    // A tree with holes would only raise complaints about what is missing in it.
    if !diagnostics.iter().any(Diagnostic::is_error) {
        diagnostics.extend(lowered.diagnostics);
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    let tokens = tokens(text);
    let mut names = names(&query);
    names.extend(lowered.names);
    let mut outline = Vec::new();
    for (index, step) in steps(text, &tokens).into_iter().enumerate() {
        let mut step = step.iter().filter(|token| token.kind != TokenKind::Comment);
        let Some(first) = step.next() else { continue };
        let span = step.next_back().map_or(first.span, |last| first.span.to(last.span));
        if let (1.., Some(entry)) = (index, OPERATORS.find(first.span.of(text))) {
            names.push(Name { span: first.span, meaning: Meaning::Function(&entry.doc) });
        }
        let label = if index == 0 { "search" } else { first.span.of(text) };
        outline.push(Outline { label: label.to_owned(), span, children: Vec::new() });
    }
    names.sort_by_key(|name| (name.span.start, name.span.end));
    names.dedup_by_key(|name| name.span);
    Analysis { tokens, outline, names, diagnostics }
}

/// The names of functions in a query, and of the fields that it makes.
fn names(query: &Query) -> Vec<Name> {
    let mut names = Vec::new();
    let function = |name: &ast::Name, doc: Option<&'static FunctionDoc>| Name {
        span: name.span(),
        meaning: doc.map_or(Meaning::Unknown, Meaning::Function),
    };
    for step in &query.steps {
        let made = step.operator.names().made.into_iter();
        names.extend(made.map(|name| Name { span: name.span(), meaning: Meaning::Column }));
        if let Operator::Aggregate { calls, .. } = &step.operator {
            let doc = |name: &ast::Name| AGGREGATES.find(&name.text).map(|entry| &entry.doc);
            names.extend(calls.iter().map(|call| function(&call.function, doc(&call.function))));
        }
        for expression in step.operator.expressions() {
            expression.walk(&mut |expression| {
                if let Expression::Call(name, ..) = expression {
                    names.push(function(name, FUNCTIONS.find(&name.text).map(|entry| &entry.doc)));
                }
            });
        }
    }
    names
}

/// What may stand at a byte of a query.
pub(crate) fn expected(text: &str, at: usize) -> Expected {
    let before = text.get(..at).unwrap_or(text);
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let begun = before.trim_end_matches(is_word);
    let tokens = tokens(begun);
    let closed = |token: &Token| match token.kind {
        TokenKind::Comment => token.span.of(begun).starts_with("/*") && token.span.of(begun).ends_with("*/"),
        kind => kind != TokenKind::Unknown,
    };
    if tokens.last().is_some_and(|token| token.span.end == begun.len() && !closed(token)) {
        return Expected::default();
    }
    let steps = steps(begun, &tokens);
    if steps.len() < 2 {
        return Expected { keywords: &["AND", "OR", "NOT", "IN"], functions: false, fields: true };
    }
    let first = steps.last().and_then(|step| step.iter().find(|token| token.kind != TokenKind::Comment));
    let Some(operator) = first.map(|token| token.span.of(begun)) else {
        // Operators are among the functions; an expression begins with a field, too.
        return Expected { keywords: &[], functions: true, fields: true };
    };
    let takes_expressions = operator.eq_ignore_ascii_case("where") || OPERATORS.find(operator).is_none();
    Expected { keywords: words_of(operator), functions: takes_expressions, fields: true }
}
