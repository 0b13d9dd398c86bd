use crate::exit::Status;
use crate::terminal;
use mynah::{Engine, Summary};
use mynah_source::{DataProblem, ProblemKind};
use mynah_syntax::neutral;
use std::collections::BTreeMap;
use std::path::Path;

/// How many problems are shown one by one.
const SHOWN: usize = 5;
/// How many of the files that were left out are named without `--verbose`, of each kind.
const NAMED: usize = 3;

/// What is said of the data on standard error.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Say {
    /// Malformed records are an error.
    pub strict: bool,
    /// Only errors are said.
    pub quiet: bool,
    /// All files that were left out are named.
    pub verbose: bool,
}

/// Reports problems with the data on standard error, and gives the exit status that they lead to.
pub(crate) fn report(engine: &Engine, how: Say) -> Status {
    report_of(engine.problems(), &engine.progress().summary(), how)
}

/// The same of problems with paths that were named, and of what was met in the files.
pub(crate) fn report_of(found: &[DataProblem], summary: &Summary, how: Say) -> Status {
    let mut status = Status::Ran;
    let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in found.iter().chain(summary.problems.iter().filter(|problem| problem.kind.is_fatal())) {
        let fatal = problem.kind.is_fatal();
        if fatal || (!how.quiet && !problem.kind.is_left_out()) {
            // An archive may have thousands of members that are encrypted.
            let count = alike.entry(&problem.message).or_default();
            *count += 1;
            if how.verbose || *count <= SHOWN {
                terminal::say(format_args!("{}: {}", if fatal { "error" } else { "note" }, one_line(problem)));
            }
        }
        if fatal {
            status = Status::Data;
        }
    }
    for (message, count) in alike.into_iter().filter(|(_, count)| !how.verbose && *count > SHOWN) {
        let more = terminal::count(count - SHOWN, "more file");
        terminal::say(format_args!("error: {more}: {} (--verbose names them)", neutral::line(message)));
    }
    if !how.quiet {
        left_out(found, how.verbose);
    }
    let malformed = || summary.problems.iter().filter(|problem| !problem.kind.is_fatal());
    let others = summary.problems.iter().filter(|problem| problem.kind.is_fatal()).count() as u64;
    let count = summary.problem_count.saturating_sub(others);
    if !how.quiet {
        let shown = if how.verbose { usize::MAX } else { SHOWN };
        malformed().take(shown).for_each(|problem| terminal::say(format_args!("warning: {}", one_line(problem))));
        let told = malformed().count().min(shown) as u64;
        if count > told {
            terminal::say(format_args!("warning: {} more problems like these in the data", count - told));
        }
    }
    if how.strict && count > 0 {
        terminal::say(format_args!("error: {count} problems in the data, and --strict-data is given"));
        status = Status::Data;
    }
    status
}

fn one_line(problem: &DataProblem) -> String {
    neutral::line(&problem.to_string()).into_owned()
}

/// Says which files were left out: how many of each kind, or all.
fn left_out(problems: &[DataProblem], verbose: bool) {
    let mut kinds: BTreeMap<(ProblemKind, &str), Vec<&Path>> = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.kind.is_left_out()) {
        kinds.entry((problem.kind, &problem.message)).or_default().push(&problem.file);
    }
    let mut more = false;
    for ((kind, what), files) in &kinds {
        let shown = if verbose { files.len() } else { NAMED };
        let names = files.iter().take(shown).map(|file| neutral::line(&file.display().to_string()).into_owned());
        let mut names: Vec<String> = names.collect();
        if files.len() > shown {
            more = true;
            names.push(format!("{} more", files.len() - shown));
        }
        let reason = match kind {
            ProblemKind::Hidden => terminal::count(files.len(), what),
            _ => format!("{} that {} no logs ({what})", terminal::count(files.len(), "file"), are(files.len())),
        };
        terminal::say(format_args!("note: not read: {reason}: {}", names.join(", ")));
    }
    if more {
        terminal::say("note: --verbose names all files that are not read");
    }
}

fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}
