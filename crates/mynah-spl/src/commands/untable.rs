use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted, append};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `untable` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "untable",
    usage: "untable ROW NAME VALUE",
    summary: "A row for each field of each row: its name and its value. The reverse of xyseries.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/untable",
    examples: &[],
};

#[derive(Debug)]
struct Untable {
    row: Spanned<String>,
    name: Spanned<String>,
    value: Spanned<String>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut field = || -> Result<Spanned<String>, Diagnostic> {
        while arguments.symbol(',') {}
        arguments.field()
    };
    let untable = Untable { row: field()?, name: field()?, value: field()? };
    arguments.end()?;
    Ok(Box::new(untable))
}

impl Command for Untable {
    fn needs(&self) -> Needs {
        Needs::default().read(self.row.node.clone(), self.row.span)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let others: Vec<String> =
            rows.names().into_iter().filter(|name| *name != self.row.node && !name.starts_with('_')).collect();
        let mut sides = Vec::new();
        for other in others {
            let columns = vec![
                (self.row.node.clone(), rows.column(&self.row.node)),
                (self.name.node.clone(), Typed::text(&other)),
                (self.value.node.clone(), Typed { expr: rows.column(&other).into_text(), ty: Type::Text }),
            ];
            let mut side = rows.clone().project(columns, planner)?;
            side = side.filter(mynah_dialect::column(&self.value.node).is_not_null(), planner)?;
            side.events = false;
            sides.push(side);
        }
        if sides.is_empty() {
            return Err(Diagnostic::error("spl/syntax", "there is no other field to turn into rows", planner.at));
        }
        append(sides, planner)
    }
}
