use super::aggregation;
use super::chart::charted;
use super::span::{Width, bucket, width};
use super::{Arguments, Command};
use crate::aggregates::AggregateCall;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `timechart` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "timechart",
    usage: "timechart span=SPAN FUNCTION(FIELD) ... [BY FIELD]",
    summary: "As chart over buckets of time. Buckets without events have no row.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/timechart",
    examples: &[],
};

#[derive(Debug)]
struct TimeChart {
    calls: Vec<AggregateCall>,
    split: Option<Spanned<String>>,
    width: Width,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let options = [
        "span",
        "bins",
        "limit",
        "useother",
        "usenull",
        "otherstr",
        "nullstr",
        "cont",
        "partial",
        "fixedrange",
        "minspan",
        "sep",
        "format",
    ];
    let mut found = None;
    let mut read = |arguments: &mut Arguments<'_>| -> Result<(), Diagnostic> {
        while let Some((name, value)) = arguments.option(&options)? {
            if name == "span" {
                found = Some(width(&value)?);
            } else if matches!((name, value.node.as_str()), ("limit", limit) if limit != "0") {
                return Err(Diagnostic::error(
                    "spl/unsupported-option",
                    "a `limit` of columns is not supported: all are shown",
                    value.span,
                ));
            }
        }
        Ok(())
    };
    read(arguments)?;
    let calls = aggregation::calls(arguments, &["by"])?;
    if calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count`"));
    }
    let mut split = None;
    if arguments.keyword("by") {
        read(arguments)?;
        split = Some(arguments.field()?);
        read(arguments)?;
    }
    arguments.end()?;
    let Some(width) = found else {
        return Err(Diagnostic::error(
            "spl/unsupported-option",
            "timechart without `span=` is not supported",
            arguments.name.span,
        )
        .with_help("Splunk chooses a span from the search's time range: write one, such as `span=1h`"));
    };
    Ok(Box::new(TimeChart { calls, split, width }))
}

impl Command for TimeChart {
    fn needs(&self) -> Needs {
        let needs = aggregation::reads(&self.calls, Needs::default()).read_all(self.split.iter().cloned());
        needs.read("_time", mynah_syntax::Span::default()).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let time = bucket(rows.column("_time"), self.width);
        let rows = rows.with(vec![("_time".to_owned(), time)], planner)?;
        charted(rows, &self.calls, "_time", self.split.as_ref().map(|split| split.node.as_str()), planner)
    }
}
