//! Operators that hold other operators.
use super::{Parse, operator};
use crate::ast::{Filter, Join, JoinField, JoinTable, Name, Operator, Place};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use mynah_dialect::Entry;

pub(super) const OPERATORS: &[Entry<Parse>] = &[
    operator(
        "filter",
        "| filter field, … in (operator | operator …)",
        "Keeps the rows whose fields are among those that other operators give of the same rows.",
        page!("search-operators/filter/"),
        |p| {
            p.bump();
            let fields = p.bracketed(Parser::names)?;
            p.expect("in")?;
            let (scope, steps) = p.nested_steps()?;
            match scope {
                Some(scope) => Err(p.error("`filter` looks at the same rows: there is no scope here", scope.span())),
                None => Ok(Operator::Filter(Filter { fields, steps })),
            }
        },
    ),
    operator(
        "join",
        "| join (operator | …) as t1, (operator | …) as t2 on t1.field = t2.field [and …] [timewindow 10m]",
        "Puts rows together whose fields are equal: each table is what its operators make of the same rows. Fields are \
         called `t1_field` then.",
        page!("search-operators/join/"),
        join,
    ),
];

fn join(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let table = |p: &mut Parser<'_>| {
        let (scope, steps) = p.nested_steps()?;
        p.expect("as")?;
        Ok(JoinTable { scope, steps, name: p.name()? })
    };
    let tables = p.list(table)?;
    p.expect("on")?;
    let mut on = Vec::new();
    loop {
        let left = field(p)?;
        if !p.eat("==") {
            p.expect("=")?;
        }
        on.push((left, field(p)?));
        if !p.eat("and") && !p.eat(",") {
            break;
        }
    }
    let brackets = p.eat("[");
    let window = if p.eat("timewindow") {
        let token = p.bump();
        let mut text = token.text.to_owned();
        if p.peek().kind == TokenKind::Word && !p.at_end() {
            text.push_str(p.bump().text);
        }
        Some((text, Place(token.span)))
    } else {
        None
    };
    if brackets {
        p.expect("]")?;
    }
    Ok(Operator::Join(Join { tables, on, window }.into()))
}

/// `t1.a`.
fn field(p: &mut Parser<'_>) -> Parsed<JoinField> {
    let name = p.name()?;
    match name.text.split_once('.').filter(|_| !name.quoted) {
        Some((table, field)) => Ok(JoinField {
            table: table.to_owned(),
            field: Name { text: field.to_owned(), quoted: false, place: name.place },
        }),
        None => Err(p
            .error(format!("`{}` names no table", name.text), name.span())
            .with_help("fields behind `on` are written `table.field`")),
    }
}
