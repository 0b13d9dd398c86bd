//! Functions that look something up: the names behind ids, which a view has; networks; and the site's reference data.
use super::{Call, FunctionCode, RETRIEVAL, RowFunction, name_of};
use crate::lint::incidr_order;
use crate::plan::{Type, Typed};
use mynah_dialect::Arity::{Between, Exactly};
use mynah_dialect::{Entry, Example, Mode, Site, example};
use mynah_kernels::{Case, Matcher, Network, cidr_match, text_match};
use mynah_syntax::{Diagnostic, Severity};
use std::collections::BTreeMap;

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

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 10] = [
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
    Entry::new(
        "REFERENCEMAP",
        "REFERENCEMAP('map', key)",
        "What a reference map of the site (`mynah.toml`) has for a key, in its own case; no value where it has nothing.",
        RETRIEVAL,
        &[],
        Between(2, 3),
        FunctionCode::Expr(|call| {
            let map = reference(call, "reference map", |site| &site.reference_maps)?;
            call.arguments.remove(0);
            Ok(call.row(&[Type::Text], RowFunction::ReferenceMap { map }))
        }),
    ),
    Entry::new(
        "REFERENCESETCONTAINS",
        "REFERENCESETCONTAINS('set', value)",
        "Whether a reference set of the site (`mynah.toml`) holds a value, in its own case.",
        RETRIEVAL,
        &[],
        Between(2, 3),
        FunctionCode::Expr(|call| {
            let set = reference(call, "reference set", |site| &site.reference_sets)?;
            let matcher = Matcher::equal(set.iter().map(String::as_str), Case::Exact);
            Ok(Typed::new(text_match(matcher, call.as_text(1)), Type::Boolean))
        }),
    ),
];

/// The reference data of the site that a call names. What the site does not have is an error, but for `mynah check`, which
/// cannot know, a warning.
fn reference<T: Clone + Default>(
    call: &mut Call<'_>,
    what: &str,
    of_site: fn(&Site) -> &BTreeMap<String, T>,
) -> Result<T, Box<Diagnostic>> {
    let name = call.literal(0)?;
    if call.arguments.len() > 2 {
        return Err(call.error(2, format!("{} for a domain cannot be run: files have no domains", call.name)));
    }
    if let Some(found) = of_site(call.context.site).get(name) {
        return Ok(found.clone());
    }
    let missing = Diagnostic {
        code: "aql/unknown-reference",
        severity: if call.context.mode == Mode::Run { Severity::Error } else { Severity::Warning },
        ..*call.error(0, format!("the site has no {what} `{name}`"))
    };
    let missing = missing.with_help(format!("add it to mynah.toml under [qradar.{}s]", what.replace(' ', "_")));
    if missing.is_error() {
        return Err(Box::new(missing));
    }
    call.warnings.push(missing);
    Ok(T::default())
}

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
