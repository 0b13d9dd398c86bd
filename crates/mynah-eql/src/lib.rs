//! Elastic's Event Query Language: text to plan.
//!
//! [`Eql`] is the front end; `docs/eql.md` says what of the language runs and where Mynah departs from
//! Elasticsearch. On the way to a plan a query is cut into tokens, read into a tree ([`ast`]), held
//! against the lint rules, and lowered to DataFusion's plan over what the Elastic view makes of the logs.
//!
//! ```
//! use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
//! use mynah_eql::Eql;
//! use mynah_event::Platform;
//! use mynah_view::Catalog;
//!
//! let catalog = Catalog::built_in()?;
//! let view = catalog.platform(Platform::Elastic)?;
//! let context = PlanContext { mode: Mode::Run, view: &view, site: &Site::default(), stages: &Stages::without_data() };
//!
//! let planned = Eql.plan(r#"process where process.name : "cmd.exe""#, &context);
//! let plan = planned.plan.ok_or("no plan")?;
//! assert_eq!(plan.first().schema().field_names(), ["@timestamp", "process.name"]);
//!
//! let refused = Eql.plan(r#"process where process.name : "#, &context);
//! assert_eq!(refused.diagnostics[0].code, "eql/syntax");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod analysis;
pub mod ast;
mod functions;
mod joined;
mod lexer;
mod lint;
mod names;
mod operators;
mod parser;
mod plan;
mod shape;
#[cfg(test)]
mod tests;

pub use analysis::tokens;
pub use lint::lint;
pub use parser::parse;
pub use plan::plan;
pub use shape::{EventShape, Shape};

use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Rule};

/// Elastic's Event Query Language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Eql;

impl Frontend for Eql {
    fn dialect(&self) -> Dialect {
        Dialect::Eql
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        planned(text, context, false)
    }

    fn rules(&self) -> &'static [Rule] {
        &lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        let mut docs: Vec<_> = functions::FUNCTIONS.docs().collect();
        docs.sort_by_key(|doc| doc.name);
        docs.extend(&operators::OPERATORS);
        docs
    }

    fn register(&self, registry: &mut Registry) {
        registry.function::<functions::RowFunction>().operator::<joined::Operator>();
    }

    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        let query = parse(text).0;
        Analysis {
            tokens: tokens(text),
            outline: query.as_ref().map(analysis::outline).unwrap_or_default(),
            names: query.map(|query| analysis::names(&query, context.view)).unwrap_or_default(),
            diagnostics: self.plan(text, context).diagnostics,
        }
    }

    fn expected(&self, text: &str, at: usize) -> Expected {
        analysis::expected(text, at)
    }
}

fn planned(text: &str, context: &PlanContext<'_>, ids: bool) -> Planned {
    let (query, mut diagnostics) = parse(text);
    let Some(query) = query.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)) else {
        return Planned::refused(diagnostics);
    };
    diagnostics.extend(lint(&query, context.view));
    let (plan, said) = plan::plan_shown(&query, context, ids);
    diagnostics.extend(said);
    Planned::new(plan, diagnostics, NumberStyle::Plain, context)
}

/// EQL whose plans have each row's event as a last column, [`mynah_view::EVENT_ID`]: for whoever gives the events themselves,
/// as Elastic's search API does ([`Shape`]).
#[derive(Debug, Clone, Copy, Default)]
pub struct EqlWithIds;

impl Frontend for EqlWithIds {
    fn dialect(&self) -> Dialect {
        Dialect::Eql
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        planned(text, context, true)
    }

    fn rules(&self) -> &'static [Rule] {
        Eql.rules()
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        Eql.functions()
    }
}
