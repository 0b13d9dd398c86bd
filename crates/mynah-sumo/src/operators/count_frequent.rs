//! `count_frequent`.
use super::{Key, aggregates::count};
use crate::ast::commas;
use crate::parser::{Parsed, Parser};
use crate::plan::{Order, Stage, aggregate, lower};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "count_frequent",
    usage: "| count_frequent field [, field …]",
    summary: "How often each value occurs, the most frequent first, as `_approxcount`; exact here. No more than 10,000 rows.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/count-count-distinct-and-count-frequent/",
    examples: &[],
};

/// As many rows as Sumo Logic gives.
const MOST: usize = 10_000;

/// `count_frequent a, b`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CountFrequent {
    keys: Vec<Key>,
}

impl CountFrequent {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("count_frequent")?;
        let brackets = p.eat_symbol("(");
        let mut keys = vec![Key::parse(p)?];
        while p.eat_symbol(",") {
            keys.push(Key::parse(p)?);
        }
        if brackets {
            p.expect_symbol(")")?;
        }
        Ok(CountFrequent { keys })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let mut keys = Vec::new();
        for key in &self.keys {
            keys.push((key.label(), lower(stage, &key.value)?));
        }
        aggregate(stage, keys, vec![count("_approxcount".into())])?;
        stage.sort_by(vec![Order { column: "_approxcount".into(), ascending: false }]);
        let sort = stage.sort_keys();
        stage.replan(|builder| builder.sort_with_limit(sort, Some(MOST)))
    }
}

impl fmt::Display for CountFrequent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("count_frequent ")?;
        commas(f, &self.keys)
    }
}
