use super::Token;
use super::derived::{call, field, lowered, text};
use super::rex::or_keep;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `spath` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "spath",
    usage: "spath [input=FIELD] [output=FIELD] [[path=]PATH]",
    summary: "Values of JSON text by path; without a path, every field that the query names later.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/spath",
    examples: &[],
};

#[derive(Debug)]
struct Spath {
    input: Spanned<String>,
    output: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut spath = Spath { input: Spanned::new("_raw".to_owned(), arguments.name.span), output: None, path: None };
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["input", "output", "path"])? {
            match name {
                "input" => spath.input = value,
                "output" => spath.output = Some(value),
                _ => spath.path = Some(value),
            }
            continue;
        }
        match arguments.next()? {
            Some(Spanned { node: Token::Word(path) | Token::Quoted(path), span }) if spath.path.is_none() => {
                spath.path = Some(Spanned::new(path, span));
            }
            Some(other) => return Err(arguments.wrong(other.span, "input=, output= or a path")),
            None => break,
        }
    }
    if let (Some(output), None) = (&spath.output, &spath.path) {
        return Err(Diagnostic::error("spl/syntax", "`output=` needs a path", output.span));
    }
    Ok(Box::new(spath))
}

impl Command for Spath {
    fn needs(&self) -> Needs {
        let needs = Needs::default().read(self.input.node.clone(), self.input.span);
        match (&self.path, &self.output) {
            (Some(path), output) => needs.make(output.as_ref().unwrap_or(path).node.clone()),
            (None, _) => needs.make_any(),
        }
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let at = self.input.span;
        let value = |path: &str, rows: &Rows| {
            let input = field(&self.input.node, at);
            lowered(&call("spath", vec![input, text(path, at)], at), rows)
        };
        if let Some(path) = &self.path {
            let new = value(&path.node, &rows)?;
            let name = self.output.as_ref().unwrap_or(path).node.clone();
            let old = rows.column(&name);
            return rows.with(vec![(name, or_keep(new, old))], planner);
        }
        let mut columns = Vec::new();
        for name in wanted.in_order() {
            if name.node.starts_with('_') {
                continue;
            }
            let new = value(&name.node, &rows)?;
            columns.push((name.node.clone(), or_keep(new, rows.column(&name.node))));
        }
        rows.with(columns, planner)
    }
}
