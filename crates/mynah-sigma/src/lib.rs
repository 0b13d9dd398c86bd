//! Sigma, the vendor-neutral rule format: YAML to plan.
//!
//! [`Sigma`] is the front end; `docs/sigma.md` says what of the specification runs and where it leaves room. Its stages
//! are functions of their own: [`yaml::read`] makes nodes of a text, [`parse()`] documents of these, [`lint()`] says what is
//! wrong with them, and [`plan()`] makes DataFusion's plan over what Sigma's taxonomy makes of the logs. Modifiers make of
//! each value what is looked for; correlations become windows over the rows of the rules that they refer to.
//!
//! ```
//! use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
//! use mynah_event::Platform;
//! use mynah_sigma::Sigma;
//! use mynah_view::Catalog;
//!
//! let rule = "
//! title: Account list
//! logsource:
//!     product: windows
//!     category: process_creation
//! detection:
//!     selection:
//!         Image|endswith: '\\net.exe'
//!         CommandLine|contains: ' user'
//!     condition: selection
//! ";
//! let catalog = Catalog::built_in()?;
//! let view = catalog.platform(Platform::Sigma)?;
//! let context = PlanContext { mode: Mode::Run, view: &view, site: &Site::default(), stages: &Stages::without_data() };
//!
//! let planned = Sigma.plan(rule, &context);
//! let plan = planned.plan.ok_or("no plan")?;
//! assert_eq!(plan.first().schema().field_names(), ["Time", "Image", "CommandLine"]);
//!
//! let refused = Sigma.plan(&rule.replace("condition: selection", "condition: selektion"), &context);
//! assert_eq!(refused.diagnostics[0].code, "sigma/unknown-selection");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod analysis;
pub mod ast;
mod correlation_kind;
mod lint;
mod log_source;
mod modifier;
mod parse;
mod plan;
mod remaining;
#[cfg(test)]
mod tests;
pub mod yaml;

pub use analysis::tokens;
pub use correlation_kind::CorrelationKind;
pub use lint::lint;
pub use modifier::{Comparison, DatePart, Kind, MODIFIERS, Modifier};
pub use parse::parse;
pub use plan::plan;

use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, NumberStyle, PlanContext, Planned, Remaining};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Rule};

/// Sigma rules and correlations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sigma;

impl Frontend for Sigma {
    fn dialect(&self) -> Dialect {
        Dialect::Sigma
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (documents, mut diagnostics) = parse(text);
        diagnostics.extend(lint(&documents, context.view));
        // What is wrong with the parts that could be read is said all the same.
        let plan = plan(&documents, context, &mut diagnostics);
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
        let (documents, _) = parse(text);
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

    fn remaining(&self, text: &str, diagnostics: &[Diagnostic]) -> Option<Remaining> {
        remaining::remaining(text, diagnostics)
    }

    fn register(&self, registry: &mut Registry) {
        registry.function::<plan::RowFunction>().aggregate::<plan::Measuring>().aggregate::<plan::Sessions>();
    }
}

/// A diagnostic with the name that was most likely meant, if there is one.
fn suggesting(diagnostic: Diagnostic, meant: Option<&str>) -> Diagnostic {
    match meant {
        Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
        None => diagnostic,
    }
}
