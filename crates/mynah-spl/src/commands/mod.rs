//! The commands, related ones in one file: how their arguments are read, which fields they need, what they do to the rows.

mod arguments;
mod prelude;
mod registry;

pub(crate) mod bin;
mod chart;
mod cofilter;
mod columns;
mod concurrency;
mod contingency;
pub(crate) mod continuous;
pub(crate) mod convert;
mod datamodel;
mod eval;
pub(crate) mod extract;
pub(crate) mod foreach;
mod format;
mod gauge;
mod inputlookup;
mod join;
pub(crate) mod key_value;
mod limit;
mod located;
pub(crate) mod lookup;
pub(crate) mod made;
mod map;
mod multivalue;
mod neighbours;
mod outlier;
mod passing;
pub(crate) mod pivot;
mod rangemap;
mod regex;
mod rename;
mod replace;
mod resets;
pub(crate) mod rex;
pub(crate) mod search;
pub(crate) mod sort;
mod stats;
pub(crate) mod strcat;
mod streamstats;
mod subsearch;
mod substitute;
mod summary;
mod timewrap;
mod top;
pub(crate) mod totals;
mod transaction;
pub(crate) mod trends;
mod tstats;
mod turned;

mod aggregation;
mod allnum;
mod by;
pub(crate) mod derived;
mod eval_lookup;
mod field_list;
mod selfjoin;
mod series;
mod sets;
pub(crate) mod span;
pub(crate) mod sparkline;
mod windowed;

use crate::pipeline::Part;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(crate) use registry::{docs, generates, names, parse};

/// Adds what plans call.
pub(crate) fn register(registry: &mut mynah_kernels::Registry) {
    registry.function::<lookup::LookupCall>().function::<multivalue::Cut>().function::<multivalue::Spread>();
    registry.function::<replace::ReplaceValues>().function::<rex::RexCall>();
    registry
        .operator::<concurrency::Concurrency>()
        .operator::<resets::Resets>()
        .operator::<transaction::Transactions>();
}

/// One command of a pipeline, parsed.
pub(crate) trait Command: fmt::Debug {
    /// Which fields it reads and makes.
    fn needs(&self) -> Needs {
        Needs::default()
    }

    /// Its searches, expressions and subsearches.
    fn parts(&self) -> Vec<Part<'_>> {
        Vec::new()
    }

    /// What it does to the rows before it. `wanted` is what the commands after it read.
    ///
    /// # Errors
    /// Where it cannot be planned.
    fn lower(&self, rows: Rows, wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic>;

    /// The rows it makes out of nothing, as the first of a pipeline; `None` if it is not one that does.
    ///
    /// # Errors
    /// Where it cannot be planned.
    fn generate(&self, _wanted: &Wanted, _planner: &mut Planner<'_>) -> Result<Option<Rows>, Diagnostic> {
        Ok(None)
    }

    /// The command with its subsearches' results in their place, where it has some.
    ///
    /// # Errors
    /// Where a subsearch does not run.
    fn prepare(&self, _planner: &mut Planner<'_>) -> Result<Option<Box<dyn Command>>, Diagnostic> {
        Ok(None)
    }
}
