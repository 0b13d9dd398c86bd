//! Subsearches anywhere in a command's text: what a search finds stands in its place before the command is read, as in
//! `eval next = 1 + [search user=* | return $id]`.
use super::format::text_of;
use super::inputlookup::text_rows;
use super::registry::{generates, parse};
use super::{Command, prelude::*};
use crate::pipeline::quotes::{end_of_brackets, end_of_quoted};
use crate::pipeline::{self, Pipeline};
use mynah_syntax::Span;

/// The subsearches in the text of a command: what is inside their brackets. Other brackets, those of an unquoted regular
/// expression, do not open with a command that begins a search.
pub(super) fn subsearches(text: &str, range: Span) -> Vec<Span> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), range.start);
    while at < range.end {
        match bytes.get(at) {
            Some(b'"') => {
                at = end_of_quoted(text, at).unwrap_or(range.end);
                continue;
            }
            Some(b'\\') => at += 1,
            Some(b'[') => {
                if let Some(end) = end_of_brackets(text, at).filter(|end| *end <= range.end)
                    && begins_a_search(text.get(at + 1..end - 1).unwrap_or(""))
                {
                    found.push(Span::new(at + 1, end - 1));
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn begins_a_search(inner: &str) -> bool {
    let inner = inner.trim_start();
    let inner = inner.strip_prefix('|').unwrap_or(inner).trim_start();
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (word, rest) = inner.split_at(end);
    generates(word) && rest.chars().next().is_none_or(char::is_whitespace)
}

/// A command whose text holds subsearches.
#[derive(Debug)]
struct Substituted {
    /// The command's name and arguments, and their place.
    text: String,
    name: Spanned<String>,
    span: Span,
    /// The subsearches, and where each stands in the text, brackets included.
    searches: Vec<(Span, Pipeline)>,
}

/// Reads a command with these subsearches in its arguments.
///
/// # Errors
/// Where a subsearch is broken.
pub(super) fn substituted(name: Spanned<&str>, range: Span, inner: Vec<Span>, parsing: &mut Parsing<'_>) -> Parsed {
    let span = name.span.to(range);
    let place = |inner: &Span| Span::new(inner.start - 1 - range.start, inner.end + 1 - range.start);
    let searches = inner.iter().map(|inner| Ok((place(inner), pipeline::parse(parsing, *inner)?)));
    let searches = searches.collect::<Result<_, Diagnostic>>()?;
    let name = Spanned::new(name.node.to_owned(), name.span);
    Ok(Box::new(Substituted { text: range.of(parsing.text).to_owned(), name, span, searches }))
}

impl Substituted {
    /// The command with these texts in place of its subsearches.
    fn filled(&self, texts: &[String], planner: &mut Planner<'_>) -> Parsed {
        // Places in the filled text are none of the query: they are behind its end.
        let mut text = " ".repeat(planner.length);
        let mut end = 0;
        for ((place, _), found) in self.searches.iter().zip(texts) {
            text.push_str(self.text.get(end..place.start).unwrap_or(""));
            text.push_str(found);
            end = place.end;
        }
        text.push_str(self.text.get(end..).unwrap_or(""));
        let range = pipeline::trim(&text, Span::new(planner.length, text.len()));
        let mut parsing = Parsing::new(&text);
        let at = self.span;
        let parsed = parse(&self.name.node, self.name.span, range, &mut parsing).map_err(|error| {
            let given = format!("with what its subsearches give, this is `{} {}`", self.name.node, range.of(&text));
            Diagnostic { span: at, ..error }.with_help(given)
        });
        for diagnostic in parsing.diagnostics {
            planner.say(Diagnostic { span: at, ..diagnostic });
        }
        Ok(Box::new(Filled { command: parsed?, span: at }))
    }
}

impl Command for Substituted {
    fn needs(&self) -> Needs {
        Needs::default().make_any()
    }

    fn parts(&self) -> Vec<Part<'_>> {
        self.searches.iter().map(|(_, pipeline)| Part::Pipeline(pipeline)).collect()
    }

    /// Without data nobody knows what the command says.
    fn lower(&self, rows: Rows, _wanted: &Wanted, _planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        Ok(rows.opened())
    }

    fn generate(&self, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        if !generates(&self.name.node) {
            return Ok(None);
        }
        text_rows(&["_raw".to_owned()], &[], planner).map(|rows| Some(rows.opened()))
    }

    fn prepare(&self, planner: &mut Planner<'_>) -> Result<Option<Box<dyn Command>>, Diagnostic> {
        let mut texts = Vec::with_capacity(self.searches.len());
        for (_, pipeline) in &self.searches {
            match text_of(pipeline, planner)? {
                Some(text) => texts.push(text),
                None => return Ok(None),
            }
        }
        planner.at = self.span;
        self.filled(&texts, planner).map(Some)
    }
}

/// A command whose text came from subsearches: all that it says is said of the place where these stand.
#[derive(Debug)]
struct Filled {
    command: Box<dyn Command>,
    span: Span,
}

impl Command for Filled {
    fn needs(&self) -> Needs {
        let mut needs = self.command.needs();
        for name in needs.reads.iter_mut().chain(&mut needs.may_read) {
            name.span = self.span;
        }
        needs
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        planner.all_at(self.span, |planner| self.command.lower(rows, wanted, planner))
    }

    fn generate(&self, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        planner.all_at(self.span, |planner| self.command.generate(wanted, planner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_of_patterns_are_no_subsearches() {
        let found = |text: &str| {
            let spans = subsearches(text, Span::new(0, text.len()));
            spans.into_iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("x=1 + [search a | return $b] + [| makeresults]"), ["search a | return $b", "| makeresults"]);
        assert!(found("\"(?<a>[| search])\" (?<b>[|,]) [a-z]+ [searching]").is_empty());
    }
}
