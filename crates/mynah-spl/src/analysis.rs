//! What an editor wants to know of a query.
use crate::expression::ExpressionKind;
use crate::pipeline::{Part, Pipeline, Query, Step, quotes};
use crate::{commands, functions};
use mynah_dialect::{Analysis, Expected, Meaning, Name, Outline, PlanContext, Token, TokenKind};
use mynah_syntax::{Diagnostic, Span};

/// Words that stand between a command's arguments.
const WORDS: &[&str] = &["AND", "AS", "BY", "IN", "LIKE", "NOT", "OR", "OUTPUT", "OUTPUTNEW", "OVER", "WITH", "XOR"];

pub(crate) fn analyse(
    text: &str,
    query: Option<&Query>,
    diagnostics: Vec<Diagnostic>,
    context: &PlanContext<'_>,
) -> Analysis {
    let (mut outline, mut names) = (Vec::new(), Vec::new());
    if let Some(query) = query {
        outline = outlined(&query.pipeline, query);
        names = named(query, context);
    }
    Analysis { tokens: tokens(text), outline, names, diagnostics }
}

/// The tokens of a query, in order; blanks are left out.
///
/// ```
/// let kinds: Vec<_> = mynah_spl::tokens("user=bob | stats count(x)").iter().map(|token| token.kind).collect();
/// use mynah_dialect::TokenKind::*;
/// assert_eq!(kinds, [Field, Operator, Text, Operator, Keyword, Function, Punctuation, Field, Punctuation]);
/// ```
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    // The command that a word is an argument of; none where its name comes next.
    let mut command = Some("search".to_owned());
    let mut at = 0;
    while let Some(first) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or("");
        let length = length(rest, first);
        let token = rest.get(..length).unwrap_or("");
        let kind = match first {
            c if c.is_whitespace() => None,
            '`' => Some(if token.starts_with("```") { TokenKind::Comment } else { TokenKind::Macro }),
            '"' => Some(TokenKind::Text),
            '\'' => Some(TokenKind::Field),
            '|' | '[' => {
                command = None;
                Some(if first == '|' { TokenKind::Operator } else { TokenKind::Punctuation })
            }
            '=' | '!' | '<' | '>' | '+' | '/' | '%' => Some(TokenKind::Operator),
            '(' | ')' | ',' | ']' => Some(TokenKind::Punctuation),
            _ => Some(word(token, text.get(at + length..).unwrap_or(""), &mut command, tokens.last())),
        };
        tokens.extend(kind.map(|kind| Token { span: Span::new(at, at + length), kind }));
        at += length.max(1);
    }
    tokens
}

/// How long the token is that a text begins with.
fn length(rest: &str, first: char) -> usize {
    let until = |close: &str, from: usize| {
        rest.get(from..).and_then(|inner| inner.find(close)).map_or(rest.len(), |length| from + length + close.len())
    };
    match first {
        '"' => quotes::end_of_quoted(rest, 0).unwrap_or(rest.len()),
        '\'' => until("'", 1),
        '`' if rest.starts_with("```") => until("```", 3),
        '`' => until("`", 1),
        '!' | '<' | '>' | '=' if rest.get(1..).is_some_and(|rest| rest.starts_with('=')) => 2,
        c if c.is_whitespace() || "|[]()=!<>,+/%".contains(c) => c.len_utf8(),
        _ => rest.find(|c: char| c.is_whitespace() || "|[]()=!<>,\"'`".contains(c)).unwrap_or(rest.len()),
    }
}

/// What a word is: by the command it stands in, what is before it and what follows.
fn word(word: &str, after: &str, command: &mut Option<String>, before: Option<&Token>) -> TokenKind {
    let Some(name) = command else {
        *command = Some(word.to_lowercase());
        return TokenKind::Keyword;
    };
    let next = after.trim_start();
    let is_value = before.is_some_and(|before| before.kind == TokenKind::Operator);
    if before.is_none() && commands::generates(word) {
        *name = word.to_lowercase();
        TokenKind::Keyword
    } else if WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)) {
        TokenKind::Keyword
    } else if word.parse::<f64>().is_ok() {
        TokenKind::Number
    } else if next.starts_with('(') {
        TokenKind::Function
    } else if next.starts_with(['=', '<', '>', '!']) {
        TokenKind::Field
    } else if matches!(name.as_str(), "search" | "tstats") && (is_value || name == "search") {
        TokenKind::Text
    } else {
        TokenKind::Field
    }
}

fn outlined(pipeline: &Pipeline, query: &Query) -> Vec<Outline> {
    let outline = |step: &Step| {
        let mut children = Vec::new();
        for part in step.command.parts() {
            match part {
                Part::Pipeline(pipeline) => children.extend(outlined(pipeline, query)),
                Part::Search(search) => {
                    search.pipelines().for_each(|pipeline| children.extend(outlined(pipeline, query)))
                }
                Part::Expression(_) => {}
            }
        }
        Outline { label: step.name.node.clone(), span: query.source.locate(step.span), children }
    };
    pipeline.steps.iter().map(outline).collect()
}

/// The commands, functions and fields that a query names.
fn named(query: &Query, context: &PlanContext<'_>) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let mut made: Vec<String> = Vec::new();
    let mut pipelines = vec![&query.pipeline];
    query.pipeline.walk(&mut |part| match part {
        Part::Pipeline(pipeline) => pipelines.push(pipeline),
        Part::Expression(expression) => expression.walk(&mut |part| {
            if let ExpressionKind::Call { name, .. } = &part.kind {
                let doc = functions::docs().find(|doc| doc.name.eq_ignore_ascii_case(&name.node));
                names.push(Name { span: name.span, meaning: doc.map_or(Meaning::Unknown, Meaning::Function) });
            }
        }),
        Part::Search(_) => {}
    });
    for step in pipelines.into_iter().flat_map(|pipeline| &pipeline.steps) {
        let doc = commands::docs().find(|doc| doc.name == step.name.node);
        names.extend(doc.map(|doc| Name { span: step.name.span, meaning: Meaning::Function(doc) }));
        let needs = step.command.needs();
        for field in needs.reads.iter().filter(|field| !field.node.contains('*')) {
            let meaning = match made.contains(&field.node) {
                true => Meaning::Column,
                false => Meaning::of_field(&field.node, context.view),
            };
            names.push(Name { span: field.span, meaning });
        }
        made.extend(needs.makes);
    }
    names.iter_mut().for_each(|name| name.span = query.source.locate(name.span));
    names.sort_by_key(|name| (name.span.start, name.span.end));
    names
}

pub(crate) fn expected(text: &str, at: usize) -> Expected {
    let before = tokens(text.get(..at).unwrap_or(text));
    // The word that is begun does not count.
    let begun = before.last().is_some_and(|token| token.span.end == at && !matches!(token.kind, TokenKind::Operator));
    let before = before.get(..before.len() - usize::from(begun)).unwrap_or_default();
    let of = |token: &Token| token.span.of(text).to_lowercase();
    let opens = before.last().is_some_and(|token| matches!(of(token).as_str(), "|" | "["));
    if opens {
        return Expected { keywords: commands::names(), functions: false, fields: false };
    }
    let pipes = |token: &&Token| matches!(of(token).as_str(), "|" | "[");
    let command = before.iter().rposition(|token| pipes(&token)).and_then(|pipe| before.get(pipe + 1)).map(of);
    match command.as_deref() {
        Some("eval" | "where" | "fieldformat") => {
            Expected { keywords: &["AND", "OR", "NOT"], functions: true, fields: true }
        }
        Some("stats" | "eventstats" | "streamstats" | "chart" | "timechart" | "tstats") => {
            Expected { keywords: &["BY", "AS"], functions: true, fields: true }
        }
        None | Some("search") => Expected { keywords: &["AND", "OR", "NOT", "IN"], functions: false, fields: true },
        Some(_) => Expected { keywords: WORDS, functions: false, fields: true },
    }
}
