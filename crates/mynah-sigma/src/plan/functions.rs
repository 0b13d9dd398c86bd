//! The functions that plans of rules are made of.
use super::dates;
use super::members::Members;
use crate::modifier::{Comparison, DatePart, FieldComparison};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use mynah_kernels::{Cell, Code, Function, Matcher, Needed, Number, Pattern, Piece, Regex, RegexError, Resources};
use mynah_view::{FieldType, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// A function of one row's values, as plans hold it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum RowFunction {
    /// A value as text, each of a list: that is how every value is compared.
    AsText { many: bool },
    /// The first of several texts.
    First,
    /// Several values as one; none where one is missing.
    Tuple,
    /// Milliseconds since 1970 as text: `2026-03-14T12:00:00.000Z`.
    ShownTime,
    /// Whether a text is a number, or a date whose part is one, that compares so; of several, any.
    CompareNumber { part: Option<DatePart>, comparison: Comparison, number: Number },
    /// Whether a text is, holds, begins or ends with another field's; of several, any with any.
    CompareField { how: FieldComparison, cased: bool },
    /// Whether a keyword is in an event, of its own text and its document.
    Keyword(Keyword),
    /// The numbers of the rules whose conditions, the arguments in this order, hold.
    Found { rules: Vec<i64> },
    /// The title of the rule with a number, of these in their order.
    Title { rules: Vec<i64>, titles: Vec<String> },
    /// A value, if a number is that of one of these rules, in their order.
    OfRules { rules: Vec<i64>, field_type: FieldType },
    /// Whether members of an array meet a condition, of the texts of all members.
    Members(Members),
}

impl Function for RowFunction {
    const NAME: &'static str = "sigma.function";

    fn returns(&self) -> DataType {
        match self {
            RowFunction::AsText { many } => FieldType { kind: Kind::Text, many: *many }.data_type(),
            RowFunction::First | RowFunction::Tuple | RowFunction::ShownTime | RowFunction::Title { .. } => {
                DataType::Utf8
            }
            RowFunction::Found { .. } => FieldType { kind: Kind::Integer, many: true }.data_type(),
            RowFunction::OfRules { field_type, .. } => field_type.data_type(),
            _ => DataType::Boolean,
        }
    }

    fn needs(&self) -> Option<Needed<'_>> {
        match self {
            RowFunction::Keyword(Keyword::Text(texts)) => Some(Needed::Text(&texts.matcher)),
            RowFunction::Keyword(Keyword::Regex(regex)) => Some(Needed::Regex(regex)),
            _ => None,
        }
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(match self.clone() {
            RowFunction::AsText { .. } => Code::row(|row| row.first().map_or(Cell::Null, as_text)),
            RowFunction::First => Code::row(|row| match row {
                [Cell::List(cells)] => cells.first().cloned().map(Cell::into_owned).into(),
                _ => Cell::Null,
            }),
            RowFunction::Tuple => Code::row(|row| {
                let texts: Option<Vec<&str>> = row.iter().map(Cell::as_text).collect();
                texts.map(|texts| Cell::text(texts.join("\u{1f}"))).into()
            }),
            RowFunction::ShownTime => Code::row(|row| match row {
                [Cell::Integer(at)] => dates::written(*at).map(Cell::text).into(),
                _ => Cell::Null,
            }),
            RowFunction::CompareNumber { part, comparison, number } => Code::row(move |row| {
                any(row.first(), &|text| {
                    let value = match part {
                        Some(part) => dates::part(text, part),
                        None => text.trim().parse().ok(),
                    };
                    value.is_some_and(|value| comparison.holds(value, number.0))
                })
            }),
            RowFunction::CompareField { how, cased } => Code::row(move |row| match row {
                [left, right] => any(Some(left), &|left| {
                    any(Some(right), &|right| holds(left, right, how, cased)).as_boolean() == Some(true)
                }),
                _ => Cell::Null,
            }),
            RowFunction::Found { rules } => Code::row(move |row| {
                let found = row.iter().zip(&rules).filter(|(holds, _)| holds.as_boolean() == Some(true));
                Cell::List(found.map(|(_, rule)| Cell::Integer(*rule)).collect())
            }),
            RowFunction::Title { rules, titles } => {
                let titles: HashMap<i64, String> = rules.into_iter().zip(titles).collect();
                Code::row(move |row| match row {
                    [Cell::Integer(rule)] => titles.get(rule).map(|title| Cell::text(title.clone())).into(),
                    _ => Cell::Null,
                })
            }
            RowFunction::OfRules { rules, .. } => Code::row(move |row| match row {
                [Cell::Integer(rule), value] if rules.binary_search(rule).is_ok() => value.clone(),
                _ => Cell::Null,
            }),
            RowFunction::Members(members) => Code::try_row(move |row| Ok(Cell::Boolean(members.hold_in(row.first())?))),
            RowFunction::Keyword(keyword) => Code::try_row(move |row| keyword.is_in_event(row).map(Cell::from)),
        })
    }
}

fn as_text(cell: &Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Null => Cell::Null,
        Cell::Boolean(truth) => Cell::text(truth.to_string()),
        Cell::Integer(number) => Cell::text(number.to_string()),
        Cell::Float(number) => Cell::text(number.to_string()),
        Cell::Text(text) => Cell::text(text.to_string()),
        Cell::List(cells) => Cell::List(cells.iter().map(as_text).collect()),
    }
}

/// Whether a text is, holds, begins or ends with another one, or compares with it as a number.
pub(super) fn holds(left: &str, right: &str, how: FieldComparison, cased: bool) -> bool {
    if let FieldComparison::Order(comparison) = how {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        return number(left).zip(number(right)).is_some_and(|(left, right)| comparison.holds(left, right));
    }
    let fold = |text: &str| if cased { text.to_owned() } else { text.to_lowercase() };
    let (left, right) = (fold(left), fold(right));
    match how {
        FieldComparison::Contains => left.contains(&right),
        FieldComparison::StartsWith => left.starts_with(&right),
        FieldComparison::EndsWith => left.ends_with(&right),
        FieldComparison::Equal | FieldComparison::Order(_) => left == right,
    }
}

/// Whether a cell's text passes, or one of its texts; nothing of nothing.
fn any(cell: Option<&Cell<'_>>, test: &dyn Fn(&str) -> bool) -> Cell<'static> {
    match cell {
        Some(Cell::Text(text)) => Cell::Boolean(test(text)),
        Some(Cell::List(cells)) => Cell::Boolean(cells.iter().filter_map(Cell::as_text).any(test)),
        _ => Cell::Null,
    }
}

/// Whether a keyword is in the event's own text, or in one of its values: text and values differ where the log writes
/// a backslash as two.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Keyword {
    Text(Texts),
    Regex(Regex),
}

/// Texts, at least one of which must be somewhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Matcher", into = "Matcher")]
pub(crate) struct Texts {
    matcher: Matcher,
    /// Of each text a part that JSON does not write in another way, whatever its case; nothing where one has no such part.
    parts: Option<AhoCorasick>,
}

impl Texts {
    /// Whether one of them can be in an event's JSON, or in one of its values. Any character can be written as an escape, and
    /// some letters beyond ASCII are ASCII ones in lower case.
    fn can_be_in(&self, json: &str) -> bool {
        let Some(parts) = &self.parts else { return true };
        parts.is_match(json) || !json.is_ascii() || memchr::memmem::find(json.as_bytes(), b"\\u").is_some()
    }
}

impl From<Matcher> for Texts {
    fn from(matcher: Matcher) -> Texts {
        let part = |Pattern(pieces): &Pattern| {
            let literals = pieces.iter().filter_map(|piece| match piece {
                Piece::Literal(text) => Some(text.as_str()),
                _ => None,
            });
            let is_written = |c: char| !c.is_ascii() || c.is_ascii_control() || matches!(c, '"' | '\\' | '/');
            let parts = literals.flat_map(|text| text.split(is_written)).filter(|part| !part.is_empty());
            parts.max_by_key(|part| part.len()).map(str::to_owned)
        };
        let parts: Option<Vec<String>> = matcher.patterns().iter().map(part).collect();
        // Most rules have a few keywords, for which the fastest kind of automaton is small.
        let kind = |parts: &[String]| (parts.len() <= 64).then_some(AhoCorasickKind::DFA);
        let build = |parts: Vec<String>| {
            AhoCorasick::builder().ascii_case_insensitive(true).kind(kind(&parts)).build(parts).ok()
        };
        Texts { parts: parts.and_then(build), matcher }
    }
}

impl From<Texts> for Matcher {
    fn from(texts: Texts) -> Matcher {
        texts.matcher
    }
}

impl Keyword {
    /// Any of some texts, anywhere.
    pub fn texts(patterns: Vec<Pattern>, case: mynah_kernels::Case) -> Keyword {
        let anywhere = |Pattern(mut pieces): Pattern| {
            if pieces.first() != Some(&Piece::Many) {
                pieces.insert(0, Piece::Many);
            }
            if pieces.last() != Some(&Piece::Many) {
                pieces.push(Piece::Many);
            }
            Pattern(pieces)
        };
        Keyword::Text(Matcher::new(patterns.into_iter().map(anywhere), case).into())
    }

    /// Whether it is in an event; nothing where its text and document are not given.
    fn is_in_event(&self, row: &[Cell<'_>]) -> Result<Option<Cell<'static>>> {
        let [raw, document] = row else { return Ok(None) };
        let raw = raw.as_text().unwrap_or("");
        let (document, is_raw) = document.as_text().map_or((raw, true), |document| (document, false));
        // Most events hold none of the texts, which takes no parser to see.
        let in_document = self.can_be_in(document);
        if is_raw && !in_document {
            return Ok(Some(Cell::Boolean(false)));
        }
        // Without escapes the text says it all.
        let is_plain = is_raw && !raw.contains('\\');
        let in_values = || self.is_in_value(&serde_json::from_str(document).unwrap_or(Value::Null));
        let found = self.is_in(raw)? || (!is_plain && in_document && in_values()?);
        Ok(Some(Cell::Boolean(found)))
    }

    fn can_be_in(&self, json: &str) -> bool {
        match self {
            Keyword::Text(texts) => texts.can_be_in(json),
            Keyword::Regex(_) => true,
        }
    }

    fn is_in(&self, text: &str) -> Result<bool, RegexError> {
        match self {
            Keyword::Text(texts) => Ok(texts.matcher.matches(text)),
            Keyword::Regex(regex) => regex.is_match(text),
        }
    }

    /// As deep as the JSON parser goes, which has a limit of its own.
    fn is_in_value(&self, value: &Value) -> Result<bool, RegexError> {
        let any = |values: &mut dyn Iterator<Item = &Value>| {
            values.map(|value| self.is_in_value(value)).find(|found| !matches!(found, Ok(false))).unwrap_or(Ok(false))
        };
        match value {
            Value::Null => Ok(false),
            Value::Bool(truth) => self.is_in(&truth.to_string()),
            Value::Number(number) => self.is_in(&number.to_string()),
            Value::String(text) => self.is_in(text),
            Value::Array(values) => any(&mut values.iter()),
            Value::Object(members) => any(&mut members.values()),
        }
    }
}
