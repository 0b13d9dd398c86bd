//! The arguments of the commands that work with detections.
use crate::arguments::SiteOptions;
use clap::{Args, Subcommand, ValueEnum};
use mynah_detection::Level;
use mynah_event::Dialect;
use std::path::PathBuf;

/// Which detections.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// A folder with detections of one's own, instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub catalog: Vec<PathBuf>,
    /// Only the queries of these platforms: qradar, elastic, splunk, sumologic, sigma (or their languages)
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform, value_delimiter = ',')]
    pub platform: Vec<Dialect>,
    /// Only detections of these techniques of ATT&CK; a technique stands for its sub-techniques too
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub technique: Vec<String>,
    /// Only detections of this level and above: informational, low, medium, high, critical
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    pub level: Option<Level>,
}

#[derive(Debug, Args)]
pub(crate) struct Detect {
    /// Logs: files, folders, globs, or - for standard input; SOURCE=PATH says which log source it is
    #[arg(short, long, value_name = "[SOURCE=]PATH", required = true, num_args = 1..)]
    pub data: Vec<String>,
    #[command(flatten)]
    pub selection: Selection,
    /// How to write the findings; a table on a terminal and NDJSON in a pipe if not given
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<FindingFormat>,
    /// Exit with status 1 if anything is found
    #[arg(long)]
    pub fail_on_findings: bool,
    /// Exit with status 3 if any record is malformed
    #[arg(long)]
    pub strict_data: bool,
    /// How many threads to use; all cores if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub site: SiteOptions,
    /// Say nothing on standard error but errors
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Detections, or folders of them; the built-in ones if not given
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only the queries of these platforms
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform, value_delimiter = ',')]
    pub platform: Vec<Dialect>,
    /// How to write what came of it
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
    /// Logs: files, folders, globs, or - for standard input; SOURCE=PATH says which log source it is
    #[arg(short, long, value_name = "[SOURCE=]PATH", required = true, num_args = 1..)]
    pub data: Vec<String>,
    /// Only the queries of these platforms
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform, value_delimiter = ',')]
    pub platform: Vec<Dialect>,
    /// A folder with detections of one's own, instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub catalog: Vec<PathBuf>,
    /// How to write the differences
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
    /// Show all that a detection has
    Show {
        /// The detection: its name or its technique
        #[arg(value_name = "DETECTION")]
        detection: String,
        /// A folder with detections of one's own, instead of the built-in ones
        #[arg(long, value_name = "DIR")]
        catalog: Vec<PathBuf>,
    },
    /// Write the detections for other programs
    Export {
        /// sigma: the portable rules; navigator: a layer of the ATT&CK Navigator; sarif; site: pages, with --output
        #[arg(short, long, value_name = "FORMAT")]
        format: ExportFormat,
        /// A file (for site: a folder); standard output if not given
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
    /// For people, with a timeline
    Table,
    /// One object a line
    Ndjson,
    /// With a header
    Csv,
    /// Detection Findings of the Open Cybersecurity Schema Framework, one object a line
    Ocsf,
    /// One page, to be mailed
    Html,
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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The portable Sigma rules, as one YAML stream
    Sigma,
    /// A layer of the ATT&CK Navigator, format 4.5
    Navigator,
    /// A folder of pages
    Site,
    /// The detections as rules of SARIF 2.1.0
    Sarif,
}

fn parse_platform(text: &str) -> Result<Dialect, String> {
    let known = |dialect: &Dialect| {
        dialect.platform().name().eq_ignore_ascii_case(text) || dialect.name().eq_ignore_ascii_case(text)
    };
    Dialect::ALL.into_iter().find(known).ok_or_else(|| {
        let names: Vec<&str> = Dialect::ALL.iter().map(|dialect| dialect.platform().name()).collect();
        format!("one of {}", names.join(", "))
    })
}

fn parse_level(text: &str) -> Result<Level, String> {
    Level::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = Level::ALL.iter().map(|level| level.name()).collect();
        format!("one of {}", names.join(", "))
    })
}
