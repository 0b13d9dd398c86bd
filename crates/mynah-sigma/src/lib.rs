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
//! assert_eq!(plan.schema().field_names(), ["Time", "Image", "CommandLine"]);
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
mod frontend;
mod lint;
mod log_source;
mod modifier;
mod parse;
mod plan;
#[cfg(test)]
mod tests;
pub mod yaml;

pub use correlation_kind::CorrelationKind;
pub use frontend::Sigma;
pub use lint::lint;
pub use modifier::{Comparison, DatePart, Kind, MODIFIERS, Modifier};
pub use parse::parse;
pub use plan::plan;
