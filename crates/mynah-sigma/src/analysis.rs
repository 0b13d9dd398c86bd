//! What an editor wants to know of a file, broken or not.
use crate::ast::{Body, Detections, Document};
use crate::yaml::Scalar;
use granit_parser::{ScalarStyle, Scanner, StrInput, TokenType};
use mynah_dialect::{Expected, Meaning, Name, Outline, Token, TokenKind};
use mynah_syntax::Span;
use mynah_view::PlatformView;

/// Keys of the specification.
#[rustfmt::skip]
const KEYS: [&str; 28] = [
    "title", "id", "name", "related", "taxonomy", "status", "description", "license", "references", "author", "date",
    "modified", "logsource", "category", "product", "service", "definition", "detection", "condition", "fields",
    "falsepositives", "level", "tags", "correlation", "filter", "rules", "group-by", "timespan",
];

/// What a condition is made of beside search identifiers.
const OPERATORS: [&str; 8] = ["and", "or", "not", "1 of", "any of", "all of", "them", "("];

/// The tokens of YAML; of keys, field and modifiers apart.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut is_key = false;
    for next in Scanner::new(StrInput::new(text)) {
        let Ok((span, token)) = next.map(granit_parser::Token::into_parts) else {
            let read = tokens.last().map_or(0, |last: &Token| last.span.end);
            let rest = text.get(read..).unwrap_or("");
            let blank = rest.len() - rest.trim_start().len();
            tokens.push(Token {
                span: Span::new(read + blank, text.trim_end().len().max(read + blank)),
                kind: TokenKind::Unknown,
            });
            break;
        };
        let span = span.byte_range().map_or(Span::at(text.len()), Span::from);
        let span = Span::new(span.start, span.start + span.of(text).trim_end().len());
        match &token {
            TokenType::Scalar(..) if is_key => key(span, text, &mut tokens),
            _ if span.start < span.end => tokens.push(Token { span, kind: kind(&token) }),
            _ => {}
        }
        is_key = matches!(token, TokenType::Key);
    }
    tokens.sort_by_key(|token| token.span.start);
    tokens
}

fn kind(token: &TokenType<'_>) -> TokenKind {
    match token {
        TokenType::Scalar(ScalarStyle::Plain, text) => match Scalar::plain(text) {
            Scalar::Number(..) => TokenKind::Number,
            _ => TokenKind::Text,
        },
        TokenType::Scalar(..) => TokenKind::Text,
        TokenType::Comment(_) => TokenKind::Comment,
        TokenType::Alias(_) | TokenType::Anchor(_) | TokenType::Tag(..) => TokenKind::Macro,
        _ => TokenKind::Punctuation,
    }
}

/// A key: `Image`, `|`, `endswith`.
fn key(span: Span, text: &str, tokens: &mut Vec<Token>) {
    let written = span.of(text);
    let mut at = span.start;
    for (index, part) in written.split('|').enumerate() {
        if index > 0 {
            tokens.push(Token { span: Span::new(at, at + 1), kind: TokenKind::Operator });
            at += 1;
        }
        let kind = match index {
            0 if KEYS.contains(&part.trim_matches(['\'', '"'])) => TokenKind::Keyword,
            0 => TokenKind::Field,
            _ => TokenKind::Function,
        };
        if !part.is_empty() {
            tokens.push(Token { span: Span::new(at, at + part.len()), kind });
        }
        at += part.len();
    }
}

/// The documents, their search identifiers and conditions.
pub(crate) fn outline(documents: &[Document]) -> Vec<Outline> {
    let of = |document: &Document| {
        let children = detections(document).map_or_else(Vec::new, |detections| {
            let named = detections.named.iter().map(|selection| {
                let items = selection.detection.items();
                let span = items.iter().fold(selection.name.span, |span, item| span.to(item.values_span));
                Outline { label: selection.name.node.clone(), span, children: Vec::new() }
            });
            let conditions = detections.conditions.iter().map(|condition| Outline {
                label: "condition".to_owned(),
                span: condition.span,
                children: Vec::new(),
            });
            named.chain(conditions).collect()
        });
        Outline { label: document.title.node.clone(), span: document.span, children }
    };
    documents.iter().map(of).collect()
}

/// The fields and modifiers, in order.
pub(crate) fn names(documents: &[Document], view: &PlatformView) -> Vec<Name> {
    let mut names = Vec::new();
    for item in documents.iter().filter_map(detections).flat_map(Detections::items) {
        if let Some(field) = &item.field {
            let end = item.modifiers.first().map_or(item.span.end, |modifier| modifier.span.start.saturating_sub(1));
            let span = Span::new(item.span.start, end.max(item.span.start));
            names.push(Name { span, meaning: Meaning::of_field(field, view) });
        }
        names.extend(
            item.modifiers
                .iter()
                .map(|modifier| Name { span: modifier.span, meaning: Meaning::Function(&modifier.node.doc) }),
        );
    }
    names
}

fn detections(document: &Document) -> Option<&Detections> {
    match &document.body {
        Body::Rule(rule) => Some(&rule.detections),
        Body::Filter(filter) => Some(&filter.detections),
        Body::Correlation(_) | Body::Unread => None,
    }
}

/// What may stand at a byte: modifiers behind a bar, operators in a condition, else keys and fields.
pub(crate) fn expected(text: &str, at: usize) -> Expected {
    let before = text.get(..at).unwrap_or("");
    let line = before.lines().last().unwrap_or("").trim_start();
    match line.split_once(':') {
        Some(("condition", _)) => Expected { keywords: &OPERATORS, ..Expected::default() },
        Some(_) => Expected::default(),
        None if line.contains('|') => Expected { functions: true, ..Expected::default() },
        None => Expected { keywords: &KEYS, functions: false, fields: true },
    }
}
