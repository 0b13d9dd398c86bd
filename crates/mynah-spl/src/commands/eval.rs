//! Expressions: to calculate, to show and to filter by.
use super::eval_lookup::{has_lookup, looked_up};
use super::pivot::{MAX_COLUMNS, distinct};
use super::prelude::*;
use crate::expression::{self, Expression, case, unify};
use datafusion::logical_expr::{Operator, binary_expr};
use datafusion::prelude::lit;
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 3] = [
    command(
        "eval FIELD=EXPRESSION, ...",
        "Calculates fields, one after the other; each may use those before it. `{field}` in a name stands for that field's value.",
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
        let naming = pieces(field).into_iter().filter_map(Piece::into_field);
        let read = value.fields().into_iter().chain(naming).filter(|name| !needs.makes.contains(&name.node));
        let read: Vec<_> = read.collect();
        needs = needs.read_all(read);
        needs = if is_computed(&field.node) { needs.make_any() } else { needs.make(&field.node) };
    }
    on_rows_with_parts(
        needs,
        assignments,
        |assignments| values(assignments),
        |assignments, rows, _, planner| {
            assignments.iter().try_fold(rows, |rows, Assignment { field, value }| {
                let (rows, value, hidden) = looked_up(rows, value, planner)?;
                let value = expression::lower_assignable(&value, rows.scope())?;
                let rows = match is_computed(&field.node) {
                    true => computed(field, value, rows, planner)?,
                    false => rows.with(vec![(field.node.clone(), value)], planner)?,
                };
                if hidden.is_empty() { Ok(rows) } else { rows.without(&hidden, planner) }
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
            Some(other) => return Err(arguments.wrong(other.span, "the name of a field")),
            None => return Err(arguments.wrong(arguments.rest(), "the name of a field")),
        };
        if !arguments.symbol('=') {
            return Err(arguments.wrong(arguments.next_span(), "`=` after the name of a field"));
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

/// The fields and expressions of the text of an eval, all at one place.
///
/// # Errors
/// Where it is none.
pub(super) fn assigned(text: &str, at: Span) -> Result<Vec<(String, Expression)>, Diagnostic> {
    let name = Spanned::new("eval", Span::at(0));
    let mut arguments = Arguments::new(text, name, Span::new(0, text.len()));
    let read = assignments(&mut arguments).map_err(|error| Diagnostic { span: at, ..error })?;
    Ok(read.into_iter().map(|assignment| (assignment.field.node, assignment.value)).collect())
}

/// The fields and expressions of commands that are one eval, if they are no more than that and each name is as it is written.
/// Places in them are behind the end of a query of this length, of which they are none.
pub(super) fn plain_assignments(commands: &str, at: Span, length: usize) -> Option<Vec<(String, Expression)>> {
    let body = commands.trim_start();
    let name = body.get(..4).filter(|name| name.eq_ignore_ascii_case("eval"))?;
    let text =
        body.get(name.len()..).filter(|text| text.starts_with(char::is_whitespace) && !text.contains(['[', '|']))?;
    let assigned = assigned(&format!("{:length$}{text}", ""), at).ok()?;
    let is_plain = |(name, value): &(String, Expression)| !is_computed(name) && !has_lookup(value);
    assigned.iter().all(is_plain).then_some(assigned)
}

/// A part of the name of a field that is computed: `{user}_count`.
#[derive(Debug)]
enum Piece {
    Text(String),
    Field(Spanned<String>),
}

impl Piece {
    fn into_field(self) -> Option<Spanned<String>> {
        match self {
            Piece::Text(_) => None,
            Piece::Field(field) => Some(field),
        }
    }
}

/// Whether values of other fields stand in the name: `{name}`, where `{}` means an array.
fn is_computed(name: &str) -> bool {
    pieces(&Spanned::new(name.to_owned(), Span::default())).iter().any(|piece| matches!(piece, Piece::Field(_)))
}

fn pieces(name: &Spanned<String>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = name.node.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after.split_once('}') {
            Some((field, tail)) if !field.is_empty() && field.parse::<usize>().is_err() => {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Field(Spanned::new(field.to_owned(), name.span)));
                rest = tail;
            }
            _ => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    pieces.push(Piece::Text(text));
    pieces
}

/// The rows with a value in a field whose name is computed, row by row: a column for each name that comes of it.
fn computed(field: &Spanned<String>, value: Typed, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let parts = pieces(field).into_iter().map(|piece| match piece {
        Piece::Text(text) => lit(text),
        Piece::Field(field) => rows.column(&field.node).into_text(),
    });
    let Some(name) = parts.reduce(|left, right| binary_expr(left, Operator::StringConcat, right)) else {
        return Ok(rows);
    };
    let hidden = planner.fresh("name");
    let named = rows.clone().with(vec![(hidden.clone(), Typed::new(name.clone(), Type::Text))], planner)?;
    let key = named.column(&hidden);
    let Some(names) = distinct(&named, &hidden, key, planner)? else { return Ok(rows.opened()) };
    if names.len() > MAX_COLUMNS {
        let message = format!("`{}` makes {} fields, more than {MAX_COLUMNS}", field.node, names.len());
        return Err(Diagnostic::error("spl/too-many-columns", message, field.span));
    }
    let columns = names.into_iter().filter(|found| !found.is_empty()).map(|found| {
        let old = rows.column(&found);
        let ty = unify([old.ty, value.ty]);
        let new =
            case(vec![(name.clone().eq(lit(found.clone())), value.clone().into_type(ty))], Some(old.into_type(ty)), ty);
        (found, Typed::new(new, ty))
    });
    let columns = columns.collect();
    rows.with(columns, planner)
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
            let (rows, condition, hidden) = looked_up(rows, condition, planner)?;
            let condition = expression::lower_condition(&condition, rows.scope())?;
            let rows = rows.filter(condition, planner)?;
            if hidden.is_empty() { Ok(rows) } else { rows.without(&hidden, planner) }
        },
    )
}
