//! Expressions: to calculate, to show and to filter by.
use super::prelude::*;
use crate::expression::{self, Expression};

pub(super) static COMMANDS: [Entry; 3] = [
    command(
        "eval FIELD=EXPRESSION, ...",
        "Calculates fields, one after the other; each may use those before it.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/eval",
        eval,
    ),
    command(
        "fieldformat FIELD=EXPRESSION",
        "How a field is shown. Exports hold the values as they are, and so does Mynah.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fieldformat",
        fieldformat,
    ),
    command(
        "where CONDITION",
        "Keeps the rows for which an eval condition is true.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/where",
        filter,
    ),
];

/// `field=expression`.
#[derive(Debug)]
struct Assignment {
    field: Spanned<String>,
    value: Expression,
}

fn eval(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let assignments = assignments(arguments)?;
    let mut needs = Needs::default();
    for Assignment { field, value } in &assignments {
        // What an assignment before has made is not read from the rows.
        let read: Vec<_> = value.fields().into_iter().filter(|name| !needs.makes.contains(&name.node)).collect();
        needs = needs.read_all(read).make(&field.node);
    }
    on_rows_with_parts(
        needs,
        assignments,
        |assignments| values(assignments),
        |assignments, rows, _, planner| {
            assignments.iter().try_fold(rows, |rows, Assignment { field, value }| {
                let value = expression::lower_assignable(value, rows.scope())?;
                rows.with(vec![(field.node.clone(), value)], planner)
            })
        },
    )
}

fn fieldformat(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let assignments = assignments(arguments)?;
    let needs = Needs::default().read_all(assignments.iter().flat_map(|assignment| assignment.value.fields()));
    // The values stay as they are, so that sorting and comparing do: only what is shown would differ.
    on_rows_with_parts(
        needs,
        assignments,
        |assignments| values(assignments),
        |assignments, rows, _, _| {
            for assignment in assignments {
                expression::lower_assignable(&assignment.value, rows.scope())?;
            }
            Ok(rows)
        },
    )
}

fn values(assignments: &[Assignment]) -> Vec<Part<'_>> {
    assignments.iter().map(|assignment| Part::Expression(&assignment.value)).collect()
}

/// `a=1, b=a+1`.
fn assignments(arguments: &mut Arguments<'_>) -> Result<Vec<Assignment>, Diagnostic> {
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
        let (value, length) = expression::parse_prefix(rest.of(arguments.text), rest.start)?;
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

fn filter(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let rest = arguments.rest();
    if rest.start >= rest.end {
        return Err(arguments.wrong(arguments.name.span, "an expression"));
    }
    let (condition, mut diagnostics) = expression::parse(rest.of(arguments.text), rest.start);
    let Some(condition) = condition else {
        return Err(diagnostics.pop().unwrap_or_else(|| arguments.wrong(rest, "an expression")));
    };
    let needs = Needs::default().read_all(condition.fields());
    on_rows_with_parts(
        needs,
        condition,
        |condition| vec![Part::Expression(condition)],
        |condition, rows, _, planner| {
            let condition = expression::lower_condition(condition, rows.scope())?;
            rows.filter(condition, planner)
        },
    )
}
