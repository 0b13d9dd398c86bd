use super::prelude::*;
use std::net::Ipv4Addr;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "ipmask",
        usage: "ipmask(mask, address)",
        summary: "The bits of an IPv4 address that the mask has.",
        page: super::page::CONVERSION,
        examples: &[
            Example { query: r#"ipmask("255.255.255.0", "10.20.30.120")"#, result: "10.20.30.0" },
            Example { query: r#"ipmask("0.255.0.224", "10.20.30.120")"#, result: "0.20.0.96" },
            Example { query: r#"ipmask("255.0.0.0", "x")"#, result: "null" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    call.row("", Type::Text, |row| {
        let address = |index| row.text(index).and_then(|text| text.trim().parse::<Ipv4Addr>().ok());
        match (address(0), address(1)) {
            (Some(mask), Some(address)) => Cell::text(Ipv4Addr::from(u32::from(mask) & u32::from(address)).to_string()),
            _ => Cell::Null,
        }
    })
}
