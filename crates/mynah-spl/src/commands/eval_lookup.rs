//! `lookup(...)` in an eval: the columns of a table's rows that match, as a JSON object.
use super::key_value::OBJECT;
use super::lookup::by_columns;
use super::prelude::*;
use crate::expression::{Expression, ExpressionKind, case, lower_assignable};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::any_of;
use mynah_syntax::Span;
use std::borrow::Cow;

/// A call, and the hidden field that holds its result.
struct Call {
    arguments: Vec<Expression>,
    span: Span,
    field: String,
}

/// The expression with a hidden field in place of each call of `lookup`, the rows with these fields, and their names.
///
/// # Errors
/// Where a call is none as the reference has it, or the site has no such table.
pub(super) fn looked_up<'e>(
    rows: Rows,
    expression: &'e Expression,
    planner: &mut Planner<'_>,
) -> Result<(Rows, Cow<'e, Expression>, Vec<String>), Diagnostic> {
    if !has_lookup(expression) {
        return Ok((rows, Cow::Borrowed(expression), Vec::new()));
    }
    let mut calls = Vec::new();
    let expression = expression.clone().with_calls(&mut |name: &Spanned<String>, arguments: &[Expression], span| {
        if !name.node.eq_ignore_ascii_case("lookup") {
            return None;
        }
        let field = planner.fresh("lookup");
        calls.push(Call { arguments: arguments.to_vec(), span, field: field.clone() });
        Some(Expression { kind: ExpressionKind::Field(field), span })
    });
    let mut rows = rows;
    for call in &calls {
        rows = call.added(rows, planner)?;
    }
    let fields = calls.into_iter().map(|call| call.field).collect();
    Ok((rows, Cow::Owned(expression), fields))
}

/// Whether `lookup` is called in an expression.
pub(super) fn has_lookup(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| {
        found |= matches!(&part.kind, ExpressionKind::Call { name, .. } if name.node.eq_ignore_ascii_case("lookup"));
    });
    found
}

impl Call {
    fn added(&self, rows: Rows, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let wrong = || {
            let message =
                "`lookup` takes a table's name, json_object(\"COLUMN\", VALUE, ...) and json_array(\"COLUMN\", ...)";
            Diagnostic::error("spl/argument", message, self.span)
        };
        let [table, inputs, outputs] = self.arguments.as_slice() else { return Err(wrong()) };
        let table = Spanned::new(text(table).ok_or_else(wrong)?.to_owned(), table.span);
        let inputs = arguments_of(inputs, "json_object").filter(|pairs| pairs.len() % 2 == 0).ok_or_else(wrong)?;
        let outputs = arguments_of(outputs, "json_array").ok_or_else(wrong)?;
        let outputs = outputs.iter().map(|column| Some(Spanned::new(text(column)?.to_owned(), column.span)));
        let outputs = outputs.collect::<Option<Vec<_>>>().filter(|outputs| !outputs.is_empty()).ok_or_else(wrong)?;
        let mut pairs = Vec::new();
        let mut values = Vec::new();
        for pair in inputs.chunks(2) {
            let [column, value] = pair else { continue };
            let name = planner.fresh("value");
            pairs.push((text(column).ok_or_else(wrong)?.to_owned(), Spanned::new(name.clone(), column.span)));
            values.push((name, lower_assignable(value, rows.scope())?));
        }
        let hidden: Vec<String> = values.iter().map(|(name, _)| name.clone()).collect();
        let rows = rows.with(values, planner)?;
        let found = by_columns(table, pairs, &outputs, &rows, planner)?;
        let found_some = any_of(found.iter().map(|(_, typed)| typed.expr.clone().is_not_null()).collect());
        let members = outputs.iter().zip(&found).flat_map(|(name, (_, typed))| {
            let value = if typed.ty == Type::Null { typed.clone().into_text() } else { typed.expr.clone() };
            [lit(name.node.as_str()), lit("str"), value]
        });
        let object = OBJECT.call([lit(false)].into_iter().chain(members).collect::<Vec<Expr>>());
        // What matches no row is nothing.
        let object = match found_some {
            Some(found) => case(vec![(found, object)], None, Type::Text),
            None => object,
        };
        rows.with(vec![(self.field.clone(), Typed::new(object, Type::Text))], planner)?.without(&hidden, planner)
    }
}

fn text(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Text(text) => Some(text),
        _ => None,
    }
}

/// The arguments of a call of a function.
fn arguments_of<'e>(expression: &'e Expression, function: &str) -> Option<&'e [Expression]> {
    match &expression.kind {
        ExpressionKind::Call { name, arguments } if name.node.eq_ignore_ascii_case(function) => Some(arguments),
        _ => None,
    }
}
