//! Commands that change no result: those that do nothing to it, and those that send it somewhere.
use super::prelude::*;

pub(super) static COMMANDS: [Entry; 4] = [
    aliased(
        &["mcollect", "outputcsv", "outputtext", "sendalert", "sendemail", "summaryindex", "tscollect"],
        command(
            "collect index=NAME [OPTIONS]",
            "Sends results somewhere in Splunk. Mynah sends nothing, says so, and passes the rows on.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/collect",
            |arguments, parsing| {
                let message =
                    format!("Mynah does not run `{}`: nothing leaves this query but its rows", arguments.name.node);
                sent(message, arguments, parsing)
            },
        ),
    ),
    aliased(
        &["highlight", "iconify", "localop", "redistribute", "rtorder"],
        command(
            "noop",
            "Changes no result; nor do highlight and iconify, which mark events on a page, localop, redistribute and rtorder.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/noop",
            noop,
        ),
    ),
    aliased(
        &["tags"],
        command(
            "typer",
            "Gives events their `eventtype`, as `tags` gives them their `tag`: events have both anyway where a later command names them.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/typer",
            |arguments, parsing| {
                while let Some((name, value)) = arguments.option(&["maxlen", "outputfield", "inclname", "inclvalue"])? {
                    if name != "maxlen" {
                        return Err(unsupported(&format!("`{name}`"), value.span));
                    }
                }
                let known = arguments.name.node.eq_ignore_ascii_case("typer");
                if !known && !arguments.is_empty() {
                    return Err(unsupported("`tags` of some fields alone", arguments.rest()));
                }
                noop(arguments, parsing)
            },
        ),
    ),
    command(
        "outputlookup [append=BOOL] [max=N] [OPTIONS] TABLE",
        "Writes a lookup table in Splunk. Mynah writes nothing, says so, and passes the rows on.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/outputlookup",
        outputlookup,
    ),
];

/// What says how Splunk should write the table.
const WRITING: &[&str] = &[
    "append",
    "create_empty",
    "override_if_empty",
    "max",
    "key_field",
    "allow_updates",
    "createinapp",
    "create_context",
    "output_format",
];

fn outputlookup(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let all = arguments.name.span.to(arguments.rest());
    while arguments.option(WRITING)?.is_some() {}
    let table = arguments.field()?;
    while arguments.option(WRITING)?.is_some() {}
    arguments.end()?;
    let message = format!("Mynah writes no lookup table: `{}` stays as it is", table.node);
    let warning = Diagnostic::warning("spl/no-write", message, all);
    parsing.diagnostics.push(warning.with_help("its rows are the query's result: `mynah run -f csv` makes its file"));
    noop(arguments, parsing)
}

fn sent(message: String, arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Parsed {
    let all = arguments.name.span.to(arguments.rest());
    let warning = Diagnostic::warning("spl/no-write", message, all);
    parsing.diagnostics.push(warning.with_help("the rows are the query's result all the same"));
    noop(arguments, parsing)
}

fn noop(_: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    on_rows(Needs::default(), (), |_, rows, _, _| Ok(rows))
}
