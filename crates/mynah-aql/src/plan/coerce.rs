//! From one type to another, by AQL's rules; DataFusion's own are never relied on.
use super::{Type, Typed};
use crate::functions::RowFunction;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Case, cast, try_cast};
use datafusion::prelude::{Expr, lit};
use mynah_kernels::{Cell, call};

/// The value as a text.
pub(crate) fn to_text(value: &Typed) -> Expr {
    match (value.ty, &value.constant) {
        (Type::Text | Type::Ip | Type::Bytes | Type::Null, _) => value.expr.clone(),
        (_, Some(Cell::Integer(number))) => lit(number.to_string()),
        (_, Some(Cell::Float(number))) => lit(java_double(*number)),
        (Type::Float, _) => call(RowFunction::DoubleText, vec![value.expr.clone()]),
        (Type::Integer | Type::Boolean, _) => cast(value.expr.clone(), DataType::Utf8),
    }
}

/// The value as a floating-point number; a text that is none gives no value.
pub(crate) fn to_float(value: &Typed) -> Expr {
    match (value.ty, &value.constant) {
        (Type::Float, _) => value.expr.clone(),
        (_, Some(Cell::Integer(number))) => lit(*number as f64),
        (Type::Null, _) => lit(ScalarValue::Float64(None)),
        (Type::Integer, _) => cast(value.expr.clone(), DataType::Float64),
        _ => try_cast(value.expr.clone(), DataType::Float64),
    }
}

/// The value as a whole number; a text that is none gives no value, a fraction is cut off.
pub(crate) fn to_integer(value: &Typed) -> Expr {
    match value.ty {
        Type::Integer => value.expr.clone(),
        Type::Null => lit(ScalarValue::Int64(None)),
        Type::Boolean | Type::Text | Type::Ip | Type::Bytes | Type::Float => {
            try_cast(value.expr.clone(), DataType::Int64)
        }
    }
}

/// The value as a column of a type.
pub(crate) fn to_type(value: &Typed, ty: Type) -> Expr {
    match ty {
        Type::Text | Type::Ip | Type::Bytes | Type::Null => to_text(value),
        Type::Integer => to_integer(value),
        Type::Float => to_float(value),
        Type::Boolean => match value.ty {
            Type::Boolean => value.expr.clone(),
            _ => try_cast(value.expr.clone(), DataType::Boolean),
        },
    }
}

/// The value of the first case that holds, else `otherwise`, else NULL. All become of one type: text, if they differ.
pub(super) fn case(cases: Vec<(Expr, Typed)>, otherwise: Option<Typed>) -> Typed {
    let otherwise = otherwise.unwrap_or_else(|| Typed::constant(Cell::Null));
    let ty = cases.iter().fold(otherwise.ty, |ty, (_, value)| ty.unify(value.ty));
    let ty = if ty == Type::Bytes { Type::Text } else { ty };
    let branches = cases.into_iter().map(|(when, then)| (Box::new(when), Box::new(to_type(&then, ty)))).collect();
    Typed::new(Expr::Case(Case::new(None, branches, Some(Box::new(to_type(&otherwise, ty))))), ty)
}

/// A number as Java writes a double: `3.0`, `0.5`, `1.5E10`.
pub(crate) fn java_double(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity".into() } else { "-Infinity".into() };
    }
    let size = number.abs();
    if number == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let written = format!("{number:E}");
    match written.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => written,
    }
}
