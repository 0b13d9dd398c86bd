//! What a query is, as its author wrote it: nothing is resolved, nothing is rewritten.
//!
//! Two trees are equal if they say the same, wherever they stand: [`At`] does not take part.
mod expr;
mod print;
mod query;
mod visit;

pub use expr::{ArithmeticOp, Branch, CompareOp, Expr, ExprKind, MatchOp, Number, Test, Unit};
pub(crate) use print::{is_reserved, key};
pub use query::{Alias, Clause, Count, Item, Order, Parameter, Query, Quote, Select, Source, TimeFrame};
pub(crate) use visit::{children, walk_exprs, walk_own_exprs, walk_selects};

use mynah_syntax::Span;

/// Where a node stands. Equal to any other place, so that trees compare by what they say.
#[derive(Debug, Clone, Copy, Default)]
pub struct At(pub Span);

impl PartialEq for At {
    fn eq(&self, _: &At) -> bool {
        true
    }
}

impl From<Span> for At {
    fn from(span: Span) -> At {
        At(span)
    }
}
