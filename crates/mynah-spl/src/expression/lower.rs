use super::ast::{BinaryOperator, Expression, ExpressionKind, UnaryOperator};
use super::coerce::{null_of, number_text, parse_number};
use super::typed::case;
use super::{Scope, Type, Typed, chain, compare, precision};
use crate::functions::{self, Internal};
use datafusion::logical_expr::{Operator, binary_expr, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{all_of, any_of, column, marked};
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Span};

/// Lowers an expression over the columns of `scope`.
///
/// A field that `scope` does not have is null, as in Splunk.
///
/// # Errors
/// Where the expression uses what Splunk or Mynah does not have, or its types do not fit.
pub fn lower(expression: &Expression, scope: &Scope) -> Result<Typed, Diagnostic> {
    Lowering { scope }.expression(expression)
}

/// Lowers what `eval` assigns to a field: anything but a truth value, which Splunk refuses there.
///
/// # Errors
/// As [`lower`], and where the result is true or false.
pub fn lower_assignable(expression: &Expression, scope: &Scope) -> Result<Typed, Diagnostic> {
    let value = lower(expression, scope)?;
    if value.ty == Type::Boolean {
        return Err(Diagnostic::error("spl/boolean-field", "a field cannot hold a truth value", expression.span)
            .with_fix(
                expression.span,
                format!("if({expression}, \"true\", \"false\")"),
                "Splunk refuses it too: choose a value for each case with `if(condition, value, other)`",
            ));
    }
    precision::written(expression, scope, value)
}

/// Lowers a condition, as `where` has it.
///
/// # Errors
/// As [`lower`], and where the expression is no truth value.
pub fn lower_condition(expression: &Expression, scope: &Scope) -> Result<Expr, Diagnostic> {
    lower(expression, scope)?.into_condition(expression.span)
}

struct Lowering<'a> {
    scope: &'a Scope,
}

impl Lowering<'_> {
    /// A value. Conditions that are made of no others keep their places.
    fn expression(&self, expression: &Expression) -> Result<Typed, Diagnostic> {
        let value = self.value(expression)?;
        Ok(match value.ty == Type::Boolean && expression.is_test() {
            true => Typed::boolean(marked(expression.span, value.expr)),
            false => value,
        })
    }

    fn value(&self, expression: &Expression) -> Result<Typed, Diagnostic> {
        match &expression.kind {
            ExpressionKind::Number { value, .. } => Ok(Typed::number(*value)),
            ExpressionKind::Text(text) => Ok(Typed::text(text)),
            ExpressionKind::Field(name) => Ok(self.field(name)),
            ExpressionKind::Call { name, arguments } => {
                functions::lower_call(name, arguments, expression.span, self.scope)
            }
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => {
                Ok(Typed::boolean(!self.expression(operand)?.into_condition(operand.span)?))
            }
            ExpressionKind::Unary { operator: UnaryOperator::Minus, operand } => {
                let value = self.number(operand, "-")?;
                Ok(match value.as_literal_number() {
                    Some(number) => Typed::number(-number),
                    None => Typed::new(Expr::Negative(Box::new(value.expr)), Type::Number),
                })
            }
            ExpressionKind::Unary { operator: UnaryOperator::Plus, operand } => self.expression(operand),
            ExpressionKind::In { value, list } => {
                let value = self.expression(value)?;
                let list = list
                    .iter()
                    .map(|item| Ok((self.expression(item)?, item.span)))
                    .collect::<Result<Vec<_>, Diagnostic>>()?;
                compare::one_of(value, list, expression.span)
            }
            ExpressionKind::Binary { operator, left, right } => match operator.node {
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Concatenate
                    if let Some((operands, operators)) = chain::long(expression) =>
                {
                    self.chain(&operands, operators, expression.span)
                }
                BinaryOperator::And | BinaryOperator::Or => self.logical(expression, operator.node),
                BinaryOperator::Xor => {
                    let left = self.expression(left)?.into_condition(left.span)?;
                    let right = self.expression(right)?.into_condition(right.span)?;
                    Ok(Typed::boolean(left.not_eq(right)))
                }
                BinaryOperator::Equal
                | BinaryOperator::NotEqual
                | BinaryOperator::Less
                | BinaryOperator::LessEqual
                | BinaryOperator::Greater
                | BinaryOperator::GreaterEqual => {
                    compare::compare(operator.node, self.expression(left)?, self.expression(right)?, expression.span)
                }
                BinaryOperator::Like => Ok(compare::like(self.expression(left)?, self.expression(right)?)),
                BinaryOperator::Concatenate => {
                    let (left_value, right_value) = (self.expression(left)?, self.expression(right)?);
                    self.no_boolean(&left_value, left.span, ".")?;
                    self.no_boolean(&right_value, right.span, ".")?;
                    Ok(concatenate(left_value, right_value))
                }
                BinaryOperator::Add => {
                    let (left_value, right_value) = (self.expression(left)?, self.expression(right)?);
                    self.no_boolean(&left_value, left.span, "+")?;
                    self.no_boolean(&right_value, right.span, "+")?;
                    Ok(add(left_value, right_value))
                }
                BinaryOperator::Subtract => self.arithmetic(left, Operator::Minus, right, "-"),
                BinaryOperator::Multiply => self.arithmetic(left, Operator::Multiply, right, "*"),
                BinaryOperator::Divide => self.arithmetic(left, Operator::Divide, right, "/"),
                BinaryOperator::Modulo => self.arithmetic(left, Operator::Modulo, right, "%"),
            },
        }
    }

    fn field(&self, name: &str) -> Typed {
        match self.scope.get(name) {
            Some(ty) => Typed::new(column(name), ty),
            // Literals since Splunk 10; before, names of fields that nobody has.
            None if name.eq_ignore_ascii_case("true") => Typed::boolean(lit(true)),
            None if name.eq_ignore_ascii_case("false") => Typed::boolean(lit(false)),
            None if self.scope.open && !name.eq_ignore_ascii_case("null") => {
                Typed::new(null_of(Type::Text), Type::Text)
            }
            None => Typed::null(),
        }
    }

    /// A chain of one operator, however long, as a tree that is no deeper than it must be.
    fn logical(&self, expression: &Expression, operator: BinaryOperator) -> Result<Typed, Diagnostic> {
        let mut terms = Vec::new();
        linked(expression, operator, &mut terms);
        let terms = terms
            .into_iter()
            .map(|term| self.expression(term)?.into_condition(term.span))
            .collect::<Result<Vec<Expr>, Diagnostic>>()?;
        let joined = if operator == BinaryOperator::And { all_of(terms) } else { any_of(terms) };
        Ok(Typed::boolean(joined.unwrap_or_else(|| null_of(Type::Boolean))))
    }

    /// A long chain of `+`, `-` and `.`.
    fn chain(&self, operands: &[&Expression], operators: String, span: Span) -> Result<Typed, Diagnostic> {
        let operands = operands.iter().map(|operand| {
            let value = self.expression(operand)?;
            self.no_boolean(&value, operand.span, "+")?;
            Ok(value)
        });
        let operands = operands.collect::<Result<Vec<Typed>, Diagnostic>>()?;
        chain::lowered(operands, operators).ok_or_else(|| {
            Diagnostic::error("spl/too-long", "a chain this long cannot join fields of several values", span)
                .with_help("join the values of such a field first, with mvjoin")
        })
    }

    fn no_boolean(&self, value: &Typed, span: Span, operator: &str) -> Result<(), Diagnostic> {
        if value.ty == Type::Boolean {
            return Err(Diagnostic::error(
                "spl/type",
                format!("`{operator}` takes numbers and texts, not a truth value"),
                span,
            ));
        }
        Ok(())
    }

    /// An operand that can only be a number.
    fn number(&self, operand: &Expression, operator: &str) -> Result<Typed, Diagnostic> {
        let value = self.expression(operand)?;
        self.no_boolean(&value, operand.span, operator)?;
        if value.as_literal_text().is_some_and(|text| parse_number(text).is_none()) {
            return Err(Diagnostic::error("spl/type", format!("`{operator}` takes numbers, not texts"), operand.span)
                .with_help("Splunk refuses it too (\"Typechecking failed\"); texts are joined with `.`"));
        }
        Ok(Typed::new(value.into_number(), Type::Number))
    }

    fn arithmetic(
        &self,
        left: &Expression,
        operator: Operator,
        right: &Expression,
        symbol: &str,
    ) -> Result<Typed, Diagnostic> {
        let left = self.number(left, symbol)?.expr;
        let right = self.number(right, symbol)?;
        let may_be_zero = matches!(operator, Operator::Divide | Operator::Modulo)
            && right.as_literal_number().is_none_or(|number| number == 0.0);
        let result = binary_expr(left, operator, right.expr.clone());
        let result = if may_be_zero {
            // Division by zero has no result.
            case(vec![(right.expr.not_eq(lit(0.0)), result)], None, Type::Number)
        } else {
            result
        };
        Ok(Typed::new(result, Type::Number))
    }
}

/// What one operator links, in order: a chain of it is a tree of any shape.
fn linked<'e>(expression: &'e Expression, operator: BinaryOperator, terms: &mut Vec<&'e Expression>) {
    match &expression.kind {
        ExpressionKind::Binary { operator: found, left, right } if found.node == operator => {
            linked(left, operator, terms);
            linked(right, operator, terms);
        }
        _ => terms.push(expression),
    }
}

/// `left . right`: null if either is; each value of several with the other.
fn concatenate(left: Typed, right: Typed) -> Typed {
    if left.ty == Type::Null || right.ty == Type::Null {
        return Typed::null();
    }
    if left.ty != Type::Multi && right.ty != Type::Multi {
        return Typed::new(binary_expr(left.into_text(), Operator::StringConcat, right.into_text()), Type::Text);
    }
    CONCATENATE.typed(vec![left.expr, right.expr])
}

/// `.` where one side has several values.
pub(crate) static CONCATENATE: Internal = Internal {
    name: "concatenate values",
    returns: Type::Multi,
    code: |row| {
        let (lefts, rights) = (row.values(0), row.values(1));
        Cell::texts(lefts.iter().flat_map(|left| rights.iter().map(move |right| format!("{left}{right}"))))
    },
};

/// `left + right`: two numbers are added, two other texts are joined.
fn add(left: Typed, right: Typed) -> Typed {
    if left.ty == Type::Number || right.ty == Type::Number {
        return Typed::new(binary_expr(left.into_number(), Operator::Plus, right.into_number()), Type::Number);
    }
    if left.ty == Type::Null || right.ty == Type::Null {
        return Typed::null();
    }
    ADD.typed(vec![left.expr, right.expr])
}

/// `+` of values of which nobody knows whether they are numbers.
pub(crate) static ADD: Internal = Internal {
    name: "add values",
    returns: Type::Text,
    code: |row| match (row.number(0), row.number(1)) {
        (Some(left), Some(right)) => Cell::text(number_text(left + right)),
        (None, None) => row.text(0).zip(row.text(1)).map(|(left, right)| Cell::text(format!("{left}{right}"))).into(),
        _ => Cell::Null,
    },
};
