//! What an editor shows of a query: the kinds of its tokens, its outline, what its names mean, what may stand at a place.
use crate::ast::{Expr, ExprKind, Item, Query, Select, Source, is_reserved, walk_own_exprs, walk_selects};
use crate::functions::FUNCTIONS;
use crate::lexer::{LexemeKind, lex, lexemes};
use mynah_dialect::{Expected, Meaning, Name, Outline, Token, TokenKind};
use mynah_syntax::Span;
use mynah_view::PlatformView;

/// The tokens of a text, comments and what is none among them.
pub fn tokens(text: &str) -> Vec<Token> {
    let lexemes: Vec<(Option<LexemeKind>, Span)> = lexemes(text).collect();
    let word = |index: Option<usize>| {
        let (kind, span) = index.and_then(|index| lexemes.get(index))?;
        (*kind == Some(LexemeKind::Word)).then(|| span.of(text))
    };
    let is = |index: Option<usize>, wanted: &str| word(index).is_some_and(|word| word.eq_ignore_ascii_case(wanted));
    let classify = |index: usize, kind: LexemeKind, span: &Span| match kind {
        LexemeKind::Comment | LexemeKind::UnclosedComment => TokenKind::Comment,
        LexemeKind::Text | LexemeKind::UnclosedText | LexemeKind::CurlyText => TokenKind::Text,
        LexemeKind::QuotedName | LexemeKind::UnclosedName | LexemeKind::CurlyName => TokenKind::Field,
        LexemeKind::Whole | LexemeKind::Decimal | LexemeKind::Hex => TokenKind::Number,
        LexemeKind::Open | LexemeKind::Close | LexemeKind::Comma | LexemeKind::Semicolon | LexemeKind::Dot => {
            TokenKind::Punctuation
        }
        LexemeKind::Word => {
            let (before, after) = (index.checked_sub(1), Some(index + 1));
            let called = lexemes.get(index + 1).is_some_and(|(kind, _)| *kind == Some(LexemeKind::Open));
            let is_last = is(Some(index), "LAST") || !is_reserved(span.of(text));
            if called && is_last {
                TokenKind::Function
            } else if is_reserved(span.of(text))
                || is(before, "FROM")
                || is(index.checked_sub(2), "LAST")
                || (is(Some(index), "TEXT") && is(after, "SEARCH"))
                || (is(before, "TEXT") && is(Some(index), "SEARCH"))
            {
                TokenKind::Keyword
            } else {
                TokenKind::Field
            }
        }
        _ => TokenKind::Operator,
    };
    let kind = |index, (kind, span): &(Option<LexemeKind>, Span)| {
        kind.map_or(TokenKind::Unknown, |kind| classify(index, kind, span))
    };
    lexemes.iter().enumerate().map(|(index, lexeme)| Token { span: lexeme.1, kind: kind(index, lexeme) }).collect()
}

/// The SELECTs of a query, and their clauses.
pub(crate) fn outline(query: &Query) -> Vec<Outline> {
    query.selects.iter().map(select_outline).collect()
}

fn select_outline(select: &Select) -> Outline {
    let mut children = Vec::new();
    let mut add = |label: &str, parts: &[Span], children_of: Vec<Outline>| {
        if let [first, .., last] | [first @ last] = parts {
            children.push(Outline { label: label.to_owned(), span: first.to(*last), children: children_of });
        }
    };
    let spans = |exprs: &[Expr]| exprs.iter().map(Expr::span).collect::<Vec<_>>();
    match &select.source {
        Source::Table { at, .. } => add("FROM", &[at.0], Vec::new()),
        Source::Query { query, .. } => add("FROM", &[query.at.0], outline(query)),
        Source::Error => {}
    }
    add("WHERE", &spans(select.filter.as_slice()), Vec::new());
    add("GROUP BY", &spans(&select.group_by), Vec::new());
    add("HAVING", &spans(select.having.as_slice()), Vec::new());
    add("ORDER BY", &select.order_by.iter().map(|order| order.expr.span()).collect::<Vec<_>>(), Vec::new());
    add("LIMIT", &select.limit.iter().map(|limit| limit.at.0).collect::<Vec<_>>(), Vec::new());
    add("time", &select.time.iter().map(|time| time.span()).collect::<Vec<_>>(), Vec::new());
    children.sort_by_key(|part| part.span.start);
    Outline { label: "SELECT".to_owned(), span: select.span(), children }
}

/// The names in a query and what they mean, in the order of the text.
pub(crate) fn names(query: &Query, view: &PlatformView) -> Vec<Name> {
    let mut names = Vec::new();
    walk_selects(query, &mut |select| {
        walk_own_exprs(select, &mut |expr| match &expr.kind {
            ExprKind::Column { name, .. } => {
                names.push(Name { span: expr.span(), meaning: meaning(name, select, true, view) });
            }
            ExprKind::Call { name, name_at, .. } => {
                let meaning = FUNCTIONS.find(name).map_or(Meaning::Unknown, |found| Meaning::Function(&found.doc));
                names.push(Name { span: name_at.0, meaning });
            }
            _ => {}
        });
    });
    names.sort_by_key(|name| name.span.start);
    names
}

/// What a name means in a `SELECT`; in its own expressions an alias of its select list is one, too.
fn meaning(name: &str, select: &Select, inside: bool, view: &PlatformView) -> Meaning {
    let aliased = |select: &Select| {
        select
            .items
            .iter()
            .any(|item| matches!(item, Item::Expr { alias: Some(alias), .. } if alias.name.eq_ignore_ascii_case(name)))
    };
    let inner = match &select.source {
        Source::Query { query, .. } => query.selects.first(),
        _ => None,
    };
    let alias = match &select.source {
        Source::Table { alias, .. } => alias.as_ref().map_or("events", |alias| &alias.name),
        Source::Query { alias, .. } => alias.as_ref().map_or("", |alias| &alias.name),
        Source::Error => return Meaning::Unknown,
    };
    let bare = match name.split_once('.') {
        Some((before, after)) if before.eq_ignore_ascii_case(alias) => after,
        _ => name,
    };
    let passes = |item: &Item| match item {
        Item::Star(_) => true,
        Item::Expr { expr: Expr { kind: ExprKind::Column { name, .. }, .. }, alias: None } => {
            name.eq_ignore_ascii_case(bare)
        }
        Item::Expr { .. } => false,
    };
    let found = match inner {
        Some(inner) if inner.items.iter().any(passes) => meaning(bare, inner, false, view),
        None if matches!(select.source, Source::Table { .. }) => Meaning::of_field(bare, view),
        _ => Meaning::Unknown,
    };
    match found {
        Meaning::Unknown if inner.is_some_and(aliased) || (inside && aliased(select)) => Meaning::Column,
        found => found,
    }
}

const EXPRESSION: &[&str] = &["CASE", "DISTINCT", "FALSE", "IF", "NOT", "NULL", "SELECT", "TRUE"];
const CLAUSES: &[&str] = &["WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "LAST", "START", "STOP", "UNION ALL"];
#[rustfmt::skip]
const CONDITION: &[&str] = &[
    "AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "BETWEEN", "LIKE", "ILIKE", "MATCHES", "IMATCHES", "THEN",
    "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "LAST", "START", "STOP",
];

/// What may stand at a byte of a query, as the lexemes before it say.
pub(crate) fn expected(text: &str, at: usize) -> Expected {
    let (mut before, _) = lex(text.get(..at).unwrap_or(text));
    // The word that is being written does not count.
    before.pop_if(|last| last.kind == LexemeKind::Word && last.span.end == at);
    let words = |keywords| Expected { keywords, ..Expected::default() };
    let mut clauses = vec![""];
    for lexeme in &before {
        match lexeme.kind {
            LexemeKind::Open => clauses.push(""),
            LexemeKind::Close => drop(clauses.pop()),
            LexemeKind::Word => {
                let known = ["SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "LAST", "START", "STOP"];
                let word = known.into_iter().find(|known| known.eq_ignore_ascii_case(lexeme.span.of(text)));
                if let (Some(word), Some(clause)) = (word, clauses.last_mut()) {
                    *clause = word;
                }
            }
            _ => {}
        }
    }
    let clause = clauses.last().copied().unwrap_or_default();
    let Some(last) = before.last() else { return words(&["SELECT"]) };
    let word = last.span.of(text).to_ascii_uppercase();
    match (last.kind, word.as_str()) {
        (LexemeKind::Word, "FROM") => words(&["events"]),
        (LexemeKind::Word, "GROUP" | "ORDER") => words(&["BY"]),
        (LexemeKind::Word, "UNION") => words(&["ALL"]),
        (LexemeKind::Word, "AS" | "LIMIT" | "OFFSET" | "LAST") => words(&[]),
        (LexemeKind::Whole, _) if clause == "LAST" => words(&["MINUTES", "HOURS", "DAYS", "SECONDS"]),
        (LexemeKind::Close | LexemeKind::Whole | LexemeKind::Decimal | LexemeKind::Hex, _)
        | (LexemeKind::Text | LexemeKind::QuotedName | LexemeKind::CurlyText | LexemeKind::CurlyName, _) => {
            after(clause)
        }
        (LexemeKind::Word, "NULL" | "TRUE" | "FALSE" | "END") => after(clause),
        (LexemeKind::Word, word) if !is_reserved(word) => after(clause),
        _ => Expected { keywords: EXPRESSION, functions: true, fields: true },
    }
}

/// What may follow a whole value in a clause.
fn after(clause: &str) -> Expected {
    let keywords: &'static [&'static str] = match clause {
        "SELECT" => &["AS", "FROM"],
        "ORDER" => &["ASC", "DESC", "LIMIT", "LAST", "START", "STOP"],
        "WHERE" | "HAVING" | "" => CONDITION,
        _ => CLAUSES,
    };
    Expected { keywords, ..Expected::default() }
}
