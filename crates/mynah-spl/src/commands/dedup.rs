use super::arguments::truth;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `dedup` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "dedup",
    usage: "dedup [N] FIELD, ... [keepempty=BOOL] [sortby FIELD, ...]",
    summary: "Keeps the first N rows for each combination of values; rows that lack a field go, unless keepempty says otherwise.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/dedup",
    examples: &[],
};

#[derive(Debug)]
struct Dedup {
    count: usize,
    fields: Vec<Spanned<String>>,
    keep_empty: bool,
    sort: Option<Box<dyn Command>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut count = 1;
    if let Ok(Some(Spanned { node: super::Token::Word(word), span })) = arguments.peek()
        && let Ok(number) = word.parse()
    {
        count = number;
        arguments.seek(span.end);
        if count == 0 {
            return Err(Diagnostic::error("spl/syntax", "dedup keeps at least one row", span));
        }
    }
    let mut fields = Vec::new();
    let mut keep_empty = false;
    let mut sort = None;
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["keepempty", "keepevents", "consecutive"])? {
            match (name, truth(&value)?) {
                ("keepempty", keep) => keep_empty = keep,
                (_, false) => {}
                (name, true) => {
                    return Err(Diagnostic::error(
                        "spl/unsupported-option",
                        format!("`{name}=true` is not supported"),
                        value.span,
                    ));
                }
            }
        } else if arguments.keyword("sortby") {
            sort = Some(super::sort::unlimited(arguments, parsing)?);
        } else {
            fields.push(arguments.field()?);
            while arguments.symbol(',') {}
        }
    }
    if fields.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    Ok(Box::new(Dedup { count, fields, keep_empty, sort }))
}

impl Command for Dedup {
    fn needs(&self) -> Needs {
        let needs = self.sort.as_ref().map(|sort| sort.needs()).unwrap_or_default();
        needs.read_all(self.fields.iter().cloned())
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut rows = rows;
        if let Some(sort) = &self.sort {
            rows = sort.lower(rows, wanted, planner)?;
        }
        let keys: Vec<_> = self.fields.iter().map(|field| rows.column(&field.node).into_text()).collect();
        let complete = keys.iter().map(|key| key.clone().is_not_null()).reduce(datafusion::logical_expr::and);
        let Some(complete) = complete else { return Ok(rows) };
        if !self.keep_empty {
            return rows.filter(complete, planner)?.first_of_each(keys, self.count, planner);
        }
        // Rows that lack a field are no duplicates of one another.
        let alone = planner.fresh("alone");
        let id = datafusion::functions_window::expr_fn::row_number();
        let rows = rows.map_plan(planner, |plan| plan.window([id.alias(&alone)]))?;
        let number =
            datafusion::logical_expr::cast(mynah_dialect::column(&alone), datafusion::arrow::datatypes::DataType::Utf8);
        let mut groups = keys;
        groups.push(crate::expression::case(
            vec![(datafusion::logical_expr::not(complete), number)],
            None,
            crate::expression::Type::Text,
        ));
        rows.first_of_each(groups, self.count, planner)
    }
}
