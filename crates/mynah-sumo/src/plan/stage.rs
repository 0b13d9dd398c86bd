use super::columns::metadata;
use super::json_path::auto_value;
use super::{Kind, Typed};
use crate::ast::Name;
use crate::parser::Count;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::{max, min};
use datafusion::logical_expr::utils::find_window_exprs;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, SortExpr, lit};
use datafusion::prelude::Expr;
use mynah_dialect::{Mode, PlanContext, column};
use mynah_syntax::{Diagnostic, Span, nearest};
use mynah_view::{EVENT_ID, EventScan, ScanColumn};
use std::collections::{BTreeMap, HashMap};

/// The fields of the logs that a query needs, by the name in lower case.
pub(crate) type Wanted = BTreeMap<String, ScanColumn>;

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
    many: bool,
}

/// One key of the rows' order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub column: String,
    pub ascending: bool,
}

/// The plan so far and what is known about it.
pub(crate) struct Stage<'c> {
    pub context: &'c PlanContext<'c>,
    pub diagnostics: Vec<Diagnostic>,
    plan: LogicalPlan,
    /// Columns that are not part of `plan` yet.
    pending: Vec<(String, Expr)>,
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
    /// Which fields of the logs were asked for.
    pub wanted: Wanted,
    /// Whether this pass only finds out `wanted`.
    pub dry: bool,
    /// What the last parse operators with `nodrop` read, and a hidden column of the messages they fit.
    pub passed: Option<(String, String)>,
    /// The interval of the last `timeslice` in milliseconds and its column.
    pub timeslice: Option<(String, i64)>,
    columns: Vec<PlanColumn>,
    /// `fields a, b`: what is shown of messages, in this order.
    allowed: Option<Vec<String>>,
    /// `fields - a`, on messages.
    denied: Vec<String>,
    /// Hidden columns whose JSON `json auto field=…` opened.
    opened: Vec<String>,
    next_hidden: usize,
}

impl<'c> Stage<'c> {
    /// All messages, with the wanted fields.
    pub fn new(context: &'c PlanContext<'c>, wanted: Wanted, dry: bool) -> Result<Self, Diagnostic> {
        let mut wanted = wanted;
        for name in ["_messageTime", "_raw"] {
            wanted.entry(name.to_lowercase()).or_insert_with(|| context.view.resolve(name).column);
        }
        let scan = EventScan::new(wanted.values().cloned());
        let mut columns: Vec<PlanColumn> = scan
            .columns()
            .iter()
            .map(|column| PlanColumn {
                name: column.name.clone(),
                kind: kind_of(column),
                role: Role::Scan,
                many: column.field_type.many,
            })
            .collect();
        columns.push(PlanColumn { name: EVENT_ID.into(), kind: Kind::Integer, role: Role::Hidden, many: false });
        let names: Vec<Expr> = columns.iter().map(|c| column(&c.name).alias(c.name.as_str())).collect();
        let plan = scan
            .into_plan()
            .and_then(|plan| LogicalPlanBuilder::from(plan).project(names)?.build())
            .map_err(|error| Diagnostic::error("sumo/plan", error.strip_backtrace(), Span::at(0)))?;
        Ok(Stage {
            context,
            diagnostics: Vec::new(),
            plan,
            pending: Vec::new(),
            level: Level::Messages,
            order: vec![
                Order { column: "_messageTime".into(), ascending: false },
                Order { column: EVENT_ID.into(), ascending: true },
            ],
            tie: EVENT_ID.into(),
            dynamic: false,
            broken: false,
            at: Span::at(0),
            wanted,
            dry,
            passed: None,
            timeslice: None,
            columns,
            allowed: None,
            denied: Vec::new(),
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
        self.opened.clear();
        self.allowed = None;
        self.denied.clear();
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

    /// The fields that operators made, as far as they can be named.
    pub fn fields(&self) -> impl Iterator<Item = &PlanColumn> {
        self.columns.iter().filter(|column| column.role == Role::Field)
    }

    /// The field that an operator made under this name, in any case.
    pub fn field(&self, name: &str) -> Option<&PlanColumn> {
        let key = name.to_lowercase();
        self.columns.iter().find(|column| column.role == Role::Field && column.name.to_lowercase() == key)
    }

    /// The value of a field.
    pub fn resolve(&mut self, name: &Name) -> Result<Typed, Diagnostic> {
        if let Some(field) = self.field(&name.text) {
            return Ok(Typed::new(column(&field.name), field.kind));
        }
        if let Some(parameter) = name.text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
            super::parameter(self, parameter, name.span())?;
            return Ok(Typed::null());
        }
        match self.level {
            Level::Groups if !self.opened.is_empty() => {
                let values = self.opened.iter().rev().map(|opened| self.opened_value(opened, &name.text).expr);
                Ok(Typed::new(coalesce(values.collect()), Kind::Text))
            }
            Level::Messages => {
                let scanned = self.scanned(&name.text);
                // The latest `json auto` counts.
                let auto = self.opened.iter().rev().map(|opened| auto_value(&name.text).call(vec![column(opened)]));
                let mut values: Vec<Expr> = auto.collect();
                if values.is_empty() || metadata(&name.text).is_some() {
                    return Ok(scanned);
                }
                values.push(scanned.to(Kind::Text).expr);
                Ok(Typed::new(coalesce(values), Kind::Text))
            }
            Level::Groups if self.dynamic || self.broken => Ok(Typed::null()),
            Level::Groups => {
                let known: Vec<&str> = self.fields().map(|column| column.name.as_str()).collect();
                let mut error = Diagnostic::error(
                    "sumo/unknown-field",
                    format!("there is no field `{}` here", name.text),
                    name.span(),
                );
                if let Some(near) = nearest(&name.text, known.iter().copied()) {
                    error = error.with_fix(name.span(), near, format!("did you mean `{near}`?"));
                }
                Err(error.with_help(format!("after an aggregate only its fields can be named: {}", known.join(", "))))
            }
        }
    }

    /// A field of the logs, through the platform's view.
    pub fn scanned(&mut self, name: &str) -> Typed {
        let key = name.to_lowercase();
        let column_name = match self.wanted.get(&key) {
            Some(wanted) if wanted.name == name || metadata(name).is_some() || !self.dry => wanted.name.clone(),
            // The same field in another spelling: any of them may be the log's.
            Some(wanted) => {
                let merged = merge(wanted.clone(), self.context.view.resolve(name).column);
                let name = merged.name.clone();
                self.wanted.insert(key, merged);
                name
            }
            None => {
                let column = match metadata(name) {
                    Some(canonical) => self.context.view.resolve(canonical).column,
                    None => self.any_spelling(name),
                };
                let name = column.name.clone();
                self.wanted.insert(key, column);
                name
            }
        };
        self.read_scanned(&column_name, name)
    }

    /// The column of a name, and of the names the view lists that differ from it by case alone.
    fn any_spelling(&self, name: &str) -> ScanColumn {
        let view = self.context.view;
        let others = view.names().into_iter().filter(|known| *known != name && known.eq_ignore_ascii_case(name));
        others.fold(view.resolve(name).column, |column, other| merge(column, view.resolve(other).column))
    }

    /// A path of the records' documents, as a field of the logs.
    pub fn document(&mut self, path: &mynah_event::Path) -> Typed {
        let name = format!("json {path}");
        self.wanted.entry(name.clone()).or_insert_with(|| self.context.view.document_column(&name, path));
        self.read_scanned(&name, &name)
    }

    fn read_scanned(&self, column_name: &str, wanted: &str) -> Typed {
        let found = self
            .columns
            .iter()
            .find(|c| c.role == Role::Scan && (c.name == column_name || c.name.eq_ignore_ascii_case(wanted)));
        match found {
            Some(found) if found.many => Typed::list(column(&found.name)),
            Some(found) => Typed::new(column(&found.name), found.kind),
            // The first pass: the column comes with the second.
            None => match self.wanted.get(&wanted.to_lowercase()) {
                Some(wanted) if !wanted.field_type.many => {
                    let kind = kind_of(wanted);
                    let null = ScalarValue::try_from(&kind.data_type()).unwrap_or(ScalarValue::Null);
                    Typed::new(lit(null), kind)
                }
                _ => Typed::null().to(Kind::Text),
            },
        }
    }

    /// The text of the message.
    pub fn raw(&mut self) -> Typed {
        self.scanned("_raw").to(Kind::Text)
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
        if depends {
            self.flush()?;
        }
        let mut columns: Vec<PlanColumn> = Vec::new();
        let mut placed = vec![false; new.len()];
        for old in std::mem::take(&mut self.columns) {
            let replaced = new.iter().position(|(name, role, _)| {
                name == &old.name
                    || (*role == Role::Field && old.role == Role::Field && name.eq_ignore_ascii_case(&old.name))
            });
            let Some(index) = replaced else {
                columns.push(old);
                continue;
            };
            // The order of the rows may need the old values.
            if self.tie == old.name || self.order.iter().any(|key| key.column == old.name) {
                let kept = self.hidden_name("order");
                self.pending.push((kept.clone(), column(&old.name)));
                for key in &mut self.order {
                    if key.column == old.name {
                        key.column.clone_from(&kept);
                    }
                }
                if self.tie == old.name {
                    self.tie.clone_from(&kept);
                }
                columns.push(PlanColumn { name: kept, role: Role::Hidden, ..old.clone() });
            }
            if let (Some((name, role, value)), Some(done)) = (new.get(index), placed.get_mut(index))
                && !*done
            {
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
        for column in &mut columns {
            if column.kind == Kind::Null {
                column.kind = Kind::Text;
            }
        }
        self.columns = columns;
        Ok(())
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

    /// Puts another plan with the same columns in its place.
    pub fn set_plan(&mut self, plan: LogicalPlan) {
        self.plan = plan;
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

    /// Keeps the rows for which `predicate` is true.
    pub fn filter(&mut self, predicate: Expr) -> Result<(), Diagnostic> {
        self.replan(|builder| builder.filter(predicate))
    }

    /// Changes the plan in a way that keeps its columns.
    pub fn replan(
        &mut self,
        change: impl FnOnce(LogicalPlanBuilder) -> datafusion::common::Result<LogicalPlanBuilder>,
    ) -> Result<(), Diagnostic> {
        self.plan = change(LogicalPlanBuilder::from(self.plan()?))
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.refused(&error))?;
        Ok(())
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

    /// The rows of a plan; `None` where there is no data (or only the needed fields are to be found out).
    pub fn rows(&mut self, plan: &LogicalPlan) -> Result<Option<Vec<RecordBatch>>, Diagnostic> {
        if self.dry || self.broken || self.dynamic {
            return Ok(None);
        }
        self.context.rows(plan).map_err(|needed| needed.at(self.at))
    }

    /// The times of the first and the last message that has come so far; `None` without data.
    pub fn time_range(&mut self) -> Result<Option<(i64, i64)>, Diagnostic> {
        let time = self.scanned("_messageTime").to(Kind::Integer).expr;
        let plan = LogicalPlanBuilder::from(self.plan()?)
            .project([time.alias("time")])
            .and_then(|builder| {
                builder.aggregate(
                    Vec::<Expr>::new(),
                    [min(column("time")).alias("first"), max(column("time")).alias("last")],
                )
            })
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.refused(&error))?;
        let Some(batches) = self.rows(&plan)? else { return Ok(None) };
        let rows = super::rows_of(&batches, &[Kind::Integer, Kind::Integer]).map_err(|error| self.refused(&error))?;
        Ok(rows.first().and_then(|row| match row.as_slice() {
            [ScalarValue::Int64(Some(first)), ScalarValue::Int64(Some(last))] => Some((*first, *last)),
            _ => None,
        }))
    }

    /// The time of the oldest event of all; `None` without data.
    pub fn oldest_event(&mut self) -> Result<Option<i64>, Diagnostic> {
        let time = self.context.view.resolve("_messageTime").column;
        let plan = EventScan::new([time])
            .into_plan()
            .and_then(|plan| {
                LogicalPlanBuilder::from(plan)
                    .aggregate(Vec::<Expr>::new(), [min(column("_messageTime")).alias("first")])?
                    .build()
            })
            .map_err(|error| self.refused(&error))?;
        let Some(batches) = self.rows(&plan)? else { return Ok(None) };
        let rows = super::rows_of(&batches, &[Kind::Integer]).map_err(|error| self.refused(&error))?;
        Ok(rows.first().and_then(|row| match row.first() {
            Some(ScalarValue::Int64(first)) => *first,
            _ => None,
        }))
    }

    /// A number of the query, or 1 for a dashboard's parameter where there is no data anyway.
    pub fn number(&mut self, count: &Count) -> Result<usize, Diagnostic> {
        match count {
            Count::Number(number, _) => Ok(usize::try_from(*number).unwrap_or(usize::MAX)),
            Count::Parameter(name, place) => {
                let name = name.trim_start_matches("{{").trim_end_matches("}}");
                super::parameter(self, name, place.0)?;
                Ok(1)
            }
        }
    }

    /// What a field of the logs is called in a result: metadata as the vendor spells it, all else as the query does.
    pub fn spelling(&self, name: &str) -> String {
        metadata(name).unwrap_or(name).to_owned()
    }

    /// `fields a, b`.
    pub fn allow(&mut self, names: &[Name]) -> Result<(), Diagnostic> {
        match self.level {
            Level::Messages => {
                for name in names {
                    self.resolve(name)?;
                }
                self.allowed = Some(names.iter().map(|name| name.text.clone()).collect());
            }
            Level::Groups => {
                let mut kept: Vec<PlanColumn> = Vec::new();
                for name in names {
                    self.resolve(name)?;
                    kept.extend(self.field(&name.text).cloned());
                }
                self.demote(|column| !kept.iter().any(|other| other.name == column.name));
                let rest: Vec<PlanColumn> =
                    self.columns.iter().filter(|c| !kept.iter().any(|k| k.name == c.name)).cloned().collect();
                kept.extend(rest);
                self.columns = kept;
            }
        }
        Ok(())
    }

    /// `fields - a, b`.
    pub fn deny(&mut self, names: &[Name]) {
        let keys: Vec<String> = names.iter().map(Name::key).collect();
        if self.level == Level::Messages {
            self.denied.extend(keys.iter().cloned());
        }
        self.demote(|column| keys.contains(&column.name.to_lowercase()));
    }

    /// Hides fields from the query.
    fn demote(&mut self, which: impl Fn(&PlanColumn) -> bool) {
        for column in &mut self.columns {
            if column.role == Role::Field && which(column) {
                column.role = Role::Hidden;
            }
        }
        // A hidden column must not stand in the way of a field made later.
        let hidden: Vec<String> = self
            .columns
            .iter()
            .filter(|column| {
                column.role == Role::Hidden && (!column.name.starts_with("__") || column.name == "__timeslice_end")
            })
            .map(|column| column.name.clone())
            .collect();
        self.columns
            .retain(|column| !hidden.contains(&column.name) || self.order.iter().any(|key| key.column == column.name));
    }

    /// The value of a name in the JSON of a hidden column.
    pub fn opened_value(&self, hidden: &str, name: &str) -> Typed {
        Typed::new(auto_value(name).call(vec![column(hidden)]), Kind::Text)
    }

    /// `json auto field=…`: names are looked up in this column's JSON from now on.
    pub fn open(&mut self, column: String) {
        self.opened.push(column);
    }

    /// The columns of the result and what they are called.
    ///
    /// Messages show their time, their fields in the order of the alphabet (or of `fields`), and themselves;
    /// aggregates show what they were asked for, in that order.
    pub fn shown_columns(&mut self) -> Result<Vec<(String, String)>, Diagnostic> {
        let fields: Vec<String> = self.fields().map(|column| column.name.clone()).collect();
        if self.level == Level::Groups {
            return Ok(fields.into_iter().map(|name| (name.clone(), name)).collect());
        }
        let names = match self.allowed.clone() {
            Some(allowed) => allowed,
            None => {
                let scanned = self.columns.iter().filter(|c| c.role == Role::Scan && !c.name.starts_with("json "));
                let mut names: Vec<String> = fields
                    .into_iter()
                    .chain(scanned.map(|c| c.name.clone()).filter(|name| !name.starts_with('_')))
                    .collect();
                names.retain(|name| !self.denied.contains(&name.to_lowercase()) && name != "__timeslice_end");
                names.sort_by_key(|name| name.to_lowercase());
                names.dedup_by_key(|name| name.to_lowercase());
                names
            }
        };
        let mut shown: Vec<(String, String)> = Vec::new();
        let names = std::iter::once("_messageTime".to_owned()).chain(names).chain(["_raw".to_owned()]);
        let mut missing: Vec<(String, Role, Typed)> = Vec::new();
        for name in names {
            if shown.iter().any(|(_, label)| label.eq_ignore_ascii_case(&name)) {
                continue;
            }
            let present = self.field(&name).or_else(|| {
                self.columns.iter().find(|c| c.role == Role::Scan && !c.many && c.name.eq_ignore_ascii_case(&name))
            });
            match present {
                Some(column) => shown.push((column.name.clone(), name)),
                None => {
                    let hidden = self.hidden_name("shown");
                    let value =
                        self.resolve(&Name { text: name.clone(), quoted: true, place: crate::ast::Place::default() })?;
                    missing.push((hidden.clone(), Role::Hidden, value));
                    shown.push((hidden, name));
                }
            }
        }
        if !missing.is_empty() {
            self.add(missing)?;
        }
        Ok(shown)
    }

    /// All columns of the plan, with their types.
    pub fn all_columns(&self) -> &[PlanColumn] {
        &self.columns
    }
}

/// A column that reads what either reads, the first one first.
fn merge(first: ScanColumn, second: ScanColumn) -> ScanColumn {
    let mut bindings = first.bindings;
    for (source, more) in second.bindings {
        match bindings.iter_mut().find(|(known, _)| *known == source) {
            Some((_, own)) => {
                let new = more.iter().filter(|binding| !own.contains(binding)).cloned().collect::<Vec<_>>();
                *own = own.iter().cloned().chain(new).collect();
            }
            None => bindings.push((source, more)),
        }
    }
    ScanColumn { name: first.name, field_type: first.field_type.unify(second.field_type), bindings }
}

fn kind_of(column: &ScanColumn) -> Kind {
    if column.field_type.many {
        return Kind::Text;
    }
    match column.field_type.data_type() {
        DataType::Int64 => Kind::Integer,
        DataType::Float64 => Kind::Number,
        DataType::Boolean => Kind::Boolean,
        _ => Kind::Text,
    }
}
