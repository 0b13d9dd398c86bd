//! Search identifiers: maps are AND, lists are OR, plain values are keywords.
use super::{Parser, condition};
use crate::ast::{Condition, ConditionNode, Detection, Detections, Item, Members, Selection, Which};
use crate::modifier::{MODIFIERS, Modifier};
use crate::yaml::{Entry, Node, Offsets, Scalar, Shape};
use mynah_syntax::{Diagnostic, MAX_DEPTH, Span, Spanned, nearest};

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
            let (modifiers, values_span) = (Vec::new(), node.span);
            Detection::All(vec![Item { span: key, field: None, members: None, modifiers, values_span, values }])
        };
        match &node.shape {
            Shape::Map(entries) if entries.is_empty() && self.complete => {
                self.error("sigma/empty", "this describes nothing", key);
                Detection::All(Vec::new())
            }
            Shape::Map(entries) => {
                Detection::All(entries.iter().flat_map(|entry| self.entry(entry, "", arrays)).collect())
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

    /// The items of a field.
    fn entry(&mut self, entry: &Entry, prefix: &str, arrays: bool) -> Vec<Item> {
        let written = entry.key.node.split('|').next().unwrap_or("");
        if !arrays {
            let field = written.replace('[', "\\[").replace(']', "\\]");
            return self.item(entry, field).into_iter().collect();
        }
        if written.matches('[').count() > MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            self.error("syntax/too-deep", message, entry.key.span);
            return Vec::new();
        }
        let mut at = 0;
        for segment in written.split('.') {
            let end = at + segment.len();
            match selector(segment).map(|selector| (selector, Which::parse(selector))) {
                // What has no sign is part of a path.
                None | Some((_, Some(Which::At(0..)))) => at = end + 1,
                Some((selector, Some(which))) => {
                    let array = written.get(..end - selector.len() - 2).unwrap_or("");
                    let rest = written.get(end + 1..).unwrap_or("");
                    let members = self.members(entry, rest).map(|body| Box::new(Members { which, body }));
                    let field = Some(format!("{prefix}{array}"));
                    let (modifiers, values) = (Vec::new(), Vec::new());
                    let (span, values_span) = (entry.key.span, entry.value.span);
                    let item = |members| Item { span, field, members: Some(members), modifiers, values_span, values };
                    return members.map(item).into_iter().collect();
                }
                Some((selector, None)) => {
                    let message = format!("there is no array selector `[{selector}]`");
                    let help = "there are [any], [all], [all_or_empty], [none], [0] and [-1]; a plain bracket is `\\[`";
                    let diagnostic = Diagnostic::error("sigma/syntax", message, entry.key.span);
                    self.diagnostics.push(diagnostic.with_help(help));
                    return Vec::new();
                }
            }
        }
        let field = format!("{prefix}{written}");
        if at > 0 && written.ends_with(']') && !entry.value.entries().is_empty() {
            let prefix = format!("{field}.");
            return entry.value.entries().iter().flat_map(|inner| self.entry(inner, &prefix, arrays)).collect();
        }
        self.item(entry, field).into_iter().collect()
    }

    fn item(&mut self, entry: &Entry, field: String) -> Option<Item> {
        let modifiers = self.modifiers(entry);
        let values = self.values(entry);
        modifiers.zip(values).map(|(modifiers, values)| Item {
            span: entry.key.span,
            field: Some(field).filter(|field| !field.is_empty()),
            members: None,
            modifiers,
            values_span: entry.value.span,
            values,
        })
    }

    /// What the members of an array are held against: a map of fields, one with a condition of its own, or values of the
    /// member itself or of what `rest` of the key leads to in it.
    fn members(&mut self, entry: &Entry, rest: &str) -> Option<Detections> {
        let map = &entry.value;
        if rest.is_empty() && map.get("condition").is_some() {
            return self.detections(entry, &["condition"], true);
        }
        let items: Vec<Item> = if rest.is_empty() && matches!(map.shape, Shape::Map(_)) {
            map.entries().iter().flat_map(|inner| self.entry(inner, "", true)).collect()
        } else {
            let modifiers = entry.key.node.split_once('|').map_or(String::new(), |(_, behind)| format!("|{behind}"));
            let key = format!("{}{modifiers}", if rest.is_empty() { "." } else { rest });
            let inner = Entry { key: Spanned::new(key, entry.key.span), value: entry.value.clone() };
            match rest {
                "" => self.item(&inner, ".".to_owned()).into_iter().collect(),
                _ => self.entry(&inner, "", true),
            }
        };
        let name = Spanned::new("members".to_owned(), entry.key.span);
        let all = Condition { span: entry.key.span, node: ConditionNode::Name(name.node.clone()) };
        (!items.is_empty()).then(|| Detections {
            span: entry.key.span,
            named: vec![Selection { name, detection: Detection::All(items) }],
            conditions: vec![all],
            is_partial: !self.complete,
            timeframe: None,
        })
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
