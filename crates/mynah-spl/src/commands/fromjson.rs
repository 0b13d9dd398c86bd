use super::derived::{call, field, lowered, text};
use super::rex::or_keep;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `fromjson` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "fromjson",
    usage: "fromjson FIELD [prefix=TEXT]",
    summary: "Fields from the members of a JSON object: every one that the query names later.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fromjson",
    examples: &[],
};

#[derive(Debug)]
struct FromJson {
    field: Spanned<String>,
    prefix: String,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let field = arguments.field()?;
    let prefix = arguments.option(&["prefix"])?.map(|(_, value)| value.node).unwrap_or_default();
    arguments.end()?;
    Ok(Box::new(FromJson { field, prefix }))
}

impl Command for FromJson {
    fn needs(&self) -> Needs {
        Needs::default().read(self.field.node.clone(), self.field.span).make_any()
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = self.field.span;
        let mut columns = Vec::new();
        for name in wanted.in_order() {
            let Some(member) = name.node.strip_prefix(&self.prefix).filter(|member| !member.is_empty()) else {
                continue;
            };
            if name.node.starts_with('_') || name.node == self.field.node {
                continue;
            }
            let value = call("spath", vec![field(&self.field.node, at), text(member, at)], at);
            columns.push((name.node.clone(), or_keep(lowered(&value, &rows)?, rows.column(&name.node))));
        }
        rows.with(columns, planner)
    }
}
