use super::{DatePart, Glyph, Problem, Value};
use rsigma_parser::Modifier;

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

impl Comparison {
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::GreaterOrEqual => left >= right,
            Comparison::Greater => left > right,
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Greater => ">",
        }
    }
}

/// The comparison among some modifiers; `neq` is none, since it negates whatever else there is.
pub(super) fn comparison(modifiers: &[Modifier]) -> Result<Option<Comparison>, Problem> {
    let mut found = modifiers.iter().filter_map(|modifier| match modifier {
        Modifier::Lt => Some(Comparison::Less),
        Modifier::Lte => Some(Comparison::LessOrEqual),
        Modifier::Gt => Some(Comparison::Greater),
        Modifier::Gte => Some(Comparison::GreaterOrEqual),
        _ => None,
    });
    let first = found.next();
    match found.next() {
        Some(_) => Err(Problem::new("sigma/value", "a field is compared in one way at a time")
            .help("a range is two items: `Field|gte: 1` and `Field|lt: 9`")),
        None => Ok(first),
    }
}

/// The part of a date that is compared.
pub(super) fn date_part(modifiers: &[Modifier]) -> Option<DatePart> {
    modifiers.iter().find_map(|modifier| match modifier {
        Modifier::Minute => Some(DatePart::Minute),
        Modifier::Hour => Some(DatePart::Hour),
        Modifier::Day => Some(DatePart::Day),
        Modifier::Week => Some(DatePart::Week),
        Modifier::Month => Some(DatePart::Month),
        Modifier::Year => Some(DatePart::Year),
        _ => None,
    })
}

/// A value as a number.
pub(super) fn number(value: &Value) -> Result<f64, Problem> {
    let parsed = match value {
        Value::Number(number, _) => Some(*number),
        Value::Text(glyphs) => {
            let text: Option<String> =
                glyphs.iter().map(|glyph| if let Glyph::Char(c) = glyph { Some(*c) } else { None }).collect();
            text.and_then(|text| text.trim().parse().ok())
        }
        _ => None,
    };
    parsed
        .filter(|number: &f64| number.is_finite())
        .ok_or_else(|| Problem::new("sigma/value", "a comparison wants a number"))
}
