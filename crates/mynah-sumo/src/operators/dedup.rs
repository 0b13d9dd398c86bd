//! `dedup`.
use crate::ast::{Name, commas};
use crate::lexer::TokenKind;
use crate::parser::{Count, Parsed, Parser};
use crate::plan::balanced;
use crate::plan::{Kind, Role, Stage, Typed};
use datafusion::functions_window::expr_fn::{lag, row_number};
use datafusion::logical_expr::{ExprFunctionExt, lit};
use mynah_dialect::{FunctionDoc, column};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "dedup",
    usage: "| dedup [consecutive] [number] [by field, …]",
    summary: "Keeps the first rows (one if no number is given) of each combination of fields, of `_raw` if none are given; with `consecutive` of each run of equal ones.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/dedup/",
    examples: &[],
};

/// `dedup …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dedup {
    consecutive: bool,
    number: Option<Count>,
    by: Vec<Name>,
}

impl Dedup {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("dedup")?;
        let consecutive = p.eat_word("consecutive");
        let number = if p.peek().kind == TokenKind::Number { Some(p.count()?) } else { None };
        Ok(Dedup { consecutive, number, by: p.by()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let mut keys = Vec::new();
        for name in &self.by {
            keys.push(stage.resolve(name)?.expr);
        }
        if keys.is_empty() {
            keys.push(stage.raw().expr);
        }
        let number = match self.number {
            Some(Count::Number(number, _)) => number,
            _ => 1,
        };
        let order = stage.sort_keys();
        let refused = |stage: &Stage<'_>, error| stage.refused(&error);
        if self.consecutive {
            if number != 1 {
                return Err(Diagnostic::error(
                    "sumo/unsupported",
                    "`dedup consecutive` with a number is not supported",
                    stage.at,
                ));
            }
            let mut same = Vec::new();
            let mut added = Vec::new();
            for key in keys {
                let before =
                    lag(key.clone(), Some(1), None).order_by(order.clone()).build().map_err(|e| refused(stage, e))?;
                let name = stage.hidden_name("before");
                let equal = datafusion::logical_expr::binary_expr(
                    column(&name),
                    datafusion::logical_expr::Operator::IsNotDistinctFrom,
                    key,
                );
                added.push((name, Role::Hidden, Typed::new(before, Kind::Text)));
                same.push(equal);
            }
            let first = row_number().order_by(order).build().map_err(|e| refused(stage, e))?;
            let row = stage.hidden_name("row");
            added.push((row.clone(), Role::Hidden, Typed::new(first, Kind::Integer)));
            stage.add(added)?;
            let same = balanced::all(same).unwrap_or_else(|| lit(false));
            return stage.filter(column(&row).eq(lit(1u64)).or(same.is_not_true()));
        }
        let rank = row_number().partition_by(keys).order_by(order).build().map_err(|e| refused(stage, e))?;
        let name = stage.hide("rank", Typed::new(rank, Kind::Integer))?;
        stage.filter(column(&name).lt_eq(lit(number)))
    }
}

impl fmt::Display for Dedup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dedup")?;
        if self.consecutive {
            f.write_str(" consecutive")?;
        }
        if let Some(number) = &self.number {
            write!(f, " {number}")?;
        }
        if self.by.is_empty() {
            return Ok(());
        }
        f.write_str(" by ")?;
        commas(f, &self.by)
    }
}
