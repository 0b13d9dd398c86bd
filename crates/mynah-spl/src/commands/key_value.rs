//! Fields from pairs of a name and a value, and back.
use super::extract::with_wanted;
use super::prelude::*;
use crate::expression::parse_number;
use crate::functions::{Internal, Row};
use datafusion::prelude::lit;
use mynah_kernels::Cell;
use serde_json::{Map, Value};

pub(super) static COMMANDS: [Entry; 3] = [
    aliased(
        &["kv"],
        command(
            "extract [pairdelim=CHARACTERS] [kvdelim=CHARACTERS] [mv_add=BOOL] [limit=N]",
            "Fields from pairs of a name and a value in the event's text: every field that the query names later.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/extract",
            extract,
        ),
    ),
    command(
        "multikv [fields FIELD ...] [filter TEXT ...] [forceheader=N | noheader=BOOL]",
        "A row for each line of a table in the event's text, below a line of names.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/multikv",
        multikv,
    ),
    command(
        "tojson [TYPE(FIELD) ...] [default_type=TYPE] [fill_null=BOOL] [include_internal=BOOL] [output_field=NAME]",
        "The fields of each row as a JSON object, in _raw if not said otherwise.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/tojson",
        tojson,
    ),
];

fn extract(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut pairs, mut values, mut several) = (PAIRS.to_owned(), VALUES.to_owned(), false);
    let options = &["pairdelim", "kvdelim", "limit", "maxchars", "mv_add", "clean_keys", "reload", "auto", "segment"];
    while let Some((name, value)) = arguments.option(options)? {
        match name {
            "pairdelim" => pairs = value.node,
            "kvdelim" => values = value.node,
            "mv_add" => several = truth(&value)?,
            _ => {}
        }
    }
    if !arguments.is_empty() {
        return Err(unsupported("extract by the name of a transform", arguments.rest())
            .with_help("write its regular expression with rex"));
    }
    let text = Spanned::new("_raw".to_owned(), arguments.name.span);
    let options = (pairs, values, several);
    on_rows(Needs::of([&text]).make_any(), options, |(pairs, values, several), rows, wanted, planner| {
        with_wanted(rows, wanted, planner, Vec::new(), |name, rows| {
            let arguments = vec![rows.column("_raw").into_text(), lit(name), lit(pairs.as_str()), lit(values.as_str())];
            Ok(Some(if *several { PAIRS_OF_NAME.typed(arguments) } else { PAIR.typed(arguments) }))
        })
    })
}

/// What stands between pairs, and between a name and its value, where nobody says it.
const PAIRS: &str = " ,;|&\t\n\r";
const VALUES: &str = "=";

/// The first value of a name among pairs.
pub(crate) fn value_of<'t>(text: &'t str, name: &str, pairs: &str, values: &str) -> Option<&'t str> {
    next_value(text, &mut 0, name, pairs, values)
}

/// The next value of a name among pairs; it may stand in quotes.
fn next_value<'t>(text: &'t str, from: &mut usize, name: &str, pairs: &str, values: &str) -> Option<&'t str> {
    if name.is_empty() {
        return None;
    }
    while let Some(at) = text.get(*from..)?.find(name).map(|at| *from + at) {
        *from = at + name.len();
        let before = text.get(..at)?.chars().next_back();
        let begins = before.is_none_or(|c| pairs.contains(c) || c.is_whitespace() || "([{<\"".contains(c));
        let rest = text.get(*from..)?;
        let rest = rest.strip_prefix('"').filter(|_| before == Some('"')).unwrap_or(rest).trim_start_matches(' ');
        let Some(separator) = rest.chars().next().filter(|c| begins && values.contains(*c)) else { continue };
        let rest = rest.get(separator.len_utf8()..)?.trim_start_matches(' ');
        if let Some(inner) = rest.strip_prefix('"') {
            return inner.find('"').and_then(|end| inner.get(..end));
        }
        let end = rest.find(|c: char| pairs.contains(c)).unwrap_or(rest.len());
        return rest.get(..end).map(str::trim_end).filter(|value| !value.is_empty());
    }
    None
}

/// The text, the name, and what stands between pairs and in them.
fn pair_arguments<'a>(row: &'a Row<'_>) -> Option<(&'a str, &'a str, &'a str, &'a str)> {
    let part = |index| row.cell(index).as_text();
    Some((part(0)?, part(1)?, part(2)?, part(3)?))
}

/// The value of a name among pairs.
pub(crate) static PAIR: Internal = Internal {
    name: "value of a pair",
    returns: Type::Text,
    code: |row| {
        let found = pair_arguments(row).and_then(|(text, name, pairs, values)| value_of(text, name, pairs, values));
        found.map(Cell::text).into()
    },
};

/// All values of a name among pairs.
pub(crate) static PAIRS_OF_NAME: Internal = Internal {
    name: "values of pairs",
    returns: Type::Multi,
    code: |row| {
        let Some((text, name, pairs, values)) = pair_arguments(row) else { return Cell::Null };
        let mut from = 0;
        let found = std::iter::from_fn(|| next_value(text, &mut from, name, pairs, values));
        let found: Vec<String> = found.map(str::to_owned).collect();
        if found.is_empty() { Cell::Null } else { Cell::texts(found) }
    },
};

/// What ends a list of multikv.
const BEHIND_FIELDS: &[&str] =
    &["fields", "filter", "forceheader", "multitable", "noheader", "rmorig", "copyattrs", "conf"];

fn multikv(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut fields, mut filter, mut header) = (Vec::new(), Vec::new(), 1);
    let options = &["copyattrs", "forceheader", "multitable", "noheader", "rmorig", "conf"];
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(options)? {
            match name {
                "forceheader" => header = whole(&value)?.max(1),
                "noheader" if truth(&value)? => header = 0,
                "conf" => return Err(unsupported("`conf`", value.span)),
                _ => {}
            }
        } else if arguments.keyword("fields") {
            fields = arguments.fields_until(BEHIND_FIELDS)?;
        } else if arguments.keyword("filter") {
            filter = arguments.fields_until(BEHIND_FIELDS)?.into_iter().map(|word| word.node).collect();
        } else {
            return Err(arguments.wrong(arguments.rest(), "fields, filter or an option"));
        }
    }
    let text = Spanned::new("_raw".to_owned(), arguments.name.span);
    let arguments = (header, filter, super::by::names(&fields));
    on_rows(Needs::of([&text]).make_any(), arguments, |(header, filter, fields), rows, wanted, planner| {
        let text = rows.column("_raw").into_text();
        let lines = vec![text.clone(), lit(*header as f64), lit(filter.join("\n"))];
        let lines = LINES.typed(lines);
        let (line, heading) = (planner.fresh("line"), planner.fresh("heading"));
        let heading_value = HEADING.typed(vec![text, lit(*header as f64)]);
        let rows = rows.with(vec![(heading.clone(), heading_value), (line.clone(), lines)], planner)?;
        let rows = super::multivalue::expand(rows, &line, None, planner)?;
        let rows = rows.filter(mynah_dialect::column(&line).is_not_null(), planner)?;
        let names = wanted.in_order().into_iter().map(|name| name.node);
        let names: Vec<String> = names.chain(fields.iter().cloned()).filter(|name| !name.starts_with('_')).collect();
        let (line_value, heading_value) = (rows.column(&line).into_text(), rows.column(&heading).into_text());
        let mut columns = Vec::new();
        for name in names {
            let cell = CELL.typed(vec![heading_value.clone(), line_value.clone(), lit(name.as_str())]);
            let value = or_keep(cell, rows.column(&name));
            columns.push((name, value));
        }
        columns.push(("_raw".to_owned(), Typed::new(line_value.clone(), Type::Text)));
        rows.with(columns, planner)?.without(&[line, heading], planner)
    })
}

/// The lines of a text below its heading, those that hold one of some words if there are any.
pub(crate) static LINES: Internal = Internal {
    name: "lines of a table",
    returns: Type::Multi,
    code: |row| {
        let (Some(text), Some(header)) = (row.cell(0).as_text(), row.number(1)) else { return Cell::Null };
        let filter = row.text(2).unwrap_or_default();
        let fits = |line: &&str| filter.is_empty() || filter.lines().any(|word| line.contains(word));
        let lines = text.lines().filter(|line| !line.trim().is_empty()).skip(header as usize);
        let lines: Vec<String> = lines.filter(fits).map(str::to_owned).collect();
        if lines.is_empty() { Cell::Null } else { Cell::texts(lines) }
    },
};

/// The line of names of a table.
pub(crate) static HEADING: Internal = Internal {
    name: "heading of a table",
    returns: Type::Text,
    code: |row| {
        let (Some(text), Some(header)) = (row.cell(0).as_text(), row.number(1)) else { return Cell::Null };
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        if header < 1.0 {
            // A table without names has numbers in their place, as many as its first line has words.
            let names = lines.next().map(|line| (1..=line.split_whitespace().count()).map(|n| format!("Column_{n}")));
            return names.map(|names| Cell::text(names.collect::<Vec<_>>().join(" "))).into();
        }
        lines.nth(header as usize - 1).map(Cell::text).into()
    },
};

/// What a line of a table has below a name.
pub(crate) static CELL: Internal = Internal {
    name: "cell of a table",
    returns: Type::Text,
    code: |row| {
        let part = |index| row.cell(index).as_text();
        let (Some(heading), Some(line), Some(name)) = (part(0), part(1), part(2)) else { return Cell::Null };
        let place = heading.split_whitespace().position(|known| known == name);
        place.and_then(|place| line.split_whitespace().nth(place)).map(Cell::text).into()
    },
};

#[derive(Debug)]
struct ToJson {
    /// Fields and what becomes of their values.
    fields: Vec<(String, Spanned<String>)>,
    default: String,
    fill_null: bool,
    internal: bool,
    output: String,
}

const TYPES: [&str; 6] = ["auto", "bool", "json", "none", "num", "str"];

fn tojson(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut json = ToJson {
        fields: Vec::new(),
        default: "none".to_owned(),
        fill_null: false,
        internal: false,
        output: "_raw".to_owned(),
    };
    while !arguments.is_empty() {
        let options = &["default_type", "fill_null", "include_internal", "output_field"];
        if let Some((name, value)) = arguments.option(options)? {
            match name {
                "default_type" => json.default = value.node,
                "fill_null" => json.fill_null = truth(&value)?,
                "include_internal" => json.internal = truth(&value)?,
                _ => json.output = value.node,
            }
        } else if !arguments.symbol(',') {
            let word = arguments.word()?;
            if arguments.symbol('(') {
                let field = arguments.field()?;
                arguments.expect(')')?;
                if !TYPES.contains(&word.node.as_str()) {
                    let message = format!("`{}` is no type of JSON: {}", word.node, TYPES.join(", "));
                    return Err(Diagnostic::error("spl/syntax", message, word.span));
                }
                json.fields.push((word.node, field));
            } else {
                json.fields.push((json.default.clone(), word));
            }
        }
    }
    let mut needs = Needs::of(json.fields.iter().map(|(_, field)| field));
    if json.fields.is_empty() {
        needs = needs.read_all([Spanned::new("*".to_owned(), arguments.name.span)]);
    }
    let needs = needs.make(&json.output);
    on_rows(needs, json, |json, rows, _, planner| {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (ty, field) in &json.fields {
            let names = super::field_list::expand(std::slice::from_ref(field), &rows);
            fields.extend(names.into_iter().map(|name| (ty.clone(), name)));
        }
        if json.fields.is_empty() {
            let names = rows.names().into_iter().filter(|name| json.internal || !name.starts_with('_'));
            fields.extend(names.map(|name| (json.default.clone(), name)));
        }
        let mut arguments = vec![lit(json.fill_null)];
        for (ty, name) in fields {
            arguments.extend([lit(name.as_str()), lit(ty)]);
            let value = rows.column(&name);
            arguments.push(if value.ty == Type::Null { value.into_text() } else { value.expr });
        }
        rows.with(vec![(json.output.clone(), OBJECT.typed(arguments))], planner)
    })
}

/// A JSON object of names, types and values.
pub(crate) static OBJECT: Internal = Internal {
    name: "object of fields",
    returns: Type::Text,
    code: |row| {
        let fill = matches!(row.cell(0), Cell::Boolean(true));
        let mut members = Map::new();
        for index in (1..row.len()).step_by(3) {
            let (Some(name), Some(ty)) = (row.text(index), row.text(index + 1)) else { continue };
            // What is none of the type is left out, or null.
            let members_of = |text: &std::borrow::Cow<'_, str>| match member(text, &ty) {
                None if fill => Some(Value::Null),
                value => value,
            };
            let values: Vec<Value> = row.values(index + 2).iter().filter_map(members_of).collect();
            let value = match values.len() {
                0 if fill => Value::Null,
                0 => continue,
                1 => values.into_iter().next().unwrap_or(Value::Null),
                _ => Value::Array(values),
            };
            members.insert(name.into_owned(), value);
        }
        Cell::text(Value::Object(members).to_string())
    },
};

/// A text as a value of JSON of this type, if it is one.
fn member(text: &str, ty: &str) -> Option<Value> {
    let number = || {
        let number = parse_number(text)?;
        let whole = (number.fract() == 0.0 && number.abs() < 9e15).then(|| Value::from(number as i64));
        whole.or_else(|| serde_json::Number::from_f64(number).map(Value::Number))
    };
    let truth = || match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" => Some(Value::Bool(true)),
        "false" | "f" | "no" => Some(Value::Bool(false)),
        text => parse_number(text).map(|number| Value::Bool(number != 0.0)),
    };
    let or_text = |value: Option<Value>| value.or_else(|| Some(Value::from(text)));
    match ty {
        "str" => or_text(None),
        "num" => number(),
        "bool" => truth(),
        "json" => serde_json::from_str(text).ok(),
        "auto" => or_text(number().or_else(|| serde_json::from_str(text).ok())),
        _ => or_text(number()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_pairs_may_stand_in_quotes() {
        let found = |text, name| value_of(text, name, PAIRS, VALUES);
        assert_eq!(found("a=1, user=\"ana b\" auser=x", "user"), Some("ana b"));
        assert_eq!(found("auser=x user = y", "user"), Some("y"));
        assert_eq!(found("a=1", "b"), None);
        assert_eq!(value_of("a:1;b:2", "b", ";", ":"), Some("2"));
    }
}
