//! The first rows, the last rows, and their order turned around.
use super::prelude::*;
use super::windowed::times_so_far;
use crate::expression::{Expression, lower_condition};
use crate::plan::Key;
use datafusion::prelude::lit;

pub(super) static COMMANDS: [Entry; 4] = [
    command(
        "head [N | limit=N] [(CONDITION)] [null=BOOL] [keeplast=BOOL]",
        "Keeps the first N rows, 10 if not said; with a condition those before the first for which it does not hold.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/head",
        head,
    ),
    command(
        "require",
        "Ends the query with an error if there are no rows here.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/require",
        |arguments, _| {
            arguments.end()?;
            on_rows(Needs::default(), arguments.name.span, |at, rows, _, planner| {
                let first = rows.clone().first(1, planner)?;
                let found = planner.context.rows(first.plan()).map_err(|needed| needed.at(*at))?;
                match found.is_some_and(|batches| batches.iter().all(|batch| batch.num_rows() == 0)) {
                    true => Err(Diagnostic::error("spl/required", "`require` has no rows before it", *at)),
                    false => Ok(rows),
                }
            })
        },
    ),
    command(
        "reverse",
        "Turns the order of the rows around.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/reverse",
        |arguments, _| {
            arguments.end()?;
            on_rows(Needs::default(), (), |_, rows, _, _| Ok(reversed(rows)))
        },
    ),
    command(
        "tail [N]",
        "Keeps the last N rows, 10 if not said, the last one first.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/tail",
        |arguments, _| {
            on_rows(Needs::default(), count(arguments)?, |count, rows, _, planner| {
                reversed(rows).first(*count, planner)
            })
        },
    ),
];

/// How many rows are kept where the query does not say.
const DEFAULT_COUNT: usize = 10;

/// `5`, `limit=5` or nothing.
fn count(arguments: &mut Arguments<'_>) -> Result<usize, Diagnostic> {
    let count = if let Some((_, value)) = arguments.option(&["limit"])? {
        whole(&value)?
    } else if arguments.is_empty() {
        DEFAULT_COUNT
    } else {
        let rest = arguments.rest();
        match arguments.next()? {
            Some(Spanned { node: Token::Word(word), span }) => whole(&Spanned::new(word, span))?,
            _ => {
                return Err(Diagnostic::error(
                    "spl/unsupported-option",
                    format!("`{}` with a condition is not supported: give a number of rows", arguments.name.node),
                    rest,
                ));
            }
        }
    };
    arguments.end()?;
    Ok(count)
}

#[derive(Debug)]
struct Head {
    limit: Option<usize>,
    condition: Option<Expression>,
    /// Whether a condition holds that is neither true nor false.
    null: bool,
    /// Whether the first row for which it does not hold stays.
    keep_last: bool,
}

impl Head {
    fn parts(&self) -> Vec<Part<'_>> {
        self.condition.iter().map(Part::Expression).collect()
    }
}

fn head(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut head = Head { limit: None, condition: None, null: false, keep_last: false };
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["limit", "null", "keeplast"])? {
            match name {
                "limit" => head.limit = Some(whole(&value)?),
                "null" => head.null = truth(&value)?,
                _ => head.keep_last = truth(&value)?,
            }
        } else if let Ok(Some(Spanned { node: Token::Word(word), span })) = arguments.peek()
            && word.bytes().all(|byte| byte.is_ascii_digit())
        {
            head.limit = Some(whole(&Spanned::new(word, span))?);
            arguments.seek(span.end);
        } else if head.condition.is_none() {
            head.condition = Some(arguments.condition()?);
        } else {
            return Err(arguments.wrong(arguments.rest(), "one condition"));
        }
    }
    if head.condition.is_none() {
        head.limit = head.limit.or(Some(DEFAULT_COUNT));
    }
    let needs = Needs::default().read_all(head.condition.iter().flat_map(Expression::fields));
    on_rows_with_parts(needs, head, Head::parts, |head, rows, _, planner| {
        let mut rows = rows;
        if let Some(condition) = &head.condition {
            let condition = lower_condition(condition, rows.scope())?;
            let fails = if head.null { condition.is_false() } else { condition.is_not_true() };
            let (with, failed) = times_so_far(rows, fails, !head.keep_last, planner)?;
            let all = with.all();
            rows = with.filter(failed.eq(lit(0.0)), planner)?.project(all, planner)?;
        }
        match head.limit {
            Some(limit) => rows.first(limit, planner),
            None => Ok(rows),
        }
    })
}

fn reversed(rows: Rows) -> Rows {
    let order = rows.order().iter().map(Key::reversed).collect();
    rows.with_order(order)
}
