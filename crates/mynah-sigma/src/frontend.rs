use crate::correlation_kind::CorrelationKind;
use crate::{analysis, lint, modifier, parse, plan};
use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::Rule;

/// Sigma rules and correlations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sigma;

impl Frontend for Sigma {
    fn dialect(&self) -> Dialect {
        Dialect::Sigma
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (documents, mut diagnostics) = parse::parse(text);
        diagnostics.extend(lint::lint(&documents, context.view));
        // What is wrong with the parts that could be read is said all the same.
        let plan = plan::plan(&documents, context, &mut diagnostics);
        Planned::new(plan, diagnostics, NumberStyle::Plain, context)
    }

    fn rules(&self) -> &'static [Rule] {
        lint::rules()
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        let correlations = CorrelationKind::ALL.iter().map(|(_, doc)| doc);
        modifier::MODIFIERS.iter().map(|modifier| &modifier.doc).chain(correlations).collect()
    }

    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        let (documents, _) = parse::parse(text);
        Analysis {
            tokens: analysis::tokens(text),
            outline: analysis::outline(&documents),
            names: analysis::names(&documents, context.view),
            diagnostics: self.plan(text, context).diagnostics,
        }
    }

    fn expected(&self, text: &str, at: usize) -> Expected {
        analysis::expected(text, at)
    }

    fn register(&self, registry: &mut Registry) {
        plan::register(registry);
    }
}
