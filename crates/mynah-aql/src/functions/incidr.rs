use super::{Call, Function, Kind};
use crate::lint::incidr_order;
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
    let parse = |text: &str| text.parse::<Network>();
    let (network, address) = match (call.literal(0), call.arguments.get(1).and_then(Typed::as_text)) {
        (Err(_), Some(network)) if parse(network).is_ok() => (network, 0),
        (first, _) => (first?, 1),
    };
    let network = parse(network).map_err(|fault| call.error(1 - address, fault))?;
    if address == 0
        && let [first, second] = call.spans.as_slice()
    {
        call.warnings.push(incidr_order::diagnostic(call.span, first.of(call.text), second.of(call.text)));
    }
    Ok(Typed::new(cidr_match(vec![network], call.as_text(address)), Type::Boolean))
}
