use super::pivot::{or_zero, pivot};
use super::span::{Width, bucket, width};
use super::{Arguments, Command};
use super::{aggregation, by};
use crate::aggregates::AggregateCall;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `chart` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "chart",
    usage: "chart FUNCTION(FIELD) ... OVER FIELD [BY FIELD] | BY FIELD [FIELD]",
    summary: "As stats by the first field, with a column for each value of the second.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/chart",
    examples: &[],
};

#[derive(Debug)]
struct Chart {
    calls: Vec<AggregateCall>,
    row: Option<Spanned<String>>,
    split: Option<Spanned<String>>,
    width: Option<Width>,
}

const OPTIONS: &[&str] =
    &["limit", "useother", "usenull", "otherstr", "nullstr", "cont", "sep", "format", "span", "agg"];

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut found = None;
    let options = |arguments: &mut Arguments<'_>, found: &mut Option<Width>| -> Result<(), Diagnostic> {
        while let Some((name, value)) = arguments.option(OPTIONS)? {
            if name == "span" {
                *found = Some(width(&value)?);
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
    options(arguments, &mut found)?;
    let calls = aggregation::calls(arguments, &["by", "over"])?;
    if calls.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "a function such as `count`"));
    }
    let mut fields = Vec::new();
    if arguments.keyword("over") {
        fields.push(arguments.field()?);
        options(arguments, &mut found)?;
    }
    if arguments.keyword("by") {
        while !arguments.is_empty() {
            options(arguments, &mut found)?;
            if !arguments.is_empty() && !arguments.symbol(',') {
                fields.push(arguments.field()?);
            }
        }
    }
    arguments.end()?;
    if let Some(third) = fields.get(2) {
        return Err(Diagnostic::error("spl/syntax", "chart takes two fields at most", third.span));
    }
    let mut fields = fields.into_iter();
    Ok(Box::new(Chart { calls, row: fields.next(), split: fields.next(), width: found }))
}

/// The calls by row and split, with zero where a combination has none.
pub(super) fn charted(
    rows: Rows,
    calls: &[AggregateCall],
    row: &str,
    split: Option<&str>,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let groups: Vec<String> = [Some(row), split].into_iter().flatten().map(str::to_owned).collect();
    let rows = aggregation::aggregate(rows, &groups, calls, planner)?;
    let Some(split) = split else { return Ok(rows) };
    let values: Vec<String> = rows.names().into_iter().filter(|name| !groups.contains(name)).collect();
    let counts =
        calls.iter().all(|call| matches!(call.function.node.as_str(), "count" | "c" | "dc" | "distinct_count" | "sum"));
    let rows = pivot(rows, row, split, &values, planner)?;
    if !counts {
        return Ok(rows);
    }
    let columns = rows
        .all()
        .into_iter()
        .map(|(name, typed)| if name == row { (name, typed) } else { (name, or_zero(typed)) })
        .collect();
    rows.project(columns, planner)
}

impl Command for Chart {
    fn needs(&self) -> Needs {
        let needs = aggregation::reads(&self.calls, Needs::default());
        needs.read_all(self.row.iter().chain(&self.split).cloned()).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let Some(row) = &self.row else { return aggregation::aggregate(rows, &by::names(&[]), &self.calls, planner) };
        let mut rows = rows;
        if let Some(width) = self.width {
            let value = bucket(rows.column(&row.node), width);
            rows = rows.with(vec![(row.node.clone(), value)], planner)?;
        }
        charted(rows, &self.calls, &row.node, self.split.as_ref().map(|split| split.node.as_str()), planner)
    }
}
