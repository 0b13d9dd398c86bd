//! The subcommands: one file each, but those of a few lines.
pub(crate) mod catalog;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod detect;
pub(crate) mod explain;
pub(crate) mod hunt;
#[cfg(feature = "lake")]
pub(crate) mod ingest;
pub(crate) mod inspect;
#[cfg(feature = "lake")]
pub(crate) mod lake;
pub(crate) mod run;
pub(crate) mod test;

use crate::arguments::{Arguments, Completions, Generate, Man};
use crate::exit::{Failure, Status};
use clap::CommandFactory;
use mynah_generate::Generator;
use std::io::Write;

/// `mynah completions SHELL`.
pub(crate) fn completions(arguments: &Completions) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "mynah", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Status::Ran)
}

/// `mynah man`.
pub(crate) fn man(arguments: &Man) -> Result<Status, Failure> {
    // There is no page for `help`, which shows what is in the others.
    let command = Arguments::command().disable_help_subcommand(true);
    let Some(folder) = &arguments.output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        std::io::stdout().write_all(&page)?;
        return Ok(Status::Ran);
    };
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(command, folder)?;
    Ok(Status::Ran)
}

/// `mynah generate`.
pub(crate) fn generate(arguments: &Generate) -> Result<Status, Failure> {
    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let records = Generator::new(arguments.source, arguments.seed, arguments.start);
    // A count beyond what memory can address would take centuries to write.
    for record in records.take(usize::try_from(arguments.events).unwrap_or(usize::MAX)) {
        out.write_all(record.line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(Status::Ran)
}
