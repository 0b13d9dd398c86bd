use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `nomv` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "nomv",
    usage: "nomv FIELD",
    summary: "The values of a field as one text, a line each.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/nomv",
    examples: &[],
};

#[derive(Debug)]
struct NoMv {
    field: Spanned<String>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let field = arguments.field()?;
    arguments.end()?;
    Ok(Box::new(NoMv { field }))
}

impl Command for NoMv {
    fn needs(&self) -> Needs {
        Needs::default().read(self.field.node.clone(), self.field.span)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let old = rows.column(&self.field.node);
        if old.ty != Type::Multi {
            return Ok(rows);
        }
        let new = Typed { expr: old.into_text(), ty: Type::Text };
        rows.with(vec![(self.field.node.clone(), new)], planner)
    }
}
