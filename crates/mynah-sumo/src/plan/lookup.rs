//! `lookup`.
use super::rows::values_plan;
use super::values::pack;
use super::{Draft, Kind, Order, Role, Typed, ValueFunction, lower as lower_value};
use crate::ast::{BinaryOperator, Expression, Lookup, Name};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result as PlanResult, ScalarValue, exec_datafusion_err};
use datafusion::logical_expr::lit;
use datafusion::prelude::Expr;
use mynah_dialect::{LookupTable, MatchType, Site, column};
use mynah_kernels::{Cell, Code, Function, Network, Pattern, Resources, WildcardSyntax, call_with};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The tables that Sumo Logic keeps itself, and those that it fetches.
const BUILT_IN: [&str; 6] = ["geo://", "asn://", "sumo://", "threat://", "https://", "http://"];

/// An address without its scheme and quotes.
fn bare(address: &str) -> &str {
    address.strip_prefix("path://").unwrap_or(address).trim_matches('"')
}

fn is_built_in(address: &str) -> bool {
    BUILT_IN.iter().any(|scheme| address.starts_with(scheme))
}

/// The site's table under an address, by all of it or by the name that it ends in.
fn table_at<'s>(site: &'s Site, address: &str) -> Option<&'s LookupTable> {
    let path = bare(address);
    let name = path.rsplit('/').next().unwrap_or(path);
    site.lookups.get(path).or_else(|| site.lookups.get(name).filter(|_| !is_built_in(address)))
}

/// `lookupContains(path, field=column, …)`: whether a row of the table has these values.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/lookupcontains/>
pub(crate) fn contains(draft: &mut Draft<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let wrong = |span| {
        Diagnostic::error("sumo/arguments", "`lookupContains` takes a table and conditions `field=column`", span)
    };
    let Some((Expression::Text(address), conditions)) = arguments.split_first() else { return Err(wrong(span)) };
    let mut pairs = Vec::new();
    for condition in conditions {
        let parts =
            if let Expression::And(parts) = condition { parts.as_slice() } else { std::slice::from_ref(condition) };
        for part in parts {
            let Expression::Binary(BinaryOperator::Equal, field, column) = part else { return Err(wrong(part.span())) };
            let Expression::Field(column) = column.as_ref() else { return Err(wrong(part.span())) };
            pairs.push((lower_value(draft, field)?.to(Kind::Text).expr, column));
        }
    }
    let path = address.value();
    let Some(table) = table_at(draft.context.site, &path) else {
        draft.cannot_run(
            "sumo/unknown-lookup",
            format!("the site has no lookup table `{}`", bare(&path)),
            address.place.0,
        )?;
        return Ok(Typed::new(lit(false), Kind::Boolean));
    };
    let keys = pairs.iter().map(|(_, column)| position(table, column)).collect::<Result<_, _>>()?;
    let row = LookupRow { table: table.digest(), keys, outputs: Vec::new(), classic: false };
    let found = find(table, row, pairs.into_iter().map(|(value, _)| value).collect());
    Ok(Typed::new(found.is_not_null(), Kind::Boolean))
}

/// The values of the table's row for a key, packed; null if there is none.
fn find(table: &LookupTable, row: LookupRow, values: Vec<Expr>) -> Expr {
    let mut resources = Resources::default();
    resources.add(row.table.clone(), table.clone());
    call_with(row, values, &resources)
}

/// Whether a table is of the older kind, which is named by its path alone or its address on the web: its keys mind case,
/// and of several rows for a key the last one counts.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/lookup-classic/>
fn is_classic(address: &str) -> bool {
    address.starts_with("http") || !address.contains("://")
}

/// The number of a table's column.
fn position(table: &LookupTable, wanted: &Name) -> Result<usize, Diagnostic> {
    table.columns.iter().position(|column| column.eq_ignore_ascii_case(&wanted.text)).ok_or_else(|| {
        let message = format!("the table has no column `{}`", wanted.text);
        Diagnostic::error("sumo/unknown-column", message, wanted.span())
            .with_help(format!("its columns are {}", table.columns.join(", ")))
    })
}

pub(super) fn lower(draft: &mut Draft<'_>, lookup: &Lookup) -> Result<(), Diagnostic> {
    let path = bare(&lookup.table);
    let Some(table) = table_at(draft.context.site, &lookup.table) else {
        if is_built_in(&lookup.table) {
            return not_at_hand(draft, lookup);
        }
        for (left, right) in &lookup.on {
            draft.resolve(left).or_else(|error| draft.resolve(right).map_err(|_| error))?;
        }
        return missing(draft, lookup, "sumo/unknown-lookup", format!("the site has no lookup table `{path}`"));
    };
    let position = |wanted: &Name| position(table, wanted);
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    for (left, right) in &lookup.on {
        // The field comes first; in older queries often the table's column. Which is which shows in the names.
        let turned = position(right).is_err() && position(left).is_ok();
        let (field, key) = if turned { (right, left) } else { (left, right) };
        keys.push(position(key)?);
        values.push(draft.resolve(field)?.to(Kind::Text).expr);
    }
    let (mut outputs, mut names) = (Vec::new(), Vec::new());
    if lookup.all {
        outputs.extend(0..table.columns.len());
        names.extend(table.columns.iter().cloned());
    }
    for (column, name) in lookup.outputs() {
        outputs.push(position(column)?);
        names.push(name.text.clone());
    }
    let row = LookupRow { table: table.digest(), keys, outputs, classic: is_classic(&lookup.table) };
    let found = find(table, row, values);
    let packed = draft.hide("lookup", Typed::new(found, Kind::Text))?;
    let field =
        |(index, name)| (name, Role::Field, Typed::new(ValueFunction::Item(index).of(column(&packed)), Kind::Text));
    draft.add(names.into_iter().enumerate().map(field).collect())
}

/// The rows of a table of the site instead of messages.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/cat/>
pub(super) fn cat(draft: &mut Draft<'_>, path: &str, at: Span) -> Result<(), Diagnostic> {
    let path = bare(path);
    let Some(table) = table_at(draft.context.site, path) else {
        return draft.cannot_run("sumo/unknown-lookup", format!("the site has no lookup table `{path}`"), at);
    };
    let mut types: Vec<(String, DataType)> = table.columns.iter().map(|name| (name.clone(), DataType::Utf8)).collect();
    let mut columns: Vec<(String, Kind, Role)> =
        table.columns.iter().map(|name| (name.clone(), Kind::Text, Role::Field)).collect();
    types.push((ROW.to_owned(), DataType::UInt64));
    columns.push((ROW.to_owned(), Kind::Integer, Role::Hidden));
    let row = |(number, row): (usize, &Vec<String>)| {
        let cells = row.iter().map(|text| ScalarValue::from(text.as_str()));
        cells.chain([ScalarValue::UInt64(Some(number as u64))]).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<ScalarValue>> = table.rows.iter().enumerate().map(row).collect();
    if rows.is_empty() {
        return Err(Diagnostic::error("sumo/empty-lookup", format!("the lookup table `{path}` has no rows"), at));
    }
    let plan = values_plan(&types, rows).map_err(|error| draft.refused(&error))?;
    draft.regroup(plan, columns, vec![Order { column: ROW.to_owned(), ascending: true }], ROW);
    Ok(())
}

/// The hidden number of a table's row.
const ROW: &str = "__row";

/// A table of Sumo Logic's own that the site does not give: its columns are null, as where no row matches.
fn not_at_hand(draft: &mut Draft<'_>, lookup: &Lookup) -> Result<(), Diagnostic> {
    // These name the table's column first, the field second.
    for (_, field) in &lookup.on {
        draft.resolve(field)?;
    }
    let message = format!("`{}` is a table that Sumo Logic keeps or fetches: its columns are null here", lookup.table);
    draft.diagnostics.push(
        Diagnostic::warning("sumo/unsupported-lookup", message, lookup.table_place.0)
            .with_help("a table of the site takes its place: give it under this name in `[lookups]` of mynah.toml"),
    );
    draft.dynamic |= lookup.all;
    let field = |(_, name): (&Name, &Name)| (name.text.clone(), Role::Field, Typed::null().to(Kind::Text));
    draft.add(lookup.outputs().map(field).collect())
}

/// There is no such table: in `check` its fields are there all the same.
fn missing(draft: &mut Draft<'_>, lookup: &Lookup, code: &'static str, message: String) -> Result<(), Diagnostic> {
    let dynamic = draft.dynamic || lookup.all;
    draft.cannot_run(code, message, lookup.table_place.0)?;
    // All other fields than those of `*` are known.
    draft.dynamic = dynamic;
    let field = |(_, name): (&Name, &Name)| (name.text.clone(), Role::Field, Typed::null().to(Kind::Text));
    draft.add(lookup.outputs().map(field).collect())
}

/// The values of a table's row for a key, packed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LookupRow {
    /// The table's digest.
    table: String,
    /// The columns that are compared.
    keys: Vec<usize>,
    /// The columns that are given.
    outputs: Vec<usize>,
    /// Whether keys mind case and the last row for a key counts, and not the first one in any case.
    classic: bool,
}

impl Function for LookupRow {
    const NAME: &'static str = "sumo.lookup";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, resources: &Resources) -> PlanResult<Code> {
        let table = resources.get::<LookupTable>(&self.table);
        let table = table.ok_or_else(|| exec_datafusion_err!("the lookup table {} is not at hand", self.table))?;
        let how: Vec<Option<MatchType>> = self.keys.iter().map(|at| how(&table, *at)).collect();
        let outputs = |row: &Vec<String>| pack(self.outputs.iter().map(|at| row.get(*at)));
        let classic = self.classic;
        let key = move |text: &str| if classic { text.to_owned() } else { text.to_lowercase() };
        let cell = |row: &Vec<String>, at: usize| row.get(at).map(|text| key(text)).unwrap_or_default();
        if how.iter().all(Option::is_none) {
            let mut index: HashMap<Vec<String>, String> = HashMap::new();
            for row in table.rows.iter() {
                let key = self.keys.iter().map(|at| cell(row, *at)).collect();
                if classic {
                    index.insert(key, outputs(row));
                } else {
                    index.entry(key).or_insert_with(|| outputs(row));
                }
            }
            return Ok(Code::row(move |row| {
                let wanted: Option<Vec<String>> = row.iter().map(|cell| cell.as_text().map(key)).collect();
                wanted.and_then(|wanted| index.get(&wanted)).map(|packed| Cell::text(packed.clone())).into()
            }));
        }
        let test = |row: &Vec<String>| {
            let tests = self.keys.iter().zip(&how).map(|(at, how)| Test::new(*how, cell(row, *at)));
            (tests.collect::<Vec<_>>(), outputs(row))
        };
        let mut rows: Vec<(Vec<Test>, String)> = table.rows.iter().map(test).collect();
        if classic {
            rows.reverse();
        }
        Ok(Code::row(move |row| {
            let wanted: Option<Vec<String>> = row.iter().map(|cell| cell.as_text().map(key)).collect();
            let Some(wanted) = wanted else { return Cell::Null };
            let fits = |tests: &[Test]| tests.iter().zip(&wanted).all(|(test, value)| test.fits(value));
            rows.iter().find(|(tests, _)| fits(tests)).map(|(_, packed)| Cell::text(packed.clone())).into()
        }))
    }
}

/// How a column of a table matches, where not by equality.
fn how(table: &LookupTable, column: usize) -> Option<MatchType> {
    let name = table.columns.get(column)?;
    table.match_types.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, how)| *how)
}

/// What a row of a table asks of a value, both in lower case unless case counts.
enum Test {
    Equal(String),
    Pattern(Pattern),
    Network(Network),
    /// What is no network matches nothing.
    Never,
}

impl Test {
    fn new(how: Option<MatchType>, text: String) -> Test {
        match how {
            None => Test::Equal(text),
            Some(MatchType::Wildcard) => Test::Pattern(Pattern::parse(&text, WildcardSyntax::STARS)),
            Some(MatchType::Cidr) => text.parse().map_or(Test::Never, Test::Network),
        }
    }

    fn fits(&self, value: &str) -> bool {
        match self {
            Test::Equal(text) => text == value,
            Test::Pattern(pattern) => pattern.fits(value),
            Test::Network(network) => value.parse().is_ok_and(|address| network.contains(address)),
            Test::Never => false,
        }
    }
}
