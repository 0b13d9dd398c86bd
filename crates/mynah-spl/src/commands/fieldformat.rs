use super::eval::{Assignment, assignments};
use super::{Arguments, Command};
use crate::pipeline::{Parsing, Part};
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;

/// What `fieldformat` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "fieldformat",
    usage: "fieldformat FIELD=EXPRESSION",
    summary: "How a field is shown. Exports hold the values as they are, and so does Mynah.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fieldformat",
    examples: &[],
};

#[derive(Debug)]
struct FieldFormat {
    assignments: Vec<Assignment>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    Ok(Box::new(FieldFormat { assignments: assignments(arguments, parsing)? }))
}

impl Command for FieldFormat {
    fn parts(&self) -> Vec<Part<'_>> {
        self.assignments.iter().map(|assignment| Part::Expression(&assignment.value)).collect()
    }

    fn needs(&self) -> Needs {
        self.assignments
            .iter()
            .fold(Needs::default(), |needs, assignment| needs.read_all(super::r#where::fields_of(&assignment.value)))
    }

    // The values stay as they are, so that sorting and comparing do: only what is shown would differ.
    fn lower(&self, rows: Rows, _wanted: &Wanted, _planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        for assignment in &self.assignments {
            crate::expression::lower_assignable(&assignment.value, rows.scope())?;
        }
        Ok(rows)
    }
}
