use super::{Call, Function, Kind};
use crate::plan::{Type, Typed};
use mynah_dialect::{Example, FunctionDoc};
use mynah_kernels::{Network, cidr_match};
use mynah_syntax::Diagnostic;

pub(super) const FUNCTION: Function = Function {
    doc: FunctionDoc {
        name: "INCIDR",
        usage: "INCIDR('network', address)",
        summary: "Whether an address is in a network, written with the number of its fixed bits. No value for no address.",
        page: super::RETRIEVAL,
        examples: &[
            Example { query: r#"INCIDR('192.0.2.0/24', sourceip)"#, result: r#"true"# },
            Example { query: r#"INCIDR('198.51.100.0/24', sourceip)"#, result: r#"false"# },
        ],
    },
    arity: (2, 2),
    kind: Kind::Scalar(incidr),
};

fn incidr(call: &mut Call<'_>) -> Result<Typed, Box<Diagnostic>> {
    let network: Network = call.literal(0)?.parse().map_err(|fault| call.error(0, fault))?;
    Ok(Typed::new(cidr_match(vec![network], call.text(1)), Type::Boolean))
}
