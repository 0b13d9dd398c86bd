//! The first rows, the last rows, and their order turned around.
use super::prelude::*;
use crate::plan::Key;

pub(super) static COMMANDS: [Entry; 3] = [
    command(
        "head [N]",
        "Keeps the first N rows, 10 if not said.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/head",
        |arguments, _| {
            on_rows(Needs::default(), count(arguments)?, |count, rows, _, planner| rows.first(*count, planner))
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
    while arguments.option(&["null", "keeplast"])?.is_some() {}
    arguments.end()?;
    Ok(count)
}

fn reversed(rows: Rows) -> Rows {
    let order = rows.order().iter().map(Key::reversed).collect();
    rows.with_order(order)
}
