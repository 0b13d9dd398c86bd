//! The smallest conditions of a query, as conditions on events.
use super::{Draft, Level, Role, Typed};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::prelude::Expr;
use mynah_dialect::Clause;
use mynah_syntax::Span;
use std::collections::HashMap;

/// What the columns that operators made of messages are, in terms of the scan's columns; nothing of what depends on
/// more than the event itself, or is too large to be worth it.
pub(super) type Definitions = HashMap<String, Option<Expr>>;

/// How many parts such an expression may have.
const MOST_PARTS: usize = 300;

impl Draft<'_> {
    /// Remembers what new columns are.
    pub(super) fn define(&mut self, new: &[(String, Role, Typed)]) {
        if self.level == Level::Messages {
            let defined: Vec<_> =
                new.iter().map(|(name, _, value)| (name.clone(), self.of_the_scan(&value.expr))).collect();
            self.definitions.extend(defined);
        }
    }

    /// The rows of a column are no longer one for each event.
    pub(super) fn undefine(&mut self, name: &str) {
        self.definitions.insert(name.to_owned(), None);
    }

    /// Records a condition on messages.
    pub(super) fn record(&mut self, span: Span, predicate: &Expr) {
        if self.level == Level::Messages
            && let Some(predicate) = self.of_the_scan(predicate)
        {
            self.clauses.push(Clause { span, predicate });
        }
    }

    /// The expression with the columns of the scan in place of those that operators made.
    fn of_the_scan(&self, expression: &Expr) -> Option<Expr> {
        let mut known = true;
        let replaced = expression.clone().transform_up(|part| {
            Ok(match &part {
                Expr::Column(column) => match self.definitions.get(&column.name) {
                    Some(Some(definition)) => Transformed::yes(definition.clone()),
                    Some(None) => {
                        known = false;
                        Transformed::no(part)
                    }
                    None => Transformed::no(part),
                },
                Expr::WindowFunction(_) => {
                    known = false;
                    Transformed::no(part)
                }
                _ => Transformed::no(part),
            })
        });
        let replaced = replaced.ok().filter(|_| known)?.data;
        let mut parts = 0;
        // Nothing in here fails.
        let _ = replaced.apply(|_| {
            parts += 1;
            Ok(if parts > MOST_PARTS { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
        });
        (parts <= MOST_PARTS).then_some(replaced)
    }
}
