use datafusion::prelude::Expr;
use mynah_syntax::Span;

/// A condition of a query as its author wrote it, and what became of it in the plan.
///
/// Languages record one for each smallest condition (a comparison, a search term, a detection item) while they plan, so that
/// a finding, or a missing one, can be traced to the words that decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// Where it stands in the text.
    pub span: Span,
    /// The condition in the plan: of columns as the query names them where it stands.
    pub predicate: Expr,
}
