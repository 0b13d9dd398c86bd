//! Commands over data that files of logs do not hold: places of addresses, and metrics.
use super::aggregation;
use super::inputlookup::text_rows;
use super::prelude::*;
use crate::aggregates::AggregateCall;
use mynah_dialect::MatchType;

pub(super) static COMMANDS: [Entry; 2] = [
    command(
        "iplocation [prefix=TEXT] [allfields=BOOL] FIELD",
        "Adds City, Country, Region, lat and lon of an address, from the site's lookup table `iplocation`; without one they are null, and a warning says so.",
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

/// The name of the site's table of places.
const TABLE: &str = "iplocation";

#[derive(Debug)]
struct Location {
    field: Spanned<String>,
    prefix: String,
    places: Vec<&'static str>,
}

fn iplocation(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let (mut prefix, mut all, mut field) = (String::new(), false, None);
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["prefix", "allfields", "lang"])? {
            match name {
                "prefix" => prefix = value.node,
                "allfields" => all = truth(&value)?,
                _ => parsing.diagnostics.push(
                    Diagnostic::warning(
                        "spl/one-language",
                        "the places keep the names that the site's table has",
                        value.span,
                    )
                    .with_help("a table in another language gives its names"),
                ),
            }
        } else if field.is_none() {
            field = Some(arguments.field()?);
        } else {
            return Err(arguments.wrong(arguments.rest(), "one field"));
        }
    }
    let Some(field) = field else { return Err(arguments.wrong(arguments.name.span, "the name of a field")) };
    let places: Vec<&str> = PLACES.into_iter().chain(MORE_PLACES.into_iter().filter(|_| all)).collect();
    let location = Location { field, prefix, places };
    let needs = Needs::of([&location.field]).make_all(location.places.iter().map(|place| location.name(place)));
    on_rows(needs, location, |location, rows, _, planner| location.added(rows, planner))
}

impl Location {
    fn name(&self, place: &str) -> String {
        format!("{}{place}", self.prefix)
    }

    fn added(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let Some(table) = planner.context.site.lookups.get(TABLE) else {
            let message =
                "there is no table of the places of addresses: City, Country, Region, lat and lon have no value";
            let warning = Diagnostic::warning("spl/no-geoip", message, planner.at.to(self.field.span));
            let help = "give one in mynah.toml: [lookups.iplocation], a column of networks with match = { ip = \"cidr\" } \
                        and columns called City, Country, Region, lat and lon";
            planner.say(warning.with_help(help));
            let none = || Typed::new(Typed::null().into_text(), Type::Text);
            let columns = self.places.iter().map(|place| (self.name(place), none())).collect();
            return rows.with(columns, planner);
        };
        let networks = table.match_types.iter().find(|(_, how)| *how == MatchType::Cidr).map(|(column, _)| column);
        let Some(networks) = networks.or(table.columns.first()) else { return Ok(rows) };
        let known: Vec<&str> =
            self.places.iter().filter(|place| table.columns.iter().any(|c| c == *place)).copied().collect();
        let found = super::lookup::found(table, networks, &self.field, &known, &rows, planner)?;
        let value = |place: &&str| found.iter().find(|(name, _)| name == place).map(|(_, typed)| typed.clone());
        let columns = self.places.iter().map(|place| {
            let name = self.name(place);
            let old = rows.column(&name);
            // An address without a place changes nothing.
            let new = value(place).map_or_else(|| old.clone(), |new| or_keep(new, old.clone()));
            let new = if new.ty == Type::Null { Typed::new(new.into_text(), Type::Text) } else { new };
            (name, new)
        });
        let columns = columns.collect();
        rows.with(columns, planner)
    }
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
