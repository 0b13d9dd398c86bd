use super::Command;
use super::arguments::Arguments;
use super::substitute::{subsearches, substituted};
use crate::pipeline::{Parsing, Part};
use crate::plan::{Needs, Planner, Rows, Wanted};
use crate::table::name_of;
use mynah_dialect::{Arity, FunctionDoc, FunctionTable};
use mynah_syntax::{Diagnostic, Span, Spanned, nearest};
use std::fmt;
use std::sync::LazyLock;

/// A command: what it says of itself, and how it is read.
pub(super) type Entry = mynah_dialect::Entry<Reading>;

/// What comes of a command's arguments.
pub(super) type Parsed = Result<Box<dyn Command>, Diagnostic>;

/// How a command is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    parse: fn(&mut Arguments<'_>, &mut Parsing<'_>) -> Parsed,
    /// Whether it can begin a query, making results of its own.
    generates: bool,
    /// Whether it reads what stands in brackets itself: searches to run beside its rows, or commands.
    brackets: bool,
}

/// The entry of a command, whose name its usage begins with.
pub(super) const fn command(
    usage: &'static str,
    summary: &'static str,
    page: &'static str,
    parse: fn(&mut Arguments<'_>, &mut Parsing<'_>) -> Parsed,
) -> Entry {
    let reading = Reading { parse, generates: false, brackets: false };
    Entry::new(name_of(usage), usage, summary, page, &[], Arity::AtLeast(0), reading)
}

/// The same for a command that can begin a query.
pub(super) const fn generating(entry: Entry) -> Entry {
    Entry { code: Reading { generates: true, ..entry.code }, ..entry }
}

/// The same for a command that reads brackets itself.
pub(super) const fn bracketed(entry: Entry) -> Entry {
    Entry { code: Reading { brackets: true, ..entry.code }, ..entry }
}

/// All commands.
static COMMANDS: FunctionTable<Reading> = FunctionTable(&[
    &super::bin::COMMANDS,
    &super::chart::COMMANDS,
    &super::cofilter::COMMANDS,
    &super::columns::COMMANDS,
    &super::concurrency::COMMANDS,
    &super::contingency::COMMANDS,
    &super::continuous::COMMANDS,
    &super::convert::COMMANDS,
    &super::datamodel::COMMANDS,
    &super::eval::COMMANDS,
    &super::extract::COMMANDS,
    &super::foreach::COMMANDS,
    &super::format::COMMANDS,
    &super::gauge::COMMANDS,
    &super::inputlookup::COMMANDS,
    &super::join::COMMANDS,
    &super::key_value::COMMANDS,
    &super::limit::COMMANDS,
    &super::located::COMMANDS,
    &super::lookup::COMMANDS,
    &super::made::COMMANDS,
    &super::map::COMMANDS,
    &super::multivalue::COMMANDS,
    &super::neighbours::COMMANDS,
    &super::outlier::COMMANDS,
    &super::passing::COMMANDS,
    &super::pivot::COMMANDS,
    &super::rangemap::COMMANDS,
    &super::regex::COMMANDS,
    &super::rename::COMMANDS,
    &super::replace::COMMANDS,
    &super::rex::COMMANDS,
    &super::search::COMMANDS,
    &super::selfjoin::COMMANDS,
    &super::sets::COMMANDS,
    &super::sort::COMMANDS,
    &super::stats::COMMANDS,
    &super::streamstats::COMMANDS,
    &super::strcat::COMMANDS,
    &super::subsearch::COMMANDS,
    &super::summary::COMMANDS,
    &super::timewrap::COMMANDS,
    &super::top::COMMANDS,
    &super::totals::COMMANDS,
    &super::transaction::COMMANDS,
    &super::trends::COMMANDS,
    &super::tstats::COMMANDS,
    &super::turned::COMMANDS,
]);

/// Splunk's other commands: known, and refused by name.
const REFUSED: &str = "
    abstract af analyzefields anomalies anomalousvalue anomalydetection apply arules associate
    bucketdir cefout cluster correlate cyberchef dbinspect dbxquery delete diff entitymerge
    erex eventcount findtypes fit folderize geom geomfilter geostats getworkflowactions history
    inputcsv inputintelligence kmeans kvform loadjob localize mcatalog metadata metasearch
    meventcollect mpreview msearch mvdedup overlap pivot predict relevancy rest run
    runshellscript savedsearch script scrub searchtxn sichart sirare sistats sitimechart sitop
    snowincident summarize thru typeahead typelearner ut_parse walklex x11
";

/// What of Splunk's the commands need that work on something else than events.
const SERVICES: &[(&str, &str)] = &[
    ("apply fit summary", "a model of Splunk's Machine Learning Toolkit"),
    ("anomalydetection anomalies cluster kmeans predict", "Splunk's statistical models"),
    ("rest", "the REST API of a Splunk server"),
    ("metadata metasearch eventcount dbinspect typeahead walklex", "the indexes of a Splunk server"),
    ("loadjob savedsearch history", "the searches that a Splunk server keeps"),
    ("dbxquery", "a database behind Splunk DB Connect"),
    ("cyberchef script run", "a program on a Splunk server"),
];

/// Whether a command of this name can begin a query.
pub(crate) fn generates(name: &str) -> bool {
    COMMANDS.find(name).is_some_and(|entry| entry.code.generates)
}

/// Parses a command.
///
/// # Errors
/// Where there is no such command, Mynah does not run it, or its arguments are wrong.
pub(crate) fn parse(name: &str, at: Span, range: Span, parsing: &mut Parsing<'_>) -> Parsed {
    if let Some(entry) = COMMANDS.find(name) {
        let inner = if entry.code.brackets { Vec::new() } else { subsearches(parsing.text, range) };
        if !inner.is_empty() {
            return substituted(Spanned::new(name, at), range, inner, parsing);
        }
        let mut arguments = Arguments::new(parsing.text, Spanned::new(name, at), range);
        return (entry.code.parse)(&mut arguments, parsing);
    }
    if REFUSED.split_whitespace().any(|known| known.eq_ignore_ascii_case(name)) {
        let service = SERVICES
            .iter()
            .find(|(commands, _)| commands.split_whitespace().any(|known| known.eq_ignore_ascii_case(name)));
        let message = match service {
            Some((_, what)) => format!("`{name}` needs {what}, which files of logs do not have"),
            None => format!("Mynah does not run the command `{name}`"),
        };
        return Err(Diagnostic::error("spl/unsupported-command", message, at)
            .with_help("leave it out, or do its part with eval, stats, rex and lookup"));
    }
    if name.is_empty() {
        return Err(Diagnostic::error("spl/syntax", "a command's name is expected here", at.to(range)));
    }
    let unknown = Diagnostic::error("spl/unknown-command", format!("Splunk has no command `{name}`"), at);
    let known = BY_NAME.iter().flat_map(|entry| [entry.doc.name].into_iter().chain(entry.aliases.iter().copied()));
    Err(match nearest(name, known.chain(REFUSED.split_whitespace())) {
        Some(known) => unknown.with_fix(at, known, format!("did you mean `{known}`?")),
        None => unknown,
    })
}

/// All commands, by name.
static BY_NAME: LazyLock<Vec<&Entry>> = LazyLock::new(|| {
    let mut entries: Vec<_> = COMMANDS.entries().collect();
    entries.sort_by_key(|entry| entry.doc.name);
    entries
});

/// The commands' names, each as the documentation has it.
pub(crate) fn names() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| docs().map(|doc| doc.name).collect());
    &NAMES
}

/// What the commands say of themselves.
pub(crate) fn docs() -> impl Iterator<Item = &'static FunctionDoc> {
    BY_NAME.iter().map(|entry| &entry.doc)
}

/// A command that makes rows of rows, and nothing else.
#[derive(Debug)]
struct OnRows<A> {
    needs: Needs,
    arguments: A,
    parts: Parts<A>,
    change: Change<A>,
}

/// What makes rows of rows by a command's arguments, and by what the commands after it want.
type Change<A> = fn(&A, Rows, &Wanted, &mut Planner<'_>) -> Result<Rows, Diagnostic>;

/// The searches, expressions and subsearches among a command's arguments.
type Parts<A> = fn(&A) -> Vec<Part<'_>>;

/// A command that needs these fields, and makes rows of rows.
pub(super) fn on_rows<A: fmt::Debug + 'static>(needs: Needs, arguments: A, change: Change<A>) -> Parsed {
    on_rows_with_parts(needs, arguments, |_| Vec::new(), change)
}

/// The same with expressions or subsearches among its arguments.
pub(super) fn on_rows_with_parts<A: fmt::Debug + 'static>(
    needs: Needs,
    arguments: A,
    parts: Parts<A>,
    change: Change<A>,
) -> Parsed {
    Ok(Box::new(OnRows { needs, arguments, parts, change }))
}

impl<A: fmt::Debug> Command for OnRows<A> {
    fn needs(&self) -> Needs {
        self.needs.clone()
    }

    fn parts(&self) -> Vec<Part<'_>> {
        (self.parts)(&self.arguments)
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        (self.change)(&self.arguments, rows, wanted, planner)
    }
}
