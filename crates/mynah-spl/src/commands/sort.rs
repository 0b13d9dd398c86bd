//! Rows sorted, and rows left out that are like others.
use super::prelude::*;
use super::windowed::{Over, runs, with_window};
use crate::expression::{case, parse_number};
use crate::functions::Internal;
use crate::plan::Key;
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{and, cast, not};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::column;
use mynah_kernels::Cell;
use std::net::IpAddr;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "dedup [N] FIELD, ... [keepempty=BOOL] [sortby FIELD, ...]",
        "Keeps the first N rows for each combination of values; rows that lack a field go, unless keepempty says otherwise.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/dedup",
        dedup,
    ),
    command(
        "sort [N] [-|+]FIELD, ... [desc]",
        "Sorts: numbers as numbers, before texts. Keeps 10,000 rows unless N says otherwise; 0 is all.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/sort",
        sort,
    ),
];

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

fn sort(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let sort = read(arguments)?;
    on_rows(sort.needs(), sort, |sort, rows, _, planner| {
        let rows = sort.sorted(rows, planner)?;
        if sort.count == 0 { Ok(rows) } else { rows.first(sort.count, planner) }
    })
}

fn read(arguments: &mut Arguments<'_>) -> Result<Sort, Diagnostic> {
    let mut count = DEFAULT_COUNT;
    if let Some((_, value)) = arguments.option(&["limit"])? {
        count = whole(&value)?;
    } else if let Ok(Some(Spanned { node: Token::Word(word), span })) = arguments.peek()
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
        let (field, compare) = match compared(arguments)? {
            Some(compare) => {
                let field = arguments.field()?;
                arguments.expect(')')?;
                (field, compare)
            }
            None => (arguments.field()?, Compare::Auto),
        };
        keys.push(SortKey { field, descending, compare });
        while arguments.symbol(',') {}
    }
    let keys = arguments.some(keys, "the names of fields")?;
    Ok(Sort { count, keys, reversed })
}

/// Takes `num(` and its like, if that is next. What stands before other parentheses is part of a name: `sum(bytes)`.
fn compared(arguments: &mut Arguments<'_>) -> Result<Option<Compare>, Diagnostic> {
    let before = arguments.clone();
    let compare = match arguments.word()?.node.to_ascii_lowercase().as_str() {
        "auto" => Compare::Auto,
        "str" => Compare::Text,
        "num" => Compare::Number,
        "ip" => Compare::Address,
        _ => {
            *arguments = before;
            return Ok(None);
        }
    };
    if arguments.symbol('(') {
        return Ok(Some(compare));
    }
    *arguments = before;
    Ok(None)
}

impl Sort {
    fn needs(&self) -> Needs {
        Needs::of(self.keys.iter().map(|key| &key.field))
    }

    /// All rows, in the order of the keys.
    fn sorted(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut order = Vec::new();
        let mut hidden = Vec::new();
        for key in &self.keys {
            for expr in key_exprs(rows.column(&key.field.node), key.compare) {
                // Rows that lack the field come last, whichever way they are sorted.
                let ascending = key.descending == self.reversed;
                if let Expr::Column(column) = &expr {
                    order.push(Key { column: column.name.clone(), ascending, nulls_first: false });
                    continue;
                }
                let name = planner.fresh("sort");
                order.push(Key { column: name.clone(), ascending, nulls_first: false });
                hidden.push((name, expr));
            }
        }
        // What is equal keeps the order that it had.
        order.extend(rows.order().iter().map(|key| if self.reversed { key.reversed() } else { key.clone() }));
        Ok(rows.with_hidden(hidden, planner)?.with_order(order))
    }
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

/// The number that a text is; texts that are none stand behind all numbers, and before them in descending order.
pub(crate) static NUMBER_KEY: Internal = Internal {
    name: "sort by number",
    returns: Type::Number,
    code: |row| row.cell(0).as_text().map(|text| Cell::Float(parse_number(text).unwrap_or(f64::INFINITY))).into(),
};

/// The text, where it is no number; of an address what sorts as it does.
pub(crate) static TEXT_KEY: Internal = Internal {
    name: "sort by text",
    returns: Type::Text,
    code: |row| {
        let key = |text: &str| match text.trim().parse::<IpAddr>() {
            Ok(address) => address_key(address),
            Err(_) => text.to_owned(),
        };
        row.cell(0).as_text().filter(|text| parse_number(text).is_none()).map(|text| Cell::text(key(text))).into()
    },
};

fn address_key(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("4{:08x}", u32::from(address)),
        IpAddr::V6(address) => format!("6{:032x}", u128::from(address)),
    }
}

/// A text that sorts as the address does.
pub(crate) static ADDRESS_KEY: Internal = Internal {
    name: "sort by address",
    returns: Type::Text,
    code: |row| {
        let key = |text: &str| match text.trim().parse::<IpAddr>() {
            Ok(address) => address_key(address),
            Err(_) => format!("9{text}"),
        };
        row.cell(0).as_text().map(|text| Cell::text(key(text))).into()
    },
};

#[derive(Debug)]
struct Dedup {
    count: usize,
    fields: Vec<Spanned<String>>,
    keep_empty: bool,
    /// Whether duplicates stay, without these fields.
    keep_events: bool,
    /// Whether only rows that follow one another are duplicates.
    consecutive: bool,
    sort: Option<Sort>,
}

fn dedup(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut count = 1;
    if let Ok(Some(Spanned { node: Token::Word(word), span })) = arguments.peek()
        && let Ok(number) = word.parse()
    {
        count = number;
        arguments.seek(span.end);
        if count == 0 {
            return Err(Diagnostic::error("spl/syntax", "dedup keeps at least one row", span));
        }
    }
    let mut dedup =
        Dedup { count, fields: Vec::new(), keep_empty: false, keep_events: false, consecutive: false, sort: None };
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["keepempty", "keepevents", "consecutive"])? {
            match name {
                "keepempty" => dedup.keep_empty = truth(&value)?,
                "keepevents" => dedup.keep_events = truth(&value)?,
                _ => dedup.consecutive = truth(&value)?,
            }
        } else if arguments.keyword("sortby") {
            dedup.sort = Some(read(arguments)?);
        } else {
            dedup.fields.push(arguments.field()?);
            while arguments.symbol(',') {}
        }
    }
    if dedup.fields.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    let needs = dedup.sort.as_ref().map(Sort::needs).unwrap_or_default().read_all(dedup.fields.iter().cloned());
    on_rows(needs, dedup, |dedup, rows, _, planner| dedup.first(rows, planner))
}

impl Dedup {
    /// The first rows of each combination.
    fn first(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let rows = match &self.sort {
            Some(sort) => sort.sorted(rows, planner)?,
            None => rows,
        };
        let fields = super::field_list::expand(&self.fields, &rows);
        let mut keys: Vec<_> = fields.iter().map(|field| rows.column(field).into_text()).collect();
        let Some(complete) = keys.iter().map(|key| key.clone().is_not_null()).reduce(and) else { return Ok(rows) };
        let mut rows = rows;
        if self.consecutive {
            let (with, run) = runs(rows, keys.clone(), planner)?;
            rows = with;
            keys.push(run);
        }
        if !self.keep_empty && !self.keep_events {
            return rows.filter(complete, planner)?.first_of_each(keys, self.count, planner);
        }
        // Rows that lack a field are no duplicates of one another.
        let (rows, alone) = with_window(rows, row_number(), Over::default(), planner)?;
        let number = cast(column(&alone), DataType::Utf8);
        keys.push(case(vec![(not(complete), number)], None, Type::Text));
        if !self.keep_events {
            return rows.first_of_each(keys, self.count, planner);
        }
        let (rows, place) = with_window(rows, row_number(), Over { groups: keys, ..Over::default() }, planner)?;
        let first = column(&place).lt_eq(lit(self.count as u64));
        let cleared = fields.into_iter().filter(|field| rows.scope().get(field).is_some_and(|ty| ty != Type::Null));
        let cleared = cleared.map(|field| {
            let Typed { expr, ty } = rows.column(&field);
            (field, Typed::new(case(vec![(first.clone(), expr)], None, ty), ty))
        });
        let cleared = cleared.collect();
        rows.with(cleared, planner)
    }
}
