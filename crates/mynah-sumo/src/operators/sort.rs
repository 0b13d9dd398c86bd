//! `sort` (`order`).
use crate::ast::{Name, commas};
use crate::parser::{Parsed, Parser};
use crate::plan::{Order, Role, Stage};
use datafusion::prelude::Expr;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "sort",
    usage: "| sort by [+|-]field [asc|desc], …; also | order by …",
    summary: "Sorts the rows, from the greatest down unless `+` or `asc` is given. Texts sort as texts, upper case before lower; numbers as numbers.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/sort/",
    examples: &[],
};

/// `sort by …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sort {
    keys: Vec<SortKey>,
}

/// One key of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SortKey {
    pub name: Name,
    pub ascending: bool,
}

impl SortKey {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let mut ascending = p.eat_symbol("+");
        if !ascending {
            p.eat_symbol("-");
        }
        let name = p.name()?;
        if p.eat_word("asc") || p.eat_word("ascending") {
            ascending = true;
        } else if p.eat_word("desc") || p.eat_word("descending") {
            ascending = false;
        }
        Ok(SortKey { name, ascending })
    }
}

/// Sorts the rows by these keys and then as they were.
pub(super) fn sort(stage: &mut Stage<'_>, keys: &[SortKey]) -> Result<(), Diagnostic> {
    let mut order = Vec::new();
    for key in keys {
        let value = stage.resolve(&key.name)?;
        let column = match &value.expr {
            Expr::Column(column) => column.name.clone(),
            _ => {
                let name = stage.hidden_name("sort");
                stage.add(vec![(name.clone(), Role::Hidden, value)])?;
                name
            }
        };
        order.push(Order { column, ascending: key.ascending });
    }
    stage.sort_by(order);
    Ok(())
}

impl Sort {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.bump();
        p.eat_word("by");
        let mut keys = Vec::new();
        while !p.at_end() {
            keys.push(SortKey::parse(p)?);
            if !p.eat_symbol(",") {
                break;
            }
        }
        Ok(Sort { keys })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        if self.keys.is_empty() {
            let message = "`sort` without a field changes nothing";
            stage.diagnostics.push(Diagnostic::warning("sumo/sort-without-field", message, stage.at));
        }
        sort(stage, &self.keys)
    }
}

impl fmt::Display for SortKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, if self.ascending { "asc" } else { "desc" })
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sort ")?;
        commas(f, &self.keys)
    }
}
