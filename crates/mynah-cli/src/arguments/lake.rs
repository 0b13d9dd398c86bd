//! Arguments of `mynah ingest` and `mynah lake`.
use super::{Data, SiteOptions};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  mynah ingest --data logs/ --into lake                    killed or run again, it goes on where it was
  mynah detect --data lake:lake                            as over the logs
  mynah lake stats lake")]
pub(crate) struct Ingest {
    #[command(flatten)]
    pub data: Data,
    /// The lake: a folder of Delta tables, made if it is not there
    #[arg(long, value_name = "LAKE")]
    pub into: PathBuf,
    /// How many bytes of records are collected before they are written
    #[arg(long, value_name = "BYTES", hide = true)]
    pub batch_bytes: Option<usize>,
    #[command(flatten)]
    pub site: SiteOptions,
    /// Write only errors to standard error
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Lake {
    #[command(subcommand)]
    pub command: LakeCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LakeCommand {
    /// Show the tables: records, days, files, bytes, times
    Stats {
        /// The lake
        lake: PathBuf,
        /// One JSON object a table instead of a table for people
        #[arg(long)]
        json: bool,
    },
    /// Read all of it: whether its files are there and whole, and each record is there once
    Verify {
        /// The lake
        lake: PathBuf,
    },
    /// Make one file of the small ones of each day
    Compact {
        /// The lake
        lake: PathBuf,
    },
    /// Delete files that no table has any more
    Vacuum {
        /// The lake
        lake: PathBuf,
        /// Only those that were not needed for so long; whoever reads an older state of the lake loses its files
        #[arg(long, value_name = "HOURS", default_value_t = 168)]
        older_than: u32,
        /// Say how many there are, and delete none
        #[arg(long)]
        dry_run: bool,
    },
}
