//! `where`.
use crate::ast::Expression;
use crate::parser::{Parsed, Parser};
use crate::plan::{Stage, boolean};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "where",
    usage: "| where condition",
    summary: "Keeps the rows for which a condition is true. Comparisons of text tell upper and lower case apart; a comparison with null is false, and its opposite true.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/where/",
    examples: &[],
};

/// `where condition`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Where {
    pub condition: Expression,
}

impl Where {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("where")?;
        Ok(Where { condition: p.expression()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let condition = boolean(stage, &self.condition)?;
        stage.filter(condition)
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "where {}", self.condition)
    }
}
