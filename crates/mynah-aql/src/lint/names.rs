//! Rules about names, quotes and arguments, which are found while a query is read or planned.
use super::{Linted, found_elsewhere};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Span};

pub(super) static INCIDR_ORDER: Lint<Linted> = Lint::warning(
    "aql/incidr-order",
    "INCIDR is given the address first",
    "QRadar wants the network first and refuses anything else; here the two are taken the other way round",
    "SELECT sourceip FROM events WHERE INCIDR(sourceip, '10.0.0.0/8')",
    "SELECT sourceip FROM events WHERE INCIDR('10.0.0.0/8', sourceip)",
    "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html",
    found_elsewhere,
);

/// The call at `span` has its arguments, `address` and `network`, in this order.
pub(crate) fn incidr_order(span: Span, address: &str, network: &str) -> Diagnostic {
    let said = INCIDR_ORDER.rule.diagnostic("INCIDR takes the network first, then the address", span);
    said.with_fix(span, format!("INCIDR({network}, {address})"), "write the network first")
}

pub(super) static LOG_SOURCE_TYPE_NAME: Lint<Linted> = Lint::warning(
    "aql/log-source-type-name",
    "LOGSOURCETYPENAME is given `logsourceid`",
    "the function wants the id of a log source type (`devicetype`); QRadar takes the id of a log source for one, and so gives the name of an unrelated type or none. Here it gives the type of the event's log source, which is what is meant",
    "SELECT LOGSOURCETYPENAME(logsourceid) FROM events",
    "SELECT LOGSOURCETYPENAME(devicetype) FROM events",
    "https://www.ibm.com/docs/en/SS42VS_7.5/com.ibm.qradar.doc/r_aql_data_functions.html",
    found_elsewhere,
);

/// `argument` should be `devicetype`.
pub(crate) fn log_source_type_name(argument: Span) -> Diagnostic {
    Diagnostic::warning("aql/log-source-type-name", "LOGSOURCETYPENAME takes the id of a log source type, not of a log source", argument)
        .with_help("in QRadar the ids of log sources and of types have nothing to do with each other: this names the wrong type, or none")
        .with_fix(argument, "devicetype", "write `devicetype`")
}

pub(super) static SMART_QUOTE: Lint<Linted> = Lint::warning(
    "aql/smart-quote",
    "A text or name stands in typographic quotes",
    "word processors and web pages turn quotes into curly ones, with which QRadar does not parse the query; they are taken as straight ones here",
    "SELECT sourceip FROM events WHERE username = ‘root’",
    "SELECT sourceip FROM events WHERE username = 'root'",
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=structure-quotation-marks",
    found_elsewhere,
);

/// The text in curly quotes at `span` should stand in `quote`s.
pub(crate) fn smart_quote(inside: &str, span: Span, quote: char) -> Diagnostic {
    let straight = format!("{quote}{inside}{quote}");
    let said = SMART_QUOTE.rule.diagnostic("QRadar does not parse typographic quotes", span);
    said.with_fix(span, straight, "retype the quotes as straight ones")
}

pub(super) static TEXT_FOR_PROPERTY: Lint<Linted> = Lint::warning(
    "aql/text-for-property",
    "A text in single quotes, where a property is wanted, is the name of a property",
    "single quotes make a text: the function gets the very same words for every event. A property whose name has spaces stands in double quotes",
    "SELECT LOWER('Process Path') FROM events",
    "SELECT LOWER(\"Process Path\") FROM events",
    "https://www.ibm.com/docs/en/qsip/7.6.0?topic=structure-quotation-marks",
    found_elsewhere,
);

/// The text at `span` is the name of a property.
pub(crate) fn text_for_property(name: &str, span: Span) -> Diagnostic {
    let message = format!("this is the text `{name}`, not the property of that name");
    let said = TEXT_FOR_PROPERTY.rule.diagnostic(message, span);
    said.with_fix(span, format!("\"{name}\""), "write the name of a property in double quotes")
}

pub(super) static UNKNOWN_PROPERTY: Lint<Linted> = Lint::warning(
    "aql/unknown-property",
    "A name that is no property of any log source",
    "QRadar refuses a query over a property that it does not have: `Field does not exist in catalog`. Custom properties differ from site to site, so here it is a property without a value unless the record has a member of that name",
    "SELECT usernam FROM events",
    "SELECT username FROM events",
    "https://www.ibm.com/docs/en/SSKMKU/com.ibm.qradar.doc/c_aql_even_flow_fields_ref.html",
    found_elsewhere,
);

/// Nothing is known of `name`; `suggestion` is the known name most like it.
pub(crate) fn unknown_property(name: &str, span: Span, suggestion: Option<&str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning("aql/unknown-property", format!("no log source has a property `{name}`"), span);
    match suggestion {
        Some(known) => {
            let plain = known.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let written = if plain { known.to_owned() } else { format!("\"{known}\"") };
            diagnostic.with_fix(span, written, format!("did you mean `{known}`?"))
        }
        None => diagnostic.with_help("a custom property of your site can be added to a view: see docs/views.md"),
    }
}
