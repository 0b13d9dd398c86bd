//! The operators that take fields out of texts.
use super::extraction::{Captures, Extraction, KeyFinder, keep, unless_missing};
use super::names::document_path;
use super::{JsonPath, Kind, Role, Stage, Typed, XmlPath, compile};
use crate::ast::{Delimited, Json, KeyValue, Name, ParseAnchor, ParseRegex, ParseXml, Text};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column};
use mynah_kernels::{Regex, RegexError, call};
use mynah_syntax::{Diagnostic, Span};

/// A regular expression that was made here, and not written in the query.
fn made(regex: Result<Regex, RegexError>, span: Span) -> Result<Regex, Diagnostic> {
    regex.map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), span))
}

/// The field of a text's value: the name that is given, or the text itself.
fn named(names: &[Name], index: usize, text: &Text) -> Name {
    names.get(index).cloned().unwrap_or_else(|| Name::implied(text.value(), text.place))
}

pub(super) fn anchor(stage: &mut Stage<'_>, parse: &ParseAnchor) -> Result<(), Diagnostic> {
    let anchors = parse.anchors();
    let count = anchors.len() - 1;
    if count != parse.names.len() {
        let message = format!("the pattern has {count} wildcards, {} names are given", parse.names.len());
        return Err(Diagnostic::error("sumo/names", message, parse.place.0)
            .with_help("every `*` of the pattern needs one name behind `as`"));
    }
    let mut regex = String::from("(?s)");
    for (index, anchor) in anchors.iter().enumerate() {
        if index > 0 {
            // The last wildcard of a pattern that ends with it takes all that is left.
            regex.push_str(if index == count && anchor.is_empty() { "(.*)" } else { "(.*?)" });
        }
        regex.push_str(&regex::escape(anchor));
    }
    let regex = made(Regex::new(&regex), parse.pattern.place.0)?;
    Captures {
        extraction: Extraction::Groups { regex, groups: (1..=count).collect() },
        // `_` takes what nobody wants.
        names: parse.names.iter().map(|name| (name.text != "_").then(|| name.clone())).collect(),
        source: &parse.source,
        nodrop: parse.nodrop,
        multi: parse.multi,
        chained: true,
    }
    .lower(stage)
}

pub(super) fn regex(stage: &mut Stage<'_>, parse: &ParseRegex) -> Result<(), Diagnostic> {
    let place = parse.pattern.place;
    let regex = compile(&parse.pattern.pattern(), place.0)?;
    let groups = regex.group_names().into_iter().enumerate().filter_map(|(index, name)| Some((index, name?)));
    let (groups, names): (Vec<usize>, Vec<_>) =
        groups.map(|(index, name)| (index, Some(Name::implied(name, place)))).unzip();
    if groups.is_empty() {
        return Err(Diagnostic::error("sumo/regex", "the regular expression has no named group", place.0)
            .with_help("what is to become a field is written `(?<name>…)`"));
    }
    Captures {
        extraction: Extraction::Groups { regex, groups },
        names,
        source: &parse.source,
        nodrop: parse.nodrop,
        multi: parse.multi,
        chained: true,
    }
    .lower(stage)
}

pub(super) fn xml(stage: &mut Stage<'_>, parse: &ParseXml) -> Result<(), Diagnostic> {
    let (mut paths, mut names) = (Vec::new(), Vec::new());
    for (index, text) in parse.paths.iter().enumerate() {
        let wrong = |message| Diagnostic::error("sumo/xml-path", message, text.place.0);
        paths.push(XmlPath::parse(&text.value()).map_err(wrong)?);
        names.push(Some(named(&parse.names, index, text)));
    }
    Captures {
        extraction: Extraction::Xml(paths),
        names,
        source: &parse.source,
        nodrop: parse.nodrop,
        multi: false,
        chained: false,
    }
    .lower(stage)
}

pub(super) fn delimited(stage: &mut Stage<'_>, operator: &Delimited) -> Result<(), Diagnostic> {
    let Delimited { delimiter, escape, quote, .. } = *operator;
    let numbers = operator.values.iter().map(|(number, _)| *number).collect();
    Captures {
        extraction: Extraction::Delimited { delimiter, escape, quote, numbers },
        names: operator.values.iter().map(|(_, name)| Some(name.clone())).collect(),
        source: &operator.source,
        nodrop: true,
        multi: false,
        chained: false,
    }
    .lower(stage)
}

pub(super) fn key_value(stage: &mut Stage<'_>, operator: &KeyValue) -> Result<(), Diagnostic> {
    // Fields of `auto` that no key names cannot be named later either.
    let Some(first) = operator.keys.first() else { return Ok(()) };
    let keys: Vec<String> = operator.keys.iter().map(Text::value).collect();
    let finder = match &operator.regex {
        None => KeyFinder::infer(&keys, operator.delimiter.as_ref().map(Text::value).as_deref())
            .map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), first.place.0))?,
        Some(pattern) => {
            let regex = compile(&pattern.pattern(), pattern.place.0)?;
            match regex.group_names().len() {
                2 => KeyFinder::Value(regex),
                3 => KeyFinder::Pair(regex),
                _ => {
                    let message = "the regular expression of `keyvalue` needs a group for the value, or one for the key \
                                   and one for the value";
                    return Err(Diagnostic::error("sumo/regex", message, pattern.place.0));
                }
            }
        }
    };
    let field = |(index, key): (usize, &Text)| {
        Some(operator.names.get(index).cloned().unwrap_or_else(|| {
            let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
            Name::implied(key.value().chars().map(plain).collect::<String>(), key.place)
        }))
    };
    let nodrop = operator.nodrop || operator.auto;
    Captures {
        extraction: Extraction::Keys { keys, finder, any: nodrop },
        names: operator.keys.iter().enumerate().map(field).collect(),
        source: &operator.source,
        nodrop,
        multi: false,
        chained: false,
    }
    .lower(stage)
}

pub(super) fn json(stage: &mut Stage<'_>, json: &Json) -> Result<(), Diagnostic> {
    if json.auto.is_some() {
        return json_auto(stage, json);
    }
    let mut values = Vec::new();
    for (index, text) in json.paths.iter().enumerate() {
        let path = JsonPath::parse(&text.value())
            .map_err(|message| Diagnostic::error("sumo/json-path", message, text.place.0))?;
        let value = match document_path(json, &text.value()) {
            Some(path) => stage.document(&path).to(Kind::Text),
            None => Typed::new(call(path, vec![stage.source(&json.source)?]), Kind::Text),
        };
        values.push((named(&json.names, index, text), value));
    }
    assign(stage, values, json.nodrop)
}

/// Names bind late, so that there is nothing to do for the message itself; another field's JSON is
/// remembered for the names that follow.
fn json_auto(stage: &mut Stage<'_>, json: &Json) -> Result<(), Diagnostic> {
    let mut opened = None;
    if json.source.field().is_some() {
        let text = stage.source(&json.source)?;
        let hidden = stage.hide("auto", Typed::new(text, Kind::Text))?;
        stage.opened.push(hidden.clone());
        opened = Some(hidden);
    }
    let mut values = Vec::new();
    for (index, text) in json.paths.iter().enumerate() {
        let value = match &opened {
            Some(hidden) => stage.opened_value(hidden, &text.value()),
            None => stage.scanned(&text.value()).to(Kind::Text),
        };
        values.push((named(&json.names, index, text), value));
    }
    assign(stage, values, true)
}

fn assign(stage: &mut Stage<'_>, values: Vec<(Name, Typed)>, nodrop: bool) -> Result<(), Diagnostic> {
    let mut found: Vec<(Name, Expr)> = Vec::new();
    for (name, value) in values {
        // What is computed is computed once, though it is both tested and shown.
        let value = match value.expr {
            column @ Expr::Column(_) => column,
            _ => column(&stage.hide("json", value)?),
        };
        found.push((name, value));
    }
    if let Some(all) = all_of(found.iter().map(|(_, value)| value.clone().is_not_null()).collect()) {
        keep(stage, all, nodrop, None)?;
    }
    let mut fields: Vec<(String, Role, Typed)> = Vec::new();
    for (name, value) in found {
        let value = unless_missing(stage, &name, value.clone().is_not_null(), value)?;
        fields.retain(|(other, _, _)| !other.eq_ignore_ascii_case(&name.text));
        fields.push((name.text, Role::Field, value));
    }
    stage.add(fields)
}
