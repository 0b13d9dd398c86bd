//! The contract between a query language and the engine.
//!
//! A dialect is a [`Frontend`]: it turns a query's text into a [`Planned`], a DataFusion `LogicalPlan`
//! whose leaf is a [`mynah_view::EventScan`], and says what it noticed on the way. What it may ask of
//! the world is in [`PlanContext`]: the platform's view of the logs, the settings of the site, and, for the
//! few commands whose columns depend on the data, the rows of an earlier stage ([`Stages`]). The query's clock is a
//! parameter of the plan ([`clock`]). A dialect never sees a file, and never another dialect.
//!
//! # What a plan promises
//!
//! - Its columns are the query's columns, in its order, named as the query names them.
//! - The order of its rows is defined: where the language leaves it open, by time and then by
//!   [`mynah_view::EVENT_ID`].
//! - Every operand has the type its operator wants: the dialect inserts its own coercions and leaves
//!   none to DataFusion, whose rules are SQL's.
//! - Columns are referred to unqualified and with their exact case ([`column`]).
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod analysis;
mod balanced;
pub mod clock;
mod constants;
mod context;
mod elastic_date;
mod frontend;
mod function;
mod knowledge;
mod lint;
mod lookup;
mod mark;
mod regex;
mod site;
mod stages;

pub use analysis::{Analysis, Completion, Expected, Meaning, Name, Outline, Token, TokenKind, completions};
pub use balanced::{all_of, any_of, balanced};
pub use constants::MISSPELT_CONSTANT;
pub use context::{Mode, PlanContext};
pub use elastic_date::elastic_date;
pub use frontend::{Frontend, NumberStyle, Plan, Planned, ROWS_NEEDED, Remaining, column};
pub use function::{Arity, Entry, Example, FunctionDoc, FunctionTable, example, failed_examples};
pub use knowledge::{DataModel, EventRules, Knowledge, ModelDataset, Rule as EventRule, Selector};
pub use lint::{Lint, lint};
pub use lookup::{LookupTable, LookupTime, MatchType};
pub use mark::{mark_of, marked, marks, unmarked, with_marks, without_marks};
pub use mynah_kernels::Network;
pub use regex::{Flavour, RegexRefusal, regex};
pub use site::{Macro, Site};
pub use stages::{RowsNeeded, Stages};
