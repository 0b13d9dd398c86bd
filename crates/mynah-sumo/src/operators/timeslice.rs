//! `timeslice`.
use crate::ast::{Name, Place};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser, number_value};
use crate::plan::{Kind, Role, Stage, Typed, parameter};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::lit;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "timeslice",
    usage: "| timeslice [by] 15m [as name]; | timeslice 100 buckets",
    summary: "The start of the interval in which a message lies, in milliseconds, as `_timeslice` if it is given no name, and its end as `__timeslice_end`. Intervals are aligned to the clock, in UTC. Of `n buckets`, the interval is the least usual one that gives no more than n.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/timeslice/",
    examples: &[],
};

/// `timeslice …`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeslice {
    pub slice: Slice,
    name: Option<Name>,
}

/// How long a slice is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Slice {
    /// `15m`, as written.
    Every(String, Place),
    /// `100 buckets`.
    Buckets(u64),
    /// A dashboard's parameter, with what follows it.
    Parameter(String, Place),
    /// All of the query's time.
    All,
}

impl Slice {
    /// The interval that begins here.
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let token = p.peek();
        match token.kind {
            TokenKind::Number => {
                p.bump();
                if p.eat_word("buckets") || p.eat_word("bucket") {
                    let wrong =
                        || Diagnostic::error("sumo/syntax", "a number of buckets is a whole number", token.span);
                    return token.text.parse().map(Slice::Buckets).map_err(|_| wrong());
                }
                let mut text = token.text.to_owned();
                let mut span = token.span;
                // `1 h`: the unit stands apart.
                let unit = p.peek();
                if text.chars().all(|c| c.is_ascii_digit()) && unit.kind == TokenKind::Word && !unit.is_word("as") {
                    p.bump();
                    text.push_str(unit.text);
                    span = span.to(unit.span);
                }
                milliseconds(&text).ok_or_else(|| {
                    Diagnostic::error("sumo/interval", format!("`{text}` is no interval"), span)
                        .with_help("an interval is a number and w, d, h, m or s: `15m`")
                })?;
                Ok(Slice::Every(text, Place(span)))
            }
            TokenKind::Parameter => {
                p.bump();
                let mut text = token.text.to_owned();
                let unit = p.peek();
                let glued = unit.span.start == token.span.end && unit.kind == TokenKind::Word;
                if glued || unit.is_word("buckets") {
                    p.bump();
                    if !glued {
                        text.push(' ');
                    }
                    text.push_str(unit.text);
                }
                Ok(Slice::Parameter(text, Place(token.span)))
            }
            _ => Ok(Slice::All),
        }
    }
}

/// An interval as milliseconds.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let seconds: i64 = match unit.to_lowercase().as_str() {
        "w" | "week" | "weeks" => 604_800,
        "d" | "day" | "days" => 86_400,
        "h" | "hour" | "hours" => 3_600,
        "m" | "min" | "minute" | "minutes" => 60,
        "s" | "sec" | "second" | "seconds" => 1,
        "ms" => return number_value(text).map(|n| n as i64).filter(|n| *n > 0),
        _ => return None,
    };
    let number: i64 = text.get(..text.len() - unit.len())?.parse().ok()?;
    number.checked_mul(seconds)?.checked_mul(1000).filter(|n| *n > 0)
}

/// The intervals that clocks know, in seconds.
const USUAL: [i64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

impl Timeslice {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        p.expect_word("timeslice")?;
        p.eat_word("by");
        let slice = Slice::parse(p)?;
        Ok(Timeslice { slice, name: p.alias()? })
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let (width, origin) = match &self.slice {
            Slice::Every(text, _) => (milliseconds(text).unwrap_or(60_000), 0),
            Slice::Parameter(text, place) => {
                let name = text.trim_start_matches("{{").split("}}").next().unwrap_or("").to_owned();
                parameter(stage, &name, place.0)?;
                (60_000, 0)
            }
            Slice::Buckets(buckets) => {
                let buckets = i64::try_from(*buckets).unwrap_or(i64::MAX).max(1);
                let range = stage.time_range()?.map_or(0, |(first, last)| last - first);
                let wanted = range / buckets / 1000 + 1;
                let seconds = USUAL.into_iter().find(|usual| *usual >= wanted);
                // Beyond a day, whole days.
                (seconds.unwrap_or((wanted / 86_400 + 1) * 86_400) * 1000, 0)
            }
            Slice::All => {
                let (first, last) = stage.time_range()?.unwrap_or((0, 0));
                ((last - first + 1).max(1), first)
            }
        };
        let time = stage.scanned("_messageTime").to(Kind::Integer).expr;
        let floor = row_function(format!("timeslice {width} {origin}"), DataType::Int64, move |row| match row {
            [Cell::Integer(time)] => Cell::Integer((time - origin).div_euclid(width) * width + origin),
            _ => Cell::Null,
        });
        let name = self.name.as_ref().map_or("_timeslice", |name| name.text.as_str()).to_owned();
        stage.timeslice = Some((name.clone(), width));
        let start = floor.call(vec![time]);
        stage.add(vec![
            (name, Role::Field, Typed::new(start.clone(), Kind::Integer)),
            ("__timeslice_end".into(), Role::Field, Typed::new(start + lit(width), Kind::Integer)),
        ])
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slice::Every(text, _) | Slice::Parameter(text, _) => write!(f, " {text}"),
            Slice::Buckets(number) => write!(f, " {number} buckets"),
            Slice::All => Ok(()),
        }
    }
}

impl fmt::Display for Timeslice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "timeslice{}", self.slice)?;
        match &self.name {
            Some(name) => write!(f, " as {name}"),
            None => Ok(()),
        }
    }
}
