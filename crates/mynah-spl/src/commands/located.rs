//! Commands over data that files of logs do not hold: places of addresses, and metrics.
use super::aggregation;
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::aggregates::AggregateCall;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "iplocation [prefix=TEXT] [allfields=BOOL] FIELD",
        "Adds City, Country, Region, lat and lon of an address in Splunk. Mynah has no table of places: they are null, and it says so.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/iplocation",
        iplocation,
    ),
    generating(command(
        "mstats FUNCTION(METRIC) [AS NAME] ... [WHERE SEARCH] [BY FIELD, ...] [span=SPAN]",
        "Figures of a metrics index. No log source that Mynah reads holds metrics: there are no rows, and it says so.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/mstats",
        mstats,
    )),
];

const PLACES: [&str; 5] = ["City", "Country", "Region", "lat", "lon"];
const MORE_PLACES: [&str; 4] = ["Continent", "MetroCode", "PostalCode", "Timezone"];

fn iplocation(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let (mut prefix, mut all, mut field) = (String::new(), false, None);
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["prefix", "allfields", "lang"])? {
            match name {
                "prefix" => prefix = value.node,
                "allfields" => all = truth(&value)?,
                _ => {}
            }
        } else if field.is_none() {
            field = Some(arguments.field()?);
        } else {
            return Err(arguments.wrong(arguments.rest(), "one field"));
        }
    }
    let Some(field) = field else { return Err(arguments.wrong(arguments.name.span, "the name of a field")) };
    let message = "there is no table of the places of addresses: City, Country, Region, lat and lon have no value";
    let all_of_it = arguments.name.span.to(field.span);
    let warning = Diagnostic::warning("spl/no-geoip", message, all_of_it);
    parsing.diagnostics.push(
        warning.with_help("what the query does with them finds nothing; a lookup table of networks can stand for them"),
    );
    let more = MORE_PLACES.iter().filter(|_| all);
    let names: Vec<String> = PLACES.iter().chain(more).map(|name| format!("{prefix}{name}")).collect();
    on_rows(Needs::of([&field]).make_all(&names), names, |names, rows, _, planner| {
        let none = || Typed::new(Typed::null().into_text(), Type::Text);
        rows.with(names.iter().map(|name| (name.clone(), none())).collect(), planner)
    })
}

#[derive(Debug)]
struct MStats {
    names: Vec<String>,
    append: bool,
}

fn mstats(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let options =
        &["prestats", "append", "backfill", "update_period", "fillnull_value", "chart", "chunk_size", "span", "every"];
    let mut append = false;
    let mut calls: Vec<AggregateCall> = Vec::new();
    loop {
        while let Some((name, value)) = arguments.option(options)? {
            append |= name == "append" && truth(&value)?;
        }
        match aggregation::next_call(arguments, &["from", "where", "by", "groupby"])? {
            Some(call) => calls.push(call),
            None => break,
        }
    }
    let calls = arguments.some(calls, "a function such as `avg(METRIC)`")?;
    let warning = Diagnostic::warning(
        "spl/no-metrics",
        "no log source that Mynah reads holds metrics: mstats gives no rows",
        arguments.name.span.to(arguments.rest()),
    );
    parsing.diagnostics.push(warning);
    let mut names = Vec::new();
    let rest = arguments.rest_text().to_ascii_lowercase();
    if let Some(place) = rest.rfind(" by ").or_else(|| rest.starts_with("by ").then_some(0)) {
        arguments.seek(arguments.rest().start + place);
        arguments.keyword("by");
        while !arguments.is_empty() {
            if arguments.option(options)?.is_none() && !arguments.symbol(',') {
                names.push(arguments.field()?.node);
            }
        }
    }
    names.extend(calls.iter().map(AggregateCall::output_name));
    Ok(Box::new(MStats { names, append }))
}

impl MStats {
    fn rows(&self, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut names: Vec<String> = vec!["_time".to_owned()];
        names.extend(self.names.iter().cloned());
        text_rows(&names, &[], planner)
    }
}

impl Command for MStats {
    fn needs(&self) -> Needs {
        if self.append { Needs::default() } else { Needs::default().close() }
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        if !self.append {
            return Err(Diagnostic::error("spl/syntax", "mstats stands first, or has `append=true`", planner.at));
        }
        let more = self.rows(planner)?;
        crate::plan::append(vec![rows, more], planner)
    }

    fn generate(&self, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        self.rows(planner).map(Some)
    }
}
