use crate::operators::OPERATORS;
use crate::{functions, lint, parser, plan};
use mynah_dialect::{Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_syntax::{Diagnostic, Rule};

/// Elastic's Event Query Language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Eql;

impl Frontend for Eql {
    fn dialect(&self) -> Dialect {
        Dialect::Eql
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (query, mut diagnostics) = parser::parse(text);
        let Some(query) = query.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)) else {
            return Planned::refused(diagnostics);
        };
        diagnostics.extend(lint::check(&query, context.view));
        let (plan, said) = plan::plan(&query, context);
        diagnostics.extend(said);
        Planned::new(plan, Vec::new(), diagnostics, NumberStyle::Plain, context)
    }

    fn rules(&self) -> &'static [Rule] {
        &lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        functions::FUNCTIONS.into_iter().map(|function| &function.doc).chain(&OPERATORS).collect()
    }
}
