//! Values from one kind to another.
use super::json_path::JsonPath;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::prelude::Expr;
use mynah_kernels::{Cell, Code, Function, Pattern, Resources, WildcardSyntax, call, json};
use mynah_view::folded_json_value;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A number as it is shown: without a fraction where it has none.
fn show_number(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { format!("{number}") }
}

/// A text as a number: digits with sign, fraction and exponent, white space around them left aside.
pub(crate) fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    match text {
        "Infinity" | "+Infinity" => return Some(f64::INFINITY),
        "-Infinity" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let starts_like_one = text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if starts_like_one { text.parse().ok() } else { None }
}

/// The functions of values that the language's operators need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ValueFunction {
    /// A number as text.
    Text,
    /// A text as a number.
    Number,
    /// A number cut towards zero.
    Whole,
    /// A text as a truth value.
    Truth,
    /// A condition as a value: null is false.
    Condition,
    /// A list of texts as a JSON array, which is how a field holds several values.
    JsonArray,
    /// Values as one text in which none runs into the next.
    Tuple,
    /// A value and a time together.
    WithTime,
    /// The value of such a pair.
    Value,
    /// The time of such a pair.
    Time,
    /// The texts of a list in order, a line for each.
    Lines,
    /// The texts of a list as they stand, with a text between.
    Joined(String),
    /// The same, each text once.
    Distinct(String),
    /// Values as the name of a column: with two underscores between.
    Label,
    /// Two numbers as an interval: `[0, 100)`.
    Interval,
    /// Whether a text fits a pattern with `*`.
    Fits,
    /// One text out of those that [`pack`] put together.
    Item(usize),
    /// The value of a JSON text at a path.
    Json(JsonPath),
    /// A name of `json auto`, in lower case: keys joined with dots, `[n]` into arrays, an underscore for a space.
    JsonAuto(String),
    /// The percentile, as it is written, of a list of numbers.
    Percentile(String),
    /// How many bytes a text has.
    Size,
    /// The start of the slice in which a time lies, in milliseconds.
    SliceStart { width: i64, origin: i64 },
}

/// As many values as Sumo Logic gives.
const MOST_LINES: usize = 100;

impl ValueFunction {
    /// The call with one argument.
    pub fn of(self, argument: Expr) -> Expr {
        call(self, vec![argument])
    }

    fn value<'a>(&self, row: &[Cell<'a>]) -> Cell<'a> {
        match (self, row) {
            (ValueFunction::Text, [Cell::Float(number)]) => Cell::text(show_number(*number)),
            (ValueFunction::Text, [Cell::Integer(number)]) => Cell::text(number.to_string()),
            (ValueFunction::Number, [Cell::Text(text)]) => read_number(text).map(Cell::Float).into(),
            (ValueFunction::Whole, [Cell::Float(number)]) if number.is_finite() => Cell::Integer(*number as i64),
            (ValueFunction::Whole, [Cell::Integer(number)]) => Cell::Integer(*number),
            (ValueFunction::Truth, [Cell::Text(text)]) => Cell::Boolean(text.trim().eq_ignore_ascii_case("true")),
            (ValueFunction::Condition, [held]) => Cell::Boolean(matches!(held, Cell::Boolean(true))),
            (ValueFunction::JsonArray, [Cell::List(cells)]) => {
                let texts: Vec<&str> = cells.iter().filter_map(Cell::as_text).collect();
                serde_json::to_string(&texts).ok().map(Cell::text).into()
            }
            (ValueFunction::Tuple, cells) => {
                let texts: Vec<Option<&str>> = cells.iter().map(Cell::as_text).collect();
                Cell::text(pack(texts))
            }
            (ValueFunction::WithTime, [Cell::Text(value), Cell::Integer(time)]) => {
                Cell::text(json!({"value": value, "timestamp": time}).to_string())
            }
            (ValueFunction::Value, [Cell::Text(pair)]) => {
                member(pair, "value").and_then(|value| json::show(&value)).map(Cell::text).into()
            }
            (ValueFunction::Time, [Cell::Text(pair)]) => {
                member(pair, "timestamp").and_then(|time| time.as_i64()).map(Cell::Integer).into()
            }
            (ValueFunction::Lines, [Cell::List(cells)]) => {
                let mut texts: Vec<&str> = cells.iter().filter_map(Cell::as_text).collect();
                texts.sort_unstable();
                texts.truncate(MOST_LINES);
                Cell::text(texts.join("\n"))
            }
            (ValueFunction::Joined(between), [Cell::List(cells)]) => {
                Cell::text(cells.iter().filter_map(Cell::as_text).collect::<Vec<_>>().join(between))
            }
            (ValueFunction::Distinct(between), [Cell::List(cells)]) => {
                let mut seen = std::collections::HashSet::new();
                let texts = cells.iter().filter_map(Cell::as_text).filter(|text| seen.insert(*text));
                Cell::text(texts.collect::<Vec<_>>().join(between))
            }
            (ValueFunction::Label, cells) => {
                Cell::text(cells.iter().map(|cell| cell.as_text().unwrap_or("")).collect::<Vec<_>>().join("__"))
            }
            (ValueFunction::Interval, [Cell::Float(lower), Cell::Float(upper)]) => {
                Cell::text(format!("[{}, {})", show_number(*lower), show_number(*upper)))
            }
            (ValueFunction::Fits, [Cell::Text(text), Cell::Text(pattern)]) => {
                Cell::Boolean(Pattern::parse(pattern, WildcardSyntax::STARS).fits(text))
            }
            (ValueFunction::Item(index), [Cell::Text(packed)]) => unpack(packed, *index).map(Cell::text).into(),
            (ValueFunction::Json(path), [Cell::Text(text)]) => path.value(text).map(Cell::text).into(),
            (ValueFunction::JsonAuto(name), [Cell::Text(text)]) => folded_json_value(text, name).map(Cell::text).into(),
            (ValueFunction::Percentile(percent), [Cell::List(cells)]) => {
                percent.parse().ok().and_then(|percent| percentile(cells, percent)).map(Cell::Float).into()
            }
            (ValueFunction::Size, [Cell::Text(text)]) => Cell::Integer(text.len() as i64),
            (ValueFunction::SliceStart { width, origin }, [Cell::Integer(time)]) if *width > 0 => {
                let slices = time.saturating_sub(*origin).div_euclid(*width);
                Cell::Integer(slices.saturating_mul(*width).saturating_add(*origin))
            }
            _ => Cell::Null,
        }
    }
}

impl Function for ValueFunction {
    const NAME: &'static str = "sumo.value";

    fn returns(&self) -> DataType {
        match self {
            ValueFunction::Number | ValueFunction::Percentile(_) => DataType::Float64,
            ValueFunction::Whole | ValueFunction::Time | ValueFunction::Size | ValueFunction::SliceStart { .. } => {
                DataType::Int64
            }
            ValueFunction::Truth | ValueFunction::Condition | ValueFunction::Fits => DataType::Boolean,
            _ => DataType::Utf8,
        }
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let function = self.clone();
        Ok(Code::row(move |row| function.value(row)))
    }
}

/// A percentile of numbers: between two of them, as far from the lower one as it lies.
fn percentile(cells: &[Cell<'_>], percent: f64) -> Option<f64> {
    let number = |cell: &Cell<'_>| if let Cell::Float(number) = cell { Some(*number) } else { None };
    let mut numbers: Vec<f64> = cells.iter().filter_map(number).collect();
    numbers.sort_unstable_by(f64::total_cmp);
    // In hundredths, so that what is whole stays so.
    let place = percent * numbers.len().checked_sub(1)? as f64;
    let below = (place / 100.0).floor();
    let (lower, upper) = (*numbers.get(below as usize)?, numbers.get(below as usize + 1));
    Some(upper.map_or(lower, |upper| lower + (upper - lower) * ((place - below * 100.0) / 100.0)))
}

fn member(text: &str, key: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok()?.get_mut(key).map(Value::take)
}

/// Texts and gaps as one text: `3:abc` for a text of three bytes, `-` for none.
pub(crate) fn pack<T: AsRef<str>>(texts: impl IntoIterator<Item = Option<T>>) -> String {
    let mut packed = String::new();
    for text in texts {
        match text.as_ref().map(AsRef::as_ref) {
            Some(text) => {
                packed.push_str(&text.len().to_string());
                packed.push(':');
                packed.push_str(text);
            }
            None => packed.push('-'),
        }
    }
    packed
}

fn unpack(packed: &str, index: usize) -> Option<&str> {
    let mut rest = packed;
    let mut at = 0;
    while !rest.is_empty() {
        let (text, after) = match rest.strip_prefix('-') {
            Some(after) => (None, after),
            None => {
                let (length, after) = rest.split_once(':')?;
                let (text, after) = after.split_at_checked(length.parse().ok()?)?;
                (Some(text), after)
            }
        };
        if at == index {
            return text;
        }
        at += 1;
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_and_out() {
        assert_eq!(show_number(3.0), "3");
        assert_eq!(show_number(3.25), "3.25");
        assert_eq!(read_number(" 12.5 "), Some(12.5));
        assert_eq!(read_number("-3"), Some(-3.0));
        assert_eq!(read_number("inf"), None);
        assert_eq!(read_number("12a"), None);
        assert_eq!(read_number(""), None);
    }

    #[test]
    fn percentiles_lie_between_numbers() {
        let numbers = [10.0, 1.0, 3.0, 2.0].map(Cell::Float);
        assert_eq!(percentile(&numbers, 95.0), Some(8.95));
        assert_eq!(percentile(&numbers, 100.0), Some(10.0));
        assert_eq!(percentile(&numbers, 0.0), Some(1.0));
        assert_eq!(percentile(&[], 50.0), None);
    }

    #[test]
    fn texts_are_packed_and_unpacked() {
        let packed = pack([Some("a:b"), None, Some(""), Some("é")]);
        assert_eq!(unpack(&packed, 0), Some("a:b"));
        assert_eq!(unpack(&packed, 1), None);
        assert_eq!(unpack(&packed, 2), Some(""));
        assert_eq!(unpack(&packed, 3), Some("é"));
        assert_eq!(unpack(&packed, 4), None);
    }
}
