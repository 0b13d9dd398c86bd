use super::Token;
use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::functions::{Internal, Row};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};

/// What `strcat` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "strcat",
    usage: "strcat [allrequired=BOOL] FIELD|\"TEXT\" ... NAME",
    summary: "Joins texts and fields to one field.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/strcat",
    examples: &[],
};

#[derive(Debug)]
struct StrCat {
    all_required: bool,
    parts: Vec<Spanned<Part>>,
    name: String,
}

#[derive(Debug, Clone)]
enum Part {
    Field(String),
    Text(String),
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut all_required = false;
    if let Some((_, value)) = arguments.option(&["allrequired"])? {
        all_required = super::arguments::truth(&value)?;
    }
    let mut parts = Vec::new();
    while let Some(Spanned { node, span }) = arguments.next()? {
        parts.push(match node {
            Token::Word(name) => Spanned::new(Part::Field(name), span),
            Token::Quoted(text) => Spanned::new(Part::Text(text), span),
            Token::Symbol(',') => continue,
            _ => return Err(arguments.wrong(span, "a field or a text in quotes")),
        });
    }
    match parts.pop() {
        Some(Spanned { node: Part::Field(name), .. }) if !parts.is_empty() => {
            Ok(Box::new(StrCat { all_required, parts, name }))
        }
        _ => Err(arguments.wrong(arguments.name.span, "fields or texts, and the name of the new field")),
    }
}

/// The texts that there are, as one.
pub(crate) static JOINED: Internal = Internal { name: "joined texts", returns: Type::Text, code: joined };

/// The same where none is missing.
pub(crate) static JOINED_IF_ALL: Internal = Internal {
    name: "joined texts if all",
    returns: Type::Text,
    code: |row| if row.cells.iter().any(Cell::is_null) { Cell::Null } else { joined(row) },
};

fn joined(row: &Row<'_>) -> Cell<'static> {
    Cell::text(row.cells.iter().filter_map(Cell::as_text).collect::<String>())
}

impl Command for StrCat {
    fn needs(&self) -> Needs {
        let fields = self.parts.iter().filter_map(|part| match &part.node {
            Part::Field(name) => Some(Spanned::new(name.clone(), part.span)),
            Part::Text(_) => None,
        });
        Needs::default().read_all(fields.collect::<Vec<_>>()).make(self.name.clone())
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let inputs = self.parts.iter().map(|part| match &part.node {
            Part::Field(name) => rows.column(name).into_text(),
            Part::Text(text) => Typed::text(text).into_text(),
        });
        let joined = if self.all_required { &JOINED_IF_ALL } else { &JOINED };
        let new = joined.typed(inputs.collect());
        rows.with(vec![(self.name.clone(), new)], planner)
    }
}
