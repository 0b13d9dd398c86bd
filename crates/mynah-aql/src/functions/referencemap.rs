use super::{Call, Function, Kind};
use crate::plan::{Type, Typed};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "REFERENCEMAP",
        usage: "REFERENCEMAP('map', key)",
        summary: "What a reference map of the site (`mynah.toml`) has for a key, in its own case; no value where it has nothing.",
        page: super::RETRIEVAL,
        examples: &[],
    },
    arity: (2, 3),
    kind: Kind::Scalar(referencemap),
};

fn referencemap(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let name = call.literal(0)?.to_owned();
    if call.arguments.len() > 2 {
        return Err(call.error(2, "REFERENCEMAP for a domain cannot be run: files have no domains".into()));
    }
    let site = call.context.site;
    let map = match site.reference_maps.get(&name) {
        Some(map) => map.clone(),
        None => {
            call.missing("reference map", &name)?;
            Default::default()
        }
    };
    let function = row_function(format!("referencemap({name:?})"), DataType::Utf8, move |row| match row {
        [Cell::Text(key)] => map.get(key.as_ref()).map_or(Cell::Null, Cell::text),
        _ => Cell::Null,
    });
    Ok(Typed::new(function.call(vec![call.as_text(1)]), Type::Text))
}
