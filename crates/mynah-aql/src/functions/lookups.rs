//! Functions that look something up: the names behind ids, which a view has; and networks.
use super::{Call, FunctionCode, RETRIEVAL, name_of};
use crate::lint::incidr_order;
use crate::plan::{Type, Typed};
use mynah_dialect::Arity::Exactly;
use mynah_dialect::{Entry, Example, Network, example};
use mynah_kernels::cidr_match;
use mynah_syntax::Diagnostic;

const fn lookup(
    usage: &'static str,
    summary: &'static str,
    examples: &'static [Example],
    fields: &'static [(&'static str, &'static str)],
) -> Entry<FunctionCode> {
    Entry::new(name_of(usage), usage, summary, RETRIEVAL, examples, Exactly(1), FunctionCode::Lookup(fields))
}

const fn also_called(mut function: Entry<FunctionCode>, aliases: &'static [&'static str]) -> Entry<FunctionCode> {
    function.aliases = aliases;
    function
}

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 8] = [
    lookup(
        "CATEGORYNAME(category)",
        "The name of a low-level or high-level category.",
        &[example("CATEGORYNAME(category)", "Web Service Login Succeeded")],
        &[("category", "CATEGORYNAME(category)"), ("highlevelcategory", "CATEGORYNAME(highlevelcategory)")],
    ),
    lookup(
        "LOGSOURCEGROUPNAME(devicegrouplist)",
        "The names of the groups that an event's log source is in. Groups are a deployment's own: a view must have the field `LOGSOURCEGROUPNAME(devicegrouplist)`.",
        &[],
        &[
            ("devicegrouplist", "LOGSOURCEGROUPNAME(devicegrouplist)"),
            ("logsourceid", "LOGSOURCEGROUPNAME(devicegrouplist)"),
        ],
    ),
    lookup(
        "LOGSOURCENAME(logsourceid)",
        "The name of the log source that an event comes from.",
        &[example("LOGSOURCENAME(logsourceid)", "AmazonAWSCloudTrail @ 111122223333")],
        &[("logsourceid", "LOGSOURCENAME(logsourceid)")],
    ),
    lookup(
        "LOGSOURCETYPENAME(devicetype)",
        "The name of the type of the log source that an event comes from. Given `logsourceid`, which QRadar misreads, it gives the same, and a warning.",
        &[example("LOGSOURCETYPENAME(devicetype)", "Amazon AWS CloudTrail")],
        &[
            ("devicetype", "LOGSOURCETYPENAME(devicetype)"),
            ("logsourcetypeid", "LOGSOURCETYPENAME(devicetype)"),
            ("logsourceid", "LOGSOURCETYPENAME(devicetype)"),
        ],
    ),
    lookup(
        "PROTOCOLNAME(protocolid)",
        "The name of a network protocol.",
        &[],
        &[("protocolid", "PROTOCOLNAME(protocolid)")],
    ),
    also_called(
        lookup(
            "QIDDESCRIPTION(qid)",
            "The description of an event.",
            &[example("QIDDESCRIPTION(qid)", "ConsoleLogin")],
            &[("qid", "QIDDESCRIPTION(qid)")],
        ),
        // IBM's page calls it so once.
        &["QIDESCRIPTION"],
    ),
    lookup(
        "QIDNAME(qid)",
        "The name of an event, which QRadar's log source type makes of it.",
        &[example("QIDNAME(qid)", "ConsoleLogin")],
        &[("qid", "QIDNAME(qid)")],
    ),
    Entry::new(
        "INCIDR",
        "INCIDR('network', address)",
        "Whether an address is in a network, written with the number of its fixed bits. No value for no address.",
        RETRIEVAL,
        &[example("INCIDR('192.0.2.0/24', sourceip)", "true"), example("INCIDR('198.51.100.0/24', sourceip)", "false")],
        Exactly(2),
        FunctionCode::Expr(incidr),
    ),
];

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
        call.warnings.push(incidr_order(call.span, first.of(call.text), second.of(call.text)));
    }
    Ok(Typed::new(cidr_match(vec![network], call.as_text(address)), Type::Boolean))
}
