use crate::plan::{Moment, Type, Typed, java_double, to_type};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use jiff::tz::TimeZone;
use mynah_kernels::java_time::DatePattern;
use mynah_kernels::{Case, Cell, Code, Function, Groups, Network, Pattern, Regex, Resources, WildcardSyntax, call};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

const MINUTE: i64 = 60_000;

/// A function of one event's values, as plans hold it: AQL's own functions, and what its operators need beside DataFusion's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum RowFunction {
    Base64,
    Concat,
    Lower,
    Upper,
    Strlen,
    Strpos,
    Substring,
    Long,
    Replace {
        regex: Regex,
        replacement: String,
        all: bool,
    },
    DateFormat {
        pattern: String,
    },
    ParseTimestamp {
        pattern: String,
    },
    /// Of a text and the clock.
    ParseDateTime,
    ReferenceMap {
        map: BTreeMap<String, String>,
    },
    /// The name of the first of these networks that an address is in.
    NetworkName {
        networks: Vec<(String, Network)>,
    },
    /// Of a source and a destination address, by the networks that are local: `L2L`, `L2R`, `R2L` or `R2R`.
    Direction {
        local: Vec<Network>,
    },
    /// LIKE with a pattern that differs from event to event.
    Like {
        case: Case,
    },
    Power,
    /// Of whole numbers, by functions: DataFusion ends the query at the first division by zero.
    Divide,
    Modulo,
    BitAnd,
    BitOr,
    /// A number as Java writes a double.
    DoubleText,
    /// An address as a text that sorts as addresses do.
    AddressOrder,
    /// The beginning of a time's minute, or of the next one unless that is the time itself.
    WholeMinute {
        up: bool,
    },
}

impl RowFunction {
    /// The type of what it gives.
    pub fn gives(&self) -> Type {
        use RowFunction::*;
        match self {
            Strlen | Strpos | Long | ParseTimestamp { .. } | ParseDateTime => Type::Integer,
            Divide | Modulo | BitAnd | BitOr | WholeMinute { .. } => Type::Integer,
            Power => Type::Float,
            Like { .. } => Type::Boolean,
            _ => Type::Text,
        }
    }

    /// A call of it with arguments as these types: computed now where all are constants that are of these types already.
    pub fn of(self, arguments: &[(&Typed, Type)]) -> Typed {
        let cells: Option<Vec<Cell<'_>>> = arguments.iter().map(|(argument, ty)| argument.cell(*ty)).collect();
        if let Some(constant) = cells.and_then(|cells| self.value(&cells)).filter(|value| !value.is_null()) {
            return Typed::constant(constant);
        }
        let ty = self.gives();
        Typed::new(call(self, arguments.iter().map(|(argument, ty)| to_type(argument, *ty)).collect()), ty)
    }

    /// What it gives for values that are known, if it does not fail.
    fn value(&self, row: &[Cell<'_>]) -> Option<Cell<'static>> {
        match self.code(&Resources::default()).ok()? {
            Code::Row(code) => code(row).ok().map(Cell::into_owned),
            _ => None,
        }
    }
}

impl Function for RowFunction {
    const NAME: &'static str = "aql.function";

    fn returns(&self) -> DataType {
        match self.gives() {
            Type::Integer => DataType::Int64,
            Type::Float => DataType::Float64,
            Type::Boolean => DataType::Boolean,
            _ => DataType::Utf8,
        }
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        Ok(match self.clone() {
            RowFunction::Base64 => of_text(|text| Cell::text(STANDARD.encode(text))),
            RowFunction::Concat => {
                Code::row(|row| Cell::text(row.iter().filter_map(Cell::as_text).collect::<String>()))
            }
            RowFunction::Lower => of_text(|text| Cell::text(text.to_lowercase())),
            RowFunction::Upper => of_text(|text| Cell::text(text.to_uppercase())),
            RowFunction::Strlen => of_text(|text| integer(text.chars().count())),
            RowFunction::Strpos => Code::row(strpos),
            RowFunction::Substring => Code::row(substring),
            RowFunction::Long => Code::row(long),
            RowFunction::Replace { regex, replacement, all } => {
                let (most, names) = (if all { usize::MAX } else { 1 }, regex.group_names());
                Code::try_row(move |row| match row {
                    [Cell::Text(text)] => {
                        Ok(Cell::text(regex.replace(text, most, |groups| replaced(&replacement, &names, groups))?))
                    }
                    _ => Ok(Cell::Null),
                })
            }
            RowFunction::DateFormat { pattern } => {
                let pattern = date_pattern(&pattern)?;
                of_integer(move |time| pattern.format(time, &TimeZone::UTC).map_or(Cell::Null, Cell::text))
            }
            RowFunction::ParseTimestamp { pattern } => {
                let pattern = date_pattern(&pattern)?;
                of_text(move |text| pattern.read(text, &TimeZone::UTC).map_or(Cell::Null, Cell::Integer))
            }
            RowFunction::ParseDateTime => Code::row(|row| match row {
                [Cell::Text(text), Cell::Integer(now)] => {
                    Moment::parse(text).map_or(Cell::Null, |moment| Cell::Integer(moment.at(*now)))
                }
                _ => Cell::Null,
            }),
            RowFunction::ReferenceMap { map } => of_text(move |key| map.get(key).map_or(Cell::Null, Cell::text)),
            RowFunction::NetworkName { networks } => of_text(move |address| {
                let address: Option<IpAddr> = address.trim().parse().ok();
                let found = address.and_then(|address| networks.iter().find(|(_, network)| network.contains(address)));
                found.map_or(Cell::Null, |(name, _)| Cell::text(name.clone()))
            }),
            RowFunction::Direction { local } => Code::row(move |row| {
                let side = |cell: &Cell<'_>| {
                    let address: IpAddr = cell.as_text()?.trim().parse().ok()?;
                    Some(if local.iter().any(|network| network.contains(address)) { 'L' } else { 'R' })
                };
                let [source, destination] = row else { return Cell::Null };
                let sides = side(source).zip(side(destination));
                sides.map_or(Cell::Null, |(source, destination)| Cell::text(format!("{source}2{destination}")))
            }),
            RowFunction::Like { case } => Code::row(move |row| match row {
                [Cell::Text(value), Cell::Text(pattern)] => {
                    let fits = |value: &str, pattern: &str| Pattern::parse(pattern, WildcardSyntax::SQL).fits(value);
                    Cell::Boolean(match case {
                        Case::Exact => fits(value, pattern),
                        Case::Folded => fits(&value.to_lowercase(), &pattern.to_lowercase()),
                    })
                }
                _ => Cell::Null,
            }),
            RowFunction::Power => Code::row(|row| match row {
                [Cell::Float(base), Cell::Float(exponent)] => Cell::Float(base.powf(*exponent)),
                _ => Cell::Null,
            }),
            RowFunction::Divide => of_integers(i64::checked_div),
            RowFunction::Modulo => of_integers(i64::checked_rem),
            RowFunction::BitAnd => of_integers(|a, b| Some(a & b)),
            RowFunction::BitOr => of_integers(|a, b| Some(a | b)),
            RowFunction::DoubleText => Code::row(|row| match row {
                [Cell::Float(number)] => Cell::text(java_double(*number)),
                _ => Cell::Null,
            }),
            RowFunction::AddressOrder => of_text(|text| match text.trim().parse::<IpAddr>() {
                Ok(IpAddr::V4(address)) => Cell::text(format!("4{:08x}", u32::from(address))),
                Ok(IpAddr::V6(address)) => Cell::text(format!("6{:032x}", u128::from(address))),
                Err(_) => Cell::Null,
            }),
            RowFunction::WholeMinute { up } => {
                let add = if up { MINUTE - 1 } else { 0 };
                of_integer(move |at| Cell::Integer(at.saturating_add(add).div_euclid(MINUTE).saturating_mul(MINUTE)))
            }
        })
    }
}

fn of_text(code: impl Fn(&str) -> Cell<'static> + Send + Sync + 'static) -> Code {
    Code::row(move |row| match row {
        [Cell::Text(text)] => code(text),
        _ => Cell::Null,
    })
}

fn of_integer(code: impl Fn(i64) -> Cell<'static> + Send + Sync + 'static) -> Code {
    Code::row(move |row| match row {
        [Cell::Integer(number)] => code(*number),
        _ => Cell::Null,
    })
}

fn of_integers(code: fn(i64, i64) -> Option<i64>) -> Code {
    Code::row(move |row| match row {
        [Cell::Integer(a), Cell::Integer(b)] => code(*a, *b).map(Cell::Integer).into(),
        _ => Cell::Null,
    })
}

fn integer(count: usize) -> Cell<'static> {
    Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

fn date_pattern(text: &str) -> Result<DatePattern> {
    DatePattern::parse(text).map_err(|error| DataFusionError::Execution(error.to_string()))
}

fn strpos<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let (text, part, from) = match row {
        [Cell::Text(text), Cell::Text(part)] => (text, part, 0),
        [Cell::Text(text), Cell::Text(part), Cell::Integer(from)] => (text, part, *from),
        _ => return Cell::Null,
    };
    let start = text.char_indices().nth(usize::try_from(from).unwrap_or(0)).map_or(text.len(), |(at, _)| at);
    let found = text.get(start..).and_then(|rest| rest.find(part.as_ref())).and_then(|at| text.get(..start + at));
    found.map_or(Cell::Integer(-1), |before| integer(before.chars().count()))
}

fn substring<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let (text, begin, end) = match row {
        [Cell::Text(text), Cell::Integer(begin)] => (text, *begin, i64::MAX),
        [Cell::Text(text), Cell::Integer(begin), Cell::Integer(end)] => (text, *begin, *end),
        _ => return Cell::Null,
    };
    let (begin, end) = (usize::try_from(begin).unwrap_or(0), usize::try_from(end).unwrap_or(0));
    Cell::text(text.chars().skip(begin).take(end.saturating_sub(begin)).collect::<String>())
}

/// The whole part of a number; of a text the number that it holds, or the 32 bits of an IPv4 address.
fn long<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let cut = |number: f64| number.is_finite().then_some(number.trunc() as i64);
    match row {
        [Cell::Float(number)] => cut(*number).map(Cell::Integer).into(),
        [Cell::Text(text)] => {
            let text = text.trim();
            let whole = text.parse::<i64>().ok();
            let address = || text.parse::<Ipv4Addr>().ok().map(|address| i64::from(u32::from(address)));
            let fraction = || text.parse::<f64>().ok().and_then(cut);
            whole.or_else(address).or_else(fraction).map(Cell::Integer).into()
        }
        _ => Cell::Null,
    }
}

/// A replacement as Java reads it: `$1` is what the first group matched, `${name}` what a named one did, and a backslash
/// takes the meaning from what follows.
fn replaced(replacement: &str, names: &[Option<String>], groups: &Groups<'_>) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut rest = replacement.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            ('\\', _) => out.extend(rest.next()),
            ('$', Some('{')) => {
                let name: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let group = names.iter().position(|known| known.as_deref() == Some(&name));
                out.push_str(group.and_then(|group| groups.get(group)).unwrap_or_default());
            }
            ('$', Some(digit)) if digit.is_ascii_digit() => {
                let mut group = 0;
                let mut first = true;
                // Further digits belong to it as long as there is such a group.
                while let Some(digit) = rest.peek().and_then(|c| c.to_digit(10)) {
                    let longer = group * 10 + digit as usize;
                    if !first && longer >= groups.len() {
                        break;
                    }
                    (group, first) = (longer, false);
                    rest.next();
                }
                out.push_str(groups.get(group).unwrap_or_default());
            }
            _ => out.push(c),
        }
    }
    out
}
