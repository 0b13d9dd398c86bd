//! `json`.
use crate::ast::{Name, Text, commas};
use crate::parser::{Count, Parsed, Parser};
use crate::plan::balanced;
use crate::plan::{JsonPath, Kind, Role, Source, Stage, Typed, keep, unless_missing};
use datafusion::prelude::Expr;
use mynah_dialect::{FunctionDoc, column};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "json",
    usage: "| json [field=name] \"path\" [, …] [as name, …] [nodrop]; | json auto [field=name] [maxdepth n] [keys \"key\", …]",
    summary: "Takes values out of JSON by path. Messages without all of them are dropped unless `nodrop` is given. `json auto` makes every path of the JSON a field of that name, in any case.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-json-formatted-logs/",
    examples: &[],
};

/// `json …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Json {
    source: Source,
    auto: Option<Auto>,
    paths: Vec<Text>,
    names: Vec<Name>,
    nodrop: bool,
}

/// The options of `json auto`.
#[derive(Debug, Clone, PartialEq, Default)]
struct Auto {
    maxdepth: Option<Count>,
    extract_arrays: bool,
    refonly: bool,
}

impl Json {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let start = p.expect_word("json")?;
        let mut json =
            Json { source: Source::Message, auto: None, paths: Vec::new(), names: Vec::new(), nodrop: false };
        loop {
            if p.at_end() {
                break;
            }
            if let Some(field) = p.field_option()? {
                json.source = Source::Field(field);
            } else if p.eat_word("auto") {
                json.auto.get_or_insert_default();
            } else if p.eat_word("maxdepth") {
                json.auto.get_or_insert_default().maxdepth = Some(p.count()?);
            } else if p.eat_word("extractarrays") {
                json.auto.get_or_insert_default().extract_arrays = true;
            } else if p.eat_word("refonly") {
                json.auto.get_or_insert_default().refonly = true;
            } else if p.eat_word("keys") {
                // What follows are texts, as without the word.
            } else if p.eat_word("nodrop") {
                json.nodrop = true;
            } else if p.at_text() {
                json.paths.push(p.text()?);
                while p.eat_symbol(",") {
                    // A comma too many at the end of a list is harmless.
                    if !p.at_text() {
                        break;
                    }
                    json.paths.push(p.text()?);
                }
            } else if p.at_word("as") {
                json.names = p.aliases()?;
            } else {
                return Err(p.unexpected("a path in double quotes or an option of `json`"));
            }
        }
        if json.paths.is_empty() && json.auto.is_none() {
            return Err(Diagnostic::error("sumo/syntax", "`json` needs a path or `auto`", start));
        }
        if !json.names.is_empty() && json.names.len() != json.paths.len() {
            let message = format!("{} paths and {} names", json.paths.len(), json.names.len());
            return Err(Diagnostic::error("sumo/names", message, p.since(start.start))
                .with_help("every path needs one name, or none is given"));
        }
        Ok(json)
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        if self.auto.is_some() {
            return self.lower_auto(stage);
        }
        let mut values = Vec::new();
        for (index, text) in self.paths.iter().enumerate() {
            let path = JsonPath::parse(&text.value())
                .map_err(|message| Diagnostic::error("sumo/json-path", message, text.place.0))?;
            let of_message = match &self.source {
                Source::Message => true,
                Source::Field(name) => name.text.eq_ignore_ascii_case("_raw"),
            };
            let value = match path.to_path() {
                Some(path) if of_message => stage.document(&path).to(Kind::Text),
                _ => Typed::new(path.function().call(vec![self.source.text(stage)?]), Kind::Text),
            };
            values.push((self.name(index, text), value));
        }
        self.assign(stage, values, self.nodrop)
    }

    fn name(&self, index: usize, text: &Text) -> Name {
        match self.names.get(index) {
            Some(name) => name.clone(),
            None => Name { text: text.value(), quoted: true, place: text.place },
        }
    }

    fn assign(&self, stage: &mut Stage<'_>, values: Vec<(Name, Typed)>, nodrop: bool) -> Result<(), Diagnostic> {
        let mut named: Vec<(Name, Expr)> = Vec::new();
        for (name, value) in values {
            // What is computed is computed once, though it is both tested and shown.
            let value = match value.expr {
                column @ Expr::Column(_) => column,
                _ => column(&stage.hide("json", value)?),
            };
            named.push((name, value));
        }
        let found = named.iter().map(|(_, value)| value.clone().is_not_null()).collect();
        if let Some(found) = balanced::all(found) {
            keep(stage, found, nodrop, None)?;
        }
        let mut fields: Vec<(String, Role, Typed)> = Vec::new();
        for (name, value) in named {
            let value = unless_missing(stage, &name, value.clone().is_not_null(), value)?;
            fields.retain(|(other, _, _)| !other.eq_ignore_ascii_case(&name.text));
            fields.push((name.text, Role::Field, value));
        }
        stage.add(fields)
    }

    /// Names bind late, so that there is nothing to do for the message itself; another field's JSON is
    /// remembered for the names that follow.
    fn lower_auto(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let opened = match &self.source {
            Source::Field(name) if !name.text.eq_ignore_ascii_case("_raw") => {
                let text = self.source.text(stage)?;
                let hidden = stage.hide("auto", Typed::new(text, Kind::Text))?;
                stage.open(hidden.clone());
                Some(hidden)
            }
            _ => None,
        };
        let mut values = Vec::new();
        for (index, text) in self.paths.iter().enumerate() {
            let value = match &opened {
                Some(hidden) => stage.opened_value(hidden, &text.value()),
                None => stage.scanned(&text.value()).to(Kind::Text),
            };
            values.push((self.name(index, text), value));
        }
        self.assign(stage, values, true)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("json")?;
        if let Some(auto) = &self.auto {
            f.write_str(" auto")?;
            if let Some(depth) = &auto.maxdepth {
                write!(f, " maxdepth {depth}")?;
            }
            if auto.extract_arrays {
                f.write_str(" extractarrays")?;
            }
            if auto.refonly {
                f.write_str(" refonly")?;
            }
        }
        if let Source::Field(name) = &self.source {
            write!(f, " field={name}")?;
        }
        if !self.paths.is_empty() {
            f.write_str(" ")?;
            commas(f, &self.paths)?;
        }
        if !self.names.is_empty() {
            f.write_str(" as ")?;
            commas(f, &self.names)?;
        }
        if self.nodrop { f.write_str(" nodrop") } else { Ok(()) }
    }
}
