//! The commands, a file each: how its arguments are read, which fields it needs, what it does to the rows.

mod arguments;
mod registry;

pub(crate) mod search;

mod addinfo;
pub(crate) mod addtotals;
mod append;
mod appendpipe;
pub(crate) mod bin;
mod chart;
pub(crate) mod convert;
mod datamodel;
mod dedup;
mod eval;
mod eventstats;
mod fieldformat;
mod fields;
mod fillnull;
mod foreach;
mod format;
mod from;
mod fromjson;
mod head;
mod inputlookup;
mod join;
mod lookup;
mod makemv;
mod makeresults;
mod multisearch;
mod mvcombine;
mod mvexpand;
mod nomv;
mod outputlookup;
mod passing;
mod regex;
mod rename;
mod replace;
mod r#return;
mod reverse;
mod rex;
pub(crate) mod sort;
mod spath;
mod stats;
pub(crate) mod strcat;
mod streamstats;
mod table;
mod tail;
mod timechart;
mod top;
mod tstats;
mod untable;
mod r#where;
pub(crate) mod xmlkv;
mod xyseries;

mod aggregation;
mod by;
pub(crate) mod derived;
mod field_list;
mod pivot;
pub(crate) mod span;
mod windowed;

use crate::pipeline::Part;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_syntax::Diagnostic;
use std::fmt;

pub(crate) use arguments::{Arguments, Token};
pub(crate) use registry::{docs, generates, names, parse};

/// Adds what plans call.
pub(crate) fn register(registry: &mut mynah_kernels::Registry) {
    registry.function::<lookup::LookupCall>().function::<makemv::Cut>().function::<mvexpand::Spread>();
    registry.function::<replace::ReplaceValues>().function::<rex::RexCall>();
}

/// One command of a pipeline, parsed.
pub(crate) trait Command: fmt::Debug {
    /// Which fields it reads and makes.
    fn needs(&self) -> Needs;

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
