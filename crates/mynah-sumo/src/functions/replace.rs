//! `replace`.
use super::{Make, argument, function};
use crate::ast::Expression;
use crate::plan::{Draft, Kind, Typed, compile, lower};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result as PlanResult;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Cell, Code, Function, Groups, Regex, Resources, call};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};

pub(super) const FUNCTIONS: &[Entry<Make>] = &[function(
    "replace(text, searched text or /regex/, replacement)",
    "A text with every find replaced, in its own case. In the replacement of a regex `$1` and `${name}` stand for \
     its groups, `$0` for all of the find. Null if any argument is null.",
    page!("search-operators/replace/"),
    &[
        example("replace(\"http://a.example/flight/12345678/x\", /[0-9]{5,}/, \"\")", "http://a.example/flight//x"),
        example("replace(\"/flight/12345678/\", /(flight)\\/([0-9]{5,})/, \"new-$2-url\")", "/new-12345678-url/"),
        example("replace(\"user=ann;\", /(?<=user=)(?<name>\\w+)/, \"<${name}>\")", "user=<ann>;"),
        example("replace(\"a.b.c\", \".\", \"->\")", "a->b->c"),
        example("replace(null, \"a\", \"b\")", "null"),
    ],
    Arity::Exactly(3),
    Make::Plan(make),
)];

fn make(draft: &mut Draft<'_>, arguments: &[Expression], span: Span) -> Result<Typed, Diagnostic> {
    let text = argument(draft, arguments, 0, span)?.to(Kind::Text).expr;
    let by = argument(draft, arguments, 2, span)?.to(Kind::Text).expr;
    let call = match arguments.get(1) {
        Some(Expression::Regex(regex)) => {
            call(Replace { regex: Some(compile(&regex.pattern(), regex.place.0)?) }, vec![text, by])
        }
        Some(search) => call(Replace { regex: None }, vec![text, by, lower(draft, search)?.to(Kind::Text).expr]),
        None => return Err(Diagnostic::error("sumo/arguments", "`replace` takes 3 arguments", span)),
    };
    Ok(Typed::new(call, Kind::Text))
}

/// A text, what to put in, and, without a regular expression, what to look for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Replace {
    regex: Option<Regex>,
}

impl Function for Replace {
    const NAME: &'static str = "sumo.replace";

    fn returns(&self) -> DataType {
        DataType::Utf8
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let Some(regex) = self.regex.clone() else {
            return Ok(Code::row(|row| match row {
                [Cell::Text(text), Cell::Text(_), Cell::Text(search)] if search.is_empty() => Cell::Text(text.clone()),
                [Cell::Text(text), Cell::Text(by), Cell::Text(search)] => Cell::text(text.replace(search.as_ref(), by)),
                _ => Cell::Null,
            }));
        };
        let names = regex.group_names();
        Ok(Code::try_row(move |row| match row {
            [Cell::Text(text), Cell::Text(by)] => {
                Ok(Cell::text(regex.replace(text, usize::MAX, |groups| expand(by, groups, &names))?.into_owned()))
            }
            _ => Ok(Cell::Null),
        }))
    }
}

/// A replacement as Java reads it: `$1`, `${name}`, and `\$` for a dollar.
fn expand(replacement: &str, groups: &Groups<'_>, names: &[Option<String>]) -> String {
    let mut out = String::with_capacity(replacement.len());
    let mut rest = replacement;
    while let Some(at) = rest.find(['\\', '$']) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let escape = after.starts_with('\\');
        rest = after.get(1..).unwrap_or("");
        if escape {
            let next = rest.chars().next().unwrap_or('\\');
            out.push(next);
            rest = rest.strip_prefix(next).unwrap_or("");
            continue;
        }
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let named = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        if let (true, Some((number, after))) = (digits > 0, rest.split_at_checked(digits)) {
            out.push_str(number.parse().ok().and_then(|number| groups.get(number)).unwrap_or(""));
            rest = after;
        } else if let Some((name, after)) = named {
            let number = names.iter().position(|own| own.as_deref() == Some(name)).or_else(|| name.parse().ok());
            out.push_str(number.and_then(|number| groups.get(number)).unwrap_or(""));
            rest = after;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    out
}
