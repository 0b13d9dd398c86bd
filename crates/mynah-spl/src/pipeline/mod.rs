//! From a query's text to its commands: macros are expanded, the text is cut at its pipes, each part
//! is handed to its command's parser. Subsearches come back here.

mod macros;
pub(crate) mod quotes;
mod source;
mod split;

use crate::commands::{self, Command};
use mynah_syntax::{Depth, Diagnostic, Span};

pub(crate) use macros::expand;
pub(crate) use source::Source;
pub(crate) use split::trim;

/// The commands of a query or subsearch, in order.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub steps: Vec<Step>,
    pub span: Span,
}

/// One command and where it stands.
#[derive(Debug)]
pub(crate) struct Step {
    pub command: Box<dyn Command>,
    pub span: Span,
}

/// What parsing a query goes by and what it finds out on the way.
#[derive(Debug)]
pub(crate) struct Parsing<'a> {
    /// The query with its macros expanded; spans are places in it.
    pub text: &'a str,
    pub depth: Depth,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Parsing<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Parsing { text, depth: Depth::default(), diagnostics: Vec::new() }
    }
}

/// Parses the pipeline in `range`: a query, a subsearch, or one in parentheses.
///
/// # Errors
/// Where the text cannot be cut into commands. What is wrong with single commands goes to the
/// diagnostics, so that one look finds all of it; then the last of these is the error.
pub(crate) fn parse(parsing: &mut Parsing<'_>, range: Span) -> Result<Pipeline, Diagnostic> {
    read(parsing, range, true)
}

/// The same for commands alone, on rows that are there already: the first is no search unless it says so.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_commands(parsing: &mut Parsing<'_>, range: Span) -> Result<Pipeline, Diagnostic> {
    read(parsing, range, false)
}

fn read(parsing: &mut Parsing<'_>, range: Span, searches: bool) -> Result<Pipeline, Diagnostic> {
    parsing.depth.enter(Span::new(range.start, range.start))?;
    let mut steps = Vec::new();
    let mut failed: Option<Diagnostic> = None;
    for (i, stage) in split::split(parsing.text, range)?.into_iter().enumerate() {
        let result =
            if searches && i == 0 && !stage.piped { first(parsing, stage.span) } else { command(parsing, stage.span) };
        match result {
            Ok(step) => steps.push(step),
            Err(diagnostic) => {
                if let Some(before) = failed.replace(diagnostic) {
                    parsing.diagnostics.push(before);
                }
            }
        }
    }
    parsing.depth.leave();
    match failed {
        Some(diagnostic) => Err(diagnostic),
        None => Ok(Pipeline { steps, span: trim(parsing.text, range) }),
    }
}

/// The first part, with no pipe before it: a search, whether it says so or not, or in a subsearch a command.
fn first(parsing: &mut Parsing<'_>, span: Span) -> Result<Step, Diagnostic> {
    let name = name_of(parsing.text, span);
    let word = name.of(parsing.text);
    let spaced = parsing
        .text
        .get(name.end..span.end)
        .is_none_or(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
    // Only what Splunk lets begin a search: `index=main` or `rename` as words are terms.
    if spaced && commands::generates(word) {
        return command(parsing, span);
    }
    let command = commands::search::parse_implicit(parsing, span)?;
    Ok(Step { command, span })
}

fn command(parsing: &mut Parsing<'_>, span: Span) -> Result<Step, Diagnostic> {
    if span.start >= span.end {
        return Err(Diagnostic::error("spl/syntax", "a command is expected between two pipes or after the last", span));
    }
    let name = name_of(parsing.text, span);
    let arguments = trim(parsing.text, Span::new(name.end, span.end));
    let command = commands::parse(name.of(parsing.text), name, arguments, parsing)?;
    Ok(Step { command, span })
}

fn name_of(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let length = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
    Span::new(span.start, span.start + length)
}
