//! `save`.
use crate::ast::Place;
use crate::parser::{Parsed, Parser};
use crate::plan::Stage;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "save",
    usage: "| save [append] path",
    summary: "Writes the rows into a lookup table in Sumo Logic. Here the rows are given all the same, and nothing is written.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/save/",
    examples: &[],
};

/// `save path`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Save {
    append: bool,
    path: String,
    place: Place,
}

impl Save {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let start = p.expect_word("save")?;
        let append = p.eat_word("append");
        let (path, span) = p.raw_word()?;
        Ok(Save { append, path, place: Place(start.to(span)) })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        stage.diagnostics.push(Diagnostic::warning(
            "sumo/save",
            "the rows are not saved: there is no lookup table to write to",
            self.place.0,
        ));
        Ok(())
    }
}

impl fmt::Display for Save {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "save {}{}", if self.append { "append " } else { "" }, self.path)
    }
}
