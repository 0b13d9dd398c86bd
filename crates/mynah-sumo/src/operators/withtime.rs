//! `withtime`.
use crate::ast::Name;
use crate::parser::{Parsed, Parser};
use crate::plan::{Kind, Level, Stage, Typed};
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;
use serde_json::json;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "withtime",
    usage: "| withtime field",
    summary: "A field's value and the message's time together, as `field_withtime`, for `most_recent` and `least_recent`.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/group-aggregate-operators/most-recent-least-recent/",
    examples: &[],
};

/// `withtime field`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WithTime {
    field: Name,
    name: Option<Name>,
}

impl WithTime {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("withtime")?;
        Ok(WithTime { field: p.name()?, name: p.alias()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let time = match stage.level {
            Level::Messages => stage.scanned("_messageTime"),
            Level::Groups => {
                let name = |text: &str| Name { text: text.into(), quoted: false, place: self.field.place };
                let time = ["_messagetime", "_timeslice"].into_iter().find(|time| stage.field(time).is_some());
                stage.resolve(&name(time.unwrap_or("_messagetime")))?
            }
        };
        let value = stage.resolve(&self.field)?.to(Kind::Text).expr;
        let pair = row_function("withtime", Kind::Text.data_type(), |row| match row {
            [Cell::Text(value), Cell::Integer(time)] => {
                Cell::text(json!({"value": value, "timestamp": time}).to_string())
            }
            _ => Cell::Null,
        });
        let pair = Typed::new(pair.call(vec![value, time.to(Kind::Integer).expr]), Kind::Text);
        let name = match &self.name {
            Some(name) => name.clone(),
            None => Name { text: format!("{}_withtime", self.field.text), quoted: true, place: self.field.place },
        };
        stage.set(&name, pair)
    }
}

impl fmt::Display for WithTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "withtime {}", self.field)?;
        match &self.name {
            Some(name) => write!(f, " as {name}"),
            None => Ok(()),
        }
    }
}
