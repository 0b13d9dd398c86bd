//! Other values in place of some, or of none.
use super::field_list::chosen;
use super::prelude::*;
use crate::expression::parse_number;
use crate::plan::{name_filled, name_stars};
use datafusion::arrow::datatypes::DataType;
use mynah_kernels::{Cell, Code, Function, Resources, call};
use serde::{Deserialize, Serialize};

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "fillnull [value=TEXT] [FIELD, ...]",
        "Puts a value, 0 if not said, where these fields, or all, have none.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fillnull",
        fillnull,
    ),
    command(
        "replace \"OLD\" WITH \"NEW\", ... [IN FIELD, ...]",
        "Replaces whole values; `*` stands for any characters, and for the same in the new value.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/replace",
        replace,
    ),
];

fn fillnull(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut value = "0".to_owned();
    let mut fields = Vec::new();
    while !arguments.is_empty() {
        if let Some((_, given)) = arguments.option(&["value"])? {
            value = given.node;
        } else if !arguments.symbol(',') {
            fields.push(arguments.field()?);
        }
    }
    on_rows(Needs::of(&fields), (value, fields), |(value, fields), rows, _, planner| {
        let filled = |old: Typed| match (old.ty, parse_number(value)) {
            (Type::Number, Some(number)) => or_keep(old, Typed::number(number)),
            _ => or_keep(old, Typed::text(value)),
        };
        let names = chosen(fields, &rows).into_iter();
        let columns = names.map(|name| (name.clone(), filled(rows.column(&name)))).collect();
        rows.with(columns, planner)
    })
}

fn replace(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut pairs = Vec::new();
    let mut fields = Vec::new();
    while !arguments.is_empty() {
        if arguments.keyword("in") {
            fields = arguments.fields_until(&[])?;
            break;
        }
        let old = value(arguments)?;
        if !arguments.keyword("with") {
            return Err(arguments.wrong(arguments.next_span(), "WITH and the new value"));
        }
        pairs.push((old, value(arguments)?));
        while arguments.symbol(',') {}
    }
    let pairs = arguments.some(pairs, "\"OLD\" WITH \"NEW\"")?;
    on_rows(Needs::of(&fields), (pairs, fields), |(pairs, fields), rows, _, planner| {
        let mut columns = Vec::new();
        for name in chosen(fields, &rows) {
            let old = rows.column(&name);
            if old.ty == Type::Null {
                continue;
            }
            let ty = if old.ty == Type::Multi { Type::Multi } else { Type::Text };
            let function = ReplaceValues { pairs: pairs.clone(), returns: ty };
            columns.push((name, Typed::new(call(function, vec![old.into_texts()]), ty)));
        }
        rows.with(columns, planner)
    })
}

fn value(arguments: &mut Arguments<'_>) -> Result<String, Diagnostic> {
    match arguments.next()? {
        Some(Spanned { node: Token::Word(text) | Token::Quoted(text), .. }) => Ok(text),
        Some(other) => Err(arguments.wrong(other.span, "a value")),
        None => Err(arguments.wrong(arguments.rest(), "a value")),
    }
}

/// Whole values replaced by others.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReplaceValues {
    pairs: Vec<(String, String)>,
    returns: Type,
}

impl Function for ReplaceValues {
    const NAME: &'static str = "spl.replace_values";

    fn returns(&self) -> DataType {
        self.returns.data_type()
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let pairs = self.pairs.clone();
        let replaced = move |text: &str| {
            pairs.iter().fold(text.to_owned(), |text, (from, to)| match name_stars(from, &text) {
                Some(stars) => name_filled(to, &stars),
                None => text,
            })
        };
        Ok(Code::row(move |row| match row {
            [Cell::Text(text)] => Cell::text(replaced(text)),
            [Cell::List(cells)] => Cell::texts(cells.iter().filter_map(Cell::as_text).map(&replaced)),
            _ => Cell::Null,
        }))
    }
}
