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
            "extract [pairdelim=CHARACTERS] [kvdelim=CHARACTERS] [mv_add=BOOL] [limit=N] [maxchars=N] [clean_keys=BOOL] [auto=f]",
            "Fields from pairs of a name and a value in the event's text: every field that the query names later.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/extract",
            extract,
        ),
    ),
    command(
        "multikv [fields FIELD ...] [filter TEXT ...] [forceheader=N | noheader=BOOL] [copyattrs=BOOL]",
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

/// How pairs of a name and a value are read.
#[derive(Debug, Clone)]
struct Pairs {
    /// What stands between pairs, and between a name and its value.
    between: String,
    within: String,
    /// Whether a value may hold what stands between it and its name, which it may not where the query says what that is.
    lenient: bool,
    /// How many pairs count, and in how many characters of the text.
    limit: usize,
    most: usize,
    /// Whether signs in names become underscores.
    clean: bool,
}

fn extract(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut between, mut within, mut several, mut automatic) = (None, None, false, true);
    let (mut limit, mut most, mut clean) = (DEFAULT_LIMIT, DEFAULT_CHARACTERS, true);
    // `reload` and `segment` change no field.
    let options = &["pairdelim", "kvdelim", "limit", "maxchars", "mv_add", "clean_keys", "reload", "auto", "segment"];
    while !arguments.is_empty() {
        match arguments.option(options)? {
            Some(("pairdelim", value)) => between = Some(value.node),
            Some(("kvdelim", value)) => within = Some(value.node),
            Some(("mv_add", value)) => several = truth(&value)?,
            Some(("limit", value)) => limit = whole(&value)?,
            Some(("maxchars", value)) => most = whole(&value)?,
            Some(("clean_keys", value)) => clean = truth(&value)?,
            Some(("auto", value)) => automatic = truth(&value)?,
            Some((_, value)) => {
                truth(&value)?;
            }
            None if arguments.symbol(',') => {}
            None => {
                return Err(unsupported("extract by the name of a transform", arguments.rest())
                    .with_help("write its regular expression with rex"));
            }
        }
    }
    let automatic = automatic || between.is_some() || within.is_some();
    let lenient = within.is_none();
    let pairs = Pairs {
        between: between.unwrap_or_else(|| PAIRS.to_owned()),
        within: within.unwrap_or_else(|| VALUES.to_owned()),
        lenient,
        limit: if automatic { limit } else { 0 },
        most,
        clean,
    };
    let text = Spanned::new("_raw".to_owned(), arguments.name.span);
    on_rows(Needs::of([&text]).make_any(), (pairs, several), |(pairs, several), rows, wanted, planner| {
        with_wanted(rows, wanted, planner, Vec::new(), |name, rows| {
            let mut arguments = vec![rows.column("_raw").into_text(), lit(name)];
            arguments.extend([lit(pairs.between.as_str()), lit(pairs.within.as_str())]);
            arguments.extend([lit(pairs.lenient), lit(pairs.clean)]);
            arguments.extend([lit(pairs.limit as f64), lit(pairs.most as f64)]);
            Ok(Some(if *several { PAIRS_OF_NAME.typed(arguments) } else { PAIR.typed(arguments) }))
        })
    })
}

/// What stands between pairs, and between a name and its value, where nobody says it.
const PAIRS: &str = " ,;|&\t\n\r";
const VALUES: &str = "=";

/// How many pairs, and in how many characters, `extract` finds where the query does not say.
const DEFAULT_LIMIT: usize = 50;
const DEFAULT_CHARACTERS: usize = 10_240;

impl Pairs {
    /// The pairs of a text.
    fn of<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> + 't {
        let end = text.char_indices().nth(self.most).map_or(text.len(), |(at, _)| at);
        let mut rest = text.get(..end);
        let chunks = std::iter::from_fn(move || {
            let (chunk, after) = self.cut(rest?);
            rest = after;
            Some(chunk)
        });
        chunks.filter_map(|chunk| self.pair(chunk)).take(self.limit)
    }

    /// A text up to what ends its first pair, outside quotes, and what is behind that.
    fn cut<'t>(&self, text: &'t str) -> (&'t str, Option<&'t str>) {
        let end = self.end(text, true).or_else(|| self.end(text, false));
        let Some((chunk, rest)) = end.and_then(|end| text.split_at_checked(end)) else { return (text, None) };
        (chunk, rest.chars().next().and_then(|c| rest.get(c.len_utf8()..)))
    }

    /// Where the first pair of a text ends. A quote that nothing closes is a character as any other.
    fn end(&self, text: &str, with_quotes: bool) -> Option<usize> {
        let is_within = |c| self.within.contains(c);
        let mut quoted = false;
        let end = text.char_indices().find(|(at, c)| {
            quoted ^= with_quotes && *c == '"';
            let (before, behind) = text.split_at_checked(*at).unwrap_or((text, ""));
            // Blanks around what stands between a name and its value end nothing.
            let inside = || {
                c.is_whitespace()
                    && (behind.trim_start().starts_with(is_within) || before.trim_end().ends_with(is_within))
            };
            !quoted && self.between.contains(*c) && !inside()
        });
        end.map(|(at, _)| at)
    }

    /// A name and a value, which may stand in quotes.
    fn pair<'t>(&self, chunk: &'t str) -> Option<(&'t str, &'t str)> {
        let at = chunk.find(|c| self.within.contains(c))?;
        let name = chunk.get(..at)?.trim().trim_start_matches(['(', '[', '{', '<']).trim_matches('"');
        let separator = chunk.get(at..)?.chars().next()?;
        let value = chunk.get(at + separator.len_utf8()..)?.trim();
        let value = match value.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
            Some((quoted, _)) => quoted,
            None if !self.lenient && value.contains(|c| self.within.contains(c)) => return None,
            None => value,
        };
        (!name.is_empty() && !value.is_empty()).then_some((name, value))
    }

    /// Whether a pair of this name is the one that is looked for. Words before a name, which nothing cuts off, are none of it.
    fn is_named(&self, name: &str, wanted: &str) -> bool {
        let last = name.rsplit(char::is_whitespace).next().unwrap_or(name);
        [name, last].into_iter().any(|name| match self.clean {
            true => cleaned(name) == wanted,
            false => name == wanted,
        })
    }
}

/// A name with underscores in place of what is neither letter nor digit, none of them at its beginning, nor digits.
fn cleaned(name: &str) -> String {
    let clean: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    clean.trim_start_matches(|c: char| c == '_' || c.is_ascii_digit()).to_owned()
}

/// The values of a name among the pairs of a text.
fn values_of(row: &Row<'_>, most: usize) -> Vec<String> {
    let text = |index| row.cell(index).as_text();
    let truth = |index| matches!(row.cell(index), Cell::Boolean(true));
    let number = |index| row.number(index).unwrap_or(0.0) as usize;
    let (Some(raw), Some(name), Some(between), Some(within)) = (text(0), text(1), text(2), text(3)) else {
        return Vec::new();
    };
    let pairs = Pairs {
        between: between.to_owned(),
        within: within.to_owned(),
        lenient: truth(4),
        clean: truth(5),
        limit: number(6),
        most: number(7),
    };
    let found = pairs.of(raw).filter(|(known, _)| pairs.is_named(known, name)).take(most);
    found.map(|(_, value)| value.to_owned()).collect()
}

/// The first value of a name among pairs.
pub(crate) static PAIR: Internal = Internal {
    name: "value of a pair",
    returns: Type::Text,
    code: |row| values_of(row, 1).into_iter().next().map(Cell::text).into(),
};

/// All values of a name among pairs.
pub(crate) static PAIRS_OF_NAME: Internal = Internal {
    name: "values of pairs",
    returns: Type::Multi,
    code: |row| match values_of(row, usize::MAX) {
        values if values.is_empty() => Cell::Null,
        values => Cell::texts(values),
    },
};

/// What ends a list of multikv.
const BEHIND_FIELDS: &[&str] =
    &["fields", "filter", "forceheader", "multitable", "noheader", "rmorig", "copyattrs", "conf"];

fn multikv(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let (mut fields, mut filter, mut header, mut copies) = (Vec::new(), Vec::new(), 1, true);
    let options = &["copyattrs", "forceheader", "multitable", "noheader", "rmorig", "conf"];
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(options)? {
            match name {
                "forceheader" => header = whole(&value)?.max(1),
                "noheader" if truth(&value)? => header = 0,
                "copyattrs" => copies = truth(&value)?,
                "conf" => return Err(unsupported("`conf`", value.span)),
                "rmorig" if !truth(&value)? => return Err(unsupported("`rmorig=false`", value.span)),
                // An event has one table here, whatever is said.
                _ => {
                    truth(&value)?;
                }
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
    let arguments = (header, filter, super::by::names(&fields), copies);
    on_rows(Needs::of([&text]).make_any(), arguments, |(header, filter, fields, copies), rows, wanted, planner| {
        let text = rows.column("_raw").into_text();
        let lines = vec![text.clone(), lit(*header as f64), lit(filter.join("\n"))];
        let lines = LINES.typed(lines);
        let (line, heading) = (planner.fresh("line"), planner.fresh("heading"));
        let heading_value = HEADING.typed(vec![text, lit(*header as f64)]);
        let rows = rows.with(vec![(heading.clone(), heading_value), (line.clone(), lines)], planner)?;
        let rows = super::multivalue::expand(rows, &line, None, planner)?;
        let rows = rows.filter(mynah_dialect::column(&line).is_not_null(), planner)?;
        // The fields of the list, or else all.
        let names: Vec<String> = match fields.as_slice() {
            [] => wanted.in_order().into_iter().map(|name| name.node).collect(),
            fields => fields.to_vec(),
        };
        let (line_value, heading_value) = (rows.column(&line).into_text(), rows.column(&heading).into_text());
        let mut columns = Vec::new();
        for name in names.into_iter().filter(|name| !name.starts_with('_')) {
            let cell = CELL.typed(vec![heading_value.clone(), line_value.clone(), lit(name.as_str())]);
            let value = if *copies { or_keep(cell, rows.column(&name)) } else { cell };
            columns.push((name, value));
        }
        columns.push(("_raw".to_owned(), Typed::new(line_value.clone(), Type::Text)));
        match copies {
            true => rows.with(columns, planner)?.without(&[line, heading], planner),
            // Nothing of the event goes on but its line.
            false => rows.project(columns, planner),
        }
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

    fn pairs(between: &str, within: &str) -> Pairs {
        let (between, within) = (between.to_owned(), within.to_owned());
        Pairs { lenient: within == VALUES, between, within, limit: 50, most: 10_240, clean: true }
    }

    #[test]
    fn pairs_have_names_and_values_that_may_stand_in_quotes() {
        let automatic = pairs(PAIRS, VALUES);
        let found = |text: &'static str| automatic.of(text).collect::<Vec<_>>();
        assert_eq!(found("a=1, user=\"ana b\" x=a=b"), [("a", "1"), ("user", "ana b"), ("x", "a=b")]);
        assert_eq!(found("say \"hi user = y"), [("user", "y")]);
        assert_eq!(found("a= , b"), []);
        let of = |between, within, text: &'static str| {
            pairs(between, within).of(text).map(|(name, value)| format!("{name}>{value}")).collect::<Vec<_>>()
        };
        assert_eq!(of(";", ":", "a:1;b:2"), ["a>1", "b>2"]);
        assert_eq!(of("|", ":", "Referer: https://x.example|k: v"), ["k>v"]);
        assert_eq!(Pairs { limit: 1, ..pairs(";", ":") }.of("a:1;b:2").count(), 1);
        assert_eq!(Pairs { most: 5, ..pairs(";", ":") }.of("a:1;b:2").count(), 1);
    }

    #[test]
    fn names_are_cleaned() {
        assert_eq!(cleaned("1x-y.z"), "x_y_z");
        assert!(pairs(";", "=").is_named("some words user-id", "user_id"));
        assert!(!Pairs { clean: false, ..pairs(";", "=") }.is_named("user-id", "user_id"));
    }
}
