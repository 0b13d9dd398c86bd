//! `compareCIDRPrefix`, `getCIDRPrefix`, `maskFromCIDR`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;
use std::net::Ipv4Addr;

const PAGE: &str = "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/cidr/";

const COMPARE: FunctionDoc = FunctionDoc {
    name: "compareCIDRPrefix",
    usage: "compareCIDRPrefix(address, address, length)",
    summary: "Whether two IPv4 addresses have the same first bits. False for what is no address.",
    page: PAGE,
    examples: &[
        Example { query: "compareCIDRPrefix(\"10.10.1.32\", \"10.10.1.63\", \"27\")", result: "true" },
        Example { query: "compareCIDRPrefix(\"10.10.1.32\", \"10.10.1.64\", \"27\")", result: "false" },
    ],
};

const GET: FunctionDoc = FunctionDoc {
    name: "getCIDRPrefix",
    usage: "getCIDRPrefix(address, length)",
    summary: "The network of an IPv4 address. Null for what is no address.",
    page: PAGE,
    examples: &[
        Example { query: "getCIDRPrefix(\"10.10.1.35\", \"24\")", result: "10.10.1.0" },
        Example { query: "getCIDRPrefix(\"10.10.1.35\", \"27\")", result: "10.10.1.32" },
    ],
};

const MASK: FunctionDoc = FunctionDoc {
    name: "maskFromCIDR",
    usage: "maskFromCIDR(length)",
    summary: "The subnet mask of a prefix length.",
    page: PAGE,
    examples: &[Example { query: "maskFromCIDR(\"29\")", result: "255.255.255.248" }],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &COMPARE,
        names: &["comparecidrprefix"],
        arguments: (3, 3),
        make: Make::Rows(&[Kind::Text, Kind::Text, Kind::Number], Kind::Boolean, compare),
    },
    Function {
        doc: &GET,
        names: &["getcidrprefix"],
        arguments: (2, 2),
        make: Make::Rows(&[Kind::Text, Kind::Number], Kind::Text, network),
    },
    Function {
        doc: &MASK,
        names: &["maskfromcidr"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Number], Kind::Text, mask),
    },
];

fn bits(length: f64) -> Option<u32> {
    (0.0..=32.0).contains(&length).then(|| u32::MAX.checked_shl(32 - length as u32).unwrap_or(0))
}

fn compare<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(left), Cell::Text(right), Cell::Float(length)] = row else { return Cell::Boolean(false) };
    let (left, right) = (left.trim().parse::<Ipv4Addr>(), right.trim().parse::<Ipv4Addr>());
    match (left, right, bits(*length)) {
        (Ok(left), Ok(right), Some(mask)) => Cell::Boolean(u32::from(left) & mask == u32::from(right) & mask),
        _ => Cell::Boolean(false),
    }
}

fn network<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let [Cell::Text(address), Cell::Float(length)] = row else { return Cell::Null };
    match (address.trim().parse::<Ipv4Addr>(), bits(*length)) {
        (Ok(address), Some(mask)) => Cell::text(Ipv4Addr::from(u32::from(address) & mask).to_string()),
        _ => Cell::Null,
    }
}

fn mask<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    match row {
        [Cell::Float(length)] => bits(*length).map(|mask| Cell::text(Ipv4Addr::from(mask).to_string())).into(),
        _ => Cell::Null,
    }
}
