use super::head::count;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Key, Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `tail` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "tail",
    usage: "tail [N]",
    summary: "Keeps the last N rows, 10 if not said, the last one first.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/tail",
    examples: &[],
};

#[derive(Debug)]
struct Tail {
    count: usize,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    Ok(Box::new(Tail { count: count(arguments)? }))
}

impl Command for Tail {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let order = rows.order().iter().map(Key::reversed).collect();
        rows.with_order(order).first(self.count, planner)
    }
}
