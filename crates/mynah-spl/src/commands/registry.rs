use super::{Arguments, Command};
use crate::pipeline::Parsing;
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Span, Spanned, nearest};
use std::sync::LazyLock;

type Parse = fn(&mut Arguments<'_>, &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic>;

/// A command that Mynah runs.
struct Entry {
    /// Its names; the first is the one to show.
    names: &'static [&'static str],
    parse: Parse,
    doc: &'static FunctionDoc,
    /// Whether it can begin a query, making results of its own.
    generates: bool,
}

macro_rules! entries {
    ($($module:ident $generates:literal $($name:literal)+;)*) => {
        &[$(Entry { names: &[$($name),+], parse: super::$module::parse, doc: &super::$module::DOC, generates: $generates }),*]
    };
}

static ENTRIES: &[Entry] = entries! {
    addinfo false "addinfo";
    addtotals false "addtotals";
    append false "append";
    appendpipe false "appendpipe";
    bin false "bin" "bucket" "discretize";
    chart false "chart";
    convert false "convert";
    datamodel true "datamodel";
    dedup false "dedup";
    eval false "eval";
    eventstats false "eventstats";
    fieldformat false "fieldformat";
    fields false "fields";
    fillnull false "fillnull";
    foreach false "foreach";
    format false "format";
    from true "from";
    fromjson false "fromjson";
    head false "head";
    inputlookup true "inputlookup";
    join false "join";
    lookup false "lookup";
    makemv false "makemv";
    makeresults true "makeresults";
    multisearch true "multisearch" "union";
    mvcombine false "mvcombine";
    mvexpand false "mvexpand";
    nomv false "nomv";
    outputlookup false "outputlookup";
    passing false "noop" "highlight";
    regex false "regex";
    rename false "rename";
    replace false "replace";
    r#return false "return";
    reverse false "reverse";
    rex false "rex";
    search true "search";
    sort false "sort";
    spath false "spath";
    stats false "stats";
    strcat false "strcat";
    streamstats false "streamstats";
    table false "table";
    tail false "tail";
    timechart false "timechart";
    top false "top" "rare";
    tstats true "tstats";
    untable false "untable";
    r#where false "where";
    xmlkv false "xmlkv";
    xyseries false "xyseries";
};

/// Splunk's other commands: known, and refused by name.
static REFUSED: &[&str] = &[
    "abstract",
    "accum",
    "addcoltotals",
    "analyzefields",
    "anomalies",
    "anomalousvalue",
    "anomalydetection",
    "appendcols",
    "apply",
    "arules",
    "associate",
    "autoregress",
    "cluster",
    "cofilter",
    "collect",
    "concurrency",
    "contingency",
    "correlate",
    "cyberchef",
    "dbinspect",
    "dbxquery",
    "delete",
    "delta",
    "diff",
    "erex",
    "eventcount",
    "extract",
    "fieldsummary",
    "filldown",
    "findtypes",
    "fit",
    "folderize",
    "gauge",
    "geom",
    "geomfilter",
    "geostats",
    "getworkflowactions",
    "history",
    "iconify",
    "inputcsv",
    "inputintelligence",
    "iplocation",
    "kmeans",
    "kv",
    "loadjob",
    "localize",
    "localop",
    "makecontinuous",
    "map",
    "mcatalog",
    "mcollect",
    "metadata",
    "metasearch",
    "meventcollect",
    "mpreview",
    "msearch",
    "mstats",
    "multikv",
    "outlier",
    "outputcsv",
    "outputtext",
    "overlap",
    "pivot",
    "predict",
    "rangemap",
    "redistribute",
    "relevancy",
    "reltime",
    "require",
    "rest",
    "run",
    "savedsearch",
    "script",
    "scrub",
    "searchtxn",
    "selfjoin",
    "sendalert",
    "sendemail",
    "set",
    "setfields",
    "sichart",
    "sirare",
    "sistats",
    "sitimechart",
    "sitop",
    "snowincident",
    "summarize",
    "tags",
    "thru",
    "timewrap",
    "tojson",
    "transaction",
    "trendline",
    "tscollect",
    "typeahead",
    "typelearner",
    "typer",
    "uniq",
    "ut_parse",
    "walklex",
    "x11",
    "xpath",
    "transpose",
    "mvdedup",
];

fn find(name: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.names.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// Whether a command of this name can begin a query.
pub(crate) fn generates(name: &str) -> bool {
    find(name).is_some_and(|entry| entry.generates)
}

/// Parses a command.
///
/// # Errors
/// Where there is no such command, Mynah does not run it, or its arguments are wrong.
pub(crate) fn parse(
    name: &str,
    at: Span,
    range: Span,
    parsing: &mut Parsing<'_>,
) -> Result<Box<dyn Command>, Diagnostic> {
    if let Some(entry) = find(name) {
        let mut arguments = Arguments::new(parsing.text, Spanned::new(name, at), range);
        return (entry.parse)(&mut arguments, parsing);
    }
    if REFUSED.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err(Diagnostic::error(
            "spl/unsupported-command",
            format!("Mynah does not run the command `{name}`"),
            at,
        )
        .with_help("leave it out, or do its part with eval, stats, rex and lookup"));
    }
    if name.is_empty() {
        return Err(Diagnostic::error("spl/syntax", "a command's name is expected here", at.to(range)));
    }
    let unknown = Diagnostic::error("spl/unknown-command", format!("Splunk has no command `{name}`"), at);
    let known = ENTRIES.iter().flat_map(|entry| entry.names.iter().copied()).chain(REFUSED.iter().copied());
    Err(match nearest(name, known) {
        Some(known) => unknown.with_fix(at, known, format!("did you mean `{known}`?")),
        None => unknown,
    })
}

/// The commands' names, each as the documentation has it.
pub(crate) fn names() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| docs().map(|doc| doc.name).collect());
    &NAMES
}

/// What the commands say of themselves.
pub(crate) fn docs() -> impl Iterator<Item = &'static FunctionDoc> {
    ENTRIES.iter().map(|entry| entry.doc)
}
