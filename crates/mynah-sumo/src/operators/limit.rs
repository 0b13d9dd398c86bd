//! `limit`.
use crate::parser::{Count, Parsed, Parser};
use crate::plan::Stage;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "limit",
    usage: "| limit number",
    summary: "Keeps the first rows: of messages the newest, of sorted rows the first.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/limit/",
    examples: &[],
};

/// `limit n`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    pub number: Count,
}

impl Limit {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("limit")?;
        Ok(Limit { number: p.count()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let number = stage.number(&self.number)?;
        let sort = stage.sort_keys();
        stage.replan(|builder| builder.sort_with_limit(sort, Some(number)))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "limit {}", self.number)
    }
}
