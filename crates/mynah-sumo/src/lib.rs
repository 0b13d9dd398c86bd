//! Sumo Logic's search language: `keywords | operator | operator …`.
//!
//! A query passes through four rooms: [`parser`] (with [`lexer`]) makes a tree of its text ([`ast`]), [`lint`]
//! looks at the tree, [`plan`] lowers it, operator by operator ([`operators`]) and function by function
//! ([`functions`]), to a DataFusion plan.
//!
//! ```
//! use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
//! use mynah_view::Catalog;
//!
//! let catalog = Catalog::parse([("sumologic/json.toml", "log_source = 'json'\n[fields]\n'*' = '*'")])?;
//! let view = catalog.platform(mynah_event::Platform::Sumologic)?;
//! let site = Site::default();
//! let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data(), now: &mynah_event::Timestamp::wall };
//!
//! let planned = mynah_sumo::Sumo.plan("error | json \"user\" | count by user | sort by _count", &context);
//! assert!(planned.diagnostics.is_empty());
//! let columns = planned.plan.map(|plan| plan.schema().field_names());
//! assert_eq!(columns, Some(vec!["user".to_owned(), "_count".to_owned()]));
//! # Ok::<(), mynah_view::ViewError>(())
//! ```
#![deny(missing_docs)]
#![allow(rustdoc::private_intra_doc_links)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod ast;
mod functions;
mod lexer;
mod lint;
mod operators;
mod parser;
mod plan;
#[cfg(test)]
mod tests;

use mynah_dialect::{Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_syntax::Rule;

/// The dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sumo;

impl Frontend for Sumo {
    fn dialect(&self) -> Dialect {
        Dialect::Sumo
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (query, mut diagnostics) = parser::parse(text);
        diagnostics.extend(lint::check(&query));
        let mut plan = None;
        // A tree with holes would only raise complaints about what is missing in it.
        if !diagnostics.iter().any(mynah_syntax::Diagnostic::is_error) {
            let (planned, found) = plan::plan(&query, context);
            diagnostics.extend(found);
            plan = planned;
        }
        Planned::new(plan, Vec::new(), diagnostics, NumberStyle::Plain, context)
    }

    fn rules(&self) -> &'static [Rule] {
        lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        functions::all().map(|function| function.doc).chain(operators::docs()).collect()
    }
}
