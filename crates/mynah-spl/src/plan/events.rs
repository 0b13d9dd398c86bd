use super::discover::{Fitting, fitting};
use super::knowledge::Made;
use super::{Key, Planner, Rows, Wanted, name_matches, pattern_means};
use crate::commands::search::filter_all;
use crate::expression::{Scope, Type, Typed, or_keep};
use crate::functions::Internal;
use crate::functions::relative_modifier::civil;
use crate::functions::time_format::format_time;
use crate::search::Search;
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::cast;
use datafusion::prelude::lit;
use mynah_dialect::column;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};
use mynah_view::{EVENT_ID, EventScan, FieldType, Kind, ScanColumn};
use std::collections::BTreeMap;

/// The events that match all of some searches, with the fields that are wanted, those that patterns fit too; newest first.
///
/// # Errors
/// Where DataFusion refuses the scan, or the events must be looked at first.
pub(crate) fn events(wanted: &Wanted, searches: &[&Search], planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let found = fitting(wanted, searches, planner)?;
    let mut named = Wanted { names: wanted.in_order(), unsure: wanted.unsure.clone() };
    let known = matches!(found, Fitting::Names(_));
    let fitting = match found {
        Fitting::NotAsked => Vec::new(),
        Fitting::Names(names) => names,
        Fitting::Unknown => listed(wanted, planner),
    };
    let asked = wanted.patterns().next().is_some();
    // A column that is there since the query names it is no field of the events for a pattern.
    let fits = |name: &str| wanted.patterns().any(|pattern| pattern_means(&pattern.node, name));
    let doubtful = named
        .names
        .iter()
        .any(|name| fits(&name.node) && !fitting.iter().any(|found: &Spanned<String>| found.node == name.node));
    for name in fitting {
        named.unsure.push(name.node.clone());
        named.add(name);
    }
    let rows = scan(&named, Extra::default(), planner)?;
    let rows = filter_all(rows, searches, planner)?;
    Ok(match (asked, known) {
        (true, true) if !doubtful => rows.all_present(),
        (true, true) => rows,
        (true, false) => rows.opened(),
        (false, _) => rows,
    })
}

/// The names that patterns fit among those that log sources list; a lone `*` has no end of them.
fn listed(wanted: &Wanted, planner: &Planner<'_>) -> Vec<Spanned<String>> {
    let mut names = Vec::new();
    for pattern in wanted.patterns().filter(|pattern| pattern.node.chars().any(|c| c != '*')) {
        let fitting = planner.context.view.names().into_iter().filter(|name| name_matches(&pattern.node, name));
        names.extend(fitting.map(|name| Spanned::new(name.to_owned(), pattern.span)));
    }
    names
}

/// Columns that are scanned besides those that a query names.
#[derive(Default)]
pub(super) struct Extra(pub Vec<ScanColumn>);

/// All events, with the fields that are wanted by name, newest first.
///
/// # Errors
/// Where DataFusion refuses the scan.
pub(super) fn scan(wanted: &Wanted, extra: Extra, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let Some(made) = Made::of(wanted, planner) else { return plain(wanted, extra, planner) };
    let mut read = wanted.clone();
    for name in &made.reads {
        // What an app makes or reads is nobody's misspelling.
        read.unsure.push(name.clone());
        read.add(Spanned::new(name.clone(), planner.at));
    }
    let rows = plain(&read, extra, planner)?;
    made.applied(rows, planner)
}

/// The same as the views have them.
fn plain(wanted: &Wanted, extra: Extra, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let view = planner.context.view;
    let mut names: Vec<String> = vec!["_time".to_owned()];
    let wanted_names: Vec<Spanned<String>> = wanted.in_order();
    let mut columns = vec![view.resolve("_time").column];
    let (mut answers_to, mut hidden, mut added) = (BTreeMap::new(), Vec::new(), Vec::new());
    for name in &wanted_names {
        if names.contains(&name.node) || name.node == "_raw" || name.node == EVENT_ID || name.node.is_empty() {
            continue;
        }
        let found = view.resolve(&name.node);
        if !found.known
            && !wanted.unsure.contains(&name.node)
            && let Some(suggestion) = &found.suggestion
            && is_misspelt(&name.node, suggestion)
        {
            planner.say(
                Diagnostic::warning(
                    "spl/unknown-field",
                    format!("no log source is known to have a field `{}`", name.node),
                    name.span,
                )
                .with_help(format!("did you mean `{suggestion}`? Splunk's field names are case-sensitive")),
            );
        }
        if !found.known && default_field(&name.node).is_some() {
            added.push(name.node.clone());
        }
        names.push(name.node.clone());
        let mut column = found.column;
        if view.is_name(&name.node) && column.field_type.many {
            let all = ScanColumn { name: planner.fresh("names"), ..column.clone() };
            answers_to.insert(name.node.clone(), all.name.clone());
            hidden.push(all);
            // A column for one value takes the first.
            column.field_type.many = false;
        }
        columns.push(column);
    }
    for column in extra.0 {
        names.push(column.name.clone());
        columns.push(column);
    }
    names.push("_raw".to_owned());
    columns.push(view.resolve("_raw").column);
    let types: Vec<FieldType> = columns.iter().map(|column| column.field_type).collect();
    let plan = EventScan::new(columns.into_iter().chain(hidden)).into_plan().map_err(|error| planner.failed(&error))?;
    let scope: Scope = [].into_iter().collect();
    let order = vec![Key::descending("_time"), Key::ascending(EVENT_ID)];
    let exprs = names.into_iter().zip(types).map(|(name, ty)| {
        let typed = from_view(&name, ty);
        let made = default_field(&name).filter(|_| added.contains(&name));
        (name, made.map_or(typed.clone(), |made| or_keep(typed, made)))
    });
    let exprs = exprs.collect();
    Rows::new(plan, scope, order, true).answering_to(answers_to).project(exprs, planner)
}

/// One of the fields that Splunk adds to every event: `date_hour`, `date_wday`, ..., `linecount`, `punct`.
fn default_field(name: &str) -> Option<Typed> {
    let function = match name {
        "date_wday" | "date_month" | "date_zone" => &DATE_TEXT,
        "date_second" | "date_minute" | "date_hour" | "date_mday" | "date_year" => &DATE_NUMBER,
        "linecount" => return Some(LINES.typed(vec![column("_raw")])),
        "punct" => return Some(PUNCTUATION.typed(vec![column("_raw")])),
        _ => return None,
    };
    Some(function.typed(vec![column("_time"), lit(name)]))
}

/// How many lines an event has.
pub(crate) static LINES: Internal = Internal {
    name: "lines of an event",
    returns: Type::Number,
    code: |row| row.text(0).map(|text| Cell::Float(text.trim_end_matches('\n').lines().count().max(1) as f64)).into(),
};

/// The signs of an event's first line.
pub(crate) static PUNCTUATION: Internal = Internal {
    name: "punctuation of an event",
    returns: Type::Text,
    code: |row| row.text(0).map(|text| Cell::text(punctuation(&text))).into(),
};

/// The first thirty signs of a text's first line: blanks as underscores, tabs as `t`, and no dash behind a letter or digit.
fn punctuation(text: &str) -> String {
    let mut signs = String::new();
    let mut before = ' ';
    for c in text.lines().next().unwrap_or("").chars() {
        match c {
            ' ' => signs.push('_'),
            '\t' => signs.push('t'),
            '-' if before.is_alphanumeric() => {}
            c if c.is_ascii_punctuation() && !matches!(c, '_' | '~' | '`') => signs.push(c),
            _ => {}
        }
        before = c;
        if signs.len() == 30 {
            break;
        }
    }
    signs
}

/// The second, minute, hour, day or year of a time, in UTC.
pub(crate) static DATE_NUMBER: Internal = Internal {
    name: "number of a date",
    returns: Type::Number,
    code: |row| {
        let Some((at, part)) = row.number(0).and_then(civil).zip(row.text(1)) else { return Cell::Null };
        Cell::Float(f64::from(match part.as_ref() {
            "date_second" => i16::from(at.second()),
            "date_minute" => i16::from(at.minute()),
            "date_hour" => i16::from(at.hour()),
            "date_mday" => i16::from(at.day()),
            _ => at.year(),
        }))
    },
};

/// The name of a time's day or month, or its zone.
pub(crate) static DATE_TEXT: Internal = Internal {
    name: "text of a date",
    returns: Type::Text,
    code: |row| {
        let Some((time, part)) = row.number(0).zip(row.text(1)) else { return Cell::Null };
        let format = match part.as_ref() {
            "date_wday" => "%A",
            "date_month" => "%B",
            // How many minutes from UTC, which Mynah's times are in.
            _ => return Cell::text("0"),
        };
        format_time(time, format).map(|text| Cell::text(text.to_lowercase())).into()
    },
};

/// Whether a name that may be a field of anybody's logs is so near to a known one that it must mean that.
fn is_misspelt(name: &str, known: &str) -> bool {
    let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    name.eq_ignore_ascii_case(known) || (distance == 1 && name.len() >= 5) || (distance == 2 && name.len() >= 10)
}

/// A field of the view as one of SPL's types.
fn from_view(name: &str, ty: FieldType) -> Typed {
    let expr = column(name);
    if ty.many {
        let texts = FieldType::TEXTS.data_type();
        let expr = if matches!(ty.kind, Kind::Text | Kind::Ip) { expr } else { cast(expr, texts) };
        return Typed { expr, ty: Type::Multi };
    }
    match ty.kind {
        Kind::Text | Kind::Ip => Typed { expr, ty: Type::Text },
        Kind::Float | Kind::Seconds => Typed { expr, ty: Type::Number },
        Kind::Integer | Kind::Milliseconds => Typed { expr: cast(expr, DataType::Float64), ty: Type::Number },
        Kind::Boolean => Typed { expr: cast(expr, DataType::Utf8), ty: Type::Text },
    }
}
