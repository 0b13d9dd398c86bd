use crate::exit::Status;
use mynah::Engine;
use mynah_source::{DataProblem, ProblemKind};

/// How many problems are shown one by one.
const SHOWN: usize = 5;

/// Reports problems with the data on standard error, and gives the exit status that they lead to.
pub(crate) fn report(engine: &Engine, strict: bool, quiet: bool) -> Status {
    let summary = engine.progress().summary();
    let mut status = Status::Ran;
    for problem in engine.problems().iter().chain(summary.problems.iter().filter(|problem| problem.kind.is_fatal())) {
        let fatal = problem.kind.is_fatal();
        if fatal || !quiet {
            eprintln!("{}: {problem}", if fatal { "error" } else { "note" });
        }
        if fatal {
            status = Status::Data;
        }
    }
    let of = |test: fn(&DataProblem) -> bool| summary.problems.iter().filter(move |problem| test(problem));
    let not_logs = of(|problem| problem.kind == ProblemKind::NotLogs);
    let malformed = of(|problem| !problem.kind.is_fatal() && problem.kind != ProblemKind::NotLogs);
    let others = of(|problem| problem.kind.is_fatal() || problem.kind == ProblemKind::NotLogs).count() as u64;
    let count = summary.problem_count.saturating_sub(others);
    if !quiet {
        not_logs.for_each(|problem| eprintln!("note: {}", problem.message));
        malformed.take(SHOWN).for_each(|problem| eprintln!("warning: {problem}"));
        if count > SHOWN as u64 {
            eprintln!("warning: {} more problems like these in the data", count - SHOWN as u64);
        }
    }
    if strict && count > 0 {
        eprintln!("error: {count} problems in the data, and --strict-data is given");
        status = Status::Data;
    }
    status
}
