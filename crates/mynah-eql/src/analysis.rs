//! What an editor shows of a query: the kinds of its tokens, its outline, what its names mean, what may stand at a place.
use crate::ast::{Body, EventFilter, ExprKind, Query, Term};
use crate::functions::FUNCTIONS;
use crate::lexer::{Lexeme, Symbol, Token as Piece, lex};
use crate::lint::CATEGORIES;
use crate::parser::is_keyword;
use mynah_dialect::{Expected, Meaning, Name, Outline, Token, TokenKind};
use mynah_syntax::Span;
use mynah_view::PlatformView;

/// The tokens of a text, comments and what is none among them.
pub fn tokens(text: &str) -> Vec<Token> {
    let lexed = lex(text);
    let pieces: Vec<&Lexeme> = lexed.lexemes.iter().filter(|lexeme| lexeme.token != Piece::End).collect();
    let mut tokens: Vec<Token> = Vec::new();
    for (index, lexeme) in pieces.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| pieces.get(index)).map(|lexeme| &lexeme.token);
        let after = pieces.get(index + 1).map(|lexeme| &lexeme.token);
        tokens.push(Token { span: lexeme.span, kind: kind(&lexeme.token, before, after) });
    }
    tokens.extend(lexed.comments.into_iter().map(|span| Token { span, kind: TokenKind::Comment }));
    tokens.extend(lexed.strays.into_iter().map(|span| Token { span, kind: TokenKind::Unknown }));
    tokens.sort_by_key(|token| token.span.start);
    tokens
}

fn kind(piece: &Piece, before: Option<&Piece>, after: Option<&Piece>) -> TokenKind {
    let follows = |symbol| before == Some(&Piece::Symbol(symbol));
    let opens = after == Some(&Piece::Symbol(Symbol::OpenParenthesis));
    match piece {
        Piece::Text(_) => TokenKind::Text,
        Piece::Integer(_) | Piece::Float(_) => TokenKind::Number,
        Piece::Quoted(_) => TokenKind::Field,
        Piece::TildeWord(word) if is_keyword(&word.to_ascii_lowercase()) => TokenKind::Operator,
        Piece::TildeWord(_) => TokenKind::Function,
        // Behind a dot a keyword is part of a name; behind a number a word is its unit.
        Piece::Word(_) if follows(Symbol::Dot) => TokenKind::Field,
        Piece::Word(_) if matches!(before, Some(Piece::Integer(_))) => TokenKind::Number,
        Piece::Word(word) if is_keyword(&word.to_ascii_lowercase()) => TokenKind::Keyword,
        Piece::Word(_) if follows(Symbol::Pipe) => TokenKind::Keyword,
        Piece::Word(_) if opens => TokenKind::Function,
        Piece::Word(word) if word == "runs" && after == Some(&Piece::Symbol(Symbol::Assign)) => TokenKind::Keyword,
        // An event category.
        Piece::Word(_) if matches!(after, Some(Piece::Word(word)) if word == "where") => TokenKind::Text,
        Piece::Word(_) => TokenKind::Field,
        Piece::Symbol(Symbol::Dot) => TokenKind::Field,
        Piece::Symbol(
            Symbol::Comma
            | Symbol::OpenBracket
            | Symbol::OpenMissing
            | Symbol::CloseBracket
            | Symbol::OpenParenthesis
            | Symbol::CloseParenthesis,
        ) => TokenKind::Punctuation,
        Piece::Symbol(_) => TokenKind::Operator,
        Piece::End => TokenKind::Unknown,
    }
}

/// The events of a query, and its pipes.
pub(crate) fn outline(query: &Query) -> Vec<Outline> {
    let terms = |label: &str, place: Span, terms: &[Term], until: Option<&Term>| {
        let mut children: Vec<Outline> = terms.iter().map(|term| event(&term.filter, term.place.0)).collect();
        children.extend(until.map(|term| Outline { label: "until".to_owned(), ..event(&term.filter, term.place.0) }));
        let span = children.last().map_or(place, |last| place.to(last.span));
        Outline { label: label.to_owned(), span, children }
    };
    let body = match &query.body {
        Body::Event(filter) => event(filter, filter.span()),
        Body::Sequence(found) => terms("sequence", found.place.0, &found.terms, found.until.as_ref()),
        Body::Sample(found) => terms("sample", found.place.0, &found.terms, None),
    };
    let pipe = |name: &str, span| Outline { label: format!("| {name}"), span, children: Vec::new() };
    std::iter::once(body).chain(query.pipes.iter().map(|found| pipe(&found.name, found.place.0))).collect()
}

fn event(filter: &EventFilter, span: Span) -> Outline {
    Outline { label: filter.category.clone().unwrap_or_else(|| "any".to_owned()), span, children: Vec::new() }
}

/// The names in a query and what they mean, in the order of the text.
pub(crate) fn names(query: &Query, view: &PlatformView) -> Vec<Name> {
    let mut names = Vec::new();
    query.visit(&mut |expression| match &expression.kind {
        ExprKind::Field(field) => {
            names.push(Name { span: expression.span(), meaning: Meaning::of_field(&field.name, view) });
        }
        ExprKind::Call(call) => {
            let meaning = FUNCTIONS.find(&call.name).map_or(Meaning::Unknown, |found| Meaning::Function(&found.doc));
            names.push(Name { span: call.name_place.0, meaning });
        }
        _ => {}
    });
    names.sort_by_key(|name| name.span.start);
    names
}

const START: &[&str] = &["any", "sample", "sequence"];
const AFTER_VALUE: &[&str] = &["and", "or", "in", "like", "regex", "not", "until", "with", "by"];

/// What may stand at a byte of a query, as the tokens before it say.
pub(crate) fn expected(text: &str, at: usize) -> Expected {
    // The name or word that is being written does not count.
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@' | '~');
    let mut before = lex(text.get(..at).unwrap_or(text).trim_end_matches(is_word)).lexemes;
    before.retain(|lexeme| lexeme.token != Piece::End);
    let words = |keywords| Expected { keywords, ..Expected::default() };
    let value = Expected { keywords: &["not", "true", "false", "null"], functions: true, fields: true };
    let opened = before.len().checked_sub(2).and_then(|index| before.get(index)).map(|lexeme| &lexeme.token);
    match before.last().map(|lexeme| &lexeme.token) {
        None => words(START),
        Some(Piece::Symbol(Symbol::OpenBracket | Symbol::OpenMissing)) => words(&CATEGORIES),
        Some(Piece::Symbol(Symbol::Pipe)) => words(&["head", "tail"]),
        Some(Piece::Symbol(Symbol::CloseBracket)) => words(&["by", "until", "with"]),
        Some(Piece::Symbol(Symbol::CloseParenthesis)) => words(AFTER_VALUE),
        Some(Piece::Symbol(Symbol::Colon | Symbol::Assign)) => words(&[]),
        Some(Piece::Symbol(_)) => value,
        Some(Piece::Word(word)) => match word.as_str() {
            "sequence" | "sample" => words(&["by", "with"]),
            "with" => words(&["maxspan", "runs"]),
            "by" => Expected { fields: true, ..Expected::default() },
            "where" | "and" | "or" | "not" => value,
            "until" | "like" | "regex" | "in" => words(&[]),
            _ if matches!(opened, None | Some(Piece::Symbol(Symbol::OpenBracket | Symbol::OpenMissing))) => {
                words(&["where"])
            }
            _ => words(AFTER_VALUE),
        },
        Some(_) => words(AFTER_VALUE),
    }
}
