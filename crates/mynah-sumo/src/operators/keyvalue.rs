//! `keyvalue` (`kv`).
use crate::ast::{Name, Text, commas};
use crate::parser::{Parsed, Parser};
use crate::plan::{Captures, Source, Stage, compile};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use regex::Regex;
use std::fmt;
use std::sync::Arc;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "keyvalue",
    usage: "| keyvalue [field=name] [infer | regex \"…\"] [keys] \"key\", … [as name, …] [nodrop]; also | kv …",
    summary: "Takes the values of keys out of `key=value`, `key: value` and `key->value`, with quotes or without; or as a regular expression with a group for the key and one for the value (or for the value alone) says.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-keyvalue-formatted-logs/",
    examples: &[],
};

/// `keyvalue …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeyValue {
    source: Source,
    auto: bool,
    delimiter: Option<Text>,
    regex: Option<Text>,
    keys: Vec<Text>,
    names: Vec<Name>,
    nodrop: bool,
}

impl KeyValue {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let start = p.bump().span;
        let mut parsed = KeyValue {
            source: Source::Message,
            auto: false,
            delimiter: None,
            regex: None,
            keys: Vec::new(),
            names: Vec::new(),
            nodrop: false,
        };
        while !p.at_end() {
            if let Some(field) = p.field_option()? {
                parsed.source = Source::Field(field);
            } else if p.eat_word("auto") {
                parsed.auto = true;
            } else if p.eat_word("infer") || p.eat_word("keys") || p.eat_word("refonly") {
                // The mode that holds anyway, and words that only lead to the keys.
            } else if p.eat_word("delim") {
                p.eat_symbol("=");
                parsed.delimiter = Some(p.text()?);
            } else if p.eat_word("regex") {
                parsed.regex = Some(p.text()?);
            } else if p.eat_word("nodrop") {
                parsed.nodrop = true;
            } else if p.at_word("as") {
                parsed.names = p.aliases()?;
            } else if p.at_text() {
                parsed.keys.push(p.text()?);
                while p.eat_symbol(",") {
                    parsed.keys.push(p.text()?);
                }
            } else {
                return Err(p.unexpected("a key in double quotes or an option of `keyvalue`"));
            }
        }
        if parsed.keys.is_empty() && !parsed.auto {
            return Err(Diagnostic::error("sumo/syntax", "`keyvalue` needs a key or `auto`", start));
        }
        if !parsed.names.is_empty() && parsed.names.len() != parsed.keys.len() {
            let message = format!("{} keys and {} names", parsed.keys.len(), parsed.names.len());
            return Err(Diagnostic::error("sumo/names", message, p.since(start.start)));
        }
        Ok(parsed)
    }

    fn names(&self) -> Vec<Option<Name>> {
        let own = |key: &Text| {
            let text =
                key.value().chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
            Name { text, quoted: true, place: key.place }
        };
        self.keys
            .iter()
            .enumerate()
            .map(|(index, key)| Some(self.names.get(index).cloned().unwrap_or_else(|| own(key))))
            .collect()
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        // Fields of `auto` that no key names cannot be named later either.
        if self.keys.is_empty() {
            return Ok(());
        }
        let keys: Vec<String> = self.keys.iter().map(Text::value).collect();
        let finder = match &self.regex {
            None => Finder::infer(&keys, self.delimiter.as_ref().map(Text::value).as_deref()),
            Some(pattern) => Finder::regex(compile(&pattern.pattern(), pattern.place.0)?, pattern)?,
        };
        let nodrop = self.nodrop || self.auto;
        let key = format!(
            "keyvalue {:?} {:?} {keys:?} {nodrop}",
            self.regex.as_ref().map(|r| &r.raw),
            self.delimiter.as_ref().map(|d| &d.raw)
        );
        let captures = Captures {
            key,
            names: self.names(),
            source: self.source.clone(),
            nodrop,
            multi: false,
            chained: false,
            extract: Arc::new(move |text, _| {
                let found: Vec<Option<String>> =
                    keys.iter().enumerate().map(|(index, key)| finder.find(index, key, text)).collect();
                let complete = found.iter().all(Option::is_some);
                if complete || (nodrop && found.iter().any(Option::is_some)) { vec![found] } else { Vec::new() }
            }),
        };
        captures.lower(stage)
    }
}

/// How the value of a key is found.
enum Finder {
    /// One expression for each key.
    Infer(Vec<Option<Regex>>),
    /// One expression with groups for key and value.
    Pair(Regex),
    /// One expression for the value, looked for behind the key.
    Value(Regex),
}

impl Finder {
    fn infer(keys: &[String], delimiter: Option<&str>) -> Self {
        let delimiter = delimiter.map_or_else(|| "(?:=|:|->)".to_owned(), regex::escape);
        let one = |key: &String| {
            let key = regex::escape(key);
            let values = r#"(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,;|"'(){}\[\]]+))"#;
            Regex::new(&format!(r#"(?:^|[^\w.\-])["']?{key}["']?\s*{delimiter}\s*{values}"#)).ok()
        };
        Finder::Infer(keys.iter().map(one).collect())
    }

    fn regex(regex: Regex, pattern: &Text) -> Result<Self, Diagnostic> {
        match regex.captures_len() {
            2 => Ok(Finder::Value(regex)),
            3 => Ok(Finder::Pair(regex)),
            _ => Err(Diagnostic::error(
                "sumo/regex",
                "the regular expression of `keyvalue` needs a group for the value, or one for the key and one for the value",
                pattern.place.0,
            )),
        }
    }

    fn find(&self, index: usize, key: &str, text: &str) -> Option<String> {
        match self {
            Finder::Infer(all) => {
                let found = all.get(index)?.as_ref()?.captures(text)?;
                found.get(1).or(found.get(2)).or(found.get(3)).map(|m| m.as_str().trim_end_matches(':').to_owned())
            }
            Finder::Pair(regex) => regex
                .captures_iter(text)
                .find(|found| found.get(1).is_some_and(|m| m.as_str() == key))
                .and_then(|found| found.get(2).map(|m| m.as_str().to_owned())),
            Finder::Value(regex) => {
                let behind = text.find(key)? + key.len();
                regex.captures(text.get(behind..)?).and_then(|found| found.get(1).map(|m| m.as_str().to_owned()))
            }
        }
    }
}

impl fmt::Display for KeyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keyvalue")?;
        if self.auto {
            f.write_str(" auto")?;
        }
        if let Source::Field(name) = &self.source {
            write!(f, " field={name}")?;
        }
        if let Some(delimiter) = &self.delimiter {
            write!(f, " delim {delimiter}")?;
        }
        if let Some(regex) = &self.regex {
            write!(f, " regex {regex}")?;
        }
        if !self.keys.is_empty() {
            f.write_str(" keys ")?;
            commas(f, &self.keys)?;
        }
        if !self.names.is_empty() {
            f.write_str(" as ")?;
            commas(f, &self.names)?;
        }
        if self.nodrop { f.write_str(" nodrop") } else { Ok(()) }
    }
}
