use super::arguments::whole;
use super::{Arguments, Command};
use crate::expression::{Type, Typed, parse_number};
use crate::functions::Internal;
use crate::pipeline::Parsing;
use crate::plan::{Key, Needs, Planner, Rows, Wanted};
use datafusion::prelude::Expr;
use mynah_dialect::FunctionDoc;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};
use std::net::IpAddr;

/// What `sort` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "sort",
    usage: "sort [N] [-|+]FIELD, ... [desc]",
    summary: "Sorts: numbers as numbers, before texts. Keeps 10,000 rows unless N says otherwise; 0 is all.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/sort",
    examples: &[],
};

/// How many rows are kept where the query does not say.
const DEFAULT_COUNT: usize = 10_000;

#[derive(Debug)]
struct Sort {
    count: usize,
    keys: Vec<SortKey>,
    reversed: bool,
}

#[derive(Debug)]
struct SortKey {
    field: Spanned<String>,
    descending: bool,
    compare: Compare,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Compare {
    Auto,
    Text,
    Number,
    Address,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    Ok(Box::new(read(arguments, parsing)?))
}

fn read(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Sort, Diagnostic> {
    let mut count = DEFAULT_COUNT;
    if let Some((_, value)) = arguments.option(&["limit"])? {
        count = whole(&value)?;
    } else if let Ok(Some(Spanned { node: super::Token::Word(word), span })) = arguments.peek()
        && let Ok(number) = word.parse()
    {
        count = number;
        arguments.seek(span.end);
    }
    let mut keys = Vec::new();
    let mut reversed = false;
    while !arguments.is_empty() {
        let last = arguments.rest_text();
        if !keys.is_empty() && ["d", "desc", "a", "asc"].iter().any(|word| last.eq_ignore_ascii_case(word)) {
            reversed = last.starts_with(['d', 'D']);
            arguments.seek(arguments.rest().end);
            break;
        }
        let mut descending = false;
        let rest = arguments.rest();
        if rest.of(arguments.text).starts_with(['-', '+']) {
            descending = rest.of(arguments.text).starts_with('-');
            arguments.seek(rest.start + 1);
        }
        let mut field = arguments.field()?;
        let mut compare = Compare::Auto;
        if arguments.symbol('(') {
            compare = match field.node.to_ascii_lowercase().as_str() {
                "auto" => Compare::Auto,
                "str" => Compare::Text,
                "num" => Compare::Number,
                "ip" => Compare::Address,
                other => {
                    return Err(Diagnostic::error(
                        "spl/syntax",
                        format!("`{other}` is no way to sort: auto, str, num or ip"),
                        field.span,
                    ));
                }
            };
            field = arguments.field()?;
            if !arguments.symbol(')') {
                return Err(arguments.wrong(arguments.rest(), "`)`"));
            }
        }
        keys.push(SortKey { field, descending, compare });
        while arguments.symbol(',') {}
    }
    if keys.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    Ok(Sort { count, keys, reversed })
}

/// The parts of a sort key: what sorts first by number, then by text.
fn key_exprs(typed: Typed, compare: Compare) -> Vec<Expr> {
    let number = |typed: &Typed| typed.clone().into_number();
    match (compare, typed.ty) {
        (Compare::Auto, Type::Number) | (Compare::Number, _) => vec![number(&typed)],
        (Compare::Text, _) => vec![typed.into_text()],
        (Compare::Auto, _) => {
            let text = typed.into_text();
            vec![NUMBER_KEY.call(vec![text.clone()]), TEXT_KEY.call(vec![text])]
        }
        (Compare::Address, _) => vec![ADDRESS_KEY.call(vec![typed.into_text()])],
    }
}

/// The number that a text is.
pub(crate) static NUMBER_KEY: Internal = Internal {
    name: "sort by number",
    returns: Type::Number,
    code: |row| row.cell(0).as_text().and_then(parse_number).map(Cell::Float).into(),
};

/// The text, where it is no number.
pub(crate) static TEXT_KEY: Internal = Internal {
    name: "sort by text",
    returns: Type::Text,
    code: |row| row.cell(0).as_text().filter(|text| parse_number(text).is_none()).map(Cell::text).into(),
};

/// A text that sorts as the address does.
pub(crate) static ADDRESS_KEY: Internal = Internal {
    name: "sort by address",
    returns: Type::Text,
    code: |row| {
        let key = |text: &str| match text.trim().parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => format!("4{:08x}", u32::from(address)),
            Ok(IpAddr::V6(address)) => format!("6{:032x}", u128::from(address)),
            Err(_) => format!("9{text}"),
        };
        row.cell(0).as_text().map(|text| Cell::text(key(text))).into()
    },
};

impl Command for Sort {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.keys.iter().map(|key| key.field.clone()))
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut order = Vec::new();
        let mut hidden = Vec::new();
        for key in &self.keys {
            for expr in key_exprs(rows.column(&key.field.node), key.compare) {
                let name = planner.fresh("sort");
                // Rows that lack the field come last, whichever way they are sorted.
                let ascending = key.descending == self.reversed;
                order.push(Key { column: name.clone(), ascending, nulls_first: false });
                hidden.push((name, expr));
            }
        }
        // What is equal keeps the order that it had.
        order.extend(rows.order().iter().map(|key| if self.reversed { key.reversed() } else { key.clone() }));
        let rows = rows.with_hidden(hidden, planner)?.with_order(order);
        if self.count == 0 {
            return Ok(rows);
        }
        rows.first(self.count, planner)
    }
}

/// The keys of `dedup`'s `sortby`: a sort that keeps every row.
pub(super) fn unlimited(
    arguments: &mut Arguments<'_>,
    parsing: &mut Parsing<'_>,
) -> Result<Box<dyn Command>, Diagnostic> {
    let mut sort = read(arguments, parsing)?;
    sort.count = 0;
    Ok(Box::new(sort))
}
