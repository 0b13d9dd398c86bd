//! Columns of a table, for the rows that match.
use super::prelude::*;
use crate::expression::parse_number;
use crate::functions::time_format::parse_time;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::plan_err;
use mynah_dialect::{LookupTable, MatchType};
use mynah_kernels::{Case, Cell, Code, Function, Matcher, Network, Resources, WildcardSyntax, call_with};
use mynah_syntax::{Span, nearest};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "lookup TABLE COLUMN [AS FIELD], ... [OUTPUT|OUTPUTNEW COLUMN [AS FIELD], ...]",
    "Adds the columns of the table's rows that match; OUTPUTNEW only where the field has no value yet.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/lookup",
    lookup,
)];

#[derive(Debug)]
struct Lookup {
    table: Spanned<String>,
    inputs: Vec<Pair>,
    outputs: Vec<Pair>,
    /// Fields that have a value keep it.
    only_new: bool,
    /// The field that is said to hold the events' time.
    time_field: Option<Spanned<String>>,
}

/// A column of the table and the field that it stands for.
#[derive(Debug)]
struct Pair {
    column: String,
    field: Spanned<String>,
}

fn lookup(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let lookup = read(arguments)?;
    let needs = Needs::of(lookup.inputs.iter().map(|pair| &pair.field));
    let needs = match (lookup.outputs.is_empty(), lookup.only_new) {
        // What has a value keeps it where that is asked for, so that the events' own field is wanted.
        (true, _) | (_, true) => needs.make_any(),
        _ => needs.make_all(lookup.outputs.iter().map(|pair| &pair.field.node)),
    };
    on_rows(needs, lookup, Lookup::looked_up)
}

fn read(arguments: &mut Arguments<'_>) -> Result<Lookup, Diagnostic> {
    let mut time_field = None;
    // `local` and `update` say where and when Splunk reads the table.
    while let Some((name, value)) = arguments.option(&["local", "update", "event_time_field"])? {
        match name {
            "event_time_field" => time_field = Some(value),
            _ => {
                truth(&value)?;
            }
        }
    }
    let table = arguments.field()?;
    let inputs = some_pairs(arguments)?;
    let only_new = arguments.at_keyword("outputnew");
    let named = arguments.keyword("output") || arguments.keyword("outputnew");
    let outputs = if named { some_pairs(arguments)? } else { Vec::new() };
    arguments.end()?;
    Ok(Lookup { table, inputs, outputs, only_new, time_field })
}

fn some_pairs(arguments: &mut Arguments<'_>) -> Result<Vec<Pair>, Diagnostic> {
    let mut pairs = Vec::new();
    loop {
        while arguments.symbol(',') {}
        if arguments.is_empty() || arguments.at_keyword("output") || arguments.at_keyword("outputnew") {
            break;
        }
        let column = arguments.field()?;
        let field = arguments.alias()?.unwrap_or_else(|| column.clone());
        pairs.push(Pair { column: column.node, field });
    }
    if pairs.is_empty() { Err(arguments.wrong(arguments.rest(), "a column of the table")) } else { Ok(pairs) }
}

/// The fields that a lookup reads and makes, and what it does to rows, by the text of its arguments. Which fields it makes is not
/// known where it names none.
pub(crate) struct AutomaticLookup(Lookup);

impl AutomaticLookup {
    /// # Errors
    /// Where the text is no lookup.
    pub(crate) fn parse(text: &str) -> Result<AutomaticLookup, Diagnostic> {
        let name = Spanned::new("lookup", Span::default());
        read(&mut Arguments::new(text, name, Span::new(0, text.len()))).map(AutomaticLookup)
    }

    pub(crate) fn reads(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.0.inputs.iter().map(|pair| &pair.field)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.outputs.iter().map(|pair| pair.field.node.as_str())
    }

    pub(crate) fn makes(&self, field: &str) -> bool {
        self.0.outputs.is_empty() || self.0.outputs.iter().any(|pair| pair.field.node == field)
    }

    pub(crate) fn columns(&self, rows: &Rows, planner: &mut Planner<'_>) -> Result<Vec<(String, Typed)>, Diagnostic> {
        self.0.columns(rows, planner).map(|(columns, _)| columns)
    }
}

/// A table of the site, by the name of its definition or of its file.
///
/// # Errors
/// Where the site has none of that name: an error that names it. In a check it is a warning, and `None`; as is one that the
/// site defines without its rows, a collection for instance.
pub(super) fn table<'t>(
    name: &Spanned<String>,
    planner: &mut Planner<'t>,
) -> Result<Option<&'t LookupTable>, Diagnostic> {
    let site = planner.context.site;
    if let Some(table) = site.lookups.get(&name.node) {
        return Ok(Some(table));
    }
    let message = format!("the site has no lookup table `{}`", name.node);
    let help = match nearest(&name.node, site.lookups.keys().map(String::as_str)) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "lookup tables come from a Splunk app (`--splunk-app DIR`, its transforms.conf and lookups/) or from `mynah.toml`".into(),
    };
    if site.declared_lookups.contains_key(&name.node) {
        if !planner.is_check() {
            let message = format!("the site has no rows for the lookup `{}`, which it defines: it is empty", name.node);
            planner.say(Diagnostic::warning("spl/empty-lookup", message, name.span));
        }
        return Ok(None);
    }
    if planner.is_check() {
        planner.say(Diagnostic::warning("spl/unknown-lookup", message, name.span).with_help(help));
        return Ok(None);
    }
    Err(Diagnostic::error("spl/unknown-lookup", message, name.span).with_help(help))
}

/// What columns of a table hold for the rows whose address lies in a network of another column.
///
/// # Errors
/// Where the table has no such columns.
pub(super) fn found(
    table: &LookupTable,
    networks: &str,
    address: &Spanned<String>,
    outputs: &[&str],
    rows: &Rows,
    planner: &mut Planner<'_>,
) -> Result<Vec<(String, Typed)>, Diagnostic> {
    let pair = |column: &str, field: &Spanned<String>| Pair { column: column.to_owned(), field: field.clone() };
    let named = |name: &&str| pair(name, &Spanned::new((*name).to_owned(), address.span));
    let lookup = Lookup {
        table: Spanned::new("iplocation".to_owned(), planner.at),
        inputs: vec![pair(networks, address)],
        outputs: outputs.iter().map(named).collect(),
        only_new: false,
        time_field: None,
    };
    lookup.columns_of(table, rows)
}

/// What columns of a table of the site hold for the rows whose fields match others of its columns, in the order of `outputs`.
///
/// # Errors
/// Where the site has no such table, or the table no such columns.
pub(super) fn by_columns(
    table: Spanned<String>,
    inputs: Vec<(String, Spanned<String>)>,
    outputs: &[Spanned<String>],
    rows: &Rows,
    planner: &mut Planner<'_>,
) -> Result<Vec<(String, Typed)>, Diagnostic> {
    let inputs = inputs.into_iter().map(|(column, field)| Pair { column, field }).collect();
    // Each has a name of its own, whatever the rows have.
    let named = |column: &Spanned<String>| Spanned::new(planner.fresh("found"), column.span);
    let outputs: Vec<Spanned<String>> = outputs.to_vec();
    let fields: Vec<Spanned<String>> = outputs.iter().map(named).collect();
    let outputs = outputs.into_iter().zip(fields).map(|(column, field)| Pair { column: column.node, field }).collect();
    let lookup = Lookup { table, inputs, outputs, only_new: false, time_field: None };
    Ok(lookup.columns(rows, planner)?.0)
}

/// A table made ready to find rows in.
struct Finder {
    table: LookupTable,
    /// The places of the columns that are compared, with how.
    columns: Vec<(usize, Option<MatchType>)>,
    /// The rows by the values of the columns that match by equality.
    exact: HashMap<Vec<String>, Vec<usize>>,
    /// The patterns of the other columns, by row.
    patterns: Vec<Vec<Option<Fit>>>,
    /// The times of the rows, where the table has some.
    times: Vec<Option<f64>>,
}

enum Fit {
    Pattern(Matcher),
    Network(Network),
}

impl Finder {
    fn new(table: &LookupTable, columns: &[usize]) -> Finder {
        let how = |name: &String| table.match_types.iter().find(|(column, _)| column == name).map(|(_, how)| *how);
        let columns: Vec<_> = columns.iter().map(|place| (*place, table.columns.get(*place).and_then(how))).collect();
        let mut exact: HashMap<Vec<String>, Vec<usize>> = HashMap::new();
        let mut patterns = Vec::new();
        let case = if table.case_sensitive { Case::Exact } else { Case::Folded };
        for (at, row) in table.rows.iter().enumerate() {
            let value = |place: usize| row.get(place).map(String::as_str).unwrap_or("");
            let key =
                columns.iter().filter(|(_, how)| how.is_none()).map(|(place, _)| fold(table, value(*place))).collect();
            exact.entry(key).or_default().push(at);
            let fits = columns.iter().filter_map(|(place, how)| how.map(|how| (value(*place), how)));
            patterns.push(
                fits.map(|(text, how)| match how {
                    MatchType::Wildcard => Some(Fit::Pattern(Matcher::wildcards([text], WildcardSyntax::STARS, case))),
                    MatchType::Cidr => text.parse().ok().map(Fit::Network),
                })
                .collect(),
            );
        }
        Finder { table: table.clone(), columns, exact, patterns, times: times(table) }
    }

    /// The rows that match these values, one for each column that is compared, and the event's time.
    fn rows(&self, values: &[&str], time: Option<f64>) -> Vec<usize> {
        let paired = || self.columns.iter().zip(values);
        let key: Vec<String> =
            paired().filter(|((_, how), _)| how.is_none()).map(|(_, value)| fold(&self.table, value)).collect();
        let others: Vec<&str> = paired().filter(|((_, how), _)| how.is_some()).map(|(_, value)| *value).collect();
        let fits = |row: &usize| {
            self.patterns.get(*row).is_some_and(|patterns| {
                patterns.iter().zip(&others).all(|(fit, value)| match fit {
                    Some(Fit::Pattern(pattern)) => pattern.matches(value),
                    Some(Fit::Network(network)) => value.trim().parse().is_ok_and(|address| network.contains(address)),
                    None => false,
                })
            })
        };
        let found = self.exact.get(&key).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<usize> = found.iter().filter(|row| fits(row)).copied().collect();
        if let Some(bounds) = &self.table.time {
            let of_row = |row: &usize| self.times.get(*row).copied().flatten();
            let (least, most) = (bounds.min_offset as f64, bounds.max_offset as f64);
            let allowed =
                |row: &usize| time.zip(of_row(row)).is_some_and(|(time, of)| (least..=most).contains(&(time - of)));
            found.retain(allowed);
            // The latest first.
            found.sort_by(|left, right| of_row(right).partial_cmp(&of_row(left)).unwrap_or(Ordering::Equal));
        }
        found.truncate(self.table.max_matches);
        found
    }
}

/// The times of a table's rows.
fn times(table: &LookupTable) -> Vec<Option<f64>> {
    let Some(time) = &table.time else { return Vec::new() };
    let place = table.columns.iter().position(|column| *column == time.column);
    let of = |row: &Vec<String>| {
        let text = row.get(place?)?.trim();
        parse_time(text, &time.format, None).or_else(|| parse_number(text))
    };
    table.rows.iter().map(of).collect()
}

fn fold(table: &LookupTable, value: &str) -> String {
    if table.case_sensitive { value.to_owned() } else { value.to_lowercase() }
}

impl Lookup {
    fn looked_up(&self, rows: Rows, _: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let (columns, unknown) = self.columns(&rows, planner)?;
        let rows = rows.with(columns, planner)?;
        Ok(if unknown && planner.is_check() { rows.opened() } else { rows })
    }

    /// The fields that it makes of rows, and whether there may be more.
    fn columns(&self, rows: &Rows, planner: &mut Planner<'_>) -> Result<(Vec<(String, Typed)>, bool), Diagnostic> {
        let Some(table) = table(&self.table, planner)? else {
            // In a check: the fields will be there, whatever is in them.
            let declared = planner.context.site.declared_lookups.get(&self.table.node);
            let mut names: Vec<String> = self.outputs.iter().map(|pair| pair.field.node.clone()).collect();
            let unknown = names.is_empty() && declared.is_none_or(Vec::is_empty);
            if names.is_empty() {
                let inputs: Vec<&str> = self.inputs.iter().map(|pair| pair.column.as_str()).collect();
                names.extend(declared.into_iter().flatten().filter(|name| !inputs.contains(&name.as_str())).cloned());
            }
            let text = Typed::new(Typed::null().into_text(), Type::Text);
            let columns =
                names.into_iter().map(|name| (name.clone(), or_keep(rows.column(&name), text.clone()))).collect();
            return Ok((columns, unknown));
        };
        Ok((self.columns_of(table, rows)?, false))
    }

    /// The fields that it makes of rows with this table.
    fn columns_of(&self, table: &LookupTable, rows: &Rows) -> Result<Vec<(String, Typed)>, Diagnostic> {
        if let Some(field) = self.time_field.as_ref().filter(|field| table.time.is_some() && field.node != "_time") {
            return Err(unsupported(
                "a time of events other than `_time`, which no page of the reference describes,",
                field.span,
            ));
        }
        let mut compared = Vec::new();
        for pair in &self.inputs {
            compared.push(self.column(table, &pair.column, pair.field.span)?);
        }
        let mut outputs: Vec<(usize, String)> = Vec::new();
        for pair in &self.outputs {
            outputs.push((self.column(table, &pair.column, pair.field.span)?, pair.field.node.clone()));
        }
        if self.outputs.is_empty() {
            let rest = table.columns.iter().enumerate().filter(|(place, _)| !compared.contains(place));
            outputs.extend(rest.map(|(place, name)| (place, name.clone())));
        }
        let (digest, finder) = (table.digest(), Finder::new(table, &compared));
        let inputs: Vec<Typed> = self.inputs.iter().map(|pair| rows.column(&pair.field.node)).collect();
        // Each value of a field of several is looked up.
        let several = inputs.iter().any(|input| input.ty == Type::Multi);
        let many = several || table.max_matches > 1 && finder.has_rivals();
        let mut resources = Resources::default();
        resources.add(digest.clone(), table.clone());
        resources.add(LookupCall::finder(&digest, &compared), finder);
        let value = |input: Typed| if input.ty == Type::Multi { input.expr } else { input.into_text() };
        let mut inputs: Vec<_> = inputs.into_iter().map(value).collect();
        if table.time.is_some() {
            inputs.push(rows.column("_time").into_number());
        }
        let ty = if many { Type::Multi } else { Type::Text };
        let mut columns = Vec::new();
        for (place, name) in outputs {
            let call = LookupCall { table: digest.clone(), columns: compared.clone(), place, many };
            let new = Typed::new(call_with(call, inputs.clone(), &resources), ty);
            let value = if self.only_new { or_keep(rows.column(&name), new) } else { new };
            columns.push((name, value));
        }
        Ok(columns)
    }

    fn column(&self, table: &LookupTable, name: &str, at: Span) -> Result<usize, Diagnostic> {
        table.columns.iter().position(|column| column == name).ok_or_else(|| {
            let wrong = Diagnostic::error(
                "spl/unknown-lookup-column",
                format!("the lookup table `{}` has no column `{name}`", self.table.node),
                at,
            );
            match nearest(name, table.columns.iter().map(String::as_str)) {
                Some(known) => wrong.with_help(format!("did you mean `{known}`?")),
                None => wrong.with_help(format!("it has {}", table.columns.join(", "))),
            }
        })
    }
}

/// A column of the rows of a table that match.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LookupCall {
    /// The table's digest.
    table: String,
    /// The places of the columns that the arguments are compared with.
    columns: Vec<usize>,
    place: usize,
    /// Whether several rows may match.
    many: bool,
}

impl LookupCall {
    /// Under which name a finder for these columns is a resource.
    fn finder(table: &str, columns: &[usize]) -> String {
        format!("{table} {columns:?}")
    }
}

impl Function for LookupCall {
    const NAME: &'static str = "spl.lookup";

    fn returns(&self) -> DataType {
        if self.many { Type::Multi.data_type() } else { DataType::Utf8 }
    }

    fn code(&self, resources: &Resources) -> datafusion::common::Result<Code> {
        let finder = match resources.get::<Finder>(&LookupCall::finder(&self.table, &self.columns)) {
            Some(finder) => finder,
            None => match resources.get::<LookupTable>(&self.table) {
                Some(table) => Arc::new(Finder::new(&table, &self.columns)),
                None => return plan_err!("the lookup table of digest {} is not there", self.table),
            },
        };
        let (place, many) = (self.place, self.many);
        Ok(Code::row(move |row| {
            let inputs = row.get(..finder.columns.len()).unwrap_or_default();
            let time = row.get(finder.columns.len()).and_then(Cell::as_float);
            let texts: Vec<String> =
                rows_of_values(inputs).flat_map(|values| finder.texts(&values, time, place)).collect();
            match (texts.is_empty(), many) {
                (true, _) => Cell::Null,
                (false, true) => Cell::texts(texts),
                (false, false) => texts.into_iter().next().map(Cell::text).into(),
            }
        }))
    }
}

/// The values that are looked up together: of fields of several, the first ones, the second ones and so on, each beside the
/// values of the others.
fn rows_of_values<'c>(inputs: &'c [Cell<'c>]) -> impl Iterator<Item = Vec<&'c str>> {
    let longest = inputs.iter().map(|cell| if let Cell::List(cells) = cell { cells.len() } else { 1 }).max();
    (0..longest.unwrap_or(0)).filter_map(move |at| {
        let value = |cell: &'c Cell<'c>| match cell {
            Cell::List(cells) if cells.len() == 1 => cells.first().and_then(Cell::as_text),
            Cell::List(cells) => cells.get(at).and_then(Cell::as_text),
            one => one.as_text(),
        };
        inputs.iter().map(value).collect()
    })
}

impl Finder {
    /// What the rows that match these values have in a column.
    fn texts(&self, values: &[&str], time: Option<f64>, place: usize) -> Vec<String> {
        let found = self.rows(values, time);
        let of_row = |row: &usize| self.table.rows.get(*row).and_then(|row| row.get(place)).cloned();
        let mut texts: Vec<String> = found.iter().filter_map(of_row).filter(|text| !text.is_empty()).collect();
        if let Some(default) = self.table.default_match.as_ref().filter(|_| found.len() < self.table.min_matches) {
            texts.resize(self.table.min_matches.max(texts.len()), default.clone());
        }
        texts
    }

    /// Whether several rows may match one event.
    fn has_rivals(&self) -> bool {
        self.columns.iter().any(|(_, how)| how.is_some())
            || self.exact.values().any(|rows| rows.len() > 1)
            || self.table.min_matches > 1
    }
}
