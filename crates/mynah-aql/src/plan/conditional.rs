use super::coerce::to_type;
use super::{Constant, Type, Typed};
use datafusion::logical_expr::Case;
use datafusion::prelude::Expr;

/// The value of the first case that holds, else `otherwise`, else NULL. All become of one type: text, if they differ.
pub(super) fn case(cases: Vec<(Expr, Typed)>, otherwise: Option<Typed>) -> Typed {
    let otherwise = otherwise.unwrap_or_else(|| Typed::constant(Constant::Null));
    let ty = cases.iter().fold(otherwise.ty, |ty, (_, value)| ty.unify(value.ty));
    let ty = if ty == Type::Bytes { Type::Text } else { ty };
    let branches = cases.into_iter().map(|(when, then)| (Box::new(when), Box::new(to_type(&then, ty)))).collect();
    Typed::new(Expr::Case(Case::new(None, branches, Some(Box::new(to_type(&otherwise, ty))))), ty)
}
