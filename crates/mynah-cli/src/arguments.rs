#[cfg(feature = "lake")]
mod lake;

#[cfg(feature = "lake")]
pub(crate) use lake::{Ingest, Lake, LakeCommand};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use mynah::{Dialect, Status, Timestamp};
use mynah_detection::Level;
use std::ffi::OsString;
use std::path::PathBuf;

/// Run any SIEM's detection, as its author wrote it, over the logs you have.
///
/// The dialect of a query comes from its file's extension: .aql (QRadar), .eql (Elastic), .spl (Splunk),
/// .sumo (Sumo Logic), .yml (Sigma), .kuery (Kibana).
#[derive(Debug, Parser)]
#[command(name = "mynah", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Examples:
  mynah run rule.eql --data logs/                     an EQL rule over a folder of logs
  mynah run -q 'EventCode=4688' --lang spl --data security.evtx
  zcat trail.json.gz | mynah run rule.aql --data -    standard input
  mynah run rule.spl --data logs/ --events            the raw events behind the result
  mynah detect --data logs/                           every built-in detection
  mynah detect --rules sigma/rules --data logs/       a repository of rules beside them
  mynah check rules/                                  parse and lint, no data")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run queries over logs
    Run(Run),
    /// Parse and lint queries and rules, without data
    Check(Check),
    /// Show a query's plan and the origin of its fields
    Explain(Explain),
    /// Show what logs are: their log sources, records over time, hosts and files, and what no rule can see
    Inspect(Inspect),
    /// Write synthetic logs with known attacks to standard output, as NDJSON
    Generate(Generate),
    /// Run detections over logs: the built-in catalogue, and rules of your own (--rules)
    Detect(Detect),
    /// Run hunting queries: log-on summary, event id metrics, Base64 in command lines, those of detections
    Hunt(Hunt),
    /// Run the tests of detections, of hunting queries and of Sigma rules
    Test(Test),
    /// Show the events that only some versions of a detection find, and why
    Compare(Compare),
    /// List, show and export detections
    Catalog(Catalog),
    /// Put logs into a lake of Delta tables, each record once, to be read as lake:PATH
    #[cfg(feature = "lake")]
    Ingest(Ingest),
    /// Look after a lake: its tables, whether it is whole, small files, files that nobody needs
    #[cfg(feature = "lake")]
    Lake(Lake),
    /// What this build leaves out
    #[cfg(not(feature = "lake"))]
    #[command(name = "ingest", alias = "lake", hide = true, disable_help_flag = true)]
    LeftOut(LeftOut),
    /// Write a shell's completion script to standard output
    Completions(Completions),
    /// Write manual pages: mynah(1) to standard output, or those of all commands into a folder
    Man(Man),
}

/// Whatever a command is given that this build leaves out.
#[cfg(not(feature = "lake"))]
#[derive(Debug, Args)]
pub(crate) struct LeftOut {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<std::ffi::OsString>,
}

/// Which queries.
#[derive(Debug, Args)]
pub(crate) struct Queries {
    /// Query files, or folders of them; the extension tells the dialect. - for standard input, with --lang
    #[arg(value_name = "QUERY", required_unless_present = "query")]
    pub files: Vec<PathBuf>,
    /// A query as text, with --lang
    #[arg(short, long, value_name = "TEXT", requires = "lang", conflicts_with = "files")]
    pub query: Option<String>,
    /// The dialect, if no extension tells it: aql, eql, spl, sumo, sigma, kuery (or a platform: qradar, elastic, …)
    #[arg(short, long, value_name = "DIALECT", value_parser = parse_dialect)]
    pub lang: Option<Dialect>,
}

/// Which logs.
#[derive(Debug, Args)]
pub(crate) struct Data {
    /// Logs: files, folders, globs, or - for standard input; SOURCE=PATH names the log source, lake:PATH a lake
    #[arg(short = 'd', long = "data", value_name = "[SOURCE=]PATH", required = true, num_args = 1..)]
    pub paths: Vec<OsString>,
    /// Name every file that is not read, and every problem of the data that is known
    #[arg(short, long)]
    pub verbose: bool,
}

/// The settings of the site.
#[derive(Debug, Clone, Args)]
pub(crate) struct SiteOptions {
    /// Settings of the site [default: mynah.toml of this folder or the nearest one above it]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A Splunk app with macros.conf, transforms.conf and lookups
    #[arg(long, value_name = "DIR")]
    pub splunk_app: Vec<PathBuf>,
    /// The value of {{NAME}} in Sumo Logic's queries
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parse_parameter)]
    pub parameters: Vec<(String, String)>,
    /// Treat warnings about what the vendor refuses as errors
    #[arg(long)]
    pub strict: bool,
}

/// Which logs, of a query that may do without any.
#[derive(Debug, Clone, Args)]
pub(crate) struct OptionalData {
    /// Logs: files, folders, globs, or - for standard input; SOURCE=PATH names the log source, lake:PATH a lake [a query that reads no events, such as
    /// SPL's makeresults, needs none]
    #[arg(short = 'd', long = "data", value_name = "[SOURCE=]PATH", num_args = 1..)]
    pub paths: Vec<OsString>,
    /// Name every file that is not read, and every problem of the data that is known
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub queries: Queries,
    #[command(flatten)]
    pub data: OptionalData,
    /// The query's clock: a time, or "wall" for the current time [default: just after the newest event]
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub now: Option<Timestamp>,
    /// Output format [default: table on a terminal, ndjson in a pipe]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// With `--format elastic`: the most events or sequences to give [default: 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub size: Option<u32>,
    /// Write the raw events behind the result instead of its rows, each once, as NDJSON
    #[arg(long)]
    pub events: bool,
    /// Show for each condition of a query how many events fulfil it, and the values that the nearest others have
    #[arg(long)]
    pub why: bool,
    /// Exit with status 1 if anything is found
    #[arg(long)]
    pub fail_on_findings: bool,
    /// Exit with status 3 if any record is malformed
    #[arg(long)]
    pub strict_data: bool,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Parse every record, even those whose bytes cannot match; results are the same
    #[arg(long, hide = true)]
    pub no_prefilter: bool,
    #[command(flatten)]
    pub site: SiteOptions,
    /// Write only errors to standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Queries and rules of every format that `detect --rules` reads, files or folders; - for standard input, with --lang
    #[arg(value_name = "PATH", required_unless_present_any = ["rules", "query"])]
    pub paths: Vec<PathBuf>,
    /// A query as text, with --lang
    #[arg(long, value_name = "TEXT", requires = "lang", conflicts_with_all = ["paths", "fix"])]
    pub query: Option<String>,
    /// The dialect, if no extension tells it
    #[arg(short, long, value_name = "DIALECT", value_parser = parse_dialect)]
    pub lang: Option<Dialect>,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub format: CheckFormat,
    /// List the lint rules, each with its reason and an example
    #[arg(long)]
    pub rules: bool,
    /// Only errors, and no summary
    #[arg(short, long)]
    pub quiet: bool,
    /// Write the suggested fixes into files that are a query
    #[arg(long)]
    pub fix: bool,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub queries: Queries,
    /// Logs to run the plan on, to count the records that the prefilter skips
    #[arg(short, long, value_name = "[SOURCE=]PATH", num_args = 1..)]
    pub data: Vec<OsString>,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Logs: files, folders, archives, globs, or - for standard input; SOURCE=PATH names the log source, lake:PATH a lake
    #[arg(value_name = "[SOURCE=]PATH", required_unless_present = "data")]
    pub paths: Vec<OsString>,
    /// Logs, as other commands name them
    #[arg(short, long, value_name = "[SOURCE=]PATH", num_args = 1..)]
    pub data: Vec<OsString>,
    /// Rules that are asked, besides the built-in detections, which log sources they can see
    #[arg(short, long, value_name = "PATH", num_args = 1..)]
    pub rules: Vec<PathBuf>,
    /// Only the rules, not the built-in detections
    #[arg(long, requires = "rules")]
    pub no_catalog: bool,
    /// Output format [default: table on a terminal, ndjson in a pipe]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<InspectFormat>,
    /// Show every file, name every one that is not read, and every problem of the data that is known
    #[arg(short, long)]
    pub verbose: bool,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InspectFormat {
    /// For people
    Table,
    /// One object a line: for each log source of each file, for each log source, and for each file that is not read
    Ndjson,
}

#[derive(Debug, Args)]
#[command(
    after_help = "One record in a thousand belongs to an attack. The same source, seed and start give the same bytes."
)]
pub(crate) struct Generate {
    /// The log source: aws.cloudtrail, azure.signinlogs, o365.audit, windows.sysmon, windows.security
    #[arg(short, long, value_name = "SOURCE")]
    pub source: mynah_generate::Source,
    /// Number of records
    #[arg(short = 'n', long, value_name = "N")]
    pub events: u64,
    /// Seed of the random numbers
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub seed: u64,
    /// The time of the first record
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse, default_value = "2026-01-05T08:00:00Z")]
    pub start: Timestamp,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mynah man | man -l -                              read it
  mynah man --output ~/.local/share/man/man1        install the pages of all commands")]
pub(crate) struct Man {
    /// The folder for the pages: mynah.1, mynah-run.1, and so on. It is made if it is not there
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// For people, one field a line: for rows with many fields
    List,
    /// One array of objects
    Json,
    /// One object a line
    Ndjson,
    /// With a header
    Csv,
    /// The response of Elastic's EQL search API, for EQL: whole documents, `--size` of them
    Elastic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// With excerpts of the queries
    Human,
    /// An array with one element a file
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Which detections.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// A folder with detections, instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub catalog: Vec<PathBuf>,
    /// Only the queries of these platforms: qradar, elastic, splunk, sumologic, sigma (or their languages)
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform, value_delimiter = ',')]
    pub platform: Vec<Dialect>,
    /// Only detections of these ATT&CK techniques; a technique includes its sub-techniques
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub technique: Vec<String>,
    /// Only detections of this level and above: informational, low, medium, high, critical
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    pub level: Option<Level>,
    /// Only detections with one of these tags, such as attack.execution or "Data Source: AWS"; * and ? are wildcards
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Not these detections: ids, titles, or paths of rules and of folders; * and ? are wildcards
    #[arg(long, value_name = "ID|PATH")]
    pub exclude: Vec<String>,
}

/// Rules of repositories.
#[derive(Debug, Args)]
pub(crate) struct Pack {
    /// Rules, files or folders as people keep them: Sigma, Elastic, Splunk, Sumo Logic, query files, packages
    #[arg(short, long, value_name = "PATH", num_args = 1..)]
    pub rules: Vec<PathBuf>,
    /// Only the rules, not the built-in detections
    #[arg(long, requires = "rules")]
    pub no_catalog: bool,
    /// Rules of this status, too: deprecated, unsupported
    #[arg(long, value_name = "STATUS", value_parser = parse_status, value_delimiter = ',', requires = "rules")]
    pub include: Vec<Status>,
    /// Write which rules run, which need something that is not here, and which are refused, instead of findings
    #[arg(long, requires = "rules")]
    pub list_rules: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Detect {
    #[command(flatten)]
    pub data: Data,
    #[command(flatten)]
    pub pack: Pack,
    #[command(flatten)]
    pub selection: Selection,
    /// Output format [default: table on a terminal, ndjson in a pipe]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<FindingFormat>,
    /// Add the raw events to the findings (not for csv, navigator, sarif and pivot; html has the first few of each without it)
    #[arg(long)]
    pub events: bool,
    /// Only findings with an event at this time or later: 2026-03-14, 2026-03-14T12:00:00Z. All logs are read, so that counts and
    /// sequences are those of the whole
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub from: Option<Timestamp>,
    /// Only findings with an event before this time
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub to: Option<Timestamp>,
    /// Exit with status 1 if anything is found
    #[arg(long)]
    pub fail_on_findings: bool,
    /// Exit with status 3 if any record is malformed
    #[arg(long)]
    pub strict_data: bool,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub site: SiteOptions,
    /// Write only errors to standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mynah hunt                                        what there is
  mynah hunt logon-summary --data logs/             one of them
  mynah hunt T1059.009-cloud-api --data logs/       the hunting queries of a detection
  mynah hunt base64 --data logs/ -f csv > base64.csv")]
pub(crate) struct Hunt {
    /// Packages of hunting queries, or detections that have some [default: list them]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    #[command(flatten)]
    pub data: OptionalData,
    /// Folders with packages of hunting queries, instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub catalog: Vec<PathBuf>,
    /// Write the queries instead of running them
    #[arg(long, requires = "names", conflicts_with = "paths")]
    pub show: bool,
    /// The queries' clock: a time, or "wall" for the current time [default: just after the newest event]
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub now: Option<Timestamp>,
    /// Output format [default: table on a terminal, ndjson in a pipe]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub site: SiteOptions,
    /// Write only errors to standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Detections, hunting queries, Sigma rules with regression tests, or folders of them [default: what is built in]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only the queries of these platforms
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform, value_delimiter = ',')]
    pub platform: Vec<Dialect>,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub format: TestFormat,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The detection: its name, its technique, or its folder
    #[arg(value_name = "DETECTION")]
    pub detection: String,
    #[command(flatten)]
    pub data: Data,
    /// Only the queries of these platforms
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform, value_delimiter = ',')]
    pub platform: Vec<Dialect>,
    /// A folder with detections, instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub catalog: Vec<PathBuf>,
    /// Output format
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub format: CompareFormat,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Catalog {
    #[command(subcommand)]
    pub command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// List the detections
    List {
        #[command(flatten)]
        selection: Selection,
    },
    /// Show a detection with its queries and texts
    Show {
        /// The detection: its name or its technique
        #[arg(value_name = "DETECTION")]
        detection: String,
        /// A folder with detections, instead of the built-in ones
        #[arg(long, value_name = "DIR")]
        catalog: Vec<PathBuf>,
    },
    /// Export detections for other programs
    Export {
        /// sigma: the portable rules; navigator: a layer of the ATT&CK Navigator; sarif; site: pages, with --output
        #[arg(short, long, value_name = "FORMAT")]
        format: ExportFormat,
        /// A file, or a folder for site [default: standard output]
        #[arg(short, long, value_name = "PATH")]
        output: Option<PathBuf>,
        #[command(flatten)]
        selection: Selection,
        #[command(flatten)]
        site: SiteOptions,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingFormat {
    /// For people, with a timeline and counts
    Table,
    /// One object a line
    Ndjson,
    /// With a header
    Csv,
    /// Detection Findings of the Open Cybersecurity Schema Framework, one object a line
    Ocsf,
    /// One HTML page, to be mailed: timeline, ATT&CK matrix, hosts, rules, and findings with their raw events
    Html,
    /// The events of the findings for Timesketch, one object a line
    Timesketch,
    /// A layer of the ATT&CK Navigator: how many findings each technique has
    Navigator,
    /// Results of SARIF 2.1.0
    Sarif,
    /// The users, hosts, addresses and programs of the findings, to search other logs for: one object a line
    Pivot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    Human,
    /// Test Anything Protocol, version 14
    Tap,
    /// JUnit XML
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// For people
    Human,
    /// One object
    Json,
    /// An object with the counts, then one for each difference
    Ndjson,
    /// One HTML page, with the queries side by side and the lines marked that decided
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The portable Sigma rules, as one YAML stream
    Sigma,
    /// A layer of the ATT&CK Navigator, format 4.5
    Navigator,
    /// A static web site
    Site,
    /// The detections as rules of SARIF 2.1.0
    Sarif,
}

fn parse_now(text: &str) -> Result<Timestamp, String> {
    if text.eq_ignore_ascii_case("wall") {
        return Ok(Timestamp::wall());
    }
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// A time, or the first moment of a day.
fn parse_time(text: &str) -> Result<Timestamp, String> {
    let is_day = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    let day = is_day.then(|| format!("{text}T00:00:00Z"));
    Timestamp::parse(day.as_deref().unwrap_or(text)).map_err(|error| error.to_string())
}

fn parse_parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a parameter is written NAME=VALUE")?;
    let name = name.trim().trim_start_matches("{{").trim_end_matches("}}").trim();
    if name.is_empty() {
        Err("a parameter has a name: NAME=VALUE".to_owned())
    } else {
        Ok((name.to_owned(), value.to_owned()))
    }
}

fn parse_dialect(text: &str) -> Result<Dialect, String> {
    Dialect::from_name(text)
        .or_else(|| parse_platform(text).ok())
        .ok_or_else(|| one_of(Dialect::ALL.map(Dialect::name)))
}

fn parse_platform(text: &str) -> Result<Dialect, String> {
    let known = |dialect: &Dialect| {
        dialect.platform().name().eq_ignore_ascii_case(text) || dialect.name().eq_ignore_ascii_case(text)
    };
    Dialect::ALL.into_iter().find(known).ok_or_else(|| one_of(Dialect::ALL.map(|dialect| dialect.platform().name())))
}

fn parse_status(text: &str) -> Result<Status, String> {
    Status::from_name(text).ok_or_else(|| one_of(Status::ALL.iter().map(|status| status.name())))
}

fn parse_level(text: &str) -> Result<Level, String> {
    Level::from_name(text).ok_or_else(|| one_of(Level::ALL.iter().map(|level| level.name())))
}

fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    format!("one of {}", names.into_iter().collect::<Vec<_>>().join(", "))
}
