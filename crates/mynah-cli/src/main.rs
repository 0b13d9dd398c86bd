//! The `mynah` command: runs any SIEM's detection over log files.
mod arguments;
mod bar;
mod cell;
mod command;
mod data_report;
mod detection_arguments;
mod detections;
mod dialects;
mod exit;
mod query;
mod query_report;
mod rows;
mod site;
mod timeline;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Run(run) => command::run::run(&run),
        Command::Check(check) => command::check::check(&check),
        Command::Explain(explain) => command::explain::explain(&explain),
        Command::Generate(generate) => command::generate::generate(&generate),
        Command::Detect(detect) => command::detect::detect(&detect),
        Command::Test(test) => command::test::test(&test),
        Command::Compare(compare) => command::compare::compare(&compare),
        Command::Catalog(catalog) => command::catalog::catalog(&catalog),
        Command::Completions(completions) => command::completions::completions(&completions),
    };
    match result {
        Ok(status) => status.into(),
        Err(failure) => {
            // A reader that went away (`| head`) is no failure.
            if !failure.is_broken_pipe() {
                anstream::eprintln!("{}: {failure}", exit::error_label());
            }
            failure.status().into()
        }
    }
}
