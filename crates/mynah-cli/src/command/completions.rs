use crate::arguments::{Arguments, Completions};
use crate::exit::{Failure, Status};
use clap::CommandFactory;

/// `mynah completions SHELL`.
pub(crate) fn completions(arguments: &Completions) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "mynah", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(Status::Ran)
}
