use crate::{document, lint, modifier, plan};
use mynah_dialect::{Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_syntax::{Diagnostic, Rule};

/// Sigma rules and correlations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sigma;

impl Frontend for Sigma {
    fn dialect(&self) -> Dialect {
        Dialect::Sigma
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (documents, mut diagnostics) = document::read(text);
        diagnostics.extend(lint::check(&documents, context.view));
        let plan = if diagnostics.iter().any(Diagnostic::is_error) {
            // What is wrong with the parts that could be read is said all the same.
            plan::plan(&documents, context, &mut diagnostics);
            None
        } else {
            plan::plan(&documents, context, &mut diagnostics)
        };
        Planned::new(plan, Vec::new(), diagnostics, NumberStyle::Plain, context)
    }

    fn rules(&self) -> &'static [Rule] {
        &lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        modifier::DOCS.iter().chain(&plan::correlation::DOCS).collect()
    }
}
