use super::functions::{FUNCTIONS, Lower, PERCENTILE};
use super::{AggregateCall, Argument};
use crate::expression::{Expression, ExpressionKind, Scope, Type, Typed, lower as lower_expression, null_of};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::SortExpr;
use datafusion::prelude::{Expr, cast};
use mynah_dialect::{Entry, FunctionDoc, column};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// A statistical function as DataFusion calculates it.
///
/// `call` goes into the plan's aggregation (or window); what Splunk shows is [`Aggregate::value`] of its
/// column, which has the type `ty`.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// The call, an `Expr::AggregateFunction`; alias it as you like.
    pub call: Expr,
    /// What the result is, after [`Aggregate::value`].
    pub ty: Type,
    pub(super) finish: fn(Expr) -> Expr,
    /// The call for a window, where DataFusion cannot move a window of `call` on.
    pub(super) over_window: Option<Expr>,
}

impl Aggregate {
    /// A call whose result needs nothing done.
    pub(super) fn plain(call: Expr, ty: Type) -> Self {
        Aggregate { call, ty, finish: |column| column, over_window: None }
    }

    /// A call that counts, which DataFusion does in whole numbers.
    pub(super) fn counting(call: Expr) -> Self {
        Aggregate { call, ty: Type::Number, finish: |column| cast(column, DataType::Float64), over_window: None }
    }

    /// The call as a window's aggregate, which may be another one: its column too gives [`Aggregate::value`].
    pub fn window_call(&self) -> Expr {
        self.over_window.clone().unwrap_or_else(|| self.call.clone())
    }

    /// The function's value, from the column that the aggregation put its result in.
    pub fn value(&self, column: Expr) -> Expr {
        (self.finish)(column)
    }
}

/// One call, while it is lowered.
pub(super) struct Call<'a> {
    /// The argument, lowered.
    pub(super) value: Option<Typed>,
    /// The percentage in the function's name.
    pub(super) percentile: Option<f64>,
    /// The order of the rows.
    pub(super) order: &'a [SortExpr],
    scope: &'a Scope,
    function: &'a str,
    span: Span,
}

impl Call<'_> {
    /// The argument. Only `count` takes conditions; elsewhere a truth value counts as its text.
    pub(super) fn value(&self) -> Result<Typed, Diagnostic> {
        match &self.value {
            Some(value) if value.ty == Type::Boolean => Ok(Typed::new(value.clone().into_text(), Type::Text)),
            Some(Typed { ty: Type::Null, .. }) => Ok(Typed::new(null_of(Type::Text), Type::Text)),
            Some(value) => Ok(value.clone()),
            None => Err(Diagnostic::error(
                "spl/argument",
                format!("`{}` needs a field: `{0}(field)`", self.function),
                self.span,
            )),
        }
    }

    /// The events' time; null where the rows have none any more.
    pub(super) fn time(&self) -> Expr {
        match self.scope.get("_time") {
            Some(ty) => Typed::new(column("_time"), ty).into_number(),
            None => null_of(Type::Number),
        }
    }

    /// The oldest event first; of several at one time the last.
    pub(super) fn earliest(&self) -> Vec<SortExpr> {
        let mut keys = vec![self.time().sort(true, false)];
        keys.extend(super::ordered::reversed(self.order));
        keys
    }

    /// The newest event first; of several at one time the first.
    pub(super) fn latest(&self) -> Vec<SortExpr> {
        let mut keys = vec![self.time().sort(false, false)];
        keys.extend(self.order.iter().cloned());
        keys
    }
}

/// The functions' documentation.
pub fn docs() -> impl Iterator<Item = &'static FunctionDoc> {
    FUNCTIONS.docs()
}

/// Functions that Splunk has and Mynah has not, and why.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("per_day", "rates by span of time belong to `timechart`"),
    ("per_hour", "rates by span of time belong to `timechart`"),
    ("per_minute", "rates by span of time belong to `timechart`"),
    ("per_second", "rates by span of time belong to `timechart`"),
    ("rate_avg", "metrics indexes are not there"),
    ("rate_sum", "metrics indexes are not there"),
];

/// Lowers a call over the columns of `scope`, whose rows stand in the order `order`.
///
/// `order` matters to `first`, `last` and `list`, and to `earliest` and `latest` where times are equal.
/// A call with a wildcard must be [expanded](AggregateCall::expand) before.
///
/// # Errors
/// Where there is no such function, or it cannot be calculated of that argument.
pub fn lower(call: &AggregateCall, scope: &Scope, order: &[SortExpr]) -> Result<Aggregate, Diagnostic> {
    let name = &call.function.node;
    let Some((function, percentile)) = find(name) else { return Err(unknown(call)) };
    let value = match &call.argument {
        Some(Argument::Field(field)) => {
            let field = Expression { kind: ExpressionKind::Field(field.node.clone()), span: field.span };
            Some(lower_expression(&field, scope)?)
        }
        Some(Argument::Eval(expression)) => Some(lower_expression(expression, scope)?),
        None if function.arity.takes(0) => None,
        None => {
            let message = format!("`{name}` needs a field: `{name}(field)`");
            return Err(Diagnostic::error("spl/argument", message, call.function.span));
        }
    };
    (function.code)(&Call { value, percentile, order, scope, function: function.doc.name, span: call.span })
}

/// Whether there is a function of that name.
pub(crate) fn is_function(name: &str) -> bool {
    find(name).is_some()
}

/// The function of a name, and the percentage behind it: `p95`, `exactperc99.9`.
fn find(name: &str) -> Option<(&'static Entry<Lower>, Option<f64>)> {
    let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let (stem, percentage) = name.split_at(digits);
    let is_percentile = |function: &&Entry<Lower>| function.doc.name == PERCENTILE;
    if percentage.is_empty() {
        return FUNCTIONS.find(name).filter(|function| !is_percentile(function)).map(|function| (function, None));
    }
    let percentage: f64 = percentage.parse().ok().filter(|percentage| (0.0..=100.0).contains(percentage))?;
    FUNCTIONS.find(stem).filter(is_percentile).map(|function| (function, Some(percentage)))
}

fn unknown(call: &AggregateCall) -> Diagnostic {
    let Spanned { node: name, span } = &call.function;
    let wanted = name.to_ascii_lowercase();
    if let Some((_, why)) = UNSUPPORTED.iter().find(|(known, _)| *known == wanted) {
        let message = format!("the function `{wanted}` is not supported");
        return Diagnostic::error("spl/unsupported-function", message, *span).with_help(*why);
    }
    let unknown = FUNCTIONS.unknown("spl/unknown-function", name, *span);
    Diagnostic { message: format!("there is no statistical function `{name}`"), ..unknown }
}
