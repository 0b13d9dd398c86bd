//! The functions that a plan is made of where DataFusion has none.
use crate::ast::RangeOperator;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use mynah_dialect::elastic_date;
use mynah_kernels::{Cell, Code, Function, Pattern, Resources};
use mynah_view::{FieldType, Kind};
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use unicode_segmentation::UnicodeSegmentation;

/// A function of a field's values.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ValueFunction {
    /// Whether one of these words is in analysed text, or of a `phrase`, whether all follow one another in it. They are in
    /// lower case, and between wildcards where a word has any. The standard analyser cuts by Unicode's rules of word
    /// boundaries and leaves case aside.
    ///
    /// <https://www.elastic.co/docs/reference/text-analysis/analysis-standard-analyzer>
    Words { words: Vec<Pattern>, phrase: bool },
    /// Whether a value, or one of several, stands on a side of another, or is it where no side is given; of texts, whether
    /// as addresses.
    Compare { operator: Option<RangeOperator>, addresses: bool },
    /// Whether there is a value at all.
    Exists,
    /// A time in milliseconds as Elasticsearch shows dates: `2026-03-14T12:00:00.000Z`; of several, each.
    Shown { many: bool },
    /// The first millisecond that a date of Elasticsearch means, or the last one where what is left open is rounded `up`:
    /// `now-1d/d`, `2026-03-14||+1M`, `2026-03`. Its argument is the query's clock.
    ///
    /// <https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#date-math>
    Date { text: String, up: bool },
}

impl Function for ValueFunction {
    const NAME: &'static str = "kuery.value";

    fn returns(&self) -> DataType {
        match self {
            ValueFunction::Words { .. } | ValueFunction::Compare { .. } | ValueFunction::Exists => DataType::Boolean,
            ValueFunction::Shown { many } => FieldType { kind: Kind::Text, many: *many }.data_type(),
            ValueFunction::Date { .. } => DataType::Int64,
        }
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        if let ValueFunction::Date { text, up } = self
            && elastic_date(text, *up, 0).is_none()
        {
            return exec_err!("`{text}` is no date");
        }
        let function = self.clone();
        Ok(Code::row(move |row| function.value(row)))
    }
}

impl ValueFunction {
    fn value<'a>(&self, row: &[Cell<'a>]) -> Cell<'a> {
        match (self, row) {
            (ValueFunction::Words { words, phrase }, [value]) => {
                any(value, |cell| Some(holds(words, *phrase, cell.as_text()?)))
            }
            (ValueFunction::Compare { operator, addresses }, [value, bound]) => {
                any(value, |cell| compare(*operator, *addresses, cell, bound))
            }
            (ValueFunction::Exists, [Cell::List(cells)]) => Cell::Boolean(!cells.is_empty()),
            (ValueFunction::Exists, [cell]) => Cell::Boolean(!cell.is_null()),
            (ValueFunction::Shown { .. }, [Cell::List(cells)]) => Cell::List(cells.iter().filter_map(shown).collect()),
            (ValueFunction::Shown { .. }, [cell]) => shown(cell).into(),
            (ValueFunction::Date { text, up }, [Cell::Integer(now)]) => {
                elastic_date(text, *up, *now).map(Cell::Integer).into()
            }
            _ => Cell::Null,
        }
    }
}

/// True for the value, or one of several, that passes; null where there is none.
fn any<'a>(value: &Cell<'a>, test: impl Fn(&Cell<'a>) -> Option<bool>) -> Cell<'a> {
    match value {
        Cell::List(cells) => Cell::Boolean(cells.iter().any(|cell| test(cell).unwrap_or(false))),
        Cell::Null => Cell::Null,
        cell => Cell::Boolean(test(cell).unwrap_or(false)),
    }
}

/// The words of a text, as the standard analyser cuts it.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().map(str::to_lowercase)
}

fn holds(wanted: &[Pattern], phrase: bool, text: &str) -> bool {
    let words: Vec<String> = words(text).collect();
    match phrase {
        true if wanted.is_empty() => false,
        true => words.windows(wanted.len()).any(|run| run.iter().zip(wanted).all(|(word, w)| w.fits(word))),
        false => wanted.iter().any(|wanted| words.iter().any(|word| wanted.fits(word))),
    }
}

fn compare(operator: Option<RangeOperator>, addresses: bool, left: &Cell<'_>, right: &Cell<'_>) -> Option<bool> {
    let order = match (left, right) {
        (Cell::Text(left), Cell::Text(right)) if addresses => {
            left.parse::<IpAddr>().ok()?.cmp(&right.parse::<IpAddr>().ok()?)
        }
        (Cell::Text(left), Cell::Text(right)) => left.as_bytes().cmp(right.as_bytes()),
        (Cell::Boolean(left), Cell::Boolean(right)) => left.cmp(right),
        (Cell::Integer(left), Cell::Integer(right)) => left.cmp(right),
        (left, right) => left.as_float()?.partial_cmp(&right.as_float()?)?,
    };
    Some(match operator {
        None => order.is_eq(),
        Some(RangeOperator::Less) => order.is_lt(),
        Some(RangeOperator::LessOrEqual) => order.is_le(),
        Some(RangeOperator::Greater) => order.is_gt(),
        Some(RangeOperator::GreaterOrEqual) => order.is_ge(),
    })
}

fn shown(cell: &Cell<'_>) -> Option<Cell<'static>> {
    let at = jiff::Timestamp::from_millisecond(cell.as_integer()?).ok()?;
    Some(Cell::text(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()))
}
