//! `tourl`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;

const DOC: FunctionDoc = FunctionDoc {
    name: "tourl",
    usage: "tourl(address, label [, prefix, suffix])",
    summary: "A link. Sumo Logic shows its label, so the value here is the label, with prefix and suffix if given.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/tourl/",
    examples: &[
        Example { query: "tourl(\"https://a.example/1\", \"first\")", result: "first" },
        Example { query: "tourl(\"https://a.example/1\", \"9:00\", \"failed at \", \"\")", result: "failed at 9:00" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] =
    &[Function { doc: &DOC, names: &["tourl"], arguments: (2, 4), make: Make::Rows(&[Kind::Text], Kind::Text, label) }];

fn label<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [_, Cell::Text(label)] => Cell::Text(label.clone()),
        [_, Cell::Text(label), prefix, suffix @ ..] => {
            let suffix = suffix.first().and_then(Cell::as_text).unwrap_or("");
            Cell::text(format!("{}{label}{suffix}", prefix.as_text().unwrap_or("")))
        }
        _ => Cell::Null,
    }
}
