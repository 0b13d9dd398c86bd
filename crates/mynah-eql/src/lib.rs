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
//! let context = PlanContext { mode: Mode::Run, view: &view, site: &Site::default(), stages: &Stages::without_data(), now: &mynah_event::Timestamp::wall };
//!
//! let planned = Eql.plan(r#"process where process.name : "cmd.exe""#, &context);
//! let plan = planned.plan.ok_or("no plan")?;
//! assert_eq!(plan.schema().field_names(), ["@timestamp", "process.name"]);
//!
//! let refused = Eql.plan(r#"process where process.name : "#, &context);
//! assert_eq!(refused.diagnostics[0].code, "eql/syntax");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod ast;
mod frontend;
mod functions;
mod joined;
mod lexer;
mod lint;
mod names;
mod operators;
mod parser;
mod plan;
#[cfg(test)]
mod tests;

pub use frontend::Eql;

/// Reads a query into a tree, and says what is wrong with it. Where no diagnostic is an error there is a tree.
///
/// ```
/// let (query, diagnostics) = mynah_eql::parse("any where  true");
/// assert!(diagnostics.is_empty());
/// assert_eq!(query.map(|query| query.to_string()).as_deref(), Some("any where true"));
/// ```
pub fn parse(text: &str) -> (Option<ast::Query>, Vec<mynah_syntax::Diagnostic>) {
    parser::parse(text)
}
