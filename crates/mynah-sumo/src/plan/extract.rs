//! The operators that take fields out of texts.
use super::extraction::{Captures, Extraction, KeyFinder, keep, unless_missing};
use super::names::document_path;
use super::{Draft, JsonPath, Kind, Role, Typed, ValueFunction, XmlPath, compile};
use crate::ast::{Delimited, Json, KeyValue, Name, ParseAnchor, ParseRegex, ParseXml, Text};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column};
use mynah_kernels::{Regex, RegexError};
use mynah_syntax::{Diagnostic, Span};

/// A regular expression that was made here, and not written in the query.
fn made(regex: Result<Regex, RegexError>, span: Span) -> Result<Regex, Diagnostic> {
    regex.map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), span))
}

/// The field of a text's value: the name that is given, or the text itself.
fn named(names: &[Name], index: usize, text: &Text) -> Name {
    names.get(index).cloned().unwrap_or_else(|| Name::implied(text.value(), text.place))
}

pub(super) fn anchor(draft: &mut Draft<'_>, parse: &ParseAnchor) -> Result<(), Diagnostic> {
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
    // `_` takes what nobody wants.
    let captures = Captures::new(
        Extraction::Groups { regex, groups: (1..=count).collect() },
        parse.names.iter().map(|name| (name.text != "_").then(|| name.clone())).collect(),
        &parse.source,
    );
    Captures { nodrop: parse.nodrop, multi: parse.multi, chained: true, ..captures }.lower(draft)
}

pub(super) fn regex(draft: &mut Draft<'_>, parse: &ParseRegex) -> Result<(), Diagnostic> {
    let place = parse.pattern.place;
    let regex = compile(&parse.pattern.pattern(), place.0)?;
    let groups = regex.group_names().into_iter().enumerate().filter_map(|(index, name)| Some((index, name?)));
    let (groups, names): (Vec<usize>, Vec<_>) =
        groups.map(|(index, name)| (index, Some(Name::implied(name, place)))).unzip();
    if groups.is_empty() {
        return Err(Diagnostic::error("sumo/regex", "the regular expression has no named group", place.0)
            .with_help("what is to become a field is written `(?<name>…)`"));
    }
    let captures = Captures::new(Extraction::Groups { regex, groups }, names, &parse.source);
    Captures { nodrop: parse.nodrop, multi: parse.multi, chained: true, ..captures }.lower(draft)
}

pub(super) fn xml(draft: &mut Draft<'_>, parse: &ParseXml) -> Result<(), Diagnostic> {
    let (mut paths, mut names) = (Vec::new(), Vec::new());
    for (index, text) in parse.paths.iter().enumerate() {
        let wrong = |message| Diagnostic::error("sumo/xml-path", message, text.place.0);
        paths.push(XmlPath::parse(&text.value()).map_err(wrong)?);
        names.push(Some(named(&parse.names, index, text)));
    }
    let captures = Captures::new(Extraction::Xml(paths), names, &parse.source);
    Captures { nodrop: parse.nodrop, ..captures }.lower(draft)
}

pub(super) fn delimited(draft: &mut Draft<'_>, operator: &Delimited) -> Result<(), Diagnostic> {
    let Delimited { delimiter, escape, quote, .. } = *operator;
    let numbers = operator.values.iter().map(|(number, _)| *number).collect();
    let captures = Captures::new(
        Extraction::Delimited { delimiter, escape, quote, numbers },
        operator.values.iter().map(|(_, name)| Some(name.clone())).collect(),
        &operator.source,
    );
    Captures { nodrop: true, ..captures }.lower(draft)
}

pub(super) fn key_value(draft: &mut Draft<'_>, operator: &KeyValue) -> Result<(), Diagnostic> {
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
                    let message = "the regular expression of `keyvalue` needs a group for the value, or one for the \
                                   key and one for the value";
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
    let captures = Captures::new(
        Extraction::Keys { keys, finder, any: nodrop },
        operator.keys.iter().enumerate().map(field).collect(),
        &operator.source,
    );
    Captures { nodrop, ..captures }.lower(draft)
}

pub(super) fn json(draft: &mut Draft<'_>, json: &Json) -> Result<(), Diagnostic> {
    if json.auto.is_some() {
        return json_auto(draft, json);
    }
    let mut values = Vec::new();
    for (index, text) in json.paths.iter().enumerate() {
        let path = JsonPath::parse(&text.value())
            .map_err(|message| Diagnostic::error("sumo/json-path", message, text.place.0))?;
        let value = match document_path(json, &text.value()) {
            Some(path) => draft.document(&path).to(Kind::Text),
            None => Typed::new(ValueFunction::Json(path).of(draft.source(&json.source)?), Kind::Text),
        };
        values.push((named(&json.names, index, text), value));
    }
    assign(draft, values, json.nodrop)
}

/// Names bind late, so that there is nothing to do for the message itself; another field's JSON is
/// remembered for the names that follow.
fn json_auto(draft: &mut Draft<'_>, json: &Json) -> Result<(), Diagnostic> {
    let mut opened = None;
    if json.source.field().is_some() {
        let text = draft.source(&json.source)?;
        let hidden = draft.hide("auto", Typed::new(text, Kind::Text))?;
        draft.opened.push(hidden.clone());
        opened = Some(hidden);
    }
    let mut values = Vec::new();
    for (index, text) in json.paths.iter().enumerate() {
        let value = match &opened {
            Some(hidden) => draft.opened_value(hidden, &text.value()),
            None => draft.scanned(&text.value()).to(Kind::Text),
        };
        values.push((named(&json.names, index, text), value));
    }
    assign(draft, values, true)
}

fn assign(draft: &mut Draft<'_>, values: Vec<(Name, Typed)>, nodrop: bool) -> Result<(), Diagnostic> {
    let mut found: Vec<(Name, Expr)> = Vec::new();
    for (name, value) in values {
        // What is computed is computed once, though it is both tested and shown.
        let value = match value.expr {
            column @ Expr::Column(_) => column,
            _ => column(&draft.hide("json", value)?),
        };
        found.push((name, value));
    }
    if let Some(all) = all_of(found.iter().map(|(_, value)| value.clone().is_not_null()).collect()) {
        keep(draft, all, nodrop, None)?;
    }
    let mut fields: Vec<(String, Role, Typed)> = Vec::new();
    for (name, value) in found {
        let value = unless_missing(draft, &name, value.clone().is_not_null(), value)?;
        fields.retain(|(other, _, _)| !other.eq_ignore_ascii_case(&name.text));
        fields.push((name.text, Role::Field, value));
    }
    draft.add(fields)
}
