//! JSONPath as the `json` operator takes it, and the names of `json auto`.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-json-formatted-logs/>
use super::json_filter::Filter;
use mynah_event::{Path, Segment};
use mynah_kernels::json::{self, Step, follow};
use mynah_view::embedded_json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The way to a value (or several) of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JsonPath(Vec<PathStep>);

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum PathStep {
    /// One that all languages have.
    Plain(Step),
    /// `[0,2]`, `['a','b']`: one after another.
    Union(Vec<Step>),
    /// `[start:end]`.
    Slice(Option<i64>, Option<i64>),
    /// `[-1]`: from the end.
    FromEnd(usize),
    /// `[?(@.a == 1)]`: the elements for which this is true.
    Filter(Filter),
}

impl JsonPath {
    /// Reads a path; what of it is not supported is named in the error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut rest = text.trim().strip_prefix('$').unwrap_or(text.trim());
        let mut first = true;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("..") {
                steps.push(PathStep::Plain(Step::Descend));
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
                    "*" => steps.push(PathStep::Plain(Step::Children)),
                    key => steps.push(PathStep::Plain(Step::Key(key.to_owned()))),
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
            PathStep::Plain(Step::Key(key)) => Some(Segment::Key(key.as_str().into())),
            PathStep::Plain(Step::Index(index)) => Some(Segment::Index(*index)),
            _ => None,
        });
        segments.collect::<Option<Vec<_>>>().filter(|s| !s.is_empty()).map(Path)
    }

    /// The value in a text.
    pub fn value(&self, text: &str) -> Option<String> {
        self.of(&embedded_json(text)?)
    }

    /// The value in a document as the field shows it. Of several values, a JSON array.
    fn of(&self, document: &Value) -> Option<String> {
        let mut found = vec![document];
        for step in &self.0 {
            found = found.into_iter().flat_map(|value| step.of(value)).collect();
        }
        let several = self
            .0
            .iter()
            .any(|step| !matches!(step, PathStep::Plain(Step::Key(_) | Step::Index(_)) | PathStep::FromEnd(_)));
        if several {
            (!found.is_empty()).then(|| serde_json::to_string(&found).ok()).flatten()
        } else {
            found.first().and_then(|value| json::show(value))
        }
    }
}

impl PathStep {
    fn of<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match self {
            PathStep::Plain(step) => follow(value, std::slice::from_ref(step)),
            PathStep::Union(steps) => steps.iter().flat_map(|step| follow(value, std::slice::from_ref(step))).collect(),
            PathStep::Slice(start, end) => {
                let Value::Array(elements) = value else { return Vec::new() };
                let length = elements.len();
                let place = |at: i64| match usize::try_from(at) {
                    Ok(at) => at.min(length),
                    Err(_) => length.saturating_sub(usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX)),
                };
                let (start, end) = (start.map_or(0, place), end.map_or(length, place));
                elements.get(start..end.max(start)).unwrap_or_default().iter().collect()
            }
            PathStep::FromEnd(back) => {
                let Value::Array(elements) = value else { return Vec::new() };
                elements.len().checked_sub(*back).and_then(|at| elements.get(at)).into_iter().collect()
            }
            PathStep::Filter(filter) => match value {
                Value::Array(elements) => elements.iter().filter(|element| filter.holds(element)).collect(),
                Value::Object(members) => members.values().filter(|member| filter.holds(member)).collect(),
                _ => Vec::new(),
            },
        }
    }
}

fn bracket(inner: &str) -> Result<(PathStep, &str), String> {
    if let Some(filter) = inner.strip_prefix("?(") {
        let (filter, after) = Filter::parse(filter)?;
        let after = after.trim_start().strip_prefix(']').ok_or_else(|| NOT_CLOSED.to_owned())?;
        return Ok((PathStep::Filter(filter), after));
    }
    let mut steps: Vec<Step> = Vec::new();
    let mut rest = inner.trim_start();
    // Keys between quotes, which may hold brackets.
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        let (key, after) =
            rest.get(1..).and_then(|text| text.split_once(quote)).ok_or_else(|| NOT_CLOSED.to_owned())?;
        steps.push(Step::Key(key.to_owned()));
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix(']') {
            let step = if steps.len() == 1 { steps.pop().map(PathStep::Plain) } else { None };
            return Ok((step.unwrap_or(PathStep::Union(steps)), after));
        }
        rest = rest.strip_prefix(',').ok_or_else(|| NOT_CLOSED.to_owned())?.trim_start();
    }
    let (content, after) = rest.split_once(']').ok_or_else(|| NOT_CLOSED.to_owned())?;
    let content = content.trim();
    // The one script that has a use in an index: `(@.length-1)`.
    let script = content.strip_prefix("(@.length").and_then(|rest| rest.trim_end().strip_suffix(')'));
    if let Some(back) = script.and_then(|rest| rest.trim().strip_prefix('-')).filter(|_| steps.is_empty())
        && let Ok(back) = back.trim().parse()
    {
        return Ok((PathStep::FromEnd(back), after));
    }
    let unknown =
        || format!("`[{content}]` in a path is not supported: an index, a slice, `*`, a quoted key or a filter is");
    if matches!(content, "*" | "") && steps.is_empty() {
        return Ok((PathStep::Plain(Step::Children), after));
    }
    if let Some((start, end)) = content.split_once(':').filter(|_| steps.is_empty()) {
        let bound = |text: &str| match text.trim() {
            "" => Ok(None),
            number => number.parse().map(Some).map_err(|_| unknown()),
        };
        return Ok((PathStep::Slice(bound(start)?, bound(end)?), after));
    }
    if let Some(back) = content.strip_prefix('-').filter(|_| steps.is_empty()) {
        return back.parse().map(|back| (PathStep::FromEnd(back), after)).map_err(|_| unknown());
    }
    for number in content.split(',') {
        steps.push(Step::Index(number.trim().parse().map_err(|_| unknown())?));
    }
    let step = if steps.len() == 1 { steps.pop().map(PathStep::Plain) } else { None };
    Ok((step.unwrap_or(PathStep::Union(steps)), after))
}

const NOT_CLOSED: &str = "a `[` of the path is not closed";

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
        assert_eq!(value("a['b c'][?(@.d == 1)].d", &document).as_deref(), Some("[1]"));
        assert_eq!(value("a['b c'][1:].d", &document).as_deref(), Some(r#"["x"]"#));
        assert_eq!(value("a['b c'][-1].d", &document).as_deref(), Some("x"));
        assert_eq!(value("a['b c'][(@.length-1)].d", &document).as_deref(), Some("x"));
        assert_eq!(value("a['b c'][0,1].d", &document).as_deref(), Some(r#"[1,"x"]"#));
        assert!(JsonPath::parse("a[x]").unwrap_err().contains("[x]"));
    }
}
