use super::{Accepts, Function, Parameter, Returns};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::Network;
use mynah_kernels::{Case, Cell};

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "cidrMatch",
        usage: "cidrMatch(address, network [, ...])",
        summary: "Whether an IP address lies in one of the networks. Null if the address or one of the networks is null.",
        page: "https://www.elastic.co/docs/reference/query-languages/eql/eql-function-ref#eql-fn-cidrmatch",
        examples: &[
            Example { query: r#"cidrMatch("192.168.152.12", "192.168.0.0/16")"#, result: "true" },
            Example { query: r#"cidrMatch("192.168.152.12", "192.168.0.0/16", "10.0.0.0/8")"#, result: "true" },
            Example { query: r#"cidrMatch("192.168.152.12", "10.0.0.0/8")"#, result: "false" },
            Example { query: r#"cidrMatch("192.168.152.12", "10.0.0.0/8", "10.128.0.0/9")"#, result: "false" },
            Example { query: r#"cidrMatch("2001:db8::1", "2001:db8::/32")"#, result: "true" },
            Example { query: r#"cidrMatch(null, "10.0.0.0/8")"#, result: "null" },
            Example { query: r#"cidrMatch("192.168.152.12", null)"#, result: "null" },
        ],
    },
    folds: false,
    parameters: &[
        Parameter { name: "address", accepts: Accepts::Text, optional: false },
        Parameter { name: "network", accepts: Accepts::Text, optional: false },
    ],
    repeats: true,
    returns: Returns::Boolean,
    pattern: None,
    call,
};

fn call<'a>(row: &[Cell<'a>], _: Case) -> Cell<'a> {
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
