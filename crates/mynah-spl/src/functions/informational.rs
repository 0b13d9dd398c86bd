//! What a value is.
use super::json;
use super::prelude::*;
use crate::expression::parse_number;
use datafusion::prelude::Expr;

family!(function, "InformationalFunctions");

pub(super) static INFORMATIONAL: [Entry; 11] = [
    function(
        "isarray(value)",
        "Whether the value is a JSON array.",
        &[example(r#"isarray("[1, 2, 3]")"#, "true"), example("isarray(1)", "false")],
        Exactly(1),
        Row(Type::Boolean, |row| Cell::Boolean(json::parsed(row).is_some_and(|value| value.is_array()))),
    ),
    function(
        "isbool(value)",
        "Whether the value is a truth value.",
        &[example("isbool(1=1)", "true"), example("isbool(1)", "false")],
        Exactly(1),
        PlanRow(|call| kind(call, Type::Boolean), |row| Cell::Boolean(Kind::of_argument(row) == Kind::Boolean)),
    ),
    function(
        "isdouble(value)",
        "Whether the value is a number with a fraction.",
        &[example("isdouble(3.5)", "true"), example("isdouble(3)", "false")],
        Exactly(1),
        PlanRow(|call| kind(call, Type::Boolean), |row| Cell::Boolean(Kind::of_argument(row) == Kind::Double)),
    ),
    function(
        "isint(value)",
        "Whether the value is a whole number.",
        &[example("isint(3)", "true"), example("isint(3.5)", "false"), example(r#"isint("a")"#, "false")],
        Exactly(1),
        PlanRow(|call| kind(call, Type::Boolean), |row| Cell::Boolean(Kind::of_argument(row) == Kind::Integer)),
    ),
    function(
        "ismv(value)",
        "Whether there are several values.",
        &[example(r#"ismv(split("a,b", ","))"#, "true"), example(r#"ismv(split("a", ","))"#, "false")],
        Exactly(1),
        Row(Type::Boolean, |row| Cell::Boolean(row.values(0).len() > 1)),
    ),
    function(
        "isnotnull(value)",
        "Whether there is a value.",
        &[example(r#"isnotnull("")"#, "true"), example("isnotnull(null())", "false")],
        Exactly(1),
        PlanRow(|call| presence(call, Expr::is_not_null), |row| Cell::Boolean(!row.values(0).is_empty())),
    ),
    function(
        "isnull(value)",
        "Whether there is no value.",
        &[example("isnull(null())", "true"), example(r#"isnull("")"#, "false")],
        Exactly(1),
        PlanRow(|call| presence(call, Expr::is_null), |row| Cell::Boolean(row.values(0).is_empty())),
    ),
    function(
        "isnum(value)",
        "Whether the value is a number, as far as it looks like one; a text in quotes never is.",
        &[example("isnum(1.5)", "true"), example(r#"isnum("1.5")"#, "false"), example("isnum(null())", "false")],
        Exactly(1),
        PlanRow(
            |call| kind(call, Type::Boolean),
            |row| Cell::Boolean(matches!(Kind::of_argument(row), Kind::Integer | Kind::Double)),
        ),
    ),
    function(
        "isobject(value)",
        "Whether the value is a JSON object.",
        &[
            example(r#"isobject("{\"type\": \"competitive\"}")"#, "true"),
            example(r#"isobject("{cities: \"3\"}")"#, "false"),
        ],
        Exactly(1),
        Row(Type::Boolean, |row| Cell::Boolean(json::parsed(row).is_some_and(|value| value.is_object()))),
    ),
    function(
        "isstr(value)",
        "Whether the value is a text and no number.",
        &[example(r#"isstr("a")"#, "true"), example("isstr(3)", "false"), example("isstr(null())", "false")],
        Exactly(1),
        PlanRow(|call| kind(call, Type::Boolean), |row| Cell::Boolean(Kind::of_argument(row) == Kind::Text)),
    ),
    function(
        "typeof(value)",
        "`Number`, `String`, `Bool`, or `Invalid` where there is no value.",
        &[
            example("typeof(12)", "Number"),
            example(r#"typeof("12")"#, "String"),
            example("typeof(1=2)", "Bool"),
            example("typeof(null())", "Invalid"),
        ],
        Exactly(1),
        PlanRow(
            |call| kind(call, Type::Text),
            |row| {
                Cell::text(match Kind::of_argument(row) {
                    Kind::Integer | Kind::Double => "Number",
                    Kind::Text => "String",
                    Kind::Boolean => "Bool",
                    Kind::None => "Invalid",
                })
            },
        ),
    ),
];

/// A function of an argument's kind, for which it matters whether it is a text in quotes.
fn kind(call: &Call<'_>, returns: Type) -> Lowered {
    let quoted = call.argument(0)?.as_literal_text().is_some();
    call.row(RowCall { quoted: if quoted { vec![true] } else { Vec::new() }, ..RowCall::new(returns) })
}

/// Whether there is a value, or not; a list without values is none.
fn presence(call: &Call<'_>, test: fn(Expr) -> Expr) -> Lowered {
    match call.argument(0)? {
        Typed { ty: Type::Multi, .. } => call.row(RowCall::new(Type::Boolean)),
        value => Ok(Typed::boolean(test(value.expr))),
    }
}

/// What the informational functions say of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Boolean,
    Integer,
    Double,
    Text,
}

impl Kind {
    fn of_argument(row: &super::Row<'_>) -> Kind {
        Kind::of(row.cell(0), row.is_quoted(0))
    }

    /// A value's kind. A field's text that looks like a number is one; a text that the query itself has in
    /// quotes (`written_as_text`) is not.
    fn of(cell: &Cell<'_>, written_as_text: bool) -> Kind {
        let number = |number: f64| if number.fract() == 0.0 { Kind::Integer } else { Kind::Double };
        match cell {
            Cell::Null => Kind::None,
            Cell::Boolean(_) => Kind::Boolean,
            Cell::Integer(_) => Kind::Integer,
            Cell::Float(value) => number(*value),
            Cell::Text(text) if !written_as_text => match parse_number(text) {
                Some(_) if text.contains('.') => Kind::Double,
                Some(value) => number(value),
                None => Kind::Text,
            },
            Cell::Text(_) => Kind::Text,
            Cell::List(cells) => match cells.as_slice() {
                [] => Kind::None,
                [one] => Kind::of(one, written_as_text),
                _ => Kind::Text,
            },
        }
    }
}
