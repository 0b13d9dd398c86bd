//! The functions that plans of rules are made of.
use super::correlation::Measuring;
use super::dates;
use crate::modifier::{Comparison, DatePart, FieldComparison};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use mynah_kernels::{Cell, Code, Function, Matcher, Number, Pattern, Piece, Regex, RegexError, Registry, Resources};
use mynah_view::{FieldType, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A function of one row's values: the type with its parameters, its name, what it gives, and its code.
macro_rules! function {
    ($type:ty, $name:literal, $self:ident, $returns:expr, $code:expr) => {
        impl Function for $type {
            const NAME: &'static str = $name;

            fn returns(&$self) -> DataType {
                $returns
            }

            fn code(&$self, _: &Resources) -> Result<Code> {
                Ok($code)
            }
        }
    };
}

/// Adds all of them.
pub(crate) fn register(registry: &mut Registry) {
    registry.function::<AsText>().function::<First>().function::<Tuple>().function::<ShownTime>();
    registry.function::<CompareNumber>().function::<CompareField>().function::<Keyword>();
    registry.aggregate::<Measuring>();
}

/// A value as text, each of a list: that is how every value is compared.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AsText {
    pub many: bool,
}

function!(
    AsText,
    "sigma.text",
    self,
    FieldType { kind: Kind::Text, many: self.many }.data_type(),
    Code::row(|row| row.first().map_or(Cell::Null, as_text))
);

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

/// The first of several texts.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct First;

function!(
    First,
    "sigma.first",
    self,
    DataType::Utf8,
    Code::row(|row| match row {
        [Cell::List(cells)] => cells.first().and_then(Cell::as_text).map(|text| Cell::text(text.to_owned())).into(),
        _ => Cell::Null,
    })
);

/// Several values as one; none where one is missing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tuple;

function!(
    Tuple,
    "sigma.tuple",
    self,
    DataType::Utf8,
    Code::row(|row| {
        let texts: Option<Vec<&str>> = row.iter().map(Cell::as_text).collect();
        texts.map(|texts| Cell::text(texts.join("\u{1f}"))).into()
    })
);

/// Milliseconds since 1970 as text: `2026-03-14T12:00:00.000Z`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShownTime;

function!(
    ShownTime,
    "sigma.time",
    self,
    DataType::Utf8,
    Code::row(|row| match row {
        [Cell::Integer(at)] => dates::written(*at).map(Cell::text).into(),
        _ => Cell::Null,
    })
);

/// Whether a text is a number, or a date whose part is one, that compares so; of several, any.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CompareNumber {
    pub part: Option<DatePart>,
    pub comparison: Comparison,
    pub number: Number,
}

function!(CompareNumber, "sigma.compare", self, DataType::Boolean, {
    let CompareNumber { part, comparison, number } = *self;
    Code::row(move |row| {
        any(row.first(), &|text| {
            let value = match part {
                Some(part) => dates::part(text, part),
                None => text.trim().parse().ok(),
            };
            value.is_some_and(|value| comparison.holds(value, number.0))
        })
    })
});

/// Whether a text is, holds, begins or ends with another field's; of several, any with any.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CompareField {
    pub how: FieldComparison,
    pub cased: bool,
}

function!(CompareField, "sigma.field", self, DataType::Boolean, {
    let CompareField { how, cased } = *self;
    Code::row(move |row| match row {
        [left, right] => any(Some(left), &|left| {
            any(Some(right), &|right| holds(left, right, how, cased)).as_boolean() == Some(true)
        }),
        _ => Cell::Null,
    })
});

fn holds(left: &str, right: &str, how: FieldComparison, cased: bool) -> bool {
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
pub(super) enum Keyword {
    Text(Matcher),
    Regex(Regex),
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
        Keyword::Text(Matcher::new(patterns.into_iter().map(anywhere), case))
    }

    fn is_in(&self, text: &str) -> Result<bool, RegexError> {
        match self {
            Keyword::Text(matcher) => Ok(matcher.matches(text)),
            Keyword::Regex(regex) => regex.is_match(text),
        }
    }

    /// As deep as the JSON parser goes, which has a limit of its own.
    fn is_in_value(&self, value: &Value) -> Result<bool, RegexError> {
        let any = |values: &mut dyn Iterator<Item = &Value>| {
            for value in values {
                if self.is_in_value(value)? {
                    return Ok(true);
                }
            }
            Ok(false)
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

function!(Keyword, "sigma.keyword", self, DataType::Boolean, {
    let keyword = self.clone();
    Code::try_row(move |row| {
        let [raw, document] = row else { return Ok(Cell::Null) };
        let (raw, document) = (raw.as_text().unwrap_or(""), document.as_text().unwrap_or(""));
        if keyword.is_in(raw)? {
            return Ok(Cell::Boolean(true));
        }
        // Without escapes the text has said it all.
        if raw == document && !raw.contains('\\') {
            return Ok(Cell::Boolean(false));
        }
        let value = serde_json::from_str(document).unwrap_or(Value::Null);
        Ok(Cell::Boolean(keyword.is_in_value(&value)?))
    })
});
