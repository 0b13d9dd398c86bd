use super::{Arguments, Command};
use crate::expression::{self, Expression};
use crate::pipeline::{Parsing, Part};
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `where` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "where",
    usage: "where CONDITION",
    summary: "Keeps the rows for which an eval condition is true.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/where",
    examples: &[],
};

#[derive(Debug)]
struct Where {
    condition: Expression,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let condition = whole_expression(arguments, parsing)?;
    Ok(Box::new(Where { condition }))
}

/// All that is left of a command's arguments as one expression.
pub(crate) fn whole_expression(arguments: &Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Expression, Diagnostic> {
    let rest = arguments.rest();
    if rest.start >= rest.end {
        return Err(arguments.wrong(arguments.name.span, "an expression"));
    }
    let (parsed, mut diagnostics) = expression::parse(rest.of(parsing.text), rest.start);
    match parsed {
        Some(parsed) if !diagnostics.iter().any(Diagnostic::is_error) => {
            parsing.diagnostics.extend(diagnostics);
            Ok(parsed)
        }
        _ => {
            let last = diagnostics.pop();
            parsing.diagnostics.extend(diagnostics);
            Err(last.unwrap_or_else(|| arguments.wrong(rest, "an expression")))
        }
    }
}

/// The fields an expression reads, each with its place.
pub(crate) fn fields_of(expression: &Expression) -> Vec<Spanned<String>> {
    expression.fields()
}

impl Command for Where {
    fn parts(&self) -> Vec<Part<'_>> {
        vec![Part::Expression(&self.condition)]
    }

    fn needs(&self) -> Needs {
        Needs::default().read_all(fields_of(&self.condition))
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let condition = expression::lower_condition(&self.condition, rows.scope())?;
        rows.filter(condition, planner)
    }
}
