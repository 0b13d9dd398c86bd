//! `ipv4ToNumber`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;
use std::net::Ipv4Addr;

const DOC: FunctionDoc = FunctionDoc {
    name: "ipv4ToNumber",
    usage: "ipv4ToNumber(address)",
    summary: "An IPv4 address as a number. Null for what is no address.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/ipv4tonumber/",
    examples: &[Example { query: "ipv4ToNumber(\"10.0.0.1\")", result: "167772161" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[Function {
    doc: &DOC,
    names: &["ipv4tonumber"],
    arguments: (1, 1),
    make: Make::Rows(&[Kind::Text], Kind::Integer, number),
}];

fn number<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Text(text)] => {
            text.trim().parse::<Ipv4Addr>().ok().map(|address| Cell::Integer(i64::from(u32::from(address)))).into()
        }
        _ => Cell::Null,
    }
}
