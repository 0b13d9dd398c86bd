//! `parse`: text between anchors.
use crate::ast::{Name, Place, Text, commas};
use crate::parser::{Parsed, Parser};
use crate::plan::{Captures, Source, Stage};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use regex::Regex;
use std::fmt;
use std::sync::Arc;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "parse",
    usage: "| parse [field=name] \"start*stop\" as name, … [nodrop] [multi]",
    summary: "Takes out what stands where the pattern has a `*`, up to the next anchor; the last `*` takes the rest. Anchors match in their own case. Rows that do not fit are dropped unless `nodrop` is given.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-predictable-patterns-using-an-anchor/",
    examples: &[],
};

/// `parse "…" as …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParseAnchor {
    pub source: Source,
    pub pattern: Text,
    pub names: Vec<Name>,
    pub nodrop: bool,
    pub multi: bool,
    pub place: Place,
}

/// One or several with commas between them.
pub(super) fn parse(p: &mut Parser<'_>) -> Parsed<Vec<ParseAnchor>> {
    p.expect_word("parse")?;
    // `parse anchor` is the long name of it.
    if p.at_word("anchor") {
        p.bump();
    }
    let mut all = Vec::new();
    loop {
        let start = p.peek().span.start;
        let mut source = Source::Message;
        if let Some(field) = p.field_option()? {
            source = Source::Field(field);
        }
        let pattern = p.text()?;
        let mut parsed =
            ParseAnchor { source, pattern, names: Vec::new(), nodrop: false, multi: false, place: Place::default() };
        let mut more = false;
        loop {
            if p.eat_word("nodrop") {
                parsed.nodrop = true;
            } else if p.eat_word("multi") {
                parsed.multi = true;
            } else if let Some(field) = p.field_option()? {
                parsed.source = Source::Field(field);
            } else if p.at_word("as") {
                p.bump();
                let in_brackets = p.eat_symbol("(");
                parsed.names.push(p.name()?);
                while p.eat_symbol(",") {
                    if p.at_text() || (p.at_word("field") && p.peek_second().is("=")) {
                        more = true;
                        break;
                    }
                    parsed.names.push(p.name()?);
                }
                if in_brackets {
                    p.expect_symbol(")")?;
                }
                if more {
                    break;
                }
            } else if p.eat_symbol(",") {
                more = true;
                break;
            } else {
                break;
            }
        }
        parsed.place = Place(p.since(start));
        all.push(parsed);
        if !more {
            return Ok(all);
        }
    }
}

impl ParseAnchor {
    /// The texts between the wildcards; `\*` is a star.
    fn anchors(&self) -> Vec<String> {
        let mut anchors = vec![String::new()];
        let value = self.pattern.value();
        let mut rest = value.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\\' if rest.next_if_eq(&'*').is_some() => {
                    if let Some(last) = anchors.last_mut() {
                        last.push('*');
                    }
                }
                '*' => anchors.push(String::new()),
                other => {
                    if let Some(last) = anchors.last_mut() {
                        last.push(other);
                    }
                }
            }
        }
        anchors
    }

    /// How many values the pattern takes out.
    pub fn wildcards(&self) -> usize {
        self.anchors().len() - 1
    }

    fn regex(&self) -> Result<Regex, Diagnostic> {
        let anchors = self.anchors();
        let mut regex = String::from("(?s)");
        for (index, anchor) in anchors.iter().enumerate() {
            if index > 0 {
                // The last wildcard of a pattern that ends with it takes all that is left.
                let rest = index + 1 == anchors.len() && anchor.is_empty();
                regex.push_str(if rest { "(.*)" } else { "(.*?)" });
            }
            regex.push_str(&regex::escape(anchor));
        }
        Regex::new(&regex).map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), self.pattern.place.0))
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let regex = self.regex()?;
        let count = self.wildcards();
        if count != self.names.len() {
            let message = format!("the pattern has {count} wildcards, {} names are given", self.names.len());
            return Err(Diagnostic::error("sumo/names", message, self.place.0)
                .with_help("every `*` of the pattern needs one name behind `as`"));
        }
        // `_` takes what nobody wants.
        let names = self.names.iter().map(|name| (name.text != "_").then(|| name.clone())).collect();
        let captures = Captures {
            key: format!("parse {:?}", self.pattern.raw),
            names,
            source: self.source.clone(),
            nodrop: self.nodrop,
            multi: self.multi,
            chained: true,
            extract: Arc::new(move |text, all| {
                regex
                    .captures_iter(text)
                    .take(if all { usize::MAX } else { 1 })
                    .map(|found| (1..=count).map(|group| found.get(group).map(|m| m.as_str().to_owned())).collect())
                    .collect()
            }),
        };
        captures.lower(stage)
    }
}

impl fmt::Display for ParseAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Source::Field(name) = &self.source {
            write!(f, "field={name} ")?;
        }
        write!(f, "{}", self.pattern)?;
        if self.nodrop {
            f.write_str(" nodrop")?;
        }
        if self.multi {
            f.write_str(" multi")?;
        }
        if !self.names.is_empty() {
            f.write_str(" as ")?;
            commas(f, &self.names)?;
        }
        Ok(())
    }
}
