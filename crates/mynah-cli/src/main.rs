//! The `mynah` command: arguments, terminal and exit status over the crate `mynah`.
mod arguments;
mod bar;
mod command;
mod data_report;
mod detections;
mod exit;
mod open;
mod pivot;
mod rows;
mod rules;
mod summary;
mod terminal;
mod timeline;
mod why;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(run) => command::run::run(&run),
        Command::Check(check) => command::check::check(&check),
        Command::Explain(explain) => command::explain::explain(&explain),
        Command::Inspect(inspect) => command::inspect::inspect(&inspect),
        Command::Generate(generate) => command::generate(&generate),
        Command::Detect(detect) => command::detect::detect(&detect),
        Command::Hunt(hunt) => command::hunt::hunt(&hunt),
        Command::Test(test) => command::test::test(&test),
        Command::Compare(compare) => command::compare::compare(&compare),
        Command::Catalog(catalog) => command::catalog::catalog(&catalog),
        #[cfg(feature = "lake")]
        Command::Ingest(ingest) => command::ingest::ingest(&ingest),
        #[cfg(feature = "lake")]
        Command::Lake(lake) => command::lake::lake(&lake),
        #[cfg(not(feature = "lake"))]
        Command::LeftOut(_) => {
            Err(exit::Failure::Usage("this build has no lakes; build Mynah with `--features full`".to_owned()))
        }
        Command::Completions(completions) => command::completions(&completions),
        Command::Man(man) => command::man(&man),
    };
    result.unwrap_or_else(|failure| failure.report()).into()
}
