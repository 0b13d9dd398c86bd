//! `topk`.
use super::sort::{SortKey, sort};
use crate::ast::{Name, commas};
use crate::parser::{Count, Parsed, Parser};
use crate::plan::{Kind, Role, Stage, Typed};
use datafusion::arrow::datatypes::DataType;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{ExprFunctionExt, cast, lit};
use mynah_dialect::{FunctionDoc, column};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "topk",
    usage: "| topk(number, field, …) [by field, …]",
    summary: "The rows with the greatest values, of each combination of the fields behind `by`, with their place as `_rank`.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/topk/",
    examples: &[],
};

/// `topk(n, fields) by keys`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TopK {
    number: Count,
    fields: Vec<Name>,
    by: Vec<Name>,
}

impl TopK {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("topk")?;
        p.expect_symbol("(")?;
        let number = p.count()?;
        p.expect_symbol(",")?;
        let fields = p.names()?;
        p.expect_symbol(")")?;
        Ok(TopK { number, fields, by: p.by()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let number = stage.number(&self.number)?;
        let mut order = Vec::new();
        for name in &self.fields {
            order.push(stage.resolve(name)?.expr.sort(false, false));
        }
        order.extend(stage.sort_keys());
        let mut groups = Vec::new();
        for name in &self.by {
            groups.push(stage.resolve(name)?.expr);
        }
        let rank = row_number().partition_by(groups).order_by(order).build().map_err(|error| stage.refused(&error))?;
        let hidden = stage.hide("rank", Typed::new(rank, Kind::Integer))?;
        let rank = Typed::new(cast(column(&hidden), DataType::Int64), Kind::Integer);
        stage.add(vec![("_rank".into(), Role::Field, rank)])?;
        stage.filter(column("_rank").lt_eq(lit(number as i64)))?;
        let rank = Name { text: "_rank".into(), quoted: false, place: Default::default() };
        let keys: Vec<SortKey> =
            self.by.iter().chain([&rank]).map(|name| SortKey { name: name.clone(), ascending: true }).collect();
        sort(stage, &keys)
    }
}

impl fmt::Display for TopK {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "topk({}, ", self.number)?;
        commas(f, &self.fields)?;
        f.write_str(")")?;
        if self.by.is_empty() {
            return Ok(());
        }
        f.write_str(" by ")?;
        commas(f, &self.by)
    }
}
