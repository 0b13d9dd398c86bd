//! Which columns stay, and columns that every search can have.
use super::field_list::{expand, expand_present};
use super::prelude::*;
use crate::functions::time::moment;
use datafusion::prelude::Expr;

pub(super) static COMMANDS: [Entry; 3] = [
    command(
        "addinfo",
        "Adds info_min_time, info_max_time, info_search_time and info_sid. Without earliest and latest the range is all time, up to now.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/addinfo",
        addinfo,
    ),
    command(
        "fields [+|-] FIELD, ...",
        "Keeps just these fields, and `_time` and `_raw`; with a minus, all but these.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fields",
        fields,
    ),
    command(
        "table FIELD, ...",
        "Just these fields, in this order; `*` in a name stands for any characters.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/table",
        table,
    ),
];

fn addinfo(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    arguments.end()?;
    let needs = Needs::default().make_all(["info_min_time", "info_max_time", "info_search_time", "info_sid"]);
    on_rows(needs, (), |_, rows, _, planner| {
        let bound = |bound: &Option<Expr>| bound.clone().map(|expr| Typed::new(expr, Type::Number));
        let columns = vec![
            ("info_min_time".to_owned(), bound(&planner.range.earliest).unwrap_or(Typed::number(0.0))),
            ("info_max_time".to_owned(), bound(&planner.range.latest).unwrap_or(moment())),
            ("info_search_time".to_owned(), moment()),
            ("info_sid".to_owned(), Typed::text("mynah")),
        ];
        rows.with(columns, planner)
    })
}

fn fields(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let rest = arguments.rest();
    let keep = !rest.of(arguments.text).starts_with('-');
    if rest.of(arguments.text).starts_with(['-', '+']) {
        arguments.seek(rest.start + 1);
    }
    let fields = arguments.fields_until(&[])?;
    let fields = arguments.some(fields, "the names of fields")?;
    if !keep {
        return on_rows(Needs::default(), fields, |fields, rows, _, planner| {
            let named = expand(fields, &rows);
            rows.without(&named, planner)
        });
    }
    on_rows(Needs::of(&fields), fields, |fields, rows, _, planner| {
        let named = expand_present(fields, &rows, planner)?;
        let internal = |name: &str| name == "_time" || name == "_raw";
        let mut columns: Vec<String> =
            rows.names().into_iter().filter(|name| internal(name) && !named.contains(name)).collect();
        // Events keep their shape, `_time` first; other results the order of the list.
        columns.extend(named);
        let columns = columns.into_iter().map(|name| (name.clone(), rows.column(&name))).collect();
        rows.project(columns, planner)
    })
}

fn table(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let fields = arguments.fields_until(&[])?;
    let fields = arguments.some(fields, "the names of fields")?;
    on_rows(Needs::of(&fields).close(), fields, |fields, rows, _, planner| {
        let names = expand_present(fields, &rows, planner)?;
        let columns = names.into_iter().map(|name| (name.clone(), rows.column(&name))).collect();
        let mut rows = rows.project(columns, planner)?;
        rows.events = false;
        Ok(rows)
    })
}
