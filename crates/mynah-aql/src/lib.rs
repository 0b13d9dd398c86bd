//! QRadar's Ariel Query Language: its front end.
//!
//! A query goes from text to a DataFusion plan in four stages, each of which knows the ones before it only, and each a
//! public function:
//!
//! | stage       | takes              | gives                                                     |
//! |-------------|--------------------|-----------------------------------------------------------|
//! | `lexer`     | the text           | tokens                                                    |
//! | `parser`    | tokens             | an `ast` tree, as its author wrote it; all its faults      |
//! | `lint`      | the tree           | what QRadar refuses, or does otherwise than it seems       |
//! | `plan`      | the tree, the view | a `LogicalPlan` whose leaf is a [`mynah_view::EventScan`] |
//!
//! `functions` holds what a query can call, `analysis` what an editor shows of a text, broken or not. `docs/aql.md` says
//! what is supported and what differs.
//!
//! ```
//! use mynah_aql::Aql;
//! use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
//! use mynah_view::Catalog;
//!
//! let catalog = Catalog::parse([(
//!     "qradar/aws.cloudtrail.toml",
//!     "log_source = 'aws.cloudtrail'\n[fields]\n'username' = 'userIdentity.userName'\n'starttime' = { meta = 'time', type = 'milliseconds' }",
//! )])?;
//! let view = catalog.platform(mynah_event::Platform::Qradar)?;
//! let site = Site::default();
//! let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data() };
//!
//! let planned = Aql.plan("SELECT username FROM events WHERE username ILIKE 'root%' LAST 1 HOURS", &context);
//! assert!(planned.diagnostics.is_empty());
//! assert_eq!(planned.plan.unwrap().first().schema().field_names(), ["username"]);
//!
//! let planned = Aql.plan("SELECT usrname FROM events", &context);
//! assert_eq!(planned.diagnostics[0].code, "aql/unknown-property");
//! # Ok::<(), mynah_view::ViewError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod analysis;
pub mod ast;
mod functions;
mod lexer;
mod lint;
mod parser;
mod plan;

pub use analysis::tokens;
pub use lint::lint;
pub use parser::parse;
pub use plan::plan;

use mynah_dialect::{Analysis, Expected, Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_kernels::Registry;
use mynah_syntax::{Diagnostic, Rule};

/// The front end of AQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Aql;

impl Frontend for Aql {
    fn dialect(&self) -> Dialect {
        Dialect::Aql
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (query, mut diagnostics) = parse(text);
        let Some(query) = query else {
            return Planned { numbers: NumberStyle::Decimal, ..Planned::refused(diagnostics) };
        };
        let readable = !diagnostics.iter().any(Diagnostic::is_error);
        diagnostics.extend(lint(text, &query));
        let (plan, said) = if readable { plan(text, &query, context) } else { (None, Vec::new()) };
        diagnostics.extend(said);
        Planned::new(plan, diagnostics, NumberStyle::Decimal, context)
    }

    fn rules(&self) -> &'static [Rule] {
        &lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        functions::docs()
    }

    fn register(&self, registry: &mut Registry) {
        registry.function::<functions::RowFunction>();
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
