use super::{Call, Function, Kind};
use crate::plan::{Type, Typed};
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Case, Matcher, text_match};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "REFERENCESETCONTAINS",
        usage: "REFERENCESETCONTAINS('set', value)",
        summary: "Whether a reference set of the site (`mynah.toml`) holds a value, in its own case.",
        page: super::RETRIEVAL,
        examples: &[],
    },
    arity: (2, 3),
    kind: Kind::Scalar(referencesetcontains),
};

fn referencesetcontains(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let name = call.literal(0)?.to_owned();
    if call.arguments.len() > 2 {
        return Err(call.error(2, "REFERENCESETCONTAINS for a domain cannot be run: files have no domains".into()));
    }
    let site = call.context.site;
    let matcher = match site.reference_sets.get(&name) {
        Some(set) => Matcher::equal(set.iter().map(String::as_str), Case::Exact),
        None => {
            call.missing("reference set", &name)?;
            Matcher::equal([], Case::Exact)
        }
    };
    Ok(Typed::new(text_match(matcher, call.as_text(1)), Type::Boolean))
}
