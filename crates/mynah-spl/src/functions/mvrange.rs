use super::prelude::*;
use super::relative_modifier::RelativeTime;
use crate::expression::number_text;

/// More values than this are a mistake, and would fill the memory.
const LIMIT: usize = 1_000_000;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "mvrange",
        usage: "mvrange(start, end [, step])",
        summary: "The numbers from a start up to, not including, an end; the step is a number, 1 by default, or a span of time such as `\"7d\"`.",
        page: super::page::MULTIVALUE,
        examples: &[
            Example { query: "mvrange(1, 4)", result: r#"["1","2","3"]"# },
            Example { query: "mvrange(1, 11, 3)", result: r#"["1","4","7","10"]"# },
            Example { query: r#"mvrange(0, 172800, "1d")"#, result: r#"["0","86400"]"# },
        ],
    },
    aliases: &[],
    arguments: (2, Some(3)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Multi, |row| {
        let (Some(start), Some(end)) = (row.number(0), row.number(1)) else { return Cell::Null };
        let span = if row.len() > 2 && row.number(2).is_none() {
            match row.text(2).and_then(|span| RelativeTime::parse(&format!("+{span}"))) {
                Some(span) => Some(span),
                None => return Cell::Null,
            }
        } else {
            None
        };
        let step = row.number(2).unwrap_or(1.0);
        let mut values = Vec::new();
        let mut at = start;
        while at < end && values.len() < LIMIT {
            values.push(number_text(at));
            let next = match &span {
                Some(span) => span.from(at).unwrap_or(end),
                None => at + step,
            };
            if next <= at {
                break;
            }
            at = next;
        }
        Cell::texts(values)
    })
}
