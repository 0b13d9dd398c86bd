//! Fields taken out of a text: what `parse`, `parse regex`, `parse xml`, `csv`, `split` and `keyvalue` have in common.
use super::values::pack;
use super::{Draft, Kind, Role, Typed, ValueFunction, XmlPath};
use crate::ast::{self, Name};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::{Result as PlanResult, UnnestOptions};
use datafusion::logical_expr::when;
use datafusion::prelude::Expr;
use mynah_dialect::{column, marked};
use mynah_kernels::{Cell, Code, Function, Regex, RegexError, Resources, call};
use mynah_syntax::Diagnostic;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The texts of one match, in the order of the fields.
type Found = Vec<Option<String>>;

/// How the texts are found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Extraction {
    /// Groups of a regular expression.
    Groups { regex: Regex, groups: Vec<usize> },
    /// Values between delimiters, counted from 1.
    Delimited { delimiter: char, escape: char, quote: char, numbers: Vec<usize> },
    /// Values of keys, of several the first or the last; all of them must be there, or any.
    Keys { keys: Vec<String>, finder: KeyFinder, any: bool, last: bool },
    /// The first values of paths.
    Xml(Vec<XmlPath>),
}

/// How the value of a key is found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum KeyFinder {
    /// By one expression for each key, with three groups for the value.
    Infer(Vec<Regex>),
    /// By an expression with groups for key and value.
    Pair(Regex),
    /// By an expression for the value, looked for behind the key.
    Value(Regex),
}

impl Extraction {
    /// The matches in a text, or the first alone.
    fn find(&self, text: &str, all: bool) -> Result<Vec<Found>, RegexError> {
        Ok(match self {
            Extraction::Groups { regex, groups } => {
                let found = regex.all_captures(text, if all { usize::MAX } else { 1 })?;
                let texts = |captures: &mynah_kernels::Groups<'_>| {
                    groups.iter().map(|group| captures.get(*group).map(str::to_owned)).collect()
                };
                found.iter().map(texts).collect()
            }
            Extraction::Delimited { delimiter, escape, quote, numbers } => {
                let values = split(text, *delimiter, *escape, *quote);
                vec![numbers.iter().map(|number| values.get(number.wrapping_sub(1)).cloned()).collect()]
            }
            Extraction::Keys { keys, finder, any, last } => {
                let found = keys.iter().enumerate().map(|(index, key)| finder.find(index, key, text, *last));
                let found = found.collect::<Result<Found, _>>()?;
                let fits = if *any { found.iter().any(Option::is_some) } else { found.iter().all(Option::is_some) };
                if fits { vec![found] } else { Vec::new() }
            }
            Extraction::Xml(paths) => {
                let found: Found = paths.iter().map(|path| path.find(text)).collect();
                if found.iter().any(Option::is_some) { vec![found] } else { Vec::new() }
            }
        })
    }
}

impl KeyFinder {
    /// What `key=value`, `key: value` and `key->value` are found by, or `key`, this delimiter and a value.
    pub fn infer(keys: &[String], delimiter: Option<&str>) -> Result<Self, RegexError> {
        let patterns = keys.iter().map(|key| pair(&regex::escape(key), delimiter));
        patterns.collect::<Result<_, _>>().map(KeyFinder::Infer)
    }

    /// What `keyvalue auto` finds the value of a field by: in names of fields, `_` stands for whatever a key has beside
    /// letters and digits.
    pub fn of_field(name: &str, delimiter: Option<&str>) -> Result<Self, RegexError> {
        let key: String = name
            .chars()
            .map(|c| if c == '_' { r"[\w.\-/@#$]".to_owned() } else { regex::escape(c.encode_utf8(&mut [0; 4])) })
            .collect();
        pair(&format!("(?i:{key})"), delimiter).map(|pair| KeyFinder::Infer(vec![pair]))
    }

    fn find(&self, index: usize, key: &str, text: &str, last: bool) -> Result<Option<String>, RegexError> {
        let group = |groups: Option<mynah_kernels::Groups<'_>>, number| groups?.get(number).map(str::to_owned);
        match self {
            KeyFinder::Infer(all) => {
                let Some(regex) = all.get(index) else { return Ok(None) };
                let found = match last {
                    true => regex.all_captures(text, usize::MAX)?.pop(),
                    false => regex.captures(text, 0)?,
                };
                let value = found.and_then(|found| (1..=3).find_map(|group| found.get(group)));
                Ok(value.map(|value| value.trim_end_matches(':').to_owned()))
            }
            KeyFinder::Pair(regex) => {
                let all = regex.all_captures(text, usize::MAX)?;
                Ok(group(all.into_iter().find(|found| found.get(1) == Some(key)), 2))
            }
            KeyFinder::Value(regex) => {
                let behind = text.find(key).and_then(|at| text.get(at + key.len()..));
                Ok(group(behind.map_or(Ok(None), |behind| regex.captures(behind, 0))?, 1))
            }
        }
    }
}

/// What finds a key by its pattern, the delimiter and a value.
fn pair(key: &str, delimiter: Option<&str>) -> Result<Regex, RegexError> {
    let delimiter = delimiter.map_or_else(|| "(?:=|:|->)".to_owned(), regex::escape);
    let values = r#"(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,;|"'(){}\[\]]+))"#;
    Regex::new(&format!(r#"(?:^|[^\w.\-])["']?{key}["']?\s*{delimiter}\s*{values}"#))
}

/// The values of a text, without their quotes and escapes.
fn split(text: &str, delimiter: char, escape: char, quote: char) -> Vec<String> {
    let (mut values, mut value, mut in_quotes) = (Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let escaped = if c == escape {
            rest.next_if(|next| *next == quote || *next == escape || *next == delimiter)
        } else if c == quote && in_quotes {
            rest.next_if_eq(&quote)
        } else {
            None
        };
        match escaped {
            Some(next) => value.push(next),
            None if c == quote => in_quotes = !in_quotes,
            None if c == delimiter && !in_quotes => values.push(std::mem::take(&mut value)),
            None => value.push(c),
        }
    }
    values.push(value);
    values
}

/// The texts of a match packed as one text; of all matches, a list of these. Null where there is none.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Extract {
    pub extraction: Extraction,
    pub all: bool,
}

impl Function for Extract {
    const NAME: &'static str = "sumo.extract";

    fn returns(&self) -> DataType {
        if self.all { DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))) } else { DataType::Utf8 }
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let (extraction, all) = (self.extraction.clone(), self.all);
        Ok(Code::try_row(move |row| {
            let [Cell::Text(text)] = row else { return Ok(Cell::Null) };
            let mut found = extraction.find(text, all)?.into_iter().map(pack).peekable();
            Ok(match (all, found.peek()) {
                (_, None) => Cell::Null,
                (true, _) => Cell::texts(found),
                (false, _) => found.next().map(Cell::text).into(),
            })
        }))
    }
}

/// Adds the fields that an operator takes out of a text (`None` for a value that nobody wants), and drops the rows without
/// a match unless they are to stay.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-nodrop-option/>
pub(super) fn capture(
    draft: &mut Draft<'_>,
    operator: &ast::Extract,
    extraction: Extraction,
    names: Vec<Option<Name>>,
    nodrop: bool,
) -> Result<(), Diagnostic> {
    let text = draft.source(operator)?;
    let found = call(Extract { extraction, all: operator.multi }, vec![text]);
    let packed = draft.hide("match", Typed::new(found, Kind::Text))?;
    if operator.multi {
        let name = packed.clone();
        draft.replan(|builder| {
            builder.unnest_column_with_options(name, UnnestOptions::new().with_preserve_nulls(true))
        })?;
    }
    let found = column(&packed).is_not_null();
    let source = || operator.source.as_ref().map_or_else(|| "_raw".to_owned(), Name::key);
    keep(draft, found.clone(), nodrop, operator.is_chained().then(source))?;
    let value = |(index, name): (usize, Option<Name>)| {
        Some((name?, found.clone(), ValueFunction::Item(index).of(column(&packed))))
    };
    add_fields(draft, names.into_iter().enumerate().filter_map(value))?;
    draft.forget(&packed);
    Ok(())
}

/// Adds fields, each given with the condition under which it has the new value: else it keeps what an earlier operator
/// found under the same name.
pub(super) fn add_fields(
    draft: &mut Draft<'_>,
    values: impl Iterator<Item = (Name, Expr, Expr)>,
) -> Result<(), Diagnostic> {
    let mut fields: Vec<(String, Role, Typed)> = Vec::new();
    for (name, found, mut value) in values {
        if let Some(old) = draft.field(&name.text) {
            let old = Typed::new(column(&old.name), old.kind).to(Kind::Text).expr;
            value = when(found, value).otherwise(old).map_err(|error| draft.refused(&error))?;
        }
        fields.retain(|(other, _, _)| !other.eq_ignore_ascii_case(&name.text));
        fields.push((name.text, Role::Field, Typed::new(value, Kind::Text)));
    }
    draft.add(fields)
}

/// Drops the rows in which nothing was `found`, unless `nodrop`. In a row of operators that are `chained` by
/// a common key, a message stays if any of them found something, as long as all before the last say `nodrop`.
pub(super) fn keep(
    draft: &mut Draft<'_>,
    found: Expr,
    nodrop: bool,
    chained: Option<String>,
) -> Result<(), Diagnostic> {
    let before = draft.passed.take();
    let passes = match (&before, &chained) {
        (Some((source, before)), Some(key)) if source == key => column(before).or(found),
        _ => found,
    };
    if !nodrop {
        draft.filter(marked(draft.at, passes))?;
    } else if let Some(key) = chained {
        let name = draft.hide("passed", Typed::new(passes, Kind::Boolean))?;
        draft.passed = Some((key, name));
    } else {
        draft.passed = before;
        return Ok(());
    }
    if let Some((_, before)) = before {
        draft.forget(&before);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_and_escapes() {
        assert_eq!(split(r#"a,"b,c",d\,e,"f""g""#, ',', '\\', '"'), ["a", "b,c", "d,e", "f\"g"]);
        assert_eq!(split("", ',', '\\', '"'), [""]);
    }
}
