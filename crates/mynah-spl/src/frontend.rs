use crate::expression::Compare;
use crate::pipeline::{self, Parsing, Source};
use crate::plan::Opaque;
use crate::plan::{Planner, Wanted, finish};
use crate::search::SearchTest;
use crate::{aggregates, commands, functions, lint};
use mynah_dialect::{Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Rule, Span};

/// SPL as a [`Frontend`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Spl;

impl Frontend for Spl {
    fn dialect(&self) -> Dialect {
        Dialect::Spl
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let source = match pipeline::expand(text, context.site) {
            Ok(source) => source,
            Err(diagnostics) => return Planned::refused(diagnostics),
        };
        let mut parsing = Parsing::new(source.text());
        let parsed = pipeline::parse(&mut parsing, Span::new(0, source.text().len()));
        let mut diagnostics = parsing.diagnostics;
        let mut planner = Planner::new(*context);
        let plan = parsed.and_then(|pipeline| {
            let rows = planner.pipeline(&pipeline, &Wanted::default())?;
            planner.at = pipeline.span;
            finish(rows, &mut planner)
        });
        diagnostics.extend(planner.diagnostics);
        let plan = match plan {
            Ok(plan) => Some(plan),
            Err(error) => {
                diagnostics.push(error);
                None
            }
        };
        let diagnostics = located(diagnostics, &source);
        Planned::new(plan, Vec::new(), diagnostics, NumberStyle::Plain, context)
    }

    fn rules(&self) -> &'static [Rule] {
        lint::RULES
    }

    fn register(&self, registry: &mut Registry) {
        functions::register(registry);
        aggregates::register(registry);
        commands::register(registry);
        registry.function::<Compare>().function::<SearchTest>().function::<Opaque>();
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        commands::docs().chain(functions::docs()).chain(aggregates::docs()).collect()
    }
}

/// The diagnostics with their places in the query as written, in its order, each once.
fn located(diagnostics: Vec<Diagnostic>, source: &Source) -> Vec<Diagnostic> {
    let mut located: Vec<Diagnostic> = Vec::new();
    for mut diagnostic in diagnostics {
        // What stands in a macro cannot be mended in the query.
        diagnostic.fix = diagnostic
            .fix
            .filter(|fix| source.is_written(fix.span))
            .map(|fix| Box::new(mynah_syntax::Fix { span: source.locate(fix.span), ..*fix }));
        diagnostic.span = source.locate(diagnostic.span);
        for label in &mut diagnostic.labels {
            label.span = source.locate(label.span);
        }
        if !located.contains(&diagnostic) {
            located.push(diagnostic);
        }
    }
    located.sort_by_key(|diagnostic| diagnostic.span.start);
    located
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_a_plan_has_a_name_of_its_own() {
        let mut registry = Registry::default();
        Spl.register(&mut registry);
        assert!(registry.twice().is_empty(), "{:?}", registry.twice());
        assert!(registry.names().any(|name| name == "spl.call"));
    }
}
