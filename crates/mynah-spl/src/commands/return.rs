use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `return` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "return",
    usage: "return [N] [NAME=FIELD | FIELD | $FIELD] ...",
    summary: "The first row, or N rows, as the text of a search: NAME=value, or with $ the value alone.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/return",
    examples: &[],
};

#[derive(Debug)]
struct Return {
    count: usize,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    /// The name in the search; none where the value stands alone.
    name: Option<String>,
    field: Spanned<String>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut count = 1;
    let mut parts = Vec::new();
    while !arguments.is_empty() {
        let field = arguments.field()?;
        if parts.is_empty()
            && let Ok(number) = field.node.parse()
        {
            count = number;
        } else if arguments.symbol('=') {
            parts.push(Part { name: Some(field.node), field: arguments.field()? });
        } else if let Some(name) = field.node.strip_prefix('$') {
            parts.push(Part { name: None, field: Spanned::new(name.to_owned(), field.span) });
        } else {
            parts.push(Part { name: Some(field.node.clone()), field });
        }
        while arguments.symbol(',') {}
    }
    if parts.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "the names of fields"));
    }
    Ok(Box::new(Return { count, parts }))
}

impl Command for Return {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.parts.iter().map(|part| part.field.clone())).close()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        // A field named `search` is taken as a term by the search around it.
        let named = |part: &Part| part.name.clone().unwrap_or_else(|| "search".to_owned());
        let columns = self.parts.iter().map(|part| (named(part), rows.column(&part.field.node))).collect();
        rows.first(self.count.max(1), planner)?.project(columns, planner)
    }
}
