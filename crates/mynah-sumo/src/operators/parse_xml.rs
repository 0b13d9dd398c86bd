//! `parse xml`.
use crate::ast::{Name, Text, commas};
use crate::parser::{Parsed, Parser};
use crate::plan::{Captures, Source, Stage, XmlPath};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;
use std::sync::Arc;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "parse xml",
    usage: "| parse xml [field=name] \"/path/to/element\", … [as name, …] [nodrop]",
    summary: "Takes values out of XML by full paths: an element as it is written, its `text()`, or an `@attribute`; the first that fits. Rows in which no path leads anywhere are dropped unless `nodrop` is given.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-xml-formatted-logs/",
    examples: &[],
};

/// `parse xml "/…" as …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParseXml {
    source: Source,
    paths: Vec<Text>,
    names: Vec<Name>,
    nodrop: bool,
}

impl ParseXml {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let start = p.expect_word("parse")?;
        p.expect_word("xml")?;
        let mut parsed = ParseXml { source: Source::Message, paths: Vec::new(), names: Vec::new(), nodrop: false };
        while !p.at_end() {
            if let Some(field) = p.field_option()? {
                parsed.source = Source::Field(field);
            } else if p.eat_word("nodrop") {
                parsed.nodrop = true;
            } else if p.at_word("as") {
                parsed.names = p.aliases()?;
            } else {
                parsed.paths.push(p.text()?);
                p.eat_symbol(",");
            }
        }
        if parsed.paths.is_empty() {
            return Err(p.unexpected("a path in double quotes"));
        }
        if !parsed.names.is_empty() && parsed.names.len() != parsed.paths.len() {
            let message = format!("{} paths and {} names", parsed.paths.len(), parsed.names.len());
            return Err(Diagnostic::error("sumo/names", message, p.since(start.start)));
        }
        Ok(parsed)
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let mut paths = Vec::new();
        let mut names = Vec::new();
        for (index, text) in self.paths.iter().enumerate() {
            let path = XmlPath::parse(&text.value())
                .map_err(|message| Diagnostic::error("sumo/xml-path", message, text.place.0))?;
            paths.push(path);
            let own = || Name { text: text.value(), quoted: true, place: text.place };
            names.push(Some(self.names.get(index).cloned().unwrap_or_else(own)));
        }
        let captures = Captures {
            key: format!("parse xml {paths:?}"),
            names,
            source: self.source.clone(),
            nodrop: self.nodrop,
            multi: false,
            chained: false,
            extract: Arc::new(move |text, _| {
                let found: Vec<Option<String>> = paths.iter().map(|path| path.find(text)).collect();
                if found.iter().any(Option::is_some) { vec![found] } else { Vec::new() }
            }),
        };
        captures.lower(stage)
    }
}

impl fmt::Display for ParseXml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("parse xml ")?;
        if let Source::Field(name) = &self.source {
            write!(f, "field={name} ")?;
        }
        commas(f, &self.paths)?;
        if !self.names.is_empty() {
            f.write_str(" as ")?;
            commas(f, &self.names)?;
        }
        if self.nodrop { f.write_str(" nodrop") } else { Ok(()) }
    }
}
