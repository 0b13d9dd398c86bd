use super::prelude::*;
use mynah_kernels::{Network, cidr_match};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "cidrmatch",
        usage: "cidrmatch(network, address)",
        summary: "Whether an IP address lies in a network, IPv4 or IPv6; of several addresses, whether any does. What is no address lies in none.",
        page: super::page::CONDITIONAL,
        examples: &[
            Example { query: r#"cidrmatch("10.0.0.0/8", "10.1.2.3")"#, result: "true" },
            Example { query: r#"cidrmatch("10.0.0.0/8", "11.1.2.3")"#, result: "false" },
            Example { query: r#"cidrmatch("2001:db8::/32", "2001:db8::1")"#, result: "true" },
            Example { query: r#"cidrmatch("10.0.0.0/8", "-")"#, result: "false" },
        ],
    },
    aliases: &[],
    arguments: (2, Some(2)),
    lower,
};

fn lower(call: &Call<'_>) -> Lowered {
    let address = call.argument(1)?;
    if let Some(network) = call.literal_text(0)? {
        let network: Network = network.parse().map_err(|message: String| call.error(0, message))?;
        let addresses = if address.ty == Type::Multi { address.expr } else { address.into_text() };
        return Ok(Typed::boolean(cidr_match(vec![network], addresses)));
    }
    call.row("", Type::Boolean, |row| {
        let Some(network) = row.text(0).and_then(|network| network.parse::<Network>().ok()) else { return Cell::Null };
        let addresses = row.values(1);
        if addresses.is_empty() {
            return Cell::Null;
        }
        Cell::Boolean(addresses.iter().any(|address| address.parse().is_ok_and(|address| network.contains(address))))
    })
}
