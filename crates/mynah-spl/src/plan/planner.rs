use super::{Needs, Rows, Wanted};
use crate::commands::{Command, search};
use crate::expression::Scope;
use crate::pipeline::{Pipeline, Step};
use crate::search::Search;
use datafusion::common::DataFusionError;
use datafusion::prelude::Expr;
use mynah_dialect::{Mode, PlanContext};
use mynah_syntax::{Diagnostic, Span, nearest};
use std::cell::Cell;

/// Plans a query: what it may ask, what it has to say so far, and where it is.
pub(crate) struct Planner<'a> {
    pub context: PlanContext<'a>,
    pub diagnostics: Vec<Diagnostic>,
    /// The command being planned.
    pub at: Span,
    fresh: usize,
    operators: Cell<usize>,
    expressions: Cell<usize>,
    /// How long the query's text is, with its macros expanded.
    pub length: usize,
    /// From when to when the events are that the search of this pipeline asks for.
    pub range: TimeRange,
}

/// The bounds that a search sets with `earliest` and `latest`, in seconds since 1970.
#[derive(Debug, Clone, Default)]
pub(crate) struct TimeRange {
    pub earliest: Option<Expr>,
    pub latest: Option<Expr>,
}

impl TimeRange {
    /// The same where it has a beginning; without one it is all time, whose end is that of the events.
    pub(crate) fn begun(self) -> TimeRange {
        if self.earliest.is_some() { self } else { TimeRange::default() }
    }
}

/// How many operators a plan may have one upon the other: plans are walked by recursion.
const MAX_OPERATORS: usize = 1_000;

/// How many columns all of its operators may have together: that is what a plan takes memory for, about a kilobyte each.
const MAX_EXPRESSIONS: usize = 250_000;

impl<'a> Planner<'a> {
    pub(crate) fn new(context: PlanContext<'a>, length: usize) -> Self {
        Planner {
            context,
            diagnostics: Vec::new(),
            at: Span::default(),
            fresh: 0,
            operators: Cell::new(0),
            expressions: Cell::new(0),
            length,
            range: TimeRange::default(),
        }
    }

    /// A name for a hidden column that no other column has.
    pub(crate) fn fresh(&mut self, what: &str) -> String {
        self.fresh += 1;
        format!("__{what}{}", self.fresh)
    }

    /// Counts an operator.
    ///
    /// # Errors
    /// Where there are too many.
    pub(crate) fn count_operator(&self) -> Result<(), Diagnostic> {
        self.operators.set(self.operators.get() + 1);
        if self.operators.get() > MAX_OPERATORS {
            return Err(Diagnostic::error(
                "spl/too-long",
                format!("the query makes a plan of more than {MAX_OPERATORS} operators"),
                self.at,
            ));
        }
        Ok(())
    }

    /// Counts the columns of an operator.
    ///
    /// # Errors
    /// Where there are too many in all.
    pub(crate) fn count_expressions(&self, count: usize) -> Result<(), Diagnostic> {
        self.expressions.set(self.expressions.get() + count);
        if self.expressions.get() > MAX_EXPRESSIONS {
            let message = format!("up to here the query makes a plan of more than {MAX_EXPRESSIONS} columns");
            return Err(Diagnostic::error("spl/too-long", message, self.at)
                .with_help("name fewer fields: `fields` or `table` before this command, or patterns that fit fewer"));
        }
        Ok(())
    }

    /// Takes back the count of an operator that another one has taken in.
    pub(crate) fn forget_operator(&self, columns: usize) {
        self.operators.set(self.operators.get().saturating_sub(1));
        self.expressions.set(self.expressions.get().saturating_sub(columns));
    }

    pub(crate) fn is_check(&self) -> bool {
        self.context.mode == Mode::Check
    }

    /// What to say where DataFusion refuses a plan, which the dialect should have made sure that it does not.
    pub(crate) fn failed(&self, error: &DataFusionError) -> Diagnostic {
        Diagnostic::error("spl/plan", format!("this command cannot be planned: {}", error.strip_backtrace()), self.at)
    }

    /// Says something once: what two branches of a query notice of one place is one thing.
    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Plans something whose text is not the query's: all that is said of it is said of one place.
    ///
    /// # Errors
    /// Where it cannot be planned.
    pub(crate) fn all_at<T>(
        &mut self,
        at: Span,
        plan: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let said = self.diagnostics.len();
        let planned = plan(self);
        for diagnostic in self.diagnostics.iter_mut().skip(said) {
            diagnostic.span = at;
        }
        self.at = at;
        planned.map_err(|error| Diagnostic { span: at, ..error })
    }

    /// Plans a whole pipeline, of whose fields `wanted` are read by what comes after it.
    ///
    /// # Errors
    /// Where one of its commands cannot be planned.
    pub(crate) fn pipeline(&mut self, pipeline: &Pipeline, wanted: &Wanted) -> Result<Rows, Diagnostic> {
        self.branch(pipeline, wanted, None)
    }

    /// The same for one of several pipelines in parentheses, whose events match what is common to all of them too.
    ///
    /// # Errors
    /// Where one of its commands cannot be planned.
    pub(crate) fn branch(
        &mut self,
        pipeline: &Pipeline,
        wanted: &Wanted,
        common: Option<&[&Search]>,
    ) -> Result<Rows, Diagnostic> {
        // A subsearch has a range of its own.
        let around = std::mem::take(&mut self.range);
        let rows = self.branch_rows(pipeline, wanted, common);
        self.range = around;
        rows
    }

    fn branch_rows(
        &mut self,
        pipeline: &Pipeline,
        wanted: &Wanted,
        common: Option<&[&Search]>,
    ) -> Result<Rows, Diagnostic> {
        self.at = pipeline.span;
        let Some((first, rest)) = pipeline.steps.split_first() else {
            return Err(Diagnostic::error("spl/syntax", "the pipeline has no command", pipeline.span));
        };
        // Subsearches first: which fields a search reads depends on what its subsearches found.
        let prepared = self.prepared(first)?;
        let command = prepared.as_ref().unwrap_or(&first.command);
        let rest = self.ready(rest)?;
        let source = wanted_before(&rest, wanted).into_iter().next().unwrap_or_else(|| wanted.clone());
        let shared = common.unwrap_or_default();
        let needs = shared.iter().fold(Needs::default(), |needs, search| search::reads(search, needs));
        self.at = first.span;
        let Some(rows) = command.generate(&source.before(&needs), self)? else {
            let code = "spl/no-events";
            return Err(match common {
                Some(_) => Diagnostic::error(code, "a pipeline in parentheses begins with a search", first.span),
                None => {
                    let message = "this command works on the results of another one, and stands first";
                    Diagnostic::error(code, message, first.span).with_help(
                        "begin with a search, or with a command that makes results such as `tstats` or `inputlookup`",
                    )
                }
            });
        };
        let rows = search::filter_all(rows, shared, self)?;
        self.ready_steps(rows, &rest, wanted)
    }

    /// The command of a step with what its subsearches found, where it has some.
    fn prepared(&mut self, step: &Step) -> Result<Option<Box<dyn Command>>, Diagnostic> {
        self.at = step.span;
        step.command.prepare(self)
    }

    /// The steps, their subsearches run.
    fn ready<'s>(&mut self, steps: &'s [Step]) -> Result<Vec<Ready<'s>>, Diagnostic> {
        steps.iter().map(|step| Ok(Ready { step, prepared: self.prepared(step)? })).collect()
    }

    /// Plans commands one after the other on top of rows.
    ///
    /// # Errors
    /// Where one of them cannot be planned.
    pub(crate) fn steps(&mut self, rows: Rows, steps: &[Step], wanted: &Wanted) -> Result<Rows, Diagnostic> {
        let steps = self.ready(steps)?;
        self.ready_steps(rows, &steps, wanted)
    }

    fn ready_steps(&mut self, rows: Rows, steps: &[Ready<'_>], wanted: &Wanted) -> Result<Rows, Diagnostic> {
        let befores = wanted_before(steps, wanted);
        let mut rows = rows;
        for (i, ready) in steps.iter().enumerate() {
            self.at = ready.step.span;
            let command = ready.command();
            self.check_names(rows.scope(), &command.needs());
            let after = befores.get(i + 1).unwrap_or(wanted);
            rows = command.lower(rows, after, self)?;
        }
        Ok(rows)
    }

    /// Warns of names that no earlier command has left.
    pub(crate) fn check_names(&mut self, scope: &Scope, needs: &Needs) {
        if scope.open {
            return;
        }
        for name in needs.reads.iter().filter(|name| !name.node.contains('*')) {
            if scope.get(&name.node).is_some() {
                continue;
            }
            let mut warning = Diagnostic::warning(
                "spl/unknown-field",
                format!("there is no field `{}` here: the commands before leave none", name.node),
                name.span,
            );
            if let Some(known) = nearest(&name.node, scope.columns().map(|(name, _)| name)) {
                warning = warning.with_help(format!("did you mean `{known}`?"));
            }
            self.say(warning);
        }
    }
}

/// A step whose subsearches have run.
struct Ready<'s> {
    step: &'s Step,
    prepared: Option<Box<dyn Command>>,
}

impl Ready<'_> {
    fn command(&self) -> &dyn Command {
        self.prepared.as_ref().unwrap_or(&self.step.command).as_ref()
    }
}

/// What is wanted before each of the steps.
fn wanted_before(steps: &[Ready<'_>], wanted: &Wanted) -> Vec<Wanted> {
    let mut befores = Vec::with_capacity(steps.len());
    let mut after = wanted.clone();
    for step in steps.iter().rev() {
        after = after.before(&step.command().needs());
        befores.push(after.clone());
    }
    befores.reverse();
    befores
}
