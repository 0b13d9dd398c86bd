//! What an app makes of events when they are searched: props.conf, eventtypes.conf, tags.conf.
use super::conf::{Conf, truth};
use mynah_dialect::{EventRule, EventRules, Knowledge, Selector};
use std::collections::BTreeMap;

/// Adds the stanzas of a props.conf. Transforms that REPORT names stand in transforms.conf. What is left out is named.
pub(super) fn props(conf: &Conf, transforms: &Conf, knowledge: &mut Knowledge, left_out: &mut Vec<String>) {
    for (stanza, settings) in &conf.stanzas {
        let selector = match stanza.split_once("::") {
            Some(("source", pattern)) => Selector::Source(pattern.to_owned()),
            Some(("host", pattern)) => Selector::Host(pattern.to_owned()),
            Some(_) => {
                left_out.push(format!("props.conf [{stanza}]"));
                continue;
            }
            None if stanza == "default" => Selector::Source("*".to_owned()),
            None => Selector::SourceType(stanza.clone()),
        };
        let rules = rules(stanza, settings, transforms, left_out);
        if !rules.is_empty() {
            knowledge.rules.push(EventRules { selector, rules });
        }
    }
}

/// The settings of a class, by their names.
fn of_class<'s>(settings: &'s BTreeMap<String, String>, class: &'s str) -> impl Iterator<Item = (&'s str, &'s String)> {
    settings.iter().filter_map(move |(key, value)| Some((key.strip_prefix(class)?.strip_prefix('-')?, value)))
}

/// The rules of a stanza, in the order in which Splunk applies them: extractions, aliases, calculated fields, lookups.
fn rules(
    stanza: &str,
    settings: &BTreeMap<String, String>,
    transforms: &Conf,
    left_out: &mut Vec<String>,
) -> Vec<EventRule> {
    let mut rules = Vec::new();
    for (_, value) in of_class(settings, "EXTRACT") {
        let (regex, field) = match value.rsplit_once(" in ") {
            Some((regex, field)) if field.trim().chars().all(|c| c.is_alphanumeric() || c == '_') => {
                (regex, field.trim())
            }
            _ => (value.as_str(), "_raw"),
        };
        rules.push(EventRule::Extract { regex: regex.trim().to_owned(), field: field.to_owned() });
    }
    for (_, value) in of_class(settings, "REPORT") {
        for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let found = transforms.stanzas.get(name);
            match found.and_then(reported).map(|rule| vec![rule]).or_else(|| found.and_then(delimited)) {
                Some(found) => rules.extend(found),
                None => left_out.push(format!("props.conf [{stanza}]: the transform {name} of REPORT")),
            }
        }
    }
    for (_, value) in of_class(settings, "FIELDALIAS") {
        let mut words = words(value).into_iter();
        while let (Some(field), Some(how), Some(name)) = (words.next(), words.next(), words.next()) {
            let only_new = how.eq_ignore_ascii_case("asnew");
            rules.push(EventRule::Alias { field, name, only_new });
        }
    }
    for (field, value) in of_class(settings, "EVAL") {
        rules.push(EventRule::Eval { field: field.to_owned(), expression: value.clone() });
    }
    rules.extend(of_class(settings, "LOOKUP").map(|(_, value)| EventRule::Lookup(value.clone())));
    rules
}

/// The extraction of a transform: one that names the fields in its expression, or in FORMAT by `name::$1`.
fn reported(transform: &BTreeMap<String, String>) -> Option<EventRule> {
    let regex = transform.get("REGEX")?;
    let field = transform.get("SOURCE_KEY").map_or("_raw", String::as_str);
    let field = field.strip_prefix("field:").unwrap_or(field).to_owned();
    let Some(format) = transform.get("FORMAT") else {
        return regex.contains("(?<").then(|| EventRule::Extract { regex: regex.clone(), field });
    };
    // `user::$1 host::$2`: the groups get the names.
    let mut names = BTreeMap::new();
    for pair in format.split_whitespace() {
        let (name, group) = pair.split_once("::")?;
        names.insert(group.strip_prefix('$')?.parse::<usize>().ok()?, name.trim_matches('"').to_owned());
    }
    Some(EventRule::Extract { regex: named_groups(regex, &names)?, field })
}

/// The fields of a transform that cuts a text at characters: DELIMS and FIELDS. Pairs, which DELIMS of two parts cut out, are
/// none of these.
fn delimited(transform: &BTreeMap<String, String>) -> Option<Vec<EventRule>> {
    let delimiters = words(transform.get("DELIMS")?);
    let [delimiters] = delimiters.as_slice() else { return None };
    let fields = words(transform.get("FIELDS")?);
    let source = transform.get("SOURCE_KEY").map_or("_raw", String::as_str);
    let source = source.strip_prefix("field:").unwrap_or(source);
    // A class of just these characters, each of which may mean something there.
    let class: String = delimiters.replace("\\t", "\t").chars().map(|c| format!("\\x{{{:x}}}", u32::from(c))).collect();
    if class.is_empty() {
        return None;
    }
    // As many values as stand before a field are passed over; one in quotes may hold the characters.
    let value = format!("(?:\"[^\"]*\"|[^{class}]*)");
    let rule = |(place, name): (usize, String)| {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let regex = format!("^(?:{value}[{class}]){{{place}}}\"?(?<{name}>(?<=\")[^\"]+|[^{class}\"]+)");
        is_name.then(|| EventRule::Extract { regex, field: source.to_owned() })
    };
    fields.into_iter().enumerate().map(rule).collect()
}

/// The regular expression with names for its groups.
fn named_groups(regex: &str, names: &BTreeMap<usize, String>) -> Option<String> {
    let mut out = String::with_capacity(regex.len() + 16);
    let (mut group, mut class) = (0usize, false);
    let mut chars = regex.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        match c {
            '\\' => out.extend(chars.next()),
            '[' => class = true,
            ']' => class = false,
            '(' if !class && chars.peek() != Some(&'?') => {
                group += 1;
                if let Some(name) = names.get(&group) {
                    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                    if !is_name {
                        return None;
                    }
                    out.push_str(&format!("?<{name}>"));
                }
            }
            _ => {}
        }
    }
    (names.keys().all(|wanted| *wanted <= group)).then_some(out)
}

/// Words, some of them in quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => match rest.get(1..).and_then(|inner| inner.split_once(first)) {
                Some((word, after)) => (word, after),
                None => (rest, ""),
            },
            _ => rest.split_at(rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len())),
        };
        words.push(word.to_owned());
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }
    words
}

/// Adds the searches of an eventtypes.conf.
pub(super) fn event_types(conf: &Conf, knowledge: &mut Knowledge) {
    for (name, settings) in &conf.stanzas {
        let disabled = settings.get("disabled").is_some_and(|value| truth(value));
        if let Some(search) = settings.get("search").filter(|_| !disabled) {
            knowledge.event_types.insert(name.clone(), search.clone());
        }
    }
}

/// Adds the tags of a tags.conf: stanzas `[field=value]` with `tag = enabled`.
pub(super) fn tags(conf: &Conf, knowledge: &mut Knowledge) {
    for (stanza, settings) in &conf.stanzas {
        let Some((field, value)) = stanza.split_once('=') else { continue };
        // Blanks and signs are written as in an address.
        let key = (field.trim().to_owned(), decoded(value.trim()));
        let known = knowledge.tags.entry(key).or_default();
        for (tag, state) in settings {
            match state.eq_ignore_ascii_case("enabled") {
                true => known.insert(tag.clone()),
                false => known.remove(tag),
            };
        }
    }
}

/// Takes the limits of a limits.conf that searches depend on.
pub(super) fn limits(conf: &Conf, knowledge: &mut Knowledge) {
    let cutoff = conf.stanzas.get("spath").and_then(|settings| settings.get("extraction_cutoff"));
    knowledge.extraction_cutoff = cutoff.and_then(|value| value.parse().ok()).or(knowledge.extraction_cutoff);
}

/// `%20` as a blank.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conf(text: &str) -> Conf {
        let mut conf = Conf::default();
        conf.add(text);
        conf
    }

    #[test]
    fn rules_stand_in_the_order_in_which_they_are_applied() {
        let props_conf = conf(
            "[x]\nLOOKUP-a = t user OUTPUT dept\nEVAL-b = lower(c)\nFIELDALIAS-c = \"a b\" AS d, e ASNEW f\nREPORT-d = pairs, gone\nEXTRACT-e = id=(?<id>\\d+) in note\n[source::/var/*]\nEVAL-z = 1\n",
        );
        let transforms = conf("[pairs]\nREGEX = u=(\\w+) (?:h)=([(]\\w+)\nFORMAT = user::$1 host::$2\n");
        let (mut knowledge, mut left_out) = (Knowledge::default(), Vec::new());
        props(&props_conf, &transforms, &mut knowledge, &mut left_out);
        assert_eq!(left_out, ["props.conf [x]: the transform gone of REPORT"]);
        assert_eq!(knowledge.rules[0].selector, Selector::Source("/var/*".to_owned()));
        assert_eq!(
            knowledge.rules[1].rules,
            [
                EventRule::Extract { regex: "id=(?<id>\\d+)".into(), field: "note".into() },
                EventRule::Extract { regex: "u=(?<user>\\w+) (?:h)=(?<host>[(]\\w+)".into(), field: "_raw".into() },
                EventRule::Alias { field: "a b".into(), name: "d".into(), only_new: false },
                EventRule::Alias { field: "e".into(), name: "f".into(), only_new: true },
                EventRule::Eval { field: "b".into(), expression: "lower(c)".into() },
                EventRule::Lookup("t user OUTPUT dept".into()),
            ]
        );
    }

    #[test]
    fn texts_are_cut_at_characters() {
        let transforms =
            conf("[cut]\nDELIMS = \"|,\"\nFIELDS = a, \"b\"\nSOURCE_KEY = note\n[pairs]\nDELIMS = \"|\", \"=\"\n");
        let rules = delimited(&transforms.stanzas["cut"]).unwrap();
        let EventRule::Extract { regex, field } = &rules[1] else { panic!("{rules:?}") };
        assert_eq!(field, "note");
        assert!(regex.starts_with("^(?:(?:\"[^\"]*\"|[^\\x{7c}\\x{2c}]*)[\\x{7c}\\x{2c}]){1}"), "{regex}");
        assert!(delimited(&transforms.stanzas["pairs"]).is_none());
    }

    #[test]
    fn tags_belong_to_values() {
        let mut knowledge = Knowledge::default();
        tags(&conf("[eventtype=a%20b]\nauthentication = enabled\nold = disabled\n"), &mut knowledge);
        let found = &knowledge.tags[&("eventtype".to_owned(), "a b".to_owned())];
        assert!(found.contains("authentication") && found.len() == 1);
    }
}
