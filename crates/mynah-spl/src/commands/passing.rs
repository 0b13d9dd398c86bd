//! Commands that change no result.
use super::prelude::*;

pub(super) static COMMANDS: [Entry; 2] = [
    aliased(
        &["highlight"],
        command(
            "noop",
            "Changes no result; nor does highlight, which colours words on a page.",
            "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/noop",
            noop,
        ),
    ),
    command(
        "outputlookup TABLE",
        "Writes a lookup table in Splunk. Mynah writes nothing, says so, and passes the rows on.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/outputlookup",
        |arguments, parsing| {
            let all = arguments.name.span.to(arguments.rest());
            let warning = Diagnostic::warning("spl/no-write", "Mynah writes no lookup table", all);
            parsing.diagnostics.push(warning.with_help("the rows are the query's result all the same"));
            noop(arguments, parsing)
        },
    ),
];

fn noop(_: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    on_rows(Needs::default(), (), |_, rows, _, _| Ok(rows))
}
