//! JSONPath as the `json` operator takes it, and the names of `json auto`.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-json-formatted-logs/>
use mynah_event::{Path, Segment};
use mynah_kernels::json::{self, Step, follow};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The way to a value (or several) of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JsonPath(Vec<Step>);

impl JsonPath {
    /// Reads a path; what of it is not supported is named in the error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        let mut first = true;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("..") {
                steps.push(Step::Descend);
                rest = after;
            } else if let Some(after) = rest.strip_prefix('.') {
                rest = after;
            }
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, after) = bracket(inner)?;
                steps.push(step);
                rest = after;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, after) = rest.split_at(end);
                match key {
                    "" if first || after.is_empty() => return Err(format!("`{text}` is no path")),
                    "" => {}
                    "*" => steps.push(Step::Children),
                    key => steps.push(Step::Key(key.to_owned())),
                }
                rest = after;
            }
            first = false;
        }
        Ok(JsonPath(steps))
    }

    /// The same as a path of records, if it leads to one value.
    pub fn to_path(&self) -> Option<Path> {
        let segments = self.0.iter().map(|step| match step {
            Step::Key(key) => Some(Segment::Key(key.as_str().into())),
            Step::Index(index) => Some(Segment::Index(*index)),
            Step::Elements | Step::Children | Step::Descend => None,
        });
        segments.collect::<Option<Vec<_>>>().filter(|s| !s.is_empty()).map(Path)
    }

    /// The value in a text.
    pub fn value(&self, text: &str) -> Option<String> {
        self.of(&read(text)?)
    }

    /// The value in a document as the field shows it. Of several values, a JSON array.
    fn of(&self, document: &Value) -> Option<String> {
        let found = follow(document, &self.0);
        let several = self.0.iter().any(|step| matches!(step, Step::Children | Step::Descend));
        if several {
            (!found.is_empty()).then(|| serde_json::to_string(&found).ok()).flatten()
        } else {
            found.first().and_then(|value| json::show(value))
        }
    }
}

fn bracket(inner: &str) -> Result<(Step, &str), String> {
    for quote in ['\'', '"'] {
        if let Some(text) = inner.strip_prefix(quote) {
            let end = text.find(&format!("{quote}]")).ok_or_else(|| "a `[` of the path is not closed".to_owned())?;
            let (key, after) = text.split_at(end);
            return Ok((Step::Key(key.to_owned()), after.get(2..).unwrap_or("")));
        }
    }
    let (content, after) = inner.split_once(']').ok_or_else(|| "a `[` of the path is not closed".to_owned())?;
    match content.trim() {
        "*" | "" => Ok((Step::Children, after)),
        number => match number.parse() {
            Ok(index) => Ok((Step::Index(index), after)),
            Err(_) => Err(format!("`[{number}]` in a path is not supported: an index, `*` or a quoted key is")),
        },
    }
}

/// The JSON of a text: all of it, or else its outermost object.
fn read(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let (from, to) = (text.find(['{', '['])?, text.rfind(['}', ']'])?);
    serde_json::from_str(text.get(from..=to)?).ok()
}

/// The value of a name of `json auto` in a text.
pub(crate) fn auto_value(text: &str, name: &str) -> Option<String> {
    named(&read(text)?, name)
}

fn named(value: &Value, wanted: &str) -> Option<String> {
    match value {
        _ if wanted.is_empty() => json::show(value),
        Value::Object(members) => members.iter().find_map(|(key, inner)| {
            let key = key.to_lowercase().replace(' ', "_");
            let rest = wanted.strip_prefix(key.as_str())?;
            match rest.chars().next() {
                None => named(inner, ""),
                Some('.') => named(inner, rest.get(1..)?),
                Some('[') => named(inner, rest),
                Some(_) => None,
            }
        }),
        Value::Array(values) => {
            let (index, rest) = wanted.strip_prefix('[')?.split_once(']')?;
            named(values.get(index.parse::<usize>().ok()?)?, rest.strip_prefix('.').unwrap_or(rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn value(path: &str, document: &Value) -> Option<String> {
        JsonPath::parse(path).unwrap().of(document)
    }

    #[test]
    fn paths_reach_values() {
        let document = json!({"a": {"b c": [{"d": 1}, {"d": "x"}]}, "e.f": true, "n": null});
        assert_eq!(value("a['b c'][0].d", &document).as_deref(), Some("1"));
        assert_eq!(value("$.a['b c'][*].d", &document).as_deref(), Some(r#"[1,"x"]"#));
        assert_eq!(value("['e.f']", &document).as_deref(), Some("true"));
        assert_eq!(value("..d", &document).as_deref(), Some(r#"[1,"x"]"#));
        assert_eq!(value("n", &document), None);
        assert_eq!(value("a.b", &document), None);
        assert!(JsonPath::parse("a[?(@.x)]").unwrap_err().contains("?(@.x)"));
    }

    #[test]
    fn names_of_json_auto() {
        let document = json!({"Users": [{"First Name": "a"}, {"First Name": "b"}], "x": {"y.z": 3}});
        assert_eq!(named(&document, "users[1].first_name").as_deref(), Some("b"));
        assert_eq!(named(&document, "x.y.z").as_deref(), Some("3"));
        assert_eq!(named(&document, "x.y"), None);
    }
}
