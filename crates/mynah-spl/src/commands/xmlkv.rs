use super::rex::or_keep;
use super::{Arguments, Command};
use crate::expression::Type;
use crate::functions::Internal;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use datafusion::prelude::lit;
use mynah_dialect::FunctionDoc;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};

/// What `xmlkv` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "xmlkv",
    usage: "xmlkv [FIELD]",
    summary: "Fields from `<name>value</name>` pairs of XML text: every field that the query names later.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/xmlkv",
    examples: &[],
};

#[derive(Debug)]
struct XmlKv {
    input: Spanned<String>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    while arguments.option(&["maxinputs"])?.is_some() {}
    let input =
        if arguments.is_empty() { Spanned::new("_raw".to_owned(), arguments.name.span) } else { arguments.field()? };
    arguments.end()?;
    Ok(Box::new(XmlKv { input }))
}

/// The text of the first element of that name that holds no other.
fn element<'t>(xml: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = after;
        let Some(tail) = after.strip_prefix(name) else { continue };
        let Some(end) = tail.find('>') else { continue };
        let head = tail.get(..end)?;
        if !(head.is_empty() || head.starts_with(char::is_whitespace)) || head.ends_with('/') {
            continue;
        }
        let (value, closing) = tail.get(end + 1..)?.split_once('<')?;
        if closing
            .strip_prefix('/')
            .and_then(|closing| closing.strip_prefix(name))
            .is_some_and(|tail| tail.starts_with('>'))
        {
            return Some(value);
        }
    }
}

/// The text of an element.
pub(crate) static ELEMENT: Internal = Internal {
    name: "element of XML",
    returns: Type::Text,
    code: |row| match (row.cell(0), row.cell(1)) {
        (Cell::Text(xml), Cell::Text(name)) => element(xml, name).map(|value| Cell::text(value.trim())).into(),
        _ => Cell::Null,
    },
};

impl Command for XmlKv {
    fn needs(&self) -> Needs {
        Needs::default().read(self.input.node.clone(), self.input.span).make_any()
    }

    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut columns = Vec::new();
        for name in wanted.in_order().into_iter().filter(|name| !name.node.starts_with('_')) {
            let text = rows.column(&self.input.node).into_text();
            let new = ELEMENT.typed(vec![text, lit(name.node.as_str())]);
            columns.push((name.node.clone(), or_keep(new, rows.column(&name.node))));
        }
        rows.with(columns, planner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_with_text_are_fields() {
        let xml = "<a><b x='1'>one</b><bc>two</bc><d/></a>";
        assert_eq!(element(xml, "b"), Some("one"));
        assert_eq!(element(xml, "bc"), Some("two"));
        assert_eq!(element(xml, "a"), None);
        assert_eq!(element(xml, "d"), None);
    }
}
