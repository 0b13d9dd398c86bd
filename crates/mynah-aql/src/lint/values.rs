//! Rules about values that cannot be, which are found while a query is planned.
use super::{Linted, OPERATORS, found_elsewhere};
use mynah_dialect::{Lint, Network};
use mynah_syntax::{Diagnostic, Span};
use std::net::IpAddr;

const FIELDS: &str = "https://www.ibm.com/docs/en/SSKMKU/com.ibm.qradar.doc/c_aql_even_flow_fields_ref.html";

pub(super) static NETWORK_COMPARISON: Lint<Linted> = Lint::warning(
    "aql/network-comparison",
    "`=`, `!=` or IN compares an address with a network, or with a text that is no address",
    "an address equals an address only: the comparison is never true (and its negation always). Whether an address is in a network is asked with INCIDR",
    "SELECT username FROM events WHERE sourceip = '10.0.0.0/8'",
    "SELECT username FROM events WHERE INCIDR('10.0.0.0/8', sourceip)",
    "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html",
    found_elsewhere,
);

/// What is wrong where the property `name` is compared with `text`, which is no address; with a fix where it is a network
/// and the comparison at `span` is one that can be rewritten, `negated` or not.
pub(crate) fn never_an_address(span: Span, name: &str, text: &str, negated: Option<bool>) -> Option<Diagnostic> {
    // A wildcard has a rule of its own.
    if text.is_empty() || text.contains('%') || text.trim().parse::<IpAddr>().is_ok() {
        return None;
    }
    let is_network = text.parse::<Network>().is_ok();
    let what = if is_network { "the network" } else { "the text" };
    let said =
        NETWORK_COMPARISON.rule.diagnostic(format!("`{name}` is an address, and never equals {what} `{text}`"), span);
    Some(match negated.filter(|_| is_network) {
        Some(negated) => {
            let not = if negated { "NOT " } else { "" };
            said.with_fix(span, format!("{not}INCIDR('{text}', {name})"), "ask for addresses in a network with INCIDR")
        }
        None if is_network => said.with_help("ask for addresses in a network with INCIDR('network', address)"),
        None => said,
    })
}

pub(super) static NUMBER_COMPARISON: Lint<Linted> = Lint::warning(
    "aql/number-comparison",
    "`=`, `!=` or IN compares a number with a text that holds none",
    "ids are numbers, and the names behind them are what functions give: the comparison is never true (and its negation always)",
    "SELECT username FROM events WHERE devicetype = 'Amazon AWS CloudTrail'",
    "SELECT username FROM events WHERE LOGSOURCETYPENAME(devicetype) = 'Amazon AWS CloudTrail'",
    OPERATORS,
    found_elsewhere,
);

/// The property at `property`, a number, is compared with `text`; `named` is the function that gives the name behind it.
pub(crate) fn never_a_number(
    property: Span,
    constant: Span,
    name: &str,
    text: &str,
    named: Option<&'static str>,
) -> Diagnostic {
    let message = format!("`{name}` is a number, and never equals the text `{text}`");
    match named {
        Some(named) => NUMBER_COMPARISON.rule.diagnostic(message, property).with_fix(
            property,
            named,
            format!("the name behind it is {named}"),
        ),
        None => NUMBER_COMPARISON.rule.diagnostic(message, constant),
    }
}

pub(super) static NO_VALUE: Lint<Linted> = Lint::warning(
    "aql/no-value",
    "A property or function whose value only a QRadar has",
    "magnitude, matched rules, domains, assets and the like are made by a QRadar for each event; files hold none of it. In a select list there is no value then; a function that a condition rests on is an error",
    "SELECT magnitude, RULENAME(creeventlist) FROM events",
    "SELECT credibility FROM events",
    FIELDS,
    found_elsewhere,
);

/// That what stands at `span` has no value.
pub(crate) fn no_value(message: &str, span: Span) -> Diagnostic {
    NO_VALUE.rule.diagnostic(message, span)
}
