//! Tests of texts: of their parts, and of the addresses that they are.
use super::Accepts::Text;
use super::units::folded;
use super::{FunctionCode, page};
use crate::plan::ValueType;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::{Case, Cell, Network, Piece};

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 4] = [
    Entry::new(
        "cidrMatch",
        "cidrMatch(address, network [, ...])",
        "Whether an IP address lies in one of the networks. Null if the address or one of the networks is null.",
        page!("cidrmatch"),
        &[
            example(r#"cidrMatch("192.168.152.12", "192.168.0.0/16")"#, "true"),
            example(r#"cidrMatch("192.168.152.12", "192.168.0.0/16", "10.0.0.0/8")"#, "true"),
            example(r#"cidrMatch("192.168.152.12", "10.0.0.0/8")"#, "false"),
            example(r#"cidrMatch("192.168.152.12", "10.0.0.0/8", "10.128.0.0/9")"#, "false"),
            example(r#"cidrMatch("2001:db8::1", "2001:db8::/32")"#, "true"),
            example(r#"cidrMatch(null, "10.0.0.0/8")"#, "null"),
            example(r#"cidrMatch("192.168.152.12", null)"#, "null"),
        ],
        Arity::AtLeast(2),
        FunctionCode::new(&[Text, Text], Some(ValueType::Boolean), cidr_match),
    ),
    Entry::new(
        "endsWith",
        "endsWith(source, substring)",
        "Whether a text ends with another. Null if either is null.",
        page!("endswith"),
        &[
            example(r#"endsWith("regsvr32.exe", ".exe")"#, "true"),
            example(r#"endsWith("regsvr32.exe", ".EXE")"#, "false"),
            example(r#"endsWith("regsvr32.exe", ".dll")"#, "false"),
            example(r#"endsWith("", "")"#, "true"),
            example(r#"endsWith~("regsvr32.exe", ".EXE")"#, "true"),
            example(r#"endsWith("regsvr32.exe", null)"#, "null"),
            example(r#"endsWith(null, ".exe")"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Text, Text], Some(ValueType::Boolean), |row, case| {
            holds(row, case, |source, part| source.ends_with(part))
        })
        .folding()
        .tested_as(|part| vec![Piece::Many, part]),
    ),
    Entry::new(
        "startsWith",
        "startsWith(source, substring)",
        "Whether a text begins with another. Null if either is null.",
        page!("startswith"),
        &[
            example(r#"startsWith("regsvr32.exe", "regsvr32")"#, "true"),
            example(r#"startsWith("regsvr32.exe", "Regsvr32")"#, "false"),
            example(r#"startsWith("regsvr32.exe", "explorer")"#, "false"),
            example(r#"startsWith("", "")"#, "true"),
            example(r#"startsWith~("regsvr32.exe", "Regsvr32")"#, "true"),
            example(r#"startsWith("regsvr32.exe", null)"#, "null"),
            example(r#"startsWith(null, "regsvr32")"#, "null"),
            example(r#"startsWith(null, null)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Text, Text], Some(ValueType::Boolean), |row, case| {
            holds(row, case, |source, part| source.starts_with(part))
        })
        .folding()
        .tested_as(|part| vec![part, Piece::Many]),
    ),
    Entry::new(
        "stringContains",
        "stringContains(source, substring)",
        "Whether a text contains another. Nothing contains the empty text, nor does the empty text contain anything. Null if either is null.",
        page!("stringcontains"),
        &[
            example(r#"stringContains("start regsvr32.exe", "regsvr32")"#, "true"),
            example(r#"stringContains("start regsvr32.exe", "Regsvr32")"#, "false"),
            example(r#"stringContains("start regsvr32.exe", "start ")"#, "true"),
            example(r#"stringContains("start regsvr32.exe", "explorer")"#, "false"),
            example(r#"stringContains~("start regsvr32.exe", "Regsvr32")"#, "true"),
            example(r#"stringContains("", "")"#, "false"),
            example(r#"stringContains("start regsvr32.exe", "")"#, "false"),
            example(r#"stringContains(null, "regsvr32")"#, "null"),
            example(r#"stringContains("start regsvr32.exe", null)"#, "null"),
        ],
        Arity::Exactly(2),
        FunctionCode::new(&[Text, Text], Some(ValueType::Boolean), |row, case| {
            holds(row, case, |source, part| !part.is_empty() && source.contains(part))
        })
        .folding()
        .tested_as(|part| vec![Piece::Many, part, Piece::Many]),
    ),
];

fn holds<'a>(row: &[Cell<'a>], case: Case, test: fn(&str, &str) -> bool) -> Cell<'a> {
    match row {
        [Cell::Text(source), Cell::Text(part)] => Cell::Boolean(test(&folded(source, case), &folded(part, case))),
        _ => Cell::Null,
    }
}

fn cidr_match<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
    let [Cell::Text(address), networks @ ..] = row else { return Cell::Null };
    if networks.iter().any(Cell::is_null) {
        return Cell::Null;
    }
    let Ok(address) = address.trim().parse() else { return Cell::Boolean(false) };
    let inside = |network: &Cell<'_>| {
        network.as_text().and_then(|text| text.parse::<Network>().ok()).is_some_and(|network| network.contains(address))
    };
    Cell::Boolean(networks.iter().any(inside))
}
