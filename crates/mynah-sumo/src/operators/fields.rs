//! `fields`.
use crate::ast::{Name, commas};
use crate::parser::{Parsed, Parser};
use crate::plan::Stage;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "fields",
    usage: "| fields name, …; | fields - name, …",
    summary: "Shows these fields alone, in this order; or, with a minus, all others.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/fields/",
    examples: &[],
};

/// `fields …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fields {
    without: bool,
    names: Vec<Name>,
}

impl Fields {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("fields")?;
        let without = p.eat_symbol("-");
        if !without {
            p.eat_symbol("+");
        }
        let brackets = p.eat_symbol("(");
        let mut names = vec![p.name()?];
        while p.eat_symbol(",") {
            p.eat_symbol("-");
            names.push(p.name()?);
        }
        if brackets {
            p.expect_symbol(")")?;
        }
        Ok(Fields { without, names })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        if self.without {
            stage.deny(&self.names);
            return Ok(());
        }
        stage.allow(&self.names)
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.without { "fields - " } else { "fields " })?;
        commas(f, &self.names)
    }
}
