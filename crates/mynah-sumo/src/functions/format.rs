//! `format`, after Java's `String.format`.
use super::{Make, constant_text, function};
use crate::ast::Expression;
use crate::plan::{Draft, Kind, Typed, lower};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result as PlanResult};
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

pub(super) const FUNCTIONS: &[Entry<Make>] = &[function(
    "format(pattern, value [, …])",
    "Values written as a Java format says: `%s`, `%S`, `%d`, `%f`, `%e`, `%x`, `%X`, `%o`, `%b`, `%c`, `%n` and \
     `%%`, with width, precision and the flags `-`, `0`, `,`, `+`. Null if a value is null or not of the kind.",
    page!("search-operators/format/"),
    &[
        example("format(\"%s : %s\", \"rate\", 5)", "rate : 5"),
        example("format(\"$%,.2f\", 1234567.891)", "$1,234,567.89"),
        example("format(\"%S: %d\", \"ann\", 31)", "ANN: 31"),
        example("format(\"%05d|%-4s|%4s|%X\", 42, \"a\", \"b\", 255)", "00042|a   |   b|FF"),
        example("format(\"%.1f%%\", \"12.34\")", "12.3%"),
        example("format(\"%.2f %.1f %.0f %.3f\", 1.005, 0.25, 99.5, -0.0004)", "1.01 0.3 100 -0.000"),
        example("format(\"%.20f\", 0.1)", "0.10000000000000000000"),
        example("format(\"%d\", \"many\")", "null"),
    ],
    Arity::AtLeast(1),
    Make::Plan(make),
)];

/// Values in a pattern.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Format {
    pattern: String,
}

impl Function for Format {
    const NAME: &'static str = "sumo.format";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let pieces = parse(&self.pattern).map_err(DataFusionError::Execution)?;
        Ok(Code::row(move |row| write(&pieces, row).map(Cell::text).into()))
    }
}

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    Value(Conversion),
}

#[derive(Debug, Clone, Default)]
struct Conversion {
    index: usize,
    letter: char,
    width: usize,
    precision: Option<usize>,
    left: bool,
    zero: bool,
    grouped: bool,
    plus: bool,
}

fn make(draft: &mut Draft<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let [first, rest @ ..] = arguments else {
        return Err(Diagnostic::error("sumo/arguments", "`format` takes a pattern", span));
    };
    let pattern = constant_text(first, "the pattern of `format`")?;
    let pieces = parse(&pattern).map_err(|message| Diagnostic::error("sumo/format", message, first.span()))?;
    let needed = pieces.iter().filter_map(|p| if let Piece::Value(c) = p { Some(c.index + 1) } else { None }).max();
    if needed.is_some_and(|needed| needed > rest.len()) {
        let message = format!("the pattern names {} values, {} are given", needed.unwrap_or(0), rest.len());
        return Err(Diagnostic::error("sumo/format", message, first.span()));
    }
    let text = |value: &Expression| Ok(lower(draft, value)?.to(Kind::Text).expr);
    let values = rest.iter().map(text).collect::<Result<Vec<_>, Diagnostic>>()?;
    if values.is_empty() {
        return Ok(Typed::text(write(&pieces, &[]).unwrap_or_default()));
    }
    Ok(Typed::new(call(Format { pattern }, values), Kind::Text))
}

fn parse(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut next = 0;
    let mut rest = pattern.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let mut conversion = Conversion { index: next, ..Conversion::default() };
        let mut digits = String::new();
        let mut explicit = false;
        loop {
            match rest.next() {
                Some('-') if digits.is_empty() => conversion.left = true,
                Some('0') if digits.is_empty() => conversion.zero = true,
                Some(',') if digits.is_empty() => conversion.grouped = true,
                Some('+') if digits.is_empty() => conversion.plus = true,
                Some(' ') if digits.is_empty() => {}
                Some('$') => {
                    let index: usize = digits.parse().map_err(|_| "a `$` of the pattern has no number".to_owned())?;
                    conversion.index = index.checked_sub(1).ok_or("values are counted from 1")?;
                    explicit = true;
                    digits.clear();
                }
                Some('.') => {
                    let mut places = String::new();
                    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                        places.push(digit);
                    }
                    conversion.precision = Some(places.parse().map_err(|_| "a precision is a number".to_owned())?);
                }
                Some(digit) if digit.is_ascii_digit() => digits.push(digit),
                Some(letter) => {
                    conversion.letter = letter;
                    break;
                }
                None => return Err("the pattern ends in the middle of a conversion".into()),
            }
        }
        conversion.width = digits.parse().unwrap_or(0);
        if conversion.width > 1000 || conversion.precision.is_some_and(|p| p > 1000) {
            return Err("a width or precision of more than 1000 is not supported".into());
        }
        match conversion.letter {
            '%' => text.push('%'),
            'n' => text.push('\n'),
            's' | 'S' | 'd' | 'f' | 'e' | 'E' | 'x' | 'X' | 'o' | 'b' | 'B' | 'c' | 'g' => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                if !explicit {
                    next += 1;
                }
                pieces.push(Piece::Value(conversion));
            }
            other => return Err(format!("`%{other}` is not supported")),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

fn write(pieces: &[Piece], row: &[Cell<'_>]) -> Option<String> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(conversion) => {
                let value = row.get(conversion.index)?.as_text()?;
                let shown = convert(conversion, value)?;
                let missing = conversion.width.saturating_sub(shown.chars().count());
                let numeric = matches!(conversion.letter, 'd' | 'f' | 'e' | 'E' | 'x' | 'X' | 'o' | 'g');
                if conversion.left {
                    out.push_str(&shown);
                    out.extend(std::iter::repeat_n(' ', missing));
                } else if conversion.zero && numeric {
                    let (sign, digits) = match shown.strip_prefix(['-', '+']) {
                        Some(digits) => shown.split_at(shown.len() - digits.len()),
                        None => ("", shown.as_str()),
                    };
                    out.push_str(sign);
                    out.extend(std::iter::repeat_n('0', missing));
                    out.push_str(digits);
                } else {
                    out.extend(std::iter::repeat_n(' ', missing));
                    out.push_str(&shown);
                }
            }
        }
    }
    Some(out)
}

fn convert(conversion: &Conversion, value: &str) -> Option<String> {
    let number = || value.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let integer = || value.trim().parse::<i64>().ok().or_else(|| number().map(|n| n as i64));
    let mut shown = match conversion.letter {
        's' | 'S' => value.chars().take(conversion.precision.unwrap_or(usize::MAX)).collect(),
        'c' => value.chars().take(1).collect(),
        // Java's: whatever is there and not false is true.
        'b' | 'B' => (!value.eq_ignore_ascii_case("false")).to_string(),
        'd' => integer()?.to_string(),
        'x' | 'X' => format!("{:x}", integer()?),
        'o' => format!("{:o}", integer()?),
        'e' | 'E' => exponent(number()?, conversion.precision.unwrap_or(6)),
        'f' | 'g' => fixed(number()?, conversion.precision.unwrap_or(6)),
        _ => return None,
    };
    if conversion.grouped {
        shown = group(&shown);
    }
    if conversion.plus && !shown.starts_with('-') {
        shown.insert(0, '+');
    }
    Some(if conversion.letter.is_ascii_uppercase() { shown.to_uppercase() } else { shown })
}

/// Java rounds the digits that it shows a number with, halves away from zero, and puts zeros behind them.
fn fixed(number: f64, places: usize) -> String {
    let shown = format!("{}", number.abs());
    let (whole, fraction) = shown.split_once('.').unwrap_or((shown.as_str(), ""));
    let up = fraction.as_bytes().get(places).is_some_and(|digit| *digit >= b'5');
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes().take(places)).collect();
    digits.extend(std::iter::repeat_n(b'0', places.saturating_sub(fraction.len())));
    if up {
        let nines = digits.iter().rev().take_while(|digit| **digit == b'9').count();
        for digit in digits.iter_mut().rev().take(nines + 1) {
            *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
        }
        if nines == digits.len() {
            digits.insert(0, b'1');
        }
    }
    let mut out = String::from(if number.is_sign_negative() { "-" } else { "" });
    let point = digits.len() - places;
    for (at, digit) in digits.into_iter().enumerate() {
        if at == point {
            out.push('.');
        }
        out.push(char::from(digit));
    }
    out
}

/// Java writes at least two digits and a sign: `1.5e+03`.
fn exponent(number: f64, places: usize) -> String {
    let shown = format!("{number:.places$e}");
    match shown.split_once('e') {
        Some((digits, power)) => {
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
            format!("{digits}e{sign}{power:0>2}")
        }
        None => shown,
    }
}

fn group(shown: &str) -> String {
    let (whole, fraction) = shown.split_once('.').map_or((shown, None), |(whole, fraction)| (whole, Some(fraction)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}
