use super::r#where::fields_of;
use super::{Arguments, Command, Token};
use crate::expression::{self, Expression};
use crate::pipeline::{Parsing, Part};
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `eval` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "eval",
    usage: "eval FIELD=EXPRESSION, ...",
    summary: "Calculates fields, one after the other; each may use those before it.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eval",
    examples: &[],
};

#[derive(Debug)]
struct Eval {
    assignments: Vec<Assignment>,
}

/// `field=expression`.
#[derive(Debug)]
pub(crate) struct Assignment {
    pub field: Spanned<String>,
    pub value: Expression,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let assignments = assignments(arguments, parsing)?;
    Ok(Box::new(Eval { assignments }))
}

/// `a=1, b=a+1`.
pub(crate) fn assignments(
    arguments: &mut Arguments<'_>,
    parsing: &mut Parsing<'_>,
) -> Result<Vec<Assignment>, Diagnostic> {
    let mut assignments = Vec::new();
    loop {
        let field = match arguments.next()? {
            Some(Spanned { node: Token::Word(name) | Token::Quoted(name), span }) => Spanned::new(name, span),
            _ => return Err(arguments.wrong(arguments.rest(), "the name of a field")),
        };
        if !arguments.symbol('=') {
            return Err(arguments.wrong(arguments.rest(), "`=` after the name of a field"));
        }
        let rest = arguments.rest();
        let (value, length) = expression::parse_prefix(rest.of(parsing.text), rest.start)?;
        arguments.seek(rest.start + length);
        assignments.push(Assignment { field, value });
        // A comma at the very end is let pass, as Splunk does.
        if !arguments.symbol(',') || arguments.is_empty() {
            break;
        }
    }
    arguments.end()?;
    Ok(assignments)
}

impl Command for Eval {
    fn parts(&self) -> Vec<Part<'_>> {
        self.assignments.iter().map(|assignment| Part::Expression(&assignment.value)).collect()
    }

    fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for Assignment { field, value } in &self.assignments {
            // What an assignment before has made is not read from the rows.
            let read =
                fields_of(value).into_iter().filter(|name| !needs.makes.contains(&name.node)).collect::<Vec<_>>();
            needs = needs.read_all(read).make(field.node.clone());
        }
        needs
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        for Assignment { field, value } in &self.assignments {
            let value = expression::lower_assignable(value, rows.scope())?;
            rows = rows.with(vec![(field.node.clone(), value)], planner)?;
        }
        Ok(rows)
    }
}
