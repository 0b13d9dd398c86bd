use super::Lowering;
use crate::ast::{Expr, ExprKind, Pipe};
use mynah_syntax::{Diagnostic, nearest};
use serde::{Deserialize, Serialize};

/// What a pipe does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// Keeps the earliest ones.
    Head(usize),
    /// Keeps the latest ones.
    Tail(usize),
}

/// Endgame's pipes, which Elasticsearch has not.
const ENDGAME: [&str; 5] = ["count", "filter", "sort", "unique", "unique_count"];

impl Lowering<'_> {
    /// What the pipes do; `None` if one of them is not right.
    pub(super) fn pipes(&mut self, pipes: &[Pipe]) -> Option<Vec<Step>> {
        let steps: Vec<Option<Step>> = pipes.iter().map(|pipe| self.pipe(pipe)).collect();
        steps.into_iter().collect()
    }

    fn pipe(&mut self, pipe: &Pipe) -> Option<Step> {
        let span = pipe.place.0;
        let step: fn(usize) -> Step = match pipe.name.as_str() {
            "head" => Step::Head,
            "tail" => Step::Tail,
            name if ENDGAME.contains(&name) => {
                let message = format!("Elasticsearch's EQL has no pipe `{name}`");
                let unsupported = Diagnostic::error("eql/unsupported", message, span);
                return self.report(unsupported.with_help("its pipes are `head` and `tail`"));
            }
            name => {
                let message = format!("there is no pipe `{name}`");
                let diagnostic = Diagnostic::error("eql/unsupported", message, span);
                let name_span = mynah_syntax::Span::new(span.start, span.start + name.len());
                return self.report(match nearest(name, ["head", "tail"]) {
                    Some(meant) => diagnostic.with_fix(name_span, meant, format!("did you mean `{meant}`?")),
                    None => diagnostic.with_help("the pipes are `head` and `tail`"),
                });
            }
        };
        let count = match pipe.arguments.as_slice() {
            [Expr { kind: ExprKind::Integer(count), .. }] => usize::try_from(*count).ok(),
            _ => None,
        };
        match count {
            Some(count) => Some(step(count)),
            None => {
                let message = format!("`{}` takes one whole number, not less than 0", pipe.name);
                let help = format!("write `| {} 10`", pipe.name);
                self.report(Diagnostic::error("eql/syntax", message, span).with_help(help))
            }
        }
    }
}
