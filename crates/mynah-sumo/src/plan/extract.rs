//! The operators that take fields out of texts.
use super::extraction::{Extraction, KeyFinder, add_fields, capture, keep};
use super::names::document_path;
use super::{Draft, Form, JsonPath, Kind, Opened, Typed, ValueFunction, XmlPath, compile};
use crate::ast::{Extract, KeyValueOptions, Method, Name, Text};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, column};
use mynah_kernels::{Regex, RegexError};
use mynah_syntax::{Diagnostic, Span};

/// Makes the operator part of the plan.
pub(super) fn lower(draft: &mut Draft<'_>, operator: &Extract) -> Result<(), Diagnostic> {
    match &operator.method {
        Method::Anchor(pattern) => anchor(draft, operator, pattern),
        Method::Regex(pattern) => regex(draft, operator, pattern),
        Method::Xml => xml(draft, operator),
        Method::Json => json(draft, operator),
        Method::JsonAuto(_) => json_auto(draft, operator),
        Method::KeyValue(options) => key_value(draft, operator, options),
        Method::Delimited { delimiter, escape, quote, numbers, .. } => {
            let (delimiter, escape, quote, numbers) = (*delimiter, *escape, *quote, numbers.clone());
            let extraction = Extraction::Delimited { delimiter, escape, quote, numbers };
            capture(draft, operator, extraction, operator.names.iter().cloned().map(Some).collect(), true)
        }
    }
}

fn key_value(draft: &mut Draft<'_>, operator: &Extract, options: &KeyValueOptions) -> Result<(), Diagnostic> {
    let KeyValueOptions { auto, refonly, delimiter, regex } = options;
    let delimiter = delimiter.as_ref().map(Text::value);
    if *auto && !refonly && regex.is_none() {
        let text = draft.source(operator)?;
        let column = draft.hide("auto", Typed::new(text, Kind::Text))?;
        draft.opened.push(Opened { column, form: Form::KeyValue(delimiter.clone()) });
    }
    let Some(first) = operator.texts.first() else { return Ok(()) };
    let keys: Vec<String> = operator.texts.iter().map(Text::value).collect();
    let finder = match regex {
        None => made(KeyFinder::infer(&keys, delimiter.as_deref()), first.place.0)?,
        Some(pattern) => key_finder(pattern)?,
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' };
    let names = names(operator, |key| key.value().chars().map(plain).collect());
    let any = operator.nodrop || *auto;
    capture(draft, operator, Extraction::Keys { keys, finder, any, last: *auto }, names.map(Some).collect(), any)
}

/// What was made of a regular expression that is not written in the query.
pub(super) fn made<T>(made: Result<T, RegexError>, span: Span) -> Result<T, Diagnostic> {
    made.map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), span))
}

/// The fields of the values: the names that are given, or those that the paths or keys make.
fn names(operator: &Extract, own: impl Fn(&Text) -> String) -> impl Iterator<Item = Name> {
    let named = |(index, text): (usize, &Text)| {
        operator.names.get(index).cloned().unwrap_or_else(|| Name::implied(own(text), text.place))
    };
    operator.texts.iter().enumerate().map(named).collect::<Vec<_>>().into_iter()
}

fn anchor(draft: &mut Draft<'_>, operator: &Extract, pattern: &Text) -> Result<(), Diagnostic> {
    let anchors = anchors(&pattern.value());
    let inner = anchors.get(1..anchors.len() - 1).unwrap_or_default();
    if inner.iter().any(String::is_empty) && !pattern.raw.contains("{{") {
        let message = "two wildcards follow one another: nothing says where the first value ends";
        return Err(Diagnostic::error("sumo/anchor", message, pattern.place.0)
            .with_help("put a text between them, or use `parse regex`"));
    }
    let count = anchors.len() - 1;
    if count != operator.names.len() {
        let message = format!("the pattern has {count} wildcards, {} names are given", operator.names.len());
        return Err(Diagnostic::error("sumo/names", message, operator.place.0)
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
    let regex = made(Regex::new(&regex), pattern.place.0)?;
    // `_` takes what nobody wants.
    let names = operator.names.iter().map(|name| (name.text != "_").then(|| name.clone())).collect();
    capture(draft, operator, Extraction::Groups { regex, groups: (1..=count).collect() }, names, operator.nodrop)
}

/// The texts between the wildcards of a pattern; `\*` is a star.
fn anchors(pattern: &str) -> Vec<String> {
    let (mut anchors, mut anchor) = (Vec::new(), String::new());
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' if rest.next_if_eq(&'*').is_some() => anchor.push('*'),
            '*' => anchors.push(std::mem::take(&mut anchor)),
            other => anchor.push(other),
        }
    }
    anchors.push(anchor);
    anchors
}

fn regex(draft: &mut Draft<'_>, operator: &Extract, pattern: &Text) -> Result<(), Diagnostic> {
    let place = pattern.place;
    let regex = compile(&pattern.pattern(), place.0)?;
    let groups = regex.group_names().into_iter().enumerate().filter_map(|(index, name)| Some((index, name?)));
    let (groups, names): (Vec<usize>, Vec<_>) =
        groups.map(|(index, name)| (index, Some(Name::implied(name, place)))).unzip();
    if groups.is_empty() {
        return Err(Diagnostic::error("sumo/regex", "the regular expression has no named group", place.0)
            .with_help("what is to become a field is written `(?<name>…)`"));
    }
    capture(draft, operator, Extraction::Groups { regex, groups }, names, operator.nodrop)
}

fn xml(draft: &mut Draft<'_>, operator: &Extract) -> Result<(), Diagnostic> {
    let path = |text: &Text| {
        let wrong = |message| Diagnostic::error("sumo/xml-path", message, text.place.0);
        XmlPath::parse(&text.value()).map_err(wrong)
    };
    let paths = operator.texts.iter().map(path).collect::<Result<_, _>>()?;
    let names = names(operator, Text::value).map(Some).collect();
    capture(draft, operator, Extraction::Xml(paths), names, operator.nodrop)
}

/// How `keyvalue` finds values by a regular expression of the query.
fn key_finder(pattern: &Text) -> Result<KeyFinder, Diagnostic> {
    let regex = compile(&pattern.pattern(), pattern.place.0)?;
    match regex.group_names().len() {
        2 => Ok(KeyFinder::Value(regex)),
        3 => Ok(KeyFinder::Pair(regex)),
        _ => {
            let message = "the regular expression of `keyvalue` needs a group for the value, or one for the key and \
                           one for the value";
            Err(Diagnostic::error("sumo/regex", message, pattern.place.0))
        }
    }
}

fn json(draft: &mut Draft<'_>, operator: &Extract) -> Result<(), Diagnostic> {
    let mut values = Vec::new();
    for text in &operator.texts {
        let path = JsonPath::parse(&text.value())
            .map_err(|message| Diagnostic::error("sumo/json-path", message, text.place.0))?;
        values.push(match document_path(operator, &text.value()).filter(|_| !draft.has_own_raw()) {
            Some(path) => draft.document(&path).to(Kind::Text),
            None => Typed::new(ValueFunction::Json(path).of(draft.source(operator)?), Kind::Text),
        });
    }
    assign(draft, operator, values, operator.nodrop)
}

/// Names bind late, so that there is nothing to do for the message itself; another field's JSON is
/// remembered for the names that follow.
fn json_auto(draft: &mut Draft<'_>, operator: &Extract) -> Result<(), Diagnostic> {
    let mut opened = None;
    if operator.field().is_some() || draft.has_own_raw() {
        let text = draft.source(operator)?;
        let hidden = draft.hide("auto", Typed::new(text, Kind::Text))?;
        let text = Opened { column: hidden, form: Form::Json };
        draft.opened.push(text.clone());
        opened = Some(text);
    }
    let value = |text: &Text| match &opened {
        Some(opened) => opened.value(&Name::implied(text.value(), text.place)),
        None => Ok(draft.auto_scanned(&text.value()).to(Kind::Text)),
    };
    let values = operator.texts.iter().map(value).collect::<Result<_, _>>()?;
    assign(draft, operator, values, true)
}

/// Makes fields of the values of an operator's paths.
fn assign(draft: &mut Draft<'_>, operator: &Extract, values: Vec<Typed>, nodrop: bool) -> Result<(), Diagnostic> {
    let mut found: Vec<Expr> = Vec::new();
    let mut hidden: Vec<String> = Vec::new();
    for value in values {
        // What is computed is computed once, though it is both tested and shown.
        found.push(match value.expr {
            column @ Expr::Column(_) => column,
            _ => {
                let name = draft.hide("json", value)?;
                let read = column(&name);
                hidden.push(name);
                read
            }
        });
    }
    if let Some(all) = all_of(found.iter().map(|value| value.clone().is_not_null()).collect()) {
        keep(draft, all, nodrop, None)?;
    }
    let fields = names(operator, Text::value).zip(found);
    add_fields(draft, fields.map(|(name, value)| (name, value.clone().is_not_null(), value)))?;
    hidden.iter().for_each(|name| draft.forget(name));
    Ok(())
}
