//! `transpose`.
use crate::ast::{Name, commas};
use crate::parser::{Parsed, Parser};
use crate::plan::{Aggregated, Kind, Level, Stage, Typed, aggregate, rows_of};
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::expr_fn::max;
use datafusion::logical_expr::{LogicalPlanBuilder, lit, when};
use mynah_dialect::{FunctionDoc, column};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "transpose",
    usage: "| transpose row field, … column field [as name, …, *]",
    summary: "Turns the values of a field into columns, in the order of the alphabet; the rows are those of the row fields, the cells the values of the one field that is left. `as` says which columns there are; with `*` the others follow.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/transpose/",
    examples: &[],
};

/// As many columns as Sumo Logic makes.
const MOST: usize = 300;

/// `transpose row … column …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Transpose {
    rows: Vec<Name>,
    columns: Vec<Name>,
    names: Vec<Name>,
    /// `*` among the names, or no names at all.
    others: bool,
}

impl Transpose {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("transpose")?;
        p.expect_word("row")?;
        let rows = p.names()?;
        p.expect_word("column")?;
        let columns = p.names()?;
        let mut parsed = Transpose { rows, columns, names: Vec::new(), others: false };
        if !p.eat_word("as") {
            parsed.others = true;
            return Ok(parsed);
        }
        let brackets = p.eat_symbol("[") || p.eat_symbol("(");
        loop {
            if p.eat_symbol("*") {
                parsed.others = true;
            } else {
                parsed.names.push(p.name()?);
            }
            if !p.eat_symbol(",") {
                break;
            }
        }
        if brackets && !p.eat_symbol("]") {
            p.expect_symbol(")")?;
        }
        Ok(parsed)
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let mut keys = Vec::new();
        for name in &self.rows {
            keys.push((
                stage.field(&name.text).map_or(name.text.clone(), |field| field.name.clone()),
                stage.resolve(name)?,
            ));
        }
        let mut columns = Vec::new();
        for name in &self.columns {
            columns.push(stage.resolve(name)?);
        }
        let named =
            |name: &str| self.rows.iter().chain(&self.columns).any(|other| other.text.eq_ignore_ascii_case(name));
        let values: Vec<(String, Kind)> =
            stage.fields().filter(|field| !named(&field.name)).map(|field| (field.name.clone(), field.kind)).collect();
        let unknown = stage.dynamic || stage.dry || stage.level == Level::Messages;
        let (Some(column_value), [(value, kind)], 1) = (columns.first().cloned(), values.as_slice(), columns.len())
        else {
            if unknown && values.is_empty() && columns.len() == 1 {
                return self.unknown(stage, keys, Kind::Text, None);
            }
            let what = if columns.len() == 1 {
                format!("`transpose` with {} fields for its cells is not supported", values.len())
            } else {
                "`transpose` with several column fields is not supported".to_owned()
            };
            stage.cannot_run("sumo/unsupported", what, stage.at)?;
            return self.unknown(stage, keys, Kind::Text, None);
        };
        let column_text = column_value.to(Kind::Text).expr;
        let mut found: Vec<String> = Vec::new();
        if self.others {
            let distinct = LogicalPlanBuilder::from(stage.plan()?)
                .project([column_text.clone().alias("column")])
                .and_then(LogicalPlanBuilder::distinct)
                .and_then(LogicalPlanBuilder::build)
                .map_err(|error| stage.refused(&error))?;
            let Some(batches) = stage.rows(&distinct)? else {
                return self.unknown(stage, keys, *kind, Some((value.clone(), column_text)));
            };
            for row in rows_of(&batches, &[Kind::Text]).map_err(|error| stage.refused(&error))? {
                if let Some(ScalarValue::Utf8(Some(text))) = row.into_iter().next() {
                    found.push(text);
                }
            }
            found.sort();
        }
        let mut names: Vec<String> = self.names.iter().map(|name| name.text.clone()).collect();
        for text in found {
            if !names.iter().any(|name| name.eq_ignore_ascii_case(&text)) && !named(&text) {
                names.push(text);
            }
        }
        names.truncate(MOST);
        self.pivot(stage, keys, names, value, *kind, column_text)
    }

    fn pivot(
        &self,
        stage: &mut Stage<'_>,
        keys: Vec<(String, Typed)>,
        names: Vec<String>,
        value: &str,
        kind: Kind,
        column_text: datafusion::prelude::Expr,
    ) -> Result<(), Diagnostic> {
        let mut calls = Vec::new();
        for name in names {
            let cell = when(column_text.clone().eq(lit(name.clone())), column(value))
                .end()
                .map_err(|error| stage.refused(&error))?;
            calls.push(Aggregated {
                name,
                kind,
                arguments: vec![Typed::new(cell, kind)],
                call: Box::new(|arguments, _| match arguments.into_iter().next() {
                    Some(argument) => Ok(max(argument)),
                    None => datafusion::common::plan_err!("an aggregate without an argument"),
                }),
                after: None,
            });
        }
        aggregate(stage, keys, calls)
    }

    /// Without data, only the columns that the query names itself are known.
    fn unknown(
        &self,
        stage: &mut Stage<'_>,
        keys: Vec<(String, Typed)>,
        kind: Kind,
        cells: Option<(String, datafusion::prelude::Expr)>,
    ) -> Result<(), Diagnostic> {
        let names = self.names.iter().map(|name| name.text.clone()).collect();
        match cells {
            Some((value, column_text)) => self.pivot(stage, keys, names, &value, kind, column_text)?,
            None => aggregate(stage, keys, Vec::new())?,
        }
        stage.dynamic = true;
        Ok(())
    }
}

impl fmt::Display for Transpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("transpose row ")?;
        commas(f, &self.rows)?;
        f.write_str(" column ")?;
        commas(f, &self.columns)?;
        if self.names.is_empty() {
            return Ok(());
        }
        f.write_str(" as ")?;
        commas(f, &self.names)?;
        if self.others { f.write_str(", *") } else { Ok(()) }
    }
}
