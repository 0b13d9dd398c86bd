use crate::exit::Status;
use mynah_engine::Summary;
use mynah_source::{DataProblem, ProblemKind};

/// How many problems are shown one by one.
const SHOWN: usize = 5;

/// Says on standard error what was wrong with the data, and with which status that ends the run.
pub(crate) fn report(found: &[DataProblem], summary: &Summary, strict: bool, quiet: bool) -> Status {
    let mut status = Status::Ran;
    for problem in found.iter().chain(summary.problems.iter().filter(|problem| problem.kind.is_fatal())) {
        let fatal = problem.kind.is_fatal();
        if fatal || !quiet {
            eprintln!("{}: {problem}", if fatal { "error" } else { "note" });
        }
        if fatal {
            status = Status::Data;
        }
    }
    let rest: Vec<&DataProblem> = summary
        .problems
        .iter()
        .filter(|problem| !problem.kind.is_fatal() && problem.kind != ProblemKind::NotLogs)
        .collect();
    let fatal = summary.problems.iter().filter(|problem| problem.kind.is_fatal()).count() as u64;
    let not_logs = summary.problems.iter().filter(|problem| problem.kind == ProblemKind::NotLogs).count() as u64;
    let count = summary.problem_count.saturating_sub(fatal + not_logs);
    if !quiet {
        for problem in summary.problems.iter().filter(|problem| problem.kind == ProblemKind::NotLogs) {
            eprintln!("note: {}", problem.message);
        }
        for problem in rest.iter().take(SHOWN) {
            eprintln!("warning: {problem}");
        }
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
