//! QRadar's Ariel Query Language: its front end.
//!
//! A query goes from text to a DataFusion plan in four rooms, each of which knows the ones before it only:
//!
//! | room        | takes              | gives                                                     |
//! |-------------|--------------------|-----------------------------------------------------------|
//! | `lexer`     | the text           | tokens                                                    |
//! | `parser`    | tokens             | an `ast` tree, as its author wrote it; all its faults      |
//! | `lint`      | the tree           | what QRadar refuses, or does otherwise than it seems       |
//! | `plan`      | the tree, the view | a `LogicalPlan` whose leaf is a [`mynah_view::EventScan`] |
//!
//! `functions` holds what a query can call. `docs/aql.md` says what is supported and what differs.
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
//! let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data(), now: &mynah_event::Timestamp::wall };
//!
//! let planned = Aql.plan("SELECT username FROM events WHERE username ILIKE 'root%' LAST 1 HOURS", &context);
//! assert!(planned.diagnostics.is_empty());
//! assert_eq!(planned.plan.unwrap().schema().field_names(), ["username"]);
//!
//! let planned = Aql.plan("SELECT usrname FROM events", &context);
//! assert_eq!(planned.diagnostics[0].code, "aql/unknown-property");
//! # Ok::<(), mynah_view::ViewError>(())
//! ```
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod ast;
mod functions;
mod lexer;
mod lint;
mod parser;
mod plan;

use mynah_dialect::{Frontend, FunctionDoc, NumberStyle, PlanContext, Planned};
use mynah_event::Dialect;
use mynah_syntax::{Diagnostic, Rule};

/// The front end of AQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Aql;

impl Frontend for Aql {
    fn dialect(&self) -> Dialect {
        Dialect::Aql
    }

    fn plan(&self, text: &str, context: &PlanContext<'_>) -> Planned {
        let (query, mut diagnostics) = parser::parse(text);
        let Some(query) = query else {
            return Planned { numbers: NumberStyle::Decimal, ..Planned::refused(diagnostics) };
        };
        let readable = !diagnostics.iter().any(Diagnostic::is_error);
        diagnostics.extend(lint::lint(text, &query));
        let mut plan = None;
        if readable {
            let (planned, found) = plan::plan(text, &query, context);
            diagnostics.extend(found);
            plan = planned;
        }
        Planned::new(plan, Vec::new(), diagnostics, NumberStyle::Decimal, context)
    }

    fn rules(&self) -> &'static [Rule] {
        lint::RULES
    }

    fn functions(&self) -> Vec<&'static FunctionDoc> {
        functions::docs()
    }
}
