use super::replaceall::parts;
use super::{Call, Function, Kind, text_to_text};
use crate::plan::Typed;
use mynah_dialect::{Example, FunctionDoc};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "REPLACEFIRST",
        usage: "REPLACEFIRST('expression', text, 'replacement')",
        summary: "The text with the first thing that fits a regular expression replaced. `$1` in the replacement is what the first group fitted.",
        page: super::FORMATTING,
        examples: &[
            Example { query: r#"REPLACEFIRST('[0-9]{4}', 'card 1234 5678', 'xxxx')"#, result: r#"card xxxx 5678"# },
            Example { query: r#"REPLACEFIRST('(a)(b)', 'xaby', '$2$1')"#, result: r#"xbay"# },
        ],
    },
    arity: (3, 3),
    kind: Kind::Scalar(replacefirst),
};

fn replacefirst(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let (regex, replacement) = parts(call)?;
    let name = format!("replacefirst({regex:?}, {replacement:?})");
    Ok(text_to_text(&name, call.as_text(1), move |text| regex.replace(text, replacement.as_str()).into_owned()))
}
