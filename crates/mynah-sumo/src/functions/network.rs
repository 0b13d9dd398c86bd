//! IP addresses and networks.
use super::{Make, function, of_text, unary};
use crate::plan::Kind;
use mynah_dialect::{Arity, Entry, example};
use mynah_kernels::Cell;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

pub(super) const FUNCTIONS: &[Entry<Make>] = &[
    unary(
        "isValidIP(text)",
        "Whether a text is an IP address.",
        page!("search-operators/isvalidip/"),
        &[
            example("isValidIP(\"10.255.255.255\")", "true"),
            example("isValidIP(\"127.0.500.1\")", "false"),
            example("isValidIP(\"2001:db8::1\")", "true"),
        ],
        of_text(Kind::Boolean, |row| Cell::Boolean(address::<IpAddr>(row).is_some())),
    ),
    unary(
        "isValidIPv4(text)",
        "Whether a text is an IPv4 address.",
        page!("search-operators/isvalidip/"),
        &[example("isValidIPv4(\"2001:db8::1\")", "false"), example("isValidIPv4(\"10.0.0.1\")", "true")],
        of_text(Kind::Boolean, |row| Cell::Boolean(address::<Ipv4Addr>(row).is_some())),
    ),
    unary(
        "isValidIPv6(text)",
        "Whether a text is an IPv6 address.",
        page!("search-operators/isvalidip/"),
        &[example("isValidIPv6(\"2001:db8::1\")", "true"), example("isValidIPv6(\"10.0.0.1\")", "false")],
        of_text(Kind::Boolean, |row| Cell::Boolean(address::<Ipv6Addr>(row).is_some())),
    ),
    unary(
        "isPrivateIP(text)",
        "Whether an IPv4 address is private. Rows with what is no IPv4 address are dropped, as by \
         Sumo Logic.",
        page!("search-operators/isprivateip/"),
        &[
            example("isPrivateIP(\"10.255.255.255\")", "true"),
            example("isPrivateIP(\"192.168.0.1\")", "true"),
            example("isPrivateIP(\"127.0.0.1\")", "false"),
        ],
        Make::DropsNull(|row| address(row).map(|address: Ipv4Addr| Cell::Boolean(address.is_private())).into()),
    ),
    unary(
        "isPublicIP(text)",
        "Whether an IPv4 address is public. Rows with what is no IPv4 address are dropped, as by \
         Sumo Logic.",
        page!("search-operators/ispublicip/"),
        &[example("isPublicIP(\"10.255.255.255\")", "false"), example("isPublicIP(\"8.8.8.8\")", "true")],
        Make::DropsNull(|row| address(row).map(|address| Cell::Boolean(is_public(address))).into()),
    ),
    unary(
        "isReservedIP(text)",
        "Whether an IPv4 address is one of those that RFC 5735 reserves. Rows with what is no IPv4 address are dropped, as \
         by Sumo Logic.",
        page!("search-operators/isreservedip/"),
        &[
            example("isReservedIP(\"127.0.0.0\")", "true"),
            example("isReservedIP(\"169.254.0.0\")", "true"),
            example("isReservedIP(\"192.0.0.0\")", "true"),
            example("isReservedIP(\"8.8.8.8\")", "false"),
        ],
        Make::DropsNull(|row| address(row).map(|address| Cell::Boolean(is_reserved(address))).into()),
    ),
    unary(
        "ipv4ToNumber(address)",
        "An IPv4 address as a number. Null for what is no address.",
        page!("search-operators/ipv4tonumber/"),
        &[example("ipv4ToNumber(\"10.0.0.1\")", "167772161")],
        of_text(Kind::Integer, |row| {
            address(row).map(|address: Ipv4Addr| Cell::Integer(i64::from(u32::from(address)))).into()
        }),
    ),
    function(
        "compareCIDRPrefix(address, address, length)",
        "Whether two IPv4 addresses have the same first bits. False for what is no address.",
        page!("search-operators/cidr/"),
        &[
            example("compareCIDRPrefix(\"10.10.1.32\", \"10.10.1.63\", \"27\")", "true"),
            example("compareCIDRPrefix(\"10.10.1.32\", \"10.10.1.64\", \"27\")", "false"),
        ],
        Arity::Exactly(3),
        Make::Rows(&[Kind::Text, Kind::Text, Kind::Number], Kind::Boolean, |row| match row {
            [left, right, length] => {
                let (left, right) = (network(left, length), network(right, length));
                Cell::Boolean(left.is_some() && left == right)
            }
            _ => Cell::Boolean(false),
        }),
    ),
    function(
        "getCIDRPrefix(address, length)",
        "The network of an IPv4 address. Null for what is no address.",
        page!("search-operators/cidr/"),
        &[
            example("getCIDRPrefix(\"10.10.1.35\", \"24\")", "10.10.1.0"),
            example("getCIDRPrefix(\"10.10.1.35\", \"27\")", "10.10.1.32"),
        ],
        Arity::Exactly(2),
        Make::Rows(&[Kind::Text, Kind::Number], Kind::Text, |row| match row {
            [address, length] => network(address, length).map(|network| Cell::text(network.to_string())).into(),
            _ => Cell::Null,
        }),
    ),
    unary(
        "maskFromCIDR(length)",
        "The subnet mask of a prefix length.",
        page!("search-operators/cidr/"),
        &[example("maskFromCIDR(\"29\")", "255.255.255.248")],
        Make::Rows(&[Kind::Number], Kind::Text, |row| {
            row.first().and_then(mask).map(|mask| Cell::text(Ipv4Addr::from(mask).to_string())).into()
        }),
    ),
];

fn address<A: FromStr>(row: &[Cell<'_>]) -> Option<A> {
    match row {
        [Cell::Text(text)] => text.trim().parse().ok(),
        _ => None,
    }
}

fn is_public(address: Ipv4Addr) -> bool {
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_broadcast())
}

/// The networks of RFC 5735's summary, each with the length of its prefix.
const RESERVED: [([u8; 4], u32); 14] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

fn is_reserved(address: Ipv4Addr) -> bool {
    let address = u32::from(address);
    RESERVED.iter().any(|(network, length)| (u32::from_be_bytes(*network) ^ address) >> (32 - length) == 0)
}

fn mask(length: &Cell<'_>) -> Option<u32> {
    let length = length.as_float().filter(|length| (0.0..=32.0).contains(length))?;
    Some(u32::MAX.checked_shl(32 - length as u32).unwrap_or(0))
}

fn network(address: &Cell<'_>, length: &Cell<'_>) -> Option<Ipv4Addr> {
    let address: Ipv4Addr = address.as_text()?.trim().parse().ok()?;
    Some(Ipv4Addr::from(u32::from(address) & mask(length)?))
}
