//! `top`.
use super::aggregates::count;
use super::sort::{SortKey, sort};
use crate::ast::{Name, commas};
use crate::parser::{Count, Parsed, Parser};
use crate::plan::{Aggregated, Kind, Level, Stage, aggregate};
use datafusion::functions_aggregate::expr_fn::max;
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "top",
    usage: "| top number field, … [by field [asc|desc], …]",
    summary: "The first rows in the order of the fields behind `by`. Of messages, the values that occur most (or have the greatest field behind `by`).",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/top/",
    examples: &[],
};

/// `top n fields by keys`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Top {
    number: Count,
    fields: Vec<Name>,
    by: Vec<SortKey>,
}

impl Top {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("top")?;
        let number = p.count()?;
        let fields = p.names()?;
        let mut by = Vec::new();
        if p.eat_word("by") {
            by.push(SortKey::parse(p)?);
            while p.eat_symbol(",") {
                by.push(SortKey::parse(p)?);
            }
        }
        Ok(Top { number, fields, by })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let number = stage.number(&self.number)?;
        let mut by = self.by.clone();
        if stage.level == Level::Messages {
            let mut keys = Vec::new();
            for name in &self.fields {
                keys.push((stage.spelling(&name.text), stage.resolve(name)?));
            }
            let counted = by.is_empty() || by.iter().all(|key| matches!(key.name.key().as_str(), "count" | "_count"));
            if counted {
                aggregate(stage, keys, vec![count("_count".into())])?;
                by = vec![SortKey {
                    name: Name { text: "_count".into(), quoted: false, place: Default::default() },
                    ascending: by.first().is_some_and(|key| key.ascending),
                }];
            } else {
                let mut calls = Vec::new();
                for key in &by {
                    let value = stage.resolve(&key.name)?;
                    calls.push(Aggregated {
                        name: stage.spelling(&key.name.text),
                        kind: value.kind,
                        arguments: vec![value],
                        call: Box::new(|arguments, _| match arguments.into_iter().next() {
                            Some(argument) => Ok(max(argument)),
                            None => datafusion::common::plan_err!("an aggregate without an argument"),
                        }),
                        after: None,
                    });
                }
                calls.retain(|call| call.kind != Kind::Null);
                aggregate(stage, keys, calls)?;
            }
        } else {
            for key in &mut by {
                // `by count` is the field of `count`.
                if stage.field(&key.name.text).is_none() && key.name.text.eq_ignore_ascii_case("count") {
                    key.name.text = "_count".into();
                }
            }
        }
        sort(stage, &by)?;
        let order = stage.sort_keys();
        stage.replan(|builder| builder.sort_with_limit(order, Some(number)))?;
        let mut shown = self.fields.clone();
        for key in by {
            if !shown.iter().any(|name| name.key() == key.name.key()) {
                shown.push(key.name);
            }
        }
        stage.allow(&shown)
    }
}

impl fmt::Display for Top {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "top {} ", self.number)?;
        commas(f, &self.fields)?;
        if self.by.is_empty() {
            return Ok(());
        }
        f.write_str(" by ")?;
        commas(f, &self.by)
    }
}
