//! Search identifiers: maps are AND, lists are OR, plain values are keywords.
use super::{Parser, condition};
use crate::ast::{Detection, Detections, Item, Selection};
use crate::modifier::{MODIFIERS, Modifier};
use crate::yaml::{Entry, Node, Offsets, Scalar, Shape};
use mynah_syntax::{Diagnostic, Span, Spanned, nearest};

impl Parser<'_> {
    /// The search identifiers of a map, and the conditions. `settings` are the keys that are none of these.
    pub(super) fn detections(&mut self, entry: &Entry, settings: &[&str], arrays: bool) -> Option<Detections> {
        let map = &entry.value;
        if !matches!(map.shape, Shape::Map(_)) {
            let message = format!("`{}` must be a map of search identifiers and a `condition`", entry.key.node);
            self.error("sigma/syntax", message, if map.is_null() { entry.key.span } else { map.span });
            return None;
        }
        self.require(map, &["condition"], &entry.key.node, entry.key.span);
        let (mut conditions, mut is_partial) = (Vec::new(), !self.complete);
        for node in map.get("condition").map_or(&[][..], |entry| entry.value.items()) {
            let read = match node.text() {
                Some(text) => condition::parse(text, &Offsets::new(self.text, node.span, text)),
                None => Err(Diagnostic::error("sigma/condition", "a condition must be a text", node.span)),
            };
            match read {
                Ok(condition) => conditions.push(condition),
                Err(error) => {
                    is_partial = true;
                    self.diagnostics.push(error);
                }
            }
        }
        if let Some(entry) = map.get("condition").filter(|entry| entry.value.items().is_empty()) {
            self.error("sigma/condition", "this list of conditions is empty", entry.value.span);
        }
        let named = map.entries().iter().filter(|entry| !settings.contains(&&*entry.key.node));
        let named = named.map(|entry| Selection {
            name: entry.key.clone(),
            detection: self.detection(&entry.value, entry.key.span, arrays),
        });
        Some(Detections {
            span: entry.key.span,
            named: named.collect(),
            conditions,
            is_partial,
            timeframe: map.get("timeframe").map(|entry| entry.key.span),
        })
    }

    fn detection(&mut self, node: &Node, key: Span, arrays: bool) -> Detection {
        let keywords = |nodes: &[Node]| {
            let value = |node: &Node| Some(Spanned::new(node.scalar()?.clone(), node.span));
            let values = nodes.iter().filter_map(value).collect();
            Detection::All(vec![Item { span: key, field: None, modifiers: Vec::new(), values_span: node.span, values }])
        };
        match &node.shape {
            Shape::Map(entries) if entries.is_empty() && self.complete => {
                self.error("sigma/empty", "this describes nothing", key);
                Detection::All(Vec::new())
            }
            Shape::Map(entries) => {
                let mut items = Vec::new();
                for entry in entries {
                    match self.entry(entry, "", arrays) {
                        Ok(more) => items.extend(more),
                        Err(not_run_yet) => return Detection::NotRunYet(not_run_yet),
                    }
                }
                Detection::All(items)
            }
            Shape::List(parts) if parts.iter().all(|part| part.scalar().is_some()) => {
                if parts.is_empty() && self.complete {
                    self.error("sigma/empty", "an empty list never matches", key);
                }
                keywords(parts)
            }
            Shape::List(parts) => {
                let part = |part: &Node| self.detection(part, part.span, arrays);
                Detection::Any(parts.iter().map(part).collect())
            }
            Shape::Scalar(_) => keywords(std::slice::from_ref(node)),
        }
    }

    /// The items of a field; or what of it does not run.
    fn entry(&mut self, entry: &Entry, prefix: &str, arrays: bool) -> Result<Vec<Item>, Spanned<String>> {
        let field = entry.key.node.split('|').next().unwrap_or("");
        let mut has_index = false;
        for selector in field.split('.').filter_map(selector).filter(|_| arrays) {
            match selector {
                "any" | "all" | "all_or_empty" | "none" => {
                    let what = format!("matching the elements of an array (`{field}`)");
                    return Err(Spanned::new(what, entry.key.span));
                }
                index if index.parse::<i64>().is_ok() => has_index = true,
                other => {
                    let message = format!("there is no array selector `[{other}]`");
                    let help = "there are [any], [all], [all_or_empty], [none] and [0]; a plain bracket is `\\[`";
                    let diagnostic = Diagnostic::error("sigma/syntax", message, entry.key.span);
                    self.diagnostics.push(diagnostic.with_help(help));
                    return Ok(Vec::new());
                }
            }
        }
        let field = format!("{prefix}{field}").replace("\\[", "[").replace("\\]", "]");
        if has_index && !entry.value.entries().is_empty() {
            let inner = entry.value.entries().iter().map(|inner| self.entry(inner, &format!("{field}."), arrays));
            return Ok(inner.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect());
        }
        let modifiers = self.modifiers(entry);
        let values = self.values(entry);
        let item = modifiers.zip(values).map(|(modifiers, values)| Item {
            span: entry.key.span,
            field: Some(field).filter(|field| !field.is_empty()),
            modifiers,
            values_span: entry.value.span,
            values,
        });
        Ok(item.into_iter().collect())
    }

    /// What stands behind the bars of a key; none where it is no modifier.
    fn modifiers(&mut self, entry: &Entry) -> Option<Vec<Spanned<&'static Modifier>>> {
        let key = &entry.key;
        let offsets = Offsets::new(self.text, key.span, &key.node);
        let mut at = 0;
        let mut known = Some(Vec::new());
        for (index, part) in key.node.split('|').enumerate() {
            let span = Span::new(at, at + part.len());
            at = span.end + 1;
            if index == 0 {
                continue;
            }
            let place = offsets.place(span);
            match MODIFIERS.iter().find(|modifier| modifier.doc.name == part) {
                Some(modifier) => known.iter_mut().for_each(|known| known.push(Spanned::new(modifier, place))),
                None => {
                    known = None;
                    self.diagnostics.push(unknown_modifier(part, place));
                }
            }
        }
        known
    }

    /// The values of an item; none where one of them is none.
    fn values(&mut self, entry: &Entry) -> Option<Vec<Spanned<Scalar>>> {
        let nodes = entry.value.items();
        if nodes.is_empty() && self.complete {
            let diagnostic = Diagnostic::error("sigma/empty", "an empty list never matches", entry.value.span);
            self.diagnostics.push(diagnostic.with_help("give it values, or leave the field out"));
            return None;
        }
        let value = |node: &Node| Some(Spanned::new(node.scalar()?.clone(), node.span));
        let values: Option<Vec<_>> = nodes.iter().map(value).collect();
        if values.is_none() {
            let message = "a value is a text, a number, true, false or null, or a list of these";
            let help = "fields of fields are written with dots: `userIdentity.type: Root`";
            self.diagnostics.push(Diagnostic::error("sigma/value", message, entry.key.span).with_help(help));
        }
        values
    }
}

/// What stands in brackets behind a name: `any` in `connections[any]`.
fn selector(segment: &str) -> Option<&str> {
    let (before, selector) = segment.strip_suffix(']')?.split_once('[')?;
    (!before.is_empty() && !before.ends_with('\\') && !selector.ends_with('\\')).then_some(selector)
}

fn unknown_modifier(name: &str, place: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("sigma/unknown-modifier", format!("there is no modifier `{name}`"), place);
    let names = || MODIFIERS.iter().map(|modifier| modifier.doc.name);
    match (name, nearest(name, names())) {
        ("not", _) => diagnostic.with_help("negate it in the condition: `selection and not filter`; or use `neq`"),
        (_, Some(known)) => diagnostic.with_fix(place, known, format!("did you mean `{known}`?")),
        (_, None) => diagnostic.with_help(format!("there are {}", names().collect::<Vec<_>>().join(", "))),
    }
}
