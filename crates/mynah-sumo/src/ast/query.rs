use crate::ast::{Place, Scope};
use crate::operators::Operator;
use mynah_syntax::Span;
use std::fmt;

/// A whole query: its scope and what is done with the messages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub scope: Scope,
    pub steps: Vec<Step>,
}

/// One operator between two pipes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub operator: Operator,
    pub place: Place,
}

impl Step {
    /// Where it stands.
    pub fn span(&self) -> Span {
        self.place.0
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.scope)?;
        for step in &self.steps {
            write!(f, "\n| {}", step.operator)?;
        }
        Ok(())
    }
}
