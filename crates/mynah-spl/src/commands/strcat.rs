//! Texts and fields joined.
use super::prelude::*;
use crate::functions::{Internal, Row};
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "strcat [allrequired=BOOL] FIELD|\"TEXT\" ... NAME",
    "Joins texts and fields to one field.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/strcat",
    strcat,
)];

#[derive(Debug, Clone)]
enum Piece {
    Field(String),
    Text(String),
}

fn strcat(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut all_required = false;
    if let Some((_, value)) = arguments.option(&["allrequired"])? {
        all_required = truth(&value)?;
    }
    let mut parts = Vec::new();
    while let Some(Spanned { node, span }) = arguments.next()? {
        parts.push(match node {
            Token::Word(name) => Spanned::new(Piece::Field(name), span),
            Token::Quoted(text) => Spanned::new(Piece::Text(text), span),
            Token::Symbol(',') => continue,
            _ => return Err(arguments.wrong(span, "a field or a text in quotes")),
        });
    }
    let name = match parts.pop() {
        Some(Spanned { node: Piece::Field(name), .. }) if !parts.is_empty() => name,
        _ => return Err(arguments.wrong(arguments.name.span, "fields or texts, and the name of the new field")),
    };
    let fields = parts.iter().filter_map(|part| match &part.node {
        Piece::Field(name) => Some(Spanned::new(name.clone(), part.span)),
        Piece::Text(_) => None,
    });
    let needs = Needs::default().read_all(fields).make(&name);
    on_rows(needs, (all_required, parts, name), |(all_required, parts, name), rows, _, planner| {
        let inputs = parts.iter().map(|part| match &part.node {
            Piece::Field(name) => rows.column(name).into_text(),
            Piece::Text(text) => Typed::text(text).into_text(),
        });
        let joined = if *all_required { &JOINED_IF_ALL } else { &JOINED };
        let new = joined.typed(inputs.collect());
        rows.with(vec![(name.clone(), new)], planner)
    })
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
