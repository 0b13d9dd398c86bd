//! `total`, `accum`, `smooth`, `rollingstd`, `backshift`, `diff`: a value of each row from its neighbours.
use crate::ast::{Name, commas};
use crate::parser::{Count, Parsed, Parser};
use crate::plan::{Kind, Stage, Typed};
use datafusion::common::ScalarValue;
use datafusion::functions_aggregate::average::avg_udaf;
use datafusion::functions_aggregate::stddev::stddev_pop_udaf;
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::functions_window::expr_fn::lag;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{
    ExprFunctionExt, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
};
use datafusion::prelude::Expr;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

const fn doc(name: &'static str, usage: &'static str, summary: &'static str, page: &'static str) -> FunctionDoc {
    FunctionDoc { name, usage, summary, page, examples: &[] }
}

pub(super) const DOCS: [&FunctionDoc; 6] = [
    &doc(
        "total",
        "| total field [as name] [by field, …]",
        "The sum of a field over all rows, in every row, as `_total` if it is given no name.",
        "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/total/",
    ),
    &doc(
        "accum",
        "| accum field [as name] [by field, …]",
        "The sum of a field up to and with each row, in the order of the rows, as `_accum` if it is given no name.",
        "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/accum/",
    ),
    &doc(
        "smooth",
        "| smooth field [, rows] [as name] [by field, …]",
        "The mean of a field over the last rows, 10 if no number is given, as `_smooth` if it is given no name.",
        "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/smooth/",
    ),
    &doc(
        "rollingstd",
        "| rollingstd field [, rows] [as name] [by field, …]",
        "The standard deviation of a field over the last rows, 10 if no number is given, as `_rollingstd` if it is given no name.",
        "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/rollingstd/",
    ),
    &doc(
        "backshift",
        "| backshift field [, rows] [as name] [by field, …]",
        "The value of a field some rows before, one if no number is given, as `_backshift` if it is given no name.",
        "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/backshift/",
    ),
    &doc(
        "diff",
        "| diff field [as name] [by field, …]",
        "How much a field differs from the row before, as `_diff` if it is given no name; null in the first row.",
        "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/diff/",
    ),
];

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Total,
    Accum,
    Smooth,
    RollingStd,
    Backshift,
    Diff,
}

impl Which {
    const ALL: [(Which, &'static str); 6] = [
        (Which::Total, "total"),
        (Which::Accum, "accum"),
        (Which::Smooth, "smooth"),
        (Which::RollingStd, "rollingstd"),
        (Which::Backshift, "backshift"),
        (Which::Diff, "diff"),
    ];

    fn name(self) -> &'static str {
        Which::ALL.iter().find(|(which, _)| *which == self).map_or("", |(_, name)| name)
    }
}

/// `total x as y by z` and its like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    which: Which,
    field: Name,
    length: Option<Count>,
    name: Option<Name>,
    by: Vec<Name>,
}

impl Window {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let word = p.bump();
        let which = Which::ALL.iter().find(|(_, name)| word.is_word(name)).map(|(which, _)| *which);
        let Some(which) = which else { return Err(p.error(format!("{} is no operator", word.shown()), word.span)) };
        let brackets = p.eat_symbol("(");
        let field = p.name()?;
        let length = if p.eat_symbol(",") { Some(p.count()?) } else { None };
        if brackets {
            p.expect_symbol(")")?;
        }
        let name = p.alias()?;
        Ok(Window { which, field, length, name, by: p.by()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let value = stage.resolve(&self.field)?;
        let number = value.clone().to(Kind::Number).expr;
        let mut groups = Vec::new();
        for name in &self.by {
            groups.push(stage.resolve(name)?.expr);
        }
        let length = match &self.length {
            Some(count) => Some(stage.number(count)?),
            None => None,
        };
        let rows = |before: Option<usize>| {
            let start = ScalarValue::UInt64(before.map(|rows| rows as u64));
            WindowFrame::new_bounds(
                WindowFrameUnits::Rows,
                WindowFrameBound::Preceding(start),
                WindowFrameBound::CurrentRow,
            )
        };
        let order = stage.sort_keys();
        let over = |aggregate, argument: Expr| {
            Expr::from(WindowFunction::new(WindowFunctionDefinition::AggregateUDF(aggregate), vec![argument]))
                .partition_by(groups.clone())
        };
        let last = length.unwrap_or(10).clamp(1, 1000) - 1;
        let shift = length.unwrap_or(1).min(1000) as i64;
        let built = match self.which {
            Which::Total => over(sum_udaf(), number.clone()).build().map(|expr| Typed::new(expr, Kind::Number)),
            Which::Accum => over(sum_udaf(), number.clone())
                .order_by(order)
                .window_frame(rows(None))
                .build()
                .map(|expr| Typed::new(expr, Kind::Number)),
            Which::Smooth => over(avg_udaf(), number.clone())
                .order_by(order)
                .window_frame(rows(Some(last)))
                .build()
                .map(|expr| Typed::new(expr, Kind::Number)),
            Which::RollingStd => over(stddev_pop_udaf(), number.clone())
                .order_by(order)
                .window_frame(rows(Some(last)))
                .build()
                .map(|expr| Typed::new(expr, Kind::Number)),
            Which::Backshift => lag(value.expr, Some(shift), None)
                .partition_by(groups)
                .order_by(order)
                .build()
                .map(|expr| Typed::new(expr, value.kind)),
            Which::Diff => lag(number.clone(), Some(1), None)
                .partition_by(groups)
                .order_by(order)
                .build()
                .map(|before| Typed::new(before, Kind::Number)),
        };
        let value = built.map_err(|error| stage.refused(&error))?;
        // Window functions stand alone in their node; what is computed from them comes after.
        let hidden = stage.hide("window", value.clone())?;
        let result = mynah_dialect::column(&hidden);
        let result = if self.which == Which::Diff { number - result } else { result };
        let name = match &self.name {
            Some(name) => name.clone(),
            None => Name { text: format!("_{}", self.which.name()), quoted: false, place: self.field.place },
        };
        stage.set(&name, Typed::new(result, value.kind))
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.which.name(), self.field)?;
        if let Some(length) = &self.length {
            write!(f, ", {length}")?;
        }
        if let Some(name) = &self.name {
            write!(f, " as {name}")?;
        }
        if self.by.is_empty() {
            return Ok(());
        }
        f.write_str(" by ")?;
        commas(f, &self.by)
    }
}
