//! `parse regex` (`extract`).
use crate::ast::{Name, Place, Text};
use crate::parser::{Parsed, Parser};
use crate::plan::{Captures, Finder, Source, Stage};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;
use std::sync::Arc;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "parse regex",
    usage: "| parse regex [field=name] \"…(?<name>…)…\" [nodrop] [multi]; also | extract …",
    summary: "Takes out the named groups of a regular expression, the first find or, with `multi`, a row for every find. Rows without one are dropped unless `nodrop` is given.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-variable-patterns-using-regex/",
    examples: &[],
};

/// `parse regex "…"`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParseRegex {
    pub source: Source,
    pub pattern: Text,
    pub nodrop: bool,
    pub multi: bool,
    pub place: Place,
}

/// One or several with commas between them.
pub(super) fn parse(p: &mut Parser<'_>) -> Parsed<Vec<ParseRegex>> {
    if !p.eat_word("extract") {
        p.expect_word("parse")?;
        p.expect_word("regex")?;
    }
    let mut all = Vec::new();
    loop {
        // `parse regex "…", regex "…"`.
        p.eat_word("regex");
        let start = p.peek().span.start;
        let mut source = Source::Message;
        let (mut nodrop, mut multi) = (false, false);
        let mut pattern = None;
        loop {
            if p.eat_word("nodrop") {
                nodrop = true;
            } else if p.eat_word("multi") {
                multi = true;
            } else if let Some(field) = p.field_option()? {
                source = Source::Field(field);
            } else if pattern.is_none() && p.at_text() {
                pattern = Some(p.text()?);
            } else {
                break;
            }
        }
        let Some(pattern) = pattern else { return Err(p.unexpected("a regular expression in double quotes")) };
        all.push(ParseRegex { source, pattern, nodrop, multi, place: Place(p.since(start)) });
        if !p.eat_symbol(",") {
            return Ok(all);
        }
    }
}

impl ParseRegex {
    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let pattern = self.pattern.pattern();
        let span = self.pattern.place.0;
        let finder = Finder::compile(&pattern, span)?;
        let groups = finder.groups();
        if groups.is_empty() {
            return Err(Diagnostic::error("sumo/regex", "the regular expression has no named group", span)
                .with_help("what is to become a field is written `(?<name>…)`"));
        }
        let names = groups
            .iter()
            .map(|(_, name)| Some(Name { text: name.clone(), quoted: false, place: self.pattern.place }))
            .collect();
        let indices: Vec<usize> = groups.into_iter().map(|(index, _)| index).collect();
        let captures = Captures {
            key: format!("parse regex {pattern:?}"),
            names,
            source: self.source.clone(),
            nodrop: self.nodrop,
            multi: self.multi,
            chained: true,
            extract: Arc::new(move |text, all| finder.find(text, &indices, all)),
        };
        captures.lower(stage)
    }
}

impl fmt::Display for ParseRegex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Source::Field(name) = &self.source {
            write!(f, "field={name} ")?;
        }
        write!(f, "{}", self.pattern)?;
        if self.multi {
            f.write_str(" multi")?;
        }
        if self.nodrop { f.write_str(" nodrop") } else { Ok(()) }
    }
}
