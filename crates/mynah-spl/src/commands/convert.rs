//! Values in another form.
use super::derived::{call, field, lowered, text};
use super::prelude::*;
use crate::expression::parse_number;
use crate::functions::{Internal, number};
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "convert [timeformat=FORMAT] FUNCTION(FIELD) [AS NAME], ...",
    "Values in another form: ctime, mktime, num, auto, none, dur2sec, mstime, memk, rmcomma, rmunit.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/convert",
    convert,
)];

/// How `ctime` writes and `mktime` reads times where the query does not say.
const DEFAULT_FORMAT: &str = "%m/%d/%Y %H:%M:%S";

#[derive(Debug)]
struct Convert {
    format: String,
    calls: Vec<Call>,
}

#[derive(Debug)]
struct Call {
    function: Spanned<String>,
    field: Spanned<String>,
    name: Option<Spanned<String>>,
}

fn convert(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut format = DEFAULT_FORMAT.to_owned();
    let mut calls = Vec::new();
    while !arguments.is_empty() {
        if let Some((_, value)) = arguments.option(&["timeformat"])? {
            format = value.node;
            continue;
        }
        let function = arguments.word()?;
        let known = ["auto", "ctime", "dur2sec", "memk", "mktime", "mstime", "none", "num", "rmcomma", "rmunit"];
        if !known.iter().any(|name| name.eq_ignore_ascii_case(&function.node)) {
            return Err(Diagnostic::error(
                "spl/unknown-function",
                format!("convert has no function `{}`", function.node),
                function.span,
            )
            .with_help(format!("it has {}", known.join(", "))));
        }
        arguments.expect('(')?;
        let field = arguments.field()?;
        arguments.expect(')')?;
        let name = arguments.alias()?;
        calls.push(Call { function, field, name });
        while arguments.symbol(',') {}
    }
    let calls = arguments.some(calls, "a function such as `ctime(field)`")?;
    let needs = Needs::of(calls.iter().map(|call| &call.field));
    let needs = needs.make_all(calls.iter().flat_map(|call| &call.name).map(|name| &name.node));
    on_rows(needs, Convert { format, calls }, Convert::converted)
}

impl Convert {
    fn converted(&self, rows: Rows, _: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        for call in &self.calls {
            let function = call.function.node.to_ascii_lowercase();
            let mut columns = Vec::new();
            for field in super::field_list::expand(std::slice::from_ref(&call.field), &rows) {
                if rows.scope().get(&field).is_none() && call.name.is_none() {
                    continue;
                }
                if let Some(value) = self.value(&function, &field, &rows, planner)? {
                    columns.push((call.name.as_ref().map_or(field, |name| name.node.clone()), value));
                }
            }
            rows = rows.with(columns, planner)?;
        }
        Ok(rows)
    }

    fn value(
        &self,
        function: &str,
        name: &str,
        rows: &Rows,
        planner: &Planner<'_>,
    ) -> Result<Option<Typed>, Diagnostic> {
        let at = planner.at;
        let input = || field(name, at);
        let number = |of: &Internal| of.typed(vec![rows.column(name).into_text()]);
        Ok(Some(match function {
            "ctime" => lowered(&call("strftime", vec![input(), text(&self.format, at)], at), rows)?,
            "mktime" => lowered(&call("strptime", vec![input(), text(&self.format, at)], at), rows)?,
            "num" => lowered(&call("tonumber", vec![input()], at), rows)?,
            // What is no number stays as it is.
            "auto" => {
                let number = lowered(&call("tonumber", vec![input()], at), rows)?;
                or_keep(number, rows.column(name))
            }
            "dur2sec" => number(&DURATION),
            "mstime" => number(&MINUTES),
            "memk" => number(&KILOBYTES),
            "rmcomma" => WITHOUT_COMMAS.typed(vec![rows.column(name).into_text()]),
            "rmunit" => number(&WITHOUT_UNIT),
            _ => return Ok(None),
        }))
    }
}

macro_rules! numbers {
    ($($name:ident $text:literal $code:expr;)*) => {
        $(
            #[doc = $text]
            pub(crate) static $name: Internal = Internal {
                name: $text,
                returns: Type::Number,
                code: |row| number(row.text(0).and_then(|text| $code(&text))),
            };
        )*
    };
}

numbers! {
    DURATION "convert dur2sec" duration;
    KILOBYTES "convert memk" kilobytes;
    MINUTES "convert mstime" minutes;
    WITHOUT_UNIT "convert rmunit" without_unit;
}

/// A text without its commas, whatever else it holds.
pub(crate) static WITHOUT_COMMAS: Internal = Internal {
    name: "convert rmcomma",
    returns: Type::Text,
    code: |row| row.text(0).map(|text| Cell::text(text.replace(',', ""))).into(),
};

fn without_unit(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    text.get(..end).and_then(parse_number)
}

/// `[D+]HH:MM:SS` in seconds.
fn duration(text: &str) -> Option<f64> {
    let (days, rest) =
        text.split_once('+').map_or((0.0, text), |(days, rest)| (days.trim().parse().unwrap_or(f64::NAN), rest));
    let parts: Vec<f64> = rest.trim().split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts.as_slice() else { return None };
    Some(days * 86_400.0 + hours * 3_600.0 + minutes * 60.0 + seconds).filter(|seconds| seconds.is_finite())
}

/// `[MM:]SS.SSS` in seconds.
fn minutes(text: &str) -> Option<f64> {
    let (minutes, seconds) = text.trim().split_once(':').unwrap_or(("0", text.trim()));
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

/// A size with k, m or g behind it, in kilobytes.
fn kilobytes(text: &str) -> Option<f64> {
    let text = text.trim();
    let (number, factor) = match text.chars().last()?.to_ascii_lowercase() {
        'k' => (text.get(..text.len() - 1)?, 1.0),
        'm' => (text.get(..text.len() - 1)?, 1024.0),
        'g' => (text.get(..text.len() - 1)?, 1024.0 * 1024.0),
        _ => (text, 1.0),
    };
    Some(parse_number(number)? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_numbers() {
        assert_eq!(duration("1+01:02:03"), Some(90_123.0));
        assert_eq!(minutes("02:03.5"), Some(123.5));
        assert_eq!(kilobytes("2m"), Some(2048.0));
        assert_eq!(kilobytes("x"), None);
    }
}
