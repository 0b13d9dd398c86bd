use crate::FunctionDoc;
use mynah_event::LogSource;
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{FieldType, PlatformView};

/// What an editor wants to know of a query's text, broken or not.
#[derive(Debug, Clone, Default)]
pub struct Analysis {
    /// The tokens, in order; blanks are left out, nothing else is.
    pub tokens: Vec<Token>,
    /// The parts of the query, nested: commands of a pipeline, clauses of a SELECT, terms of a sequence.
    pub outline: Vec<Outline>,
    /// The names in it and what they mean, in order.
    pub names: Vec<Name>,
    /// What is to be said about the query, in source order, with fixes.
    pub diagnostics: Vec<Diagnostic>,
}

/// A piece of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word of the language: `SELECT`, `where`, `by`, the name of a command.
    Keyword,
    /// The name of a function or aggregate.
    Function,
    /// The name of a field.
    Field,
    /// A text, quoted or bare.
    Text,
    /// A number, with a unit or without.
    Number,
    /// `=`, `AND`, `|`.
    Operator,
    /// Parentheses, commas.
    Punctuation,
    /// A comment.
    Comment,
    /// A macro or a placeholder.
    Macro,
    /// What the language cannot read.
    Unknown,
}

/// A part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// What a list of parts shows: `stats`, `WHERE`, `sequence`.
    pub label: String,
    /// Where it stands.
    pub span: Span,
    /// The parts in it.
    pub children: Vec<Outline>,
}

/// A name in a query.
#[derive(Debug, Clone)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// What it means.
    pub meaning: Meaning,
}

/// What a [`Name`] means.
#[derive(Debug, Clone)]
pub enum Meaning {
    /// A field of events.
    Field {
        /// What its values are.
        field_type: FieldType,
        /// The log sources in which the platform's view has it.
        log_sources: Vec<LogSource>,
    },
    /// A column that the query made itself.
    Column,
    /// A function, operator, command or aggregate.
    Function(&'static FunctionDoc),
    /// Nothing that is known.
    Unknown,
}

impl Meaning {
    /// What a field's name means in a platform's view.
    pub fn of_field(name: &str, view: &PlatformView) -> Meaning {
        let resolution = view.resolve(name);
        if !resolution.known {
            return Meaning::Unknown;
        }
        let column = resolution.column;
        let log_sources = column.bindings.into_iter().map(|(log_source, _)| log_source).collect();
        Meaning::Field { field_type: column.field_type, log_sources }
    }
}

/// Something that could stand at a place of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What to write.
    pub text: String,
    /// What to replace with it: the word that was begun.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// A line about it: how a function is called, what a field's values are.
    pub detail: String,
}

/// What may stand at a place, as a language's grammar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expected {
    /// Words of the language.
    pub keywords: &'static [&'static str],
    /// Whether functions may.
    pub functions: bool,
    /// Whether fields may.
    pub fields: bool,
}

/// What could stand at `at`: of what is expected there, all that goes on as the word before the cursor begins, in any case.
pub fn completions(
    text: &str,
    at: usize,
    expected: Expected,
    functions: &[&'static FunctionDoc],
    view: &PlatformView,
) -> Vec<Completion> {
    let before = text.get(..at).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '{' | '}');
    let word = before.chars().rev().take_while(|c| is_word(*c)).map(char::len_utf8).sum::<usize>();
    let begun = before.get(at.min(before.len()) - word..).unwrap_or_default();
    let span = Span::new(before.len() - word, before.len());
    let fits = |name: &str| name.get(..begun.len()).is_some_and(|start| start.eq_ignore_ascii_case(begun));
    let mut found = Vec::new();
    let mut add = |name: &str, kind: TokenKind, detail: String| {
        if fits(name) {
            found.push(Completion { text: name.to_owned(), span, kind, detail });
        }
    };
    expected.keywords.iter().for_each(|keyword| add(keyword, TokenKind::Keyword, String::new()));
    if expected.functions {
        functions.iter().for_each(|doc| add(doc.name, TokenKind::Function, doc.usage.to_owned()));
    }
    if expected.fields {
        view.names().into_iter().for_each(|name| add(name, TokenKind::Field, String::new()));
    }
    found
}
