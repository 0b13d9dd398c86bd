use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use mynah_event::Dialect;
use std::path::PathBuf;

/// Run any SIEM's detection, as its author wrote it, over the logs you have.
///
/// The dialect of a query comes from its file's extension: .aql (QRadar), .eql (Elastic), .spl (Splunk),
/// .sumo (Sumo Logic), .yml (Sigma).
#[derive(Debug, Parser)]
#[command(name = "mynah", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = "Examples:
  mynah run rule.eql --data logs/                     an EQL rule over a folder of logs
  mynah run -q 'EventCode=4688' --lang spl --data security.evtx
  zcat trail.json.gz | mynah run rule.aql --data -    standard input
  mynah run rule.spl --data logs/ --events            the raw events behind the result
  mynah check rules/                                  parse and lint, no data")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run queries over logs
    Run(Run),
    /// Parse and lint queries; no data
    Check(Check),
    /// Show a query's plan, and where each of its fields comes from
    Explain(Explain),
    /// Write made-up logs with known attacks in them to standard output, as NDJSON
    Generate(Generate),
    /// Run the whole catalogue of detections over logs
    Detect(crate::detection_arguments::Detect),
    /// Run detections' own tests
    Test(crate::detection_arguments::Test),
    /// Show which events only some versions of a detection find, and why
    Compare(crate::detection_arguments::Compare),
    /// List, show and export detections
    Catalog(crate::detection_arguments::Catalog),
    /// Write a shell's completion script to standard output
    Completions(Completions),
}

/// Which queries.
#[derive(Debug, Args)]
pub(crate) struct Queries {
    /// Query files; the extension tells the dialect
    #[arg(value_name = "QUERY", required_unless_present = "query")]
    pub files: Vec<PathBuf>,
    /// A query as text, with --lang
    #[arg(short, long, value_name = "TEXT", requires = "lang", conflicts_with = "files")]
    pub query: Option<String>,
    /// The dialect, where no extension tells it: aql, eql, spl, sumo, sigma
    #[arg(short, long, value_name = "DIALECT", value_parser = parse_dialect)]
    pub lang: Option<Dialect>,
}

/// The settings of the site.
#[derive(Debug, Args)]
pub(crate) struct SiteOptions {
    /// Settings of the site; mynah.toml of this folder or one above it if not given
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A Splunk app: its macros.conf, transforms.conf and lookups
    #[arg(long, value_name = "DIR")]
    pub splunk_app: Vec<PathBuf>,
    /// Treat warnings about what the vendor refuses as errors
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub queries: Queries,
    /// Logs: files, folders, globs, or - for standard input; SOURCE=PATH says which log source it is
    #[arg(short, long, value_name = "[SOURCE=]PATH", required = true, num_args = 1..)]
    pub data: Vec<String>,
    /// The query's clock: a time, or "wall" for the real one; else just after the newest event
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub now: Option<Now>,
    /// How to write the rows; a table on a terminal and NDJSON in a pipe if not given
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write the raw events behind the result instead of its rows, each once, as NDJSON
    #[arg(long)]
    pub events: bool,
    /// Exit with status 1 if anything is found
    #[arg(long)]
    pub fail_on_findings: bool,
    /// Exit with status 3 if any record is malformed
    #[arg(long)]
    pub strict_data: bool,
    /// How many threads to use; all cores if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Parse every record, even those whose bytes cannot match; results are the same
    #[arg(long, hide = true)]
    pub no_prefilter: bool,
    #[command(flatten)]
    pub site: SiteOptions,
    /// Say nothing on standard error but errors
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Query files, or folders of them
    #[arg(value_name = "PATH", required_unless_present_any = ["rules"])]
    pub paths: Vec<PathBuf>,
    /// How to write what is found
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub format: CheckFormat,
    /// List the lint rules, with what each finds, why, and an example
    #[arg(long)]
    pub rules: bool,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub queries: Queries,
    /// Logs to try the plan on, to see how many records are left out unparsed
    #[arg(short, long, value_name = "[SOURCE=]PATH", num_args = 1..)]
    pub data: Vec<String>,
    #[command(flatten)]
    pub site: SiteOptions,
}

#[derive(Debug, Args)]
#[command(after_help = "One record in a thousand is an attack's. The same source, seed and start give the same bytes.")]
pub(crate) struct Generate {
    /// The log source: aws.cloudtrail, azure.signinlogs, o365.audit, windows.sysmon, windows.security
    #[arg(short, long, value_name = "SOURCE")]
    pub source: mynah_generate::Source,
    /// How many records
    #[arg(short = 'n', long, value_name = "N")]
    pub events: u64,
    /// What makes one log differ from another
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub seed: u64,
    /// The time of the first record
    #[arg(long, value_name = "TIME", value_parser = mynah_event::Timestamp::parse, default_value = "2026-01-05T08:00:00Z")]
    pub start: mynah_event::Timestamp,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Table,
    /// One array of objects
    Json,
    /// One object a line
    Ndjson,
    /// With a header
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// With the lines they speak of
    Human,
    /// An array with one element a file
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// The query's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Now {
    Wall,
    At(mynah_event::Timestamp),
}

fn parse_now(text: &str) -> Result<Now, String> {
    if text.eq_ignore_ascii_case("wall") {
        return Ok(Now::Wall);
    }
    mynah_event::Timestamp::parse(text).map(Now::At).map_err(|error| error.to_string())
}

fn parse_dialect(text: &str) -> Result<Dialect, String> {
    Dialect::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.name()).collect();
        format!("one of {}", names.join(", "))
    })
}
