//! `isValidIP`, `isValidIPv4`, `isValidIPv6`, `isPrivateIP`, `isPublicIP`.
use super::{Function, Make};
use crate::plan::Kind;
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Cell;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const VALID_PAGE: &str = "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/isvalidip/";

const VALID: FunctionDoc = FunctionDoc {
    name: "isValidIP",
    usage: "isValidIP(text)",
    summary: "Whether a text is an IP address.",
    page: VALID_PAGE,
    examples: &[
        Example { query: "isValidIP(\"10.255.255.255\")", result: "true" },
        Example { query: "isValidIP(\"127.0.500.1\")", result: "false" },
        Example { query: "isValidIP(\"2001:db8::1\")", result: "true" },
    ],
};

const VALID_4: FunctionDoc = FunctionDoc {
    name: "isValidIPv4",
    usage: "isValidIPv4(text)",
    summary: "Whether a text is an IPv4 address.",
    page: VALID_PAGE,
    examples: &[Example { query: "isValidIPv4(\"2001:db8::1\")", result: "false" }],
};

const VALID_6: FunctionDoc = FunctionDoc {
    name: "isValidIPv6",
    usage: "isValidIPv6(text)",
    summary: "Whether a text is an IPv6 address.",
    page: VALID_PAGE,
    examples: &[Example { query: "isValidIPv6(\"2001:db8::1\")", result: "true" }],
};

const PRIVATE: FunctionDoc = FunctionDoc {
    name: "isPrivateIP",
    usage: "isPrivateIP(text)",
    summary: "Whether an IPv4 address is private. Null for what is no IPv4 address: such rows pass neither `where` nor its opposite.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/isprivateip/",
    examples: &[
        Example { query: "isPrivateIP(\"10.255.255.255\")", result: "true" },
        Example { query: "isPrivateIP(\"192.168.0.1\")", result: "true" },
        Example { query: "isPrivateIP(\"127.0.0.1\")", result: "false" },
        Example { query: "isPrivateIP(\"host\")", result: "null" },
    ],
};

const PUBLIC: FunctionDoc = FunctionDoc {
    name: "isPublicIP",
    usage: "isPublicIP(text)",
    summary: "Whether an IPv4 address is public. Null for what is no IPv4 address: such rows pass neither `where` nor its opposite.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/search-operators/ispublicip/",
    examples: &[
        Example { query: "isPublicIP(\"10.255.255.255\")", result: "false" },
        Example { query: "isPublicIP(\"8.8.8.8\")", result: "true" },
    ],
};

pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        doc: &VALID,
        names: &["isvalidip"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Boolean, valid),
    },
    Function {
        doc: &VALID_4,
        names: &["isvalidipv4"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Boolean, valid_4),
    },
    Function {
        doc: &VALID_6,
        names: &["isvalidipv6"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Boolean, valid_6),
    },
    Function {
        doc: &PRIVATE,
        names: &["isprivateip"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Boolean, private),
    },
    Function {
        doc: &PUBLIC,
        names: &["ispublicip"],
        arguments: (1, 1),
        make: Make::Rows(&[Kind::Text], Kind::Boolean, public),
    },
];

fn valid<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    Cell::Boolean(matches!(row, [Cell::Text(text)] if text.trim().parse::<IpAddr>().is_ok()))
}

fn valid_4<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    Cell::Boolean(matches!(row, [Cell::Text(text)] if text.trim().parse::<Ipv4Addr>().is_ok()))
}

fn valid_6<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    Cell::Boolean(matches!(row, [Cell::Text(text)] if text.trim().parse::<Ipv6Addr>().is_ok()))
}

fn address(row: &[Cell<'_>]) -> Option<Ipv4Addr> {
    match row {
        [Cell::Text(text)] => text.trim().parse().ok(),
        _ => None,
    }
}

fn private<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    address(row).map(|address| Cell::Boolean(address.is_private())).into()
}

fn public<'a>(row: &[Cell<'a>]) -> Cell<'a> {
    let is_public = |address: Ipv4Addr| {
        let inner = address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_broadcast();
        !inner
    };
    address(row).map(|address| Cell::Boolean(is_public(address))).into()
}
