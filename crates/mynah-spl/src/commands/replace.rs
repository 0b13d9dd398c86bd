use super::Token;
use super::rename::fill;
use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted, name_stars};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, Code, Function, Resources, call};
use mynah_syntax::{Diagnostic, Spanned};
use serde::{Deserialize, Serialize};

/// What `replace` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "replace",
    usage: "replace \"OLD\" WITH \"NEW\", ... [IN FIELD, ...]",
    summary: "Replaces whole values; `*` stands for any characters, and for the same in the new value.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/replace",
    examples: &[],
};

#[derive(Debug)]
struct Replace {
    pairs: Vec<(String, String)>,
    fields: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut pairs = Vec::new();
    let mut fields = Vec::new();
    while !arguments.is_empty() {
        if arguments.keyword("in") {
            fields = arguments.fields_until(&[])?;
            break;
        }
        let old = value(arguments)?;
        if !arguments.keyword("with") {
            return Err(arguments.wrong(arguments.rest(), "WITH and the new value"));
        }
        pairs.push((old, value(arguments)?));
        while arguments.symbol(',') {}
    }
    if pairs.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "\"OLD\" WITH \"NEW\""));
    }
    Ok(Box::new(Replace { pairs, fields }))
}

fn value(arguments: &mut Arguments<'_>) -> Result<String, Diagnostic> {
    match arguments.next()? {
        Some(Spanned { node: Token::Word(text) | Token::Quoted(text), .. }) => Ok(text),
        _ => Err(arguments.wrong(arguments.rest(), "a value")),
    }
}

/// Whole values replaced by others.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReplaceValues {
    pairs: Vec<(String, String)>,
    returns: Type,
}

impl Function for ReplaceValues {
    const NAME: &'static str = "spl.replace_values";

    fn returns(&self) -> DataType {
        self.returns.data_type()
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let pairs = self.pairs.clone();
        let replaced = move |text: &str| {
            pairs.iter().fold(text.to_owned(), |text, (from, to)| match name_stars(from, &text) {
                Some(stars) => fill(to, &stars),
                None => text,
            })
        };
        Ok(Code::row(move |row| match row {
            [Cell::Text(text)] => Cell::text(replaced(text)),
            [Cell::List(cells)] => Cell::texts(cells.iter().filter_map(Cell::as_text).map(&replaced)),
            _ => Cell::Null,
        }))
    }
}

impl Command for Replace {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.fields.iter().cloned())
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let names = if self.fields.is_empty() {
            rows.names().into_iter().filter(|name| !name.starts_with('_')).collect()
        } else {
            super::field_list::expand(&self.fields, &rows)
        };
        let mut columns = Vec::new();
        for name in names {
            let old = rows.column(&name);
            if old.ty == Type::Null {
                continue;
            }
            let ty = if old.ty == Type::Multi { Type::Multi } else { Type::Text };
            let function = ReplaceValues { pairs: self.pairs.clone(), returns: ty };
            let expr = call(function, vec![old.into_texts()]);
            columns.push((name, Typed { expr, ty }));
        }
        rows.with(columns, planner)
    }
}
