use super::names::Bound;
use super::{Kind, Opened, Typed};
use crate::ast::{Count, Name};
use datafusion::common::DataFusionError;
use datafusion::logical_expr::utils::find_window_exprs;
use datafusion::logical_expr::{Case, LogicalPlan, LogicalPlanBuilder, SortExpr, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{Mode, Name as Named, PlanContext, column};
use mynah_syntax::{Diagnostic, Span};
use mynah_view::{EVENT_ID, EventScan, Reach};
use std::collections::{BTreeSet, HashMap};

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// Messages: every field of the logs can be named.
    Messages,
    /// The rows of an aggregate: only its fields can.
    Groups,
}

/// What a column of the plan is to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A field that an operator made.
    Field,
    /// A field of the logs.
    Scan,
    /// Not for the query to see.
    Hidden,
}

#[derive(Debug, Clone)]
pub(crate) struct PlanColumn {
    pub name: String,
    pub kind: Kind,
    pub role: Role,
    /// A scanned list of values.
    pub many: bool,
}

/// One key of the rows' order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub column: String,
    pub ascending: bool,
}

/// The time of a message.
pub(super) const TIME: &str = "_messageTime";

type Built = datafusion::common::Result<LogicalPlanBuilder>;

/// Which messages a draft begins with, beside its scope.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stretch {
    /// How many milliseconds later messages are taken to be than they were: for a look at an earlier time.
    pub later: i64,
    /// The first moment.
    pub from: Option<Expr>,
    /// The moment before which they are.
    pub to: Option<Expr>,
}

/// The plan so far and what is known about it.
#[derive(Clone)]
pub(crate) struct Draft<'c> {
    pub context: &'c PlanContext<'c>,
    pub diagnostics: Vec<Diagnostic>,
    /// The names that were read, and what they mean.
    pub names: Vec<Named>,
    pub(super) plan: LogicalPlan,
    /// Columns that are not part of `plan` yet.
    pub(super) pending: Vec<(String, Expr)>,
    pub level: Level,
    /// The order of the rows: of messages, the newest first.
    pub order: Vec<Order>,
    /// A column of numbers that no two rows share, for what is left of the order.
    pub tie: String,
    /// The columns depend on the data, and there is none: any name may be one.
    pub dynamic: bool,
    /// An operator failed: what follows is lowered only for what else there is to say.
    pub broken: bool,
    /// Where the operator that is being lowered stands.
    pub at: Span,
    /// The fields of the logs that the query may name.
    pub(super) bound: Bound,
    /// The columns of those that were read.
    pub(super) read: BTreeSet<String>,
    /// What the last parse operators with `nodrop` read, and a hidden column of the messages they fit.
    pub passed: Option<(String, String)>,
    /// What must hold of the rows of the operator that is being lowered: functions that drop rows ask for it.
    pub answered: Vec<Expr>,
    /// The fields that the last aggregate grouped by.
    pub keys: Vec<String>,
    /// The column and the interval of the last `timeslice` in milliseconds.
    pub timeslice: Option<(String, i64)>,
    pub(super) columns: Vec<PlanColumn>,
    /// `fields a, b`: what is shown of messages, in this order.
    pub(super) allowed: Option<Vec<String>>,
    /// `fields - a`, on messages.
    pub(super) denied: Vec<String>,
    /// Whether the rows are those of a `transpose`.
    pub transposed: bool,
    /// Texts whose members later operators can name.
    pub(super) opened: Vec<Opened>,
    next_hidden: usize,
}

impl<'c> Draft<'c> {
    /// All messages, with the fields that may be named.
    pub fn new(context: &'c PlanContext<'c>, bound: Bound) -> Result<Self, Diagnostic> {
        Draft::over(context, bound, Stretch::default())
    }

    /// The messages of a stretch of time, with the fields that may be named.
    pub fn over(context: &'c PlanContext<'c>, bound: Bound, stretch: Stretch) -> Result<Self, Diagnostic> {
        let reach = match &stretch {
            Stretch { later: 0, from: None, to: None } => Reach::Stretch,
            Stretch { later: 0, .. } => Reach::All,
            Stretch { later, .. } => Reach::Earlier(*later),
        };
        let scan = EventScan::new(bound.values().cloned()).reaching(reach);
        let mut columns: Vec<PlanColumn> = scan
            .columns()
            .iter()
            .map(|column| PlanColumn {
                name: column.name.clone(),
                kind: Kind::of(column),
                role: Role::Scan,
                many: column.field_type.many,
            })
            .collect();
        columns.push(PlanColumn { name: EVENT_ID.into(), kind: Kind::Integer, role: Role::Hidden, many: false });
        let value = |known: &PlanColumn| match known.name == TIME && stretch.later != 0 {
            true => column(TIME) + lit(stretch.later),
            false => column(&known.name),
        };
        let names: Vec<Expr> = columns.iter().map(|known| value(known).alias(known.name.as_str())).collect();
        let mut bounds: Vec<Expr> = Vec::new();
        bounds.extend(stretch.from.clone().map(|from| column(TIME).gt_eq(from)));
        bounds.extend(stretch.to.clone().map(|to| column(TIME).lt(to)));
        let plan = scan
            .into_plan()
            .and_then(|plan| {
                let all = LogicalPlanBuilder::from(plan).project(names)?;
                bounds.into_iter().try_fold(all, LogicalPlanBuilder::filter)?.build()
            })
            .map_err(|error| Diagnostic::error("sumo/plan", error.strip_backtrace(), Span::at(0)))?;
        Ok(Draft {
            context,
            diagnostics: Vec::new(),
            names: Vec::new(),
            plan,
            pending: Vec::new(),
            level: Level::Messages,
            order: vec![
                Order { column: TIME.into(), ascending: false },
                Order { column: EVENT_ID.into(), ascending: true },
            ],
            tie: EVENT_ID.into(),
            dynamic: false,
            broken: false,
            at: Span::at(0),
            bound,
            read: BTreeSet::new(),
            passed: None,
            answered: Vec::new(),
            keys: Vec::new(),
            timeslice: None,
            columns,
            allowed: None,
            denied: Vec::new(),
            transposed: false,
            opened: Vec::new(),
            next_hidden: 0,
        })
    }

    /// Starts anew on another plan, whose rows are those of an aggregate.
    pub fn regroup(&mut self, plan: LogicalPlan, columns: Vec<(String, Kind, Role)>, order: Vec<Order>, tie: &str) {
        self.plan = plan;
        self.pending.clear();
        self.columns =
            columns.into_iter().map(|(name, kind, role)| PlanColumn { name, kind, role, many: false }).collect();
        self.level = Level::Groups;
        self.order = order;
        self.tie = tie.to_owned();
        self.passed = None;
        self.transposed = false;
        self.opened.clear();
        self.allowed = None;
        self.denied.clear();
    }

    /// Another draft that goes on from here, whose diagnostics are its own.
    pub fn branch(&self) -> Self {
        Draft { diagnostics: Vec::new(), names: Vec::new(), ..self.clone() }
    }

    /// Takes over what another draft noticed.
    pub fn heed(&mut self, other: Draft<'_>) {
        self.diagnostics.extend(other.diagnostics);
        self.names.extend(other.names);
        self.dynamic |= other.dynamic;
        self.broken |= other.broken;
        self.next_hidden = self.next_hidden.max(other.next_hidden);
    }

    /// A diagnostic for a plan that DataFusion refuses.
    pub fn refused(&self, error: &DataFusionError) -> Diagnostic {
        Diagnostic::error("sumo/plan", format!("this cannot be planned: {}", error.strip_backtrace()), self.at)
    }

    /// Something that Mynah cannot run: a warning for `check`, an error for `run`.
    pub fn cannot_run(&mut self, code: &'static str, message: String, span: Span) -> Result<(), Diagnostic> {
        if self.context.mode == Mode::Check {
            self.diagnostics.push(Diagnostic::warning(code, message, span));
            self.dynamic = true;
            return Ok(());
        }
        Err(Diagnostic::error(code, message, span))
    }

    /// A dashboard's parameter where a value is needed and `*` is none.
    pub fn parameter(&mut self, name: &str, span: Span) -> Result<(), Diagnostic> {
        if self.context.mode == Mode::Check {
            self.dynamic = true;
            return Ok(());
        }
        let message = format!("the parameter `{{{{{name}}}}}` has no value");
        Err(Diagnostic::error("sumo/template-parameter", message, span).with_help(PARAMETER_HELP))
    }

    /// Says what is done where a dashboard's parameter has no value.
    pub fn without_parameter(&mut self, name: &str, meaning: &str, span: Span) {
        let message = format!("the parameter `{{{{{name}}}}}` has no value: {meaning}");
        self.diagnostics.push(Diagnostic::warning("sumo/template-parameter", message, span).with_help(PARAMETER_HELP));
    }

    /// A number of the query, or 1 for a dashboard's parameter where there is no data anyway.
    pub fn number(&mut self, count: &Count) -> Result<usize, Diagnostic> {
        match count {
            Count::Number(number, _) => Ok(usize::try_from(*number).unwrap_or(usize::MAX)),
            Count::Parameter(name, place) => {
                self.parameter(bare(name), place.0)?;
                Ok(1)
            }
        }
    }

    /// How many rows at most; all of them, `None`, for a dashboard's parameter without a value.
    pub fn most_rows(&mut self, count: &Count) -> Option<usize> {
        match count {
            Count::Number(number, _) => Some(usize::try_from(*number).unwrap_or(usize::MAX)),
            Count::Parameter(name, place) => {
                self.without_parameter(bare(name), "all rows stay", place.0);
                None
            }
        }
    }

    /// A name for a column that the query cannot see.
    pub fn hidden_name(&mut self, what: &str) -> String {
        self.next_hidden += 1;
        format!("__{what}{}", self.next_hidden)
    }

    /// Adds columns; a field takes the place of one with the same name, in any case.
    ///
    /// Columns wait until something needs them: those that do not depend on one another become one projection.
    pub fn add(&mut self, new: Vec<(String, Role, Typed)>) -> Result<(), Diagnostic> {
        let waits = |name: &str| self.pending.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let depends = new
            .iter()
            .any(|(name, _, value)| waits(name) || value.expr.column_refs().iter().any(|column| waits(&column.name)));
        let chained = match new.as_slice() {
            [(name, _, value)] if depends => self.chained(name, value),
            _ => None,
        };
        let new = match chained {
            Some(value) => new.into_iter().map(|(name, role, _)| (name, role, value.clone())).collect(),
            None if depends => {
                self.flush()?;
                new
            }
            None => new,
        };
        let mut columns: Vec<PlanColumn> = Vec::new();
        let mut placed = vec![false; new.len()];
        for old in std::mem::take(&mut self.columns) {
            let replaced = new.iter().enumerate().find(|(_, (name, role, _))| {
                name == &old.name
                    || (*role == Role::Field && old.role == Role::Field && name.eq_ignore_ascii_case(&old.name))
            });
            let Some((index, (name, role, value))) = replaced else {
                columns.push(old);
                continue;
            };
            columns.extend(self.kept_for_order(&old));
            if let Some(done) = placed.get_mut(index).filter(|done| !**done) {
                *done = true;
                columns.push(PlanColumn { name: name.clone(), kind: value.kind, role: *role, many: false });
            }
        }
        for ((name, role, value), done) in new.into_iter().zip(placed) {
            if !done {
                columns.push(PlanColumn { name: name.clone(), kind: value.kind, role, many: false });
            }
            self.pending.push((name, value.expr));
        }
        for column in columns.iter_mut().filter(|column| column.kind == Kind::Null) {
            column.kind = Kind::Text;
        }
        self.columns = columns;
        Ok(())
    }

    /// `if(a, b, x) as x` behind `if(c, d, x) as x`, as one choice instead of two columns: queries have chains of a hundred.
    ///
    /// Takes the waiting column away, if there is such a chain.
    fn chained(&mut self, name: &str, value: &Typed) -> Option<Typed> {
        let Expr::Case(case) = &value.expr else { return None };
        let Some(Expr::Column(otherwise)) = case.else_expr.as_deref() else { return None };
        let waits = |name: &str| self.pending.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let parts = case.when_then_expr.iter().flat_map(|(when, then)| [when, then]);
        let asks_waiting = parts.flat_map(|part| part.column_refs()).any(|column| waits(&column.name));
        let kind = self.columns.iter().find(|known| known.name == otherwise.name)?.kind;
        let orders = self.tie == name || self.order.iter().any(|key| key.column == name);
        if case.expr.is_some() || otherwise.name != name || asks_waiting || orders || kind != value.kind {
            return None;
        }
        let at = self.pending.iter().position(|(known, _)| known == name)?;
        let (_, before) = self.pending.remove(at);
        let mut all = case.when_then_expr.clone();
        let otherwise = match before {
            Expr::Case(before) if before.expr.is_none() => {
                all.extend(before.when_then_expr);
                before.else_expr
            }
            other => Some(Box::new(other)),
        };
        Some(Typed::new(Expr::Case(Case::new(None, all, otherwise)), value.kind))
    }

    /// A hidden copy of a column that is to be replaced, if the order of the rows needs its values.
    fn kept_for_order(&mut self, old: &PlanColumn) -> Option<PlanColumn> {
        if self.tie != old.name && self.order.iter().all(|key| key.column != old.name) {
            return None;
        }
        let kept = self.hidden_name("order");
        self.pending.push((kept.clone(), column(&old.name)));
        let names = self.order.iter_mut().map(|key| &mut key.column).chain([&mut self.tie]);
        names.filter(|name| **name == old.name).for_each(|name| name.clone_from(&kept));
        Some(PlanColumn { name: kept, role: Role::Hidden, ..old.clone() })
    }

    /// Makes the waiting columns part of the plan.
    fn flush(&mut self) -> Result<(), Diagnostic> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut pending: HashMap<String, Expr> = std::mem::take(&mut self.pending).into_iter().collect();
        let expressions: Vec<Expr> = self
            .columns
            .iter()
            .map(|known| match pending.remove(&known.name) {
                Some(value) => value.alias(known.name.as_str()),
                None => column(&known.name),
            })
            .collect();
        let windows = find_window_exprs(&expressions);
        let plan = if windows.is_empty() {
            Ok(self.plan.clone())
        } else {
            LogicalPlanBuilder::window_plan(self.plan.clone(), windows)
        };
        self.plan = plan
            .and_then(|plan| LogicalPlanBuilder::from(plan).project(expressions)?.build())
            .map_err(|error| self.refused(&error))?;
        Ok(())
    }

    /// The plan so far, with all columns in it.
    pub fn plan(&mut self) -> Result<LogicalPlan, Diagnostic> {
        self.flush()?;
        Ok(self.plan.clone())
    }

    /// Makes or replaces a field.
    pub fn set(&mut self, name: &Name, value: Typed) -> Result<(), Diagnostic> {
        self.add(vec![(name.text.clone(), Role::Field, value)])
    }

    /// A hidden column with these values.
    pub fn hide(&mut self, what: &str, value: Typed) -> Result<String, Diagnostic> {
        let name = self.hidden_name(what);
        self.add(vec![(name.clone(), Role::Hidden, value)])?;
        Ok(name)
    }

    /// Leaves a hidden column out of what follows: of many operators, each would else be one column more in all the others.
    pub fn forget(&mut self, name: &str) {
        self.columns.retain(|known| known.role != Role::Hidden || known.name != name);
    }

    /// Keeps the rows for which `predicate` is true.
    pub fn filter(&mut self, predicate: Expr) -> Result<(), Diagnostic> {
        self.replan(|builder| builder.filter(predicate))
    }

    /// Changes the plan in a way that keeps its columns.
    pub fn replan(&mut self, change: impl FnOnce(LogicalPlanBuilder) -> Built) -> Result<(), Diagnostic> {
        self.plan = self.derived(change)?;
        Ok(())
    }

    /// Another plan, made of the one so far.
    pub fn derived(&mut self, change: impl FnOnce(LogicalPlanBuilder) -> Built) -> Result<LogicalPlan, Diagnostic> {
        let changed = change(LogicalPlanBuilder::from(self.plan()?)).and_then(LogicalPlanBuilder::build);
        changed.map_err(|error| self.refused(&error))
    }

    /// The order of the rows, for sorts and windows. Of the same kind, null is the least.
    pub fn sort_keys(&self) -> Vec<SortExpr> {
        self.order.iter().map(|key| column(&key.column).sort(key.ascending, key.ascending)).collect()
    }

    /// Sorts by these keys before the present order.
    pub fn sort_by(&mut self, keys: Vec<Order>) {
        let mut order = keys;
        for key in std::mem::take(&mut self.order) {
            if !order.iter().any(|other| other.column == key.column) {
                order.push(key);
            }
        }
        self.order = order;
    }
}

const PARAMETER_HELP: &str =
    "give it under `[sumo.parameters]` in mynah.toml, as `--parameter NAME=VALUE`, or write it in its place";

/// A parameter's name without its braces.
fn bare(parameter: &str) -> &str {
    parameter.trim_start_matches("{{").trim_end_matches("}}")
}
