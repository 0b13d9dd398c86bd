use super::{Body, EventFilter, Expr, ExprKind, Query};

impl Query {
    /// Every condition of the query, with its event's category.
    pub fn filters(&self) -> Vec<&EventFilter> {
        match &self.body {
            Body::Event(filter) => vec![filter],
            Body::Sequence(sequence) => sequence.terms.iter().chain(&sequence.until).map(|term| &term.filter).collect(),
            Body::Sample(sample) => sample.terms.iter().map(|term| &term.filter).collect(),
        }
    }

    /// Every expression that is no condition: keys and the arguments of pipes.
    pub fn keys(&self) -> Vec<&Expr> {
        match &self.body {
            Body::Event(_) => Vec::new(),
            Body::Sequence(sequence) => sequence
                .by
                .iter()
                .chain(sequence.terms.iter().chain(&sequence.until).flat_map(|term| &term.by))
                .collect(),
            Body::Sample(sample) => sample.by.iter().chain(sample.terms.iter().flat_map(|term| &term.by)).collect(),
        }
    }

    /// Visits every expression, outer ones first, in the order of the text.
    pub fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Expr)) {
        for key in self.keys() {
            key.visit(visitor);
        }
        for filter in self.filters() {
            filter.condition.visit(visitor);
        }
    }
}

impl Expr {
    /// Visits this expression and all inside it, outer ones first. The parser has bounded how deep it can go.
    pub fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Expr)) {
        visitor(self);
        for child in self.children() {
            child.visit(visitor);
        }
    }

    /// Whether it is a constant, as it is written.
    pub(crate) fn is_constant(&self) -> bool {
        use ExprKind::{Boolean, Float, Integer, Null, Text};
        matches!(self.kind, Null | Boolean(_) | Integer(_) | Float(_) | Text(_))
    }

    /// The expressions right below this one, in the order of the text.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Null
            | ExprKind::Boolean(_)
            | ExprKind::Integer(_)
            | ExprKind::Float(_)
            | ExprKind::Text(_)
            | ExprKind::Field(_) => Vec::new(),
            ExprKind::Call(call) => call.arguments.iter().collect(),
            ExprKind::Not(inner) | ExprKind::Negative(inner) => vec![inner],
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().collect(),
            ExprKind::Arithmetic(left, _, right) | ExprKind::Compare(left, _, right) => vec![left, right],
            ExprKind::In(found) => std::iter::once(found.value.as_ref()).chain(&found.list).collect(),
            ExprKind::Match(found) => std::iter::once(found.value.as_ref()).chain(&found.patterns).collect(),
        }
    }
}
