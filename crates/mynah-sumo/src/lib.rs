//! Sumo Logic's search language: `keywords | operator | operator …`.
//!
//! A query passes through stages, each of them a function: [`tokens`] for editors, [`parse`] makes a tree of its text
//! ([`ast`]), [`lint()`] looks at the tree, [`plan`] makes a DataFusion plan of it. Functions, aggregates and
//! operators are tables, whose entries hold their documentation and their code.
//!
//! ```
//! use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
//! use mynah_view::Catalog;
//!
//! let catalog = Catalog::parse([("sumologic/json.toml", "log_source = 'json'\n[fields]\n'*' = '*'")])?;
//! let view = catalog.platform(mynah_event::Platform::Sumologic)?;
//! let site = Site::default();
//! let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data() };
//!
//! let planned = mynah_sumo::Sumo.plan("error | json \"user\" | count by user | sort by _count", &context);
//! assert!(planned.diagnostics.is_empty());
//! let columns = planned.plan.map(|plan| plan.first().schema().field_names());
//! assert_eq!(columns, Some(vec!["user".to_owned(), "_count".to_owned()]));
//! # Ok::<(), mynah_view::ViewError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

/// The address of one of the vendor's pages on the search language.
macro_rules! page {
    ($($part:literal),*) => {
        concat!("https://www.sumologic.com/help/docs/search/search-query-language/", $($part),*)
    };
}

mod aggregates;
mod analyse;
pub mod ast;
mod functions;
mod lexer;
mod lint;
mod parameters;
mod parser;
mod plan;
#[cfg(test)]
mod tests;

pub use analyse::tokens;
pub use parser::parse;
pub use plan::{Lowered, plan};

use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Rule};

/// What the lint rules have to say about a query.
pub fn lint(query: &ast::Query) -> Vec<Diagnostic> {
    mynah_dialect::lint(&lint::LINTS, query)
}

/// The dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sumo;

impl Frontend for Sumo {
    fn dialect(&self) -> Dialect {
        Dialect::Sumo
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        match parameters::Filled::of(text, &context.site.parameters) {
            Some(filled) => filled.located(plan_text(&filled.text, context)),
            None => plan_text(text, context),
        }
    }

    fn rules(&self) -> &'static [Rule] {
        &lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        let operators = parser::operators::OPERATORS.docs();
        functions::FUNCTIONS.docs().chain(operators).chain(aggregates::AGGREGATES.docs()).collect()
    }

    fn register(&self, registry: &mut Registry) {
        plan::register(registry);
    }

    fn analyse(&self, text: &str, context: &PlanContext<'_>) -> Analysis {
        let mut analysis = analyse::analyse(text, context);
        if !context.site.parameters.is_empty() {
            analysis.diagnostics = Frontend::plan(self, text, context).diagnostics;
        }
        analysis
    }

    fn expected(&self, text: &str, at: usize) -> Expected {
        analyse::expected(text, at)
    }
}

/// The stages of a query one after another.
fn plan_text(text: &str, context: &PlanContext<'_>) -> Planned {
    let (query, mut diagnostics) = parse(text);
    diagnostics.extend(lint(&query));
    let mut lowered = Lowered::default();
    // A tree with holes would only raise complaints about what is missing in it.
    if !diagnostics.iter().any(Diagnostic::is_error) {
        lowered = plan(&query, context);
        diagnostics.append(&mut lowered.diagnostics);
    }
    Planned::new(lowered.plan, diagnostics, NumberStyle::Plain, context)
}
