//! `fillmissing`.
use super::timeslice::{Slice, milliseconds};
use crate::ast::{Expression, Name, Place, Text, commas};
use crate::parser::{Parsed, Parser, number_value};
use crate::plan::{Kind, Role, Stage, values_plan};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::LogicalPlanBuilder;
use mynah_dialect::{FunctionDoc, column};
use mynah_syntax::Diagnostic;
use std::collections::{BTreeSet, HashSet};
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "fillmissing",
    usage: "| fillmissing timeslice[(15m)] [in field], values(\"a\", …) in field, values all in field [with value for field, …]",
    summary: "Adds a row for every combination of slices and values that has none: numbers 0, texts null, unless `with` says otherwise. Slices reach from the first to the last one of the rows.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/fillmissing/",
    examples: &[],
};

/// As many combinations as Sumo Logic makes.
const MOST: usize = 10_000;

/// `fillmissing …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FillMissing {
    generators: Vec<Generator>,
    with: Vec<(Expression, Name)>,
    take_last: Option<Place>,
}

#[derive(Debug, Clone, PartialEq)]
enum Generator {
    Timeslice(Slice, Option<Name>),
    Values(Vec<Text>, Name),
    AllValues(Name),
}

impl FillMissing {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("fillmissing")?;
        let mut parsed = FillMissing { generators: Vec::new(), with: Vec::new(), take_last: None };
        loop {
            if p.eat_word("timeslice") {
                let slice = if p.eat_symbol("(") {
                    let slice = Slice::parse(p)?;
                    p.expect_symbol(")")?;
                    slice
                } else {
                    Slice::All
                };
                let name = if p.eat_word("in") { Some(p.name()?) } else { None };
                parsed.generators.push(Generator::Timeslice(slice, name));
            } else {
                p.expect_word("values")?;
                if p.eat_word("all") {
                    p.expect_word("in")?;
                    parsed.generators.push(Generator::AllValues(p.name()?));
                } else {
                    p.expect_symbol("(")?;
                    let mut texts = vec![p.text()?];
                    while p.eat_symbol(",") {
                        texts.push(p.text()?);
                    }
                    p.expect_symbol(")")?;
                    p.expect_word("in")?;
                    parsed.generators.push(Generator::Values(texts, p.name()?));
                }
            }
            if !p.eat_symbol(",") {
                break;
            }
        }
        if p.eat_word("with") {
            loop {
                let value = p.expression()?;
                p.expect_word("for")?;
                parsed.with.push((value, p.name()?));
                if !p.eat_symbol(",") {
                    break;
                }
            }
        }
        if p.at_word("takelast") {
            parsed.take_last = Some(Place(p.bump().span));
        }
        Ok(parsed)
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        if let Some(place) = self.take_last {
            stage.cannot_run("sumo/unsupported", "`takeLast` is not supported".into(), place.0)?;
        }
        let mut keys = Vec::new();
        for generator in &self.generators {
            let name = match generator {
                Generator::Values(_, name) | Generator::AllValues(name) | Generator::Timeslice(_, Some(name)) => {
                    name.clone()
                }
                Generator::Timeslice(_, None) => {
                    Name { text: "_timeslice".into(), quoted: false, place: Place(stage.at) }
                }
            };
            stage.resolve(&name)?;
            keys.push(name);
        }
        for (_, name) in &self.with {
            stage.resolve(name)?;
        }
        let columns: Vec<(String, Kind, Role)> =
            stage.all_columns().iter().map(|column| (column.name.clone(), column.kind, column.role)).collect();
        let plan = stage.plan()?;
        let types: Vec<(String, DataType)> = columns
            .iter()
            .map(|(name, kind, _)| {
                let own = plan.schema().field_with_unqualified_name(name).map(|field| field.data_type().clone());
                (name.clone(), own.unwrap_or_else(|_| kind.data_type()))
            })
            .collect();
        let present = LogicalPlanBuilder::from(plan)
            .project(columns.iter().map(|(name, _, _)| column(name)))
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| stage.refused(&error))?;
        let Some(batches) = stage.rows(&present)? else { return Ok(()) };
        let mut positions = Vec::new();
        for key in &keys {
            match columns
                .iter()
                .position(|(name, _, role)| *role == Role::Field && name.eq_ignore_ascii_case(&key.text))
            {
                Some(position) => positions.push(position),
                None => {
                    return Err(Diagnostic::error(
                        "sumo/unknown-field",
                        format!("there is no field `{}` to fill", key.text),
                        key.span(),
                    ));
                }
            }
        }
        let mut rows: Vec<Vec<ScalarValue>> = Vec::new();
        for batch in &batches {
            for row in 0..batch.num_rows() {
                let values = positions.iter().map(|at| match batch.columns().get(*at) {
                    Some(column) => ScalarValue::try_from_array(column, row),
                    None => Ok(ScalarValue::Null),
                });
                rows.push(values.collect::<datafusion::common::Result<_>>().map_err(|error| stage.refused(&error))?);
            }
        }
        let mut wanted: Vec<Vec<ScalarValue>> = Vec::new();
        for (index, generator) in self.generators.iter().enumerate() {
            let own: Vec<&ScalarValue> = rows.iter().filter_map(|row| row.get(index)).collect();
            wanted.push(match generator {
                Generator::Values(texts, _) => texts.iter().map(|text| ScalarValue::from(text.value())).collect(),
                Generator::AllValues(_) => {
                    let mut seen = HashSet::new();
                    own.into_iter().filter(|value| seen.insert((*value).clone())).cloned().collect()
                }
                Generator::Timeslice(slice, _) => self.slices(stage, slice, &own)?,
            });
        }
        let have: HashSet<&Vec<ScalarValue>> = rows.iter().collect();
        let missing: Vec<Vec<ScalarValue>> =
            combinations(&wanted).into_iter().filter(|tuple| !have.contains(tuple)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut filled = Vec::new();
        for tuple in missing {
            let mut row = Vec::new();
            for (at, (name, data_type)) in types.iter().enumerate() {
                let key = positions.iter().position(|position| *position == at).and_then(|index| tuple.get(index));
                let value = match key {
                    Some(value) => value.cast_to(data_type),
                    None => self.default(name, data_type),
                };
                row.push(value.map_err(|error| stage.refused(&error))?);
            }
            filled.push(row);
        }
        let values = values_plan(&types, filled).map_err(|error| stage.refused(&error))?;
        let filled = LogicalPlanBuilder::from(present).union(values).and_then(LogicalPlanBuilder::build);
        stage.set_plan(filled.map_err(|error| stage.refused(&error))?);
        Ok(())
    }

    fn slices(&self, stage: &Stage<'_>, slice: &Slice, own: &[&ScalarValue]) -> Result<Vec<ScalarValue>, Diagnostic> {
        let width = match (slice, &stage.timeslice) {
            (Slice::Every(text, _), _) => milliseconds(text).unwrap_or(60_000),
            (Slice::All, Some((_, width))) => *width,
            _ => {
                return Err(Diagnostic::error(
                    "sumo/interval",
                    "there is no `timeslice` whose interval could be taken",
                    stage.at,
                )
                .with_help("write it: `timeslice(15m)`"));
            }
        };
        let times: BTreeSet<i64> = own
            .iter()
            .filter_map(|value| match value {
                ScalarValue::Int64(time) => *time,
                _ => None,
            })
            .collect();
        let (Some(first), Some(last)) = (times.first(), times.last()) else { return Ok(Vec::new()) };
        let mut slices = Vec::new();
        let mut at = *first;
        while at <= *last && slices.len() < MOST {
            slices.push(ScalarValue::Int64(Some(at)));
            at = at.saturating_add(width.max(1));
        }
        Ok(slices)
    }

    /// What a new row has in a field that no generator makes.
    fn default(&self, name: &str, data_type: &DataType) -> datafusion::common::Result<ScalarValue> {
        if let Some((value, _)) = self.with.iter().find(|(_, field)| field.text.eq_ignore_ascii_case(name)) {
            let value = match value {
                Expression::Text(text) => ScalarValue::from(text.value()),
                Expression::Number(number, _) => ScalarValue::from(number_value(number)),
                Expression::Negative(inner, _) => match inner.as_ref() {
                    Expression::Number(number, _) => ScalarValue::from(number_value(number).map(|n| -n)),
                    _ => ScalarValue::Null,
                },
                _ => ScalarValue::Null,
            };
            return value.cast_to(data_type);
        }
        match data_type {
            // The hidden number of a group's first event: new rows come last.
            DataType::UInt64 => Ok(ScalarValue::UInt64(Some(u64::MAX))),
            DataType::Int64 => Ok(ScalarValue::Int64(Some(0))),
            DataType::Float64 => Ok(ScalarValue::Float64(Some(0.0))),
            DataType::Boolean => Ok(ScalarValue::Boolean(Some(false))),
            other => ScalarValue::try_from(other),
        }
    }
}

/// Every combination of one value of each list, no more than [`MOST`].
fn combinations(lists: &[Vec<ScalarValue>]) -> Vec<Vec<ScalarValue>> {
    let mut all: Vec<Vec<ScalarValue>> = vec![Vec::new()];
    for list in lists {
        let mut next = Vec::new();
        'tuples: for tuple in &all {
            for value in list {
                if next.len() >= MOST {
                    break 'tuples;
                }
                let mut longer = tuple.clone();
                longer.push(value.clone());
                next.push(longer);
            }
        }
        all = next;
    }
    all
}

impl fmt::Display for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Generator::Timeslice(slice, name) => {
                f.write_str("timeslice")?;
                if *slice != Slice::All {
                    write!(f, "({})", slice.to_string().trim())?;
                }
                match name {
                    Some(name) => write!(f, " in {name}"),
                    None => Ok(()),
                }
            }
            Generator::Values(texts, name) => {
                f.write_str("values(")?;
                commas(f, texts)?;
                write!(f, ") in {name}")
            }
            Generator::AllValues(name) => write!(f, "values all in {name}"),
        }
    }
}

impl fmt::Display for FillMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fillmissing ")?;
        commas(f, &self.generators)?;
        for (index, (value, name)) in self.with.iter().enumerate() {
            f.write_str(if index == 0 { " with " } else { ", " })?;
            write!(f, "{value} for {name}")?;
        }
        if self.take_last.is_some() { f.write_str(" takelast") } else { Ok(()) }
    }
}
