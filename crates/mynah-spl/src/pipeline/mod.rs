//! From a query's text to its commands: macros are expanded, the text is cut at its pipes, each part
//! is handed to its command's parser. Subsearches come back here.

mod macros;
pub(crate) mod quotes;
mod source;
mod split;

use crate::commands::{self, Command};
use crate::expression::Expression;
use crate::search::Search;
use mynah_syntax::{Depth, Diagnostic, Span, Spanned};

pub(crate) use macros::expand;
pub(crate) use source::Source;
pub(crate) use split::trim;

/// A query, parsed: what lint rules look at and plans are made from.
///
/// Its spans are places in [`Query::text`]; diagnostics and clauses have those of the query as it was written.
#[derive(Debug)]
pub struct Query {
    /// Its commands; those that could not be read are left out.
    pub pipeline: Pipeline,
    pub(crate) source: Source,
    pub(crate) notes: Vec<Note>,
}

impl Query {
    /// The query with its macros expanded.
    pub fn text(&self) -> &str {
        self.source.text()
    }
}

/// What the text of a search says and its tree does not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Note {
    /// An OR with nothing on its left.
    DanglingOr(Span),
    /// An OR without parentheses beside other terms.
    OrBesideAnd(Span),
}

/// The commands of a query or subsearch, in order.
#[derive(Debug)]
pub struct Pipeline {
    /// The commands.
    pub steps: Vec<Step>,
    /// Its place.
    pub span: Span,
}

/// One command and where it stands.
#[derive(Debug)]
pub struct Step {
    /// The command's name, in lower case; `search` where it is left out.
    pub name: Spanned<String>,
    /// Its place, arguments included.
    pub span: Span,
    pub(crate) command: Box<dyn Command>,
}

/// A part of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'q> {
    /// A search; its parts are found by its own `walk`.
    Search(&'q Search),
    /// An expression; its parts are found by its own `walk`.
    Expression(&'q Expression),
    /// The commands of a subsearch.
    Pipeline(&'q Pipeline),
}

impl Pipeline {
    /// Shows the searches and expressions of all commands, and the pipelines in them, in their order.
    pub(crate) fn walk<'q>(&'q self, visit: &mut dyn FnMut(Part<'q>)) {
        for step in &self.steps {
            step.walk(visit);
        }
    }
}

impl Step {
    pub(crate) fn walk<'q>(&'q self, visit: &mut dyn FnMut(Part<'q>)) {
        for part in self.command.parts() {
            visit(part);
            match part {
                Part::Pipeline(pipeline) => pipeline.walk(visit),
                Part::Search(search) => {
                    for pipeline in search.pipelines() {
                        visit(Part::Pipeline(pipeline));
                        pipeline.walk(visit);
                    }
                }
                Part::Expression(_) => {}
            }
        }
    }
}

/// What parsing a query goes by and what it finds out on the way.
#[derive(Debug)]
pub(crate) struct Parsing<'a> {
    /// The query with its macros expanded; spans are places in it.
    pub text: &'a str,
    pub depth: Depth,
    pub diagnostics: Vec<Diagnostic>,
    pub notes: Vec<Note>,
}

impl<'a> Parsing<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Parsing { text, depth: Depth::default(), diagnostics: Vec::new(), notes: Vec::new() }
    }
}

/// Parses a query whose macros are expanded; what cannot be read is left out, and a diagnostic says so.
pub(crate) fn parse_query(source: Source) -> (Query, Vec<Diagnostic>) {
    let mut parsing = Parsing::new(source.text());
    let range = Span::new(0, source.text().len());
    let (pipeline, failed) = match read(&mut parsing, range, true) {
        Ok((pipeline, failed)) => (pipeline, failed),
        Err(error) => (Pipeline { steps: Vec::new(), span: range }, Some(error)),
    };
    let Parsing { mut diagnostics, notes, .. } = parsing;
    diagnostics.extend(failed);
    (Query { pipeline, source, notes }, diagnostics)
}

/// Parses the pipeline in `range`: a query, a subsearch, or one in parentheses.
///
/// # Errors
/// Where the text cannot be cut into commands. What is wrong with single commands goes to the
/// diagnostics, so that one look finds all of it; then the last of these is the error.
pub(crate) fn parse(parsing: &mut Parsing<'_>, range: Span) -> Result<Pipeline, Diagnostic> {
    whole(read(parsing, range, true)?)
}

/// The same for commands alone, on rows that are there already: the first is no search unless it says so.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_commands(parsing: &mut Parsing<'_>, range: Span) -> Result<Pipeline, Diagnostic> {
    whole(read(parsing, range, false)?)
}

/// The commands if all of them could be read.
fn whole((pipeline, failed): (Pipeline, Option<Diagnostic>)) -> Result<Pipeline, Diagnostic> {
    match failed {
        Some(diagnostic) => Err(diagnostic),
        None => Ok(pipeline),
    }
}

/// The commands that can be read, and what is wrong with the last that cannot.
fn read(parsing: &mut Parsing<'_>, range: Span, searches: bool) -> Result<(Pipeline, Option<Diagnostic>), Diagnostic> {
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
    Ok((Pipeline { steps, span: trim(parsing.text, range) }, failed))
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
    Ok(Step { name: Spanned::new("search".to_owned(), Span::at(span.start)), command, span })
}

fn command(parsing: &mut Parsing<'_>, span: Span) -> Result<Step, Diagnostic> {
    if span.start >= span.end {
        return Err(Diagnostic::error("spl/syntax", "a command is expected between two pipes or after the last", span));
    }
    let name = name_of(parsing.text, span);
    let arguments = trim(parsing.text, Span::new(name.end, span.end));
    let command = commands::parse(name.of(parsing.text), name, arguments, parsing)?;
    Ok(Step { name: Spanned::new(name.of(parsing.text).to_lowercase(), name), command, span })
}

fn name_of(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let length = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
    Span::new(span.start, span.start + length)
}
