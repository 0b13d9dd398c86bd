//! Which clause of a query made the difference for one event.
//!
//! A query's conditions are the predicates of its plan's filters and the conditions of its cases. Each is a tree of `and`
//! and `or` over atoms; the atoms are evaluated over the input of the node they stand in. Through the views it is known
//! which values of the record an atom looks at, whatever the platform calls them. For an event that was found, the atom
//! counts that holds for the fewest events. For one that was missed, the atoms count that failed, of those that look at
//! the same values; conditions that belong to other log sources have no say. Where an atom stands in the text, its mark in the plan tells.
use crate::facts::Facts;
use crate::replay::{Ready, Replay, moments};
use crate::version::VersionError;
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{ExprSchemable, LogicalPlan, LogicalPlanBuilder, Operator};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::mark_of;
use mynah_engine::{Engine, EngineError};
use mynah_event::{Dialect, EventId, Timestamp};
use mynah_kernels::{Matcher, RegexMatch, TextMatch, function_of, text_match};
use mynah_syntax::Span;
use mynah_view::{EventScan, Origin, TemplatePart};
use std::collections::{BTreeMap, BTreeSet};

/// What one version of a detection decided on an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The version.
    pub dialect: Dialect,
    /// Whether it finds the event.
    pub found: bool,
    /// Whether it misses the event although the event fits the clause, because the version requires other events too, such
    /// as those of a sequence or a count.
    pub incomplete: bool,
    /// The line of its query that decided, from 1, and its text; none if no clause is about such events.
    pub clause: Option<(usize, String)>,
}

/// What each version decided on an event, those that found it first. This function is all that the rest of the crate knows of
/// this file.
pub(crate) fn sides(
    replay: &Replay<'_>,
    versions: &[Ready<'_>],
    found_by: &BTreeSet<Dialect>,
    event: EventId,
    facts: &Facts,
) -> Vec<Side> {
    let subject = Subject { event, source: &facts.source };
    let mut sought = Sought::default();
    let mut shortest = usize::MAX;
    let mut sides = Vec::new();
    // The conditions that found the event tell which conditions to look for in the versions that missed it.
    let (finders, others): (Vec<&Ready<'_>>, Vec<&Ready<'_>>) =
        versions.iter().partition(|version| found_by.contains(&version.query.dialect));
    for version in finders.into_iter().chain(others) {
        let dialect = version.query.dialect;
        let found = found_by.contains(&dialect);
        let ask = |missed| decided(replay, version, subject, facts.time, missed).unwrap_or_default();
        let mut clause = ask((!found).then_some(&sought));
        let incomplete = !found && clause.is_none();
        if incomplete {
            clause = ask(None);
        }
        if found && let Some(clause) = &clause {
            // A long pattern is similar to everything.
            if clause.longest() < shortest {
                shortest = clause.longest();
                sought.literals.clone_from(&clause.sought.literals);
            }
            sought.paths.extend(clause.sought.paths.iter().cloned());
        }
        sides.push(Side {
            dialect,
            found,
            incomplete: incomplete && clause.is_some(),
            clause: clause.map(|clause| (clause.line, clause.text)),
        });
    }
    sides
}

/// The clause that decided on an event: that found it, or, given what other versions looked for, that missed it.
fn decided(
    replay: &Replay<'_>,
    version: &Ready<'_>,
    subject: Subject<'_>,
    time: Option<Timestamp>,
    missed: Option<&Sought>,
) -> Result<Option<Clause>, VersionError> {
    let Ready { package, query, .. } = version;
    let times: Vec<Timestamp> = time.into_iter().collect();
    let every = package.manifest.schedule.every.milliseconds();
    let Some(now) = moments(&times, every).first().copied() else { return Ok(None) };
    let execution = replay.placed(package, replay.engine.execute(version.plan.clone()), now);
    let plan = execution.last_stage().map_err(query.failed(package))?;
    let placed = execution.placed(plan.clone()).map_err(query.failed(package))?;
    let clause = match missed {
        None => that_found(replay.engine, &plan, &placed, query.text, subject),
        Some(sought) => that_missed(replay.engine, &plan, &placed, query.text, subject, sought),
    };
    clause.map_err(query.failed(package))
}

/// A line of a query, and the condition in it that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Clause {
    /// The line, from 1.
    line: usize,
    /// The line's text.
    text: String,
    /// What it looks for, and in which values of the record.
    sought: Sought,
}

impl Clause {
    /// How long the longest text is that it looks for: the shorter, the more it is to the point.
    fn longest(&self) -> usize {
        self.sought.literals.iter().map(String::len).max().unwrap_or(0)
    }
}

/// What a condition looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sought {
    /// Texts and numbers.
    literals: Vec<String>,
    /// Paths of the record.
    paths: BTreeSet<String>,
}

/// The event that the question is about.
#[derive(Debug, Clone, Copy)]
struct Subject<'a> {
    /// Its id.
    event: EventId,
    /// Its log source.
    source: &'a str,
}

/// A condition as a tree.
#[derive(Debug)]
enum Tree {
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Atom(Atom),
}

/// A condition without `and` and `or`.
#[derive(Debug)]
struct Atom {
    /// Where it stands in the query.
    span: Option<Span>,
    sought: Sought,
    value: Option<bool>,
    /// For how many events it holds.
    holds: usize,
    about: About,
}

/// What an atom is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Values of the record.
    Record,
    /// Which kind of log it is.
    Source,
    /// What the query itself has computed.
    Verdict,
}

/// A condition, and whether its failing alone keeps an event out.
struct Condition {
    tree: Tree,
    decisive: bool,
}

/// The clause that found an event; `plan` is the query's, `placed` the same over data.
fn that_found(
    engine: &Engine,
    plan: &LogicalPlan,
    placed: &LogicalPlan,
    text: &str,
    subject: Subject<'_>,
) -> Result<Option<Clause>, EngineError> {
    let conditions = conditions(engine, plan, placed, subject)?;
    let mut held: Vec<&Atom> = Vec::new();
    for condition in conditions.iter().filter(|condition| condition.tree.value() == Some(true)) {
        condition.tree.credit(&mut held);
    }
    let rarest = held
        .into_iter()
        .filter(|atom| atom.about == About::Record && !atom.sought.literals.is_empty())
        .min_by_key(|atom| (atom.holds, std::cmp::Reverse(atom.longest())));
    Ok(rarest.and_then(|atom| atom.clause(text)))
}

/// The clause that kept an event out, of those that are about the same as what found it elsewhere.
fn that_missed(
    engine: &Engine,
    plan: &LogicalPlan,
    placed: &LogicalPlan,
    text: &str,
    subject: Subject<'_>,
    sought: &Sought,
) -> Result<Option<Clause>, EngineError> {
    let conditions = conditions(engine, plan, placed, subject)?;
    let mut failed: Vec<(bool, &Atom)> = Vec::new();
    for condition in conditions.iter().filter(|condition| condition.tree.value() != Some(true)) {
        let mut atoms = Vec::new();
        condition.tree.blame(sought, &mut atoms);
        failed.extend(atoms.into_iter().map(|atom| (condition.decisive, atom)));
    }
    let nearest = failed.into_iter().filter(|(decisive, atom)| *decisive || atom.likeness(sought).0).max_by_key(
        |(decisive, atom)| {
            let (same_value, alike) = atom.likeness(sought);
            (same_value, alike, *decisive, atom.longest())
        },
    );
    Ok(nearest.and_then(|(_, atom)| atom.clause(text)))
}

/// From which paths of this log source's records a plan's columns come; none for those that say only what kind of log it is.
fn paths_of(plan: &LogicalPlan, source: &str) -> Result<BTreeMap<String, BTreeSet<String>>, EngineError> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let table: &dyn std::any::Any = scan.source.as_ref();
            for column in table.downcast_ref::<EventScan>().into_iter().flat_map(EventScan::columns) {
                let known = paths.entry(column.name.clone()).or_default();
                let bindings = column
                    .bindings
                    .iter()
                    .filter(|(of, _)| of.as_str() == source)
                    .flat_map(|(_, bindings)| bindings.iter());
                for binding in bindings {
                    match &binding.origin {
                        Origin::Paths(from) => known.extend(from.iter().map(ToString::to_string)),
                        Origin::Document(from) => _ = known.insert(from.to_string()),
                        // One value stands for the event's number or name: looked up, it is still about the record.
                        Origin::Lookup { key, .. } => _ = known.insert(key.to_string()),
                        Origin::Template(parts) => known.extend(parts.iter().filter_map(|part| match part {
                            TemplatePart::Path(path) => Some(path.to_string()),
                            TemplatePart::Text(_) => None,
                        })),
                        Origin::Meta(mynah_view::Meta::Raw) => _ = known.insert(String::new()),
                        Origin::Meta(_) | Origin::Constant(_) => {}
                    }
                }
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(paths)
}

/// What each column of a plan is made of: its scan's columns, by way of projections.
struct Lineage {
    scanned: BTreeMap<String, BTreeSet<String>>,
    defined: BTreeMap<String, BTreeSet<String>>,
}

/// A column that is made of more others than this is a verdict of the query, not a value of the record.
const MANY: usize = 4;

impl Lineage {
    fn of(plan: &LogicalPlan, source: &str) -> Result<Lineage, EngineError> {
        let scanned = paths_of(plan, source)?;
        let mut defined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::Projection(projection) = node {
                for expression in &projection.expr {
                    if let Expr::Alias(alias) = expression {
                        let made_of: Vec<String> =
                            alias.expr.column_refs().iter().map(|column| column.name.clone()).collect();
                        defined
                            .entry(alias.name.clone())
                            .or_default()
                            .extend(made_of.into_iter().filter(|name| *name != alias.name));
                    }
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(Lineage { scanned, defined })
    }

    /// The columns of the scan that a column is made of.
    fn origins(&self, name: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut open = vec![name.to_owned()];
        let mut origins = BTreeSet::new();
        while let Some(name) = open.pop() {
            // A result may have a column by the name of one that was read: what was read is meant.
            if self.scanned.contains_key(&name) {
                origins.insert(name);
                continue;
            }
            for part in self.defined.get(&name).into_iter().flatten() {
                if seen.insert(part.clone()) {
                    open.push(part.clone());
                }
            }
        }
        origins
    }
}

fn conditions(
    engine: &Engine,
    plan: &LogicalPlan,
    placed: &LogicalPlan,
    subject: Subject<'_>,
) -> Result<Vec<Condition>, EngineError> {
    let lineage = Lineage::of(plan, subject.source)?;
    let mut nodes: Vec<(LogicalPlan, Vec<(Expr, bool)>)> = Vec::new();
    placed.apply_with_subqueries(|node| {
        match node {
            LogicalPlan::Filter(filter) => {
                let mut found = vec![(filter.predicate.clone(), true)];
                cases(&filter.predicate, &mut found)?;
                nodes.push((filter.input.as_ref().clone(), found));
            }
            LogicalPlan::Projection(projection) => {
                let mut found = Vec::new();
                for expression in &projection.expr {
                    cases(expression, &mut found)?;
                }
                nodes.push((projection.input.as_ref().clone(), found));
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut conditions = Vec::new();
    for (input, found) in nodes {
        let mut atoms: Vec<(Expr, Option<Span>)> = Vec::new();
        let mut trees: Vec<(Shape, bool)> = Vec::new();
        for (expression, decisive) in found {
            if matches!(expression.get_type(input.schema()), Ok(DataType::Boolean)) {
                trees.push((shape(&expression, None, &mut atoms), decisive));
            }
        }
        if trees.is_empty() {
            continue;
        }
        let Some(values) = evaluate(engine, input, &atoms, subject.event)? else { continue };
        let mut made: Vec<Option<Atom>> = atoms
            .iter()
            .zip(values)
            .map(|((atom, span), (value, holds))| Some(describe(atom, *span, value, holds, &lineage)))
            .collect();
        for (shape, decisive) in trees {
            if let Some(tree) = shape.into_tree(&mut made) {
                conditions.push(Condition { tree, decisive });
            }
        }
    }
    Ok(conditions)
}

/// The conditions of the cases inside an expression.
fn cases(expression: &Expr, found: &mut Vec<(Expr, bool)>) -> datafusion::common::Result<()> {
    expression.apply(|inner| {
        if let Expr::Case(case) = inner
            && case.expr.is_none()
        {
            found.extend(case.when_then_expr.iter().map(|(when, _)| (when.as_ref().clone(), false)));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

/// A tree over the numbers of atoms.
enum Shape {
    And(Vec<Shape>),
    Or(Vec<Shape>),
    Atom(usize),
}

impl Shape {
    /// The tree with the atoms in it; each atom is in one tree.
    fn into_tree(self, atoms: &mut [Option<Atom>]) -> Option<Tree> {
        Some(match self {
            Shape::And(parts) => Tree::And(parts.into_iter().filter_map(|part| part.into_tree(atoms)).collect()),
            Shape::Or(parts) => Tree::Or(parts.into_iter().filter_map(|part| part.into_tree(atoms)).collect()),
            Shape::Atom(index) => Tree::Atom(atoms.get_mut(index)?.take()?),
        })
    }
}

/// The tree of a condition that stands at `span`, whose atoms are added to `atoms`.
fn shape(expression: &Expr, span: Option<Span>, atoms: &mut Vec<(Expr, Option<Span>)>) -> Shape {
    let mut atom = |expression: Expr| {
        atoms.push((expression, span));
        Shape::Atom(atoms.len() - 1)
    };
    match expression {
        Expr::Alias(alias) => shape(&alias.expr, mark_of(expression).or(span), atoms),
        Expr::BinaryExpr(binary) if binary.op == Operator::And => {
            Shape::And(vec![shape(&binary.left, span, atoms), shape(&binary.right, span, atoms)])
        }
        Expr::BinaryExpr(binary) if binary.op == Operator::Or => {
            Shape::Or(vec![shape(&binary.left, span, atoms), shape(&binary.right, span, atoms)])
        }
        Expr::IsTrue(inner) => shape(inner, span, atoms),
        Expr::InList(list) if !list.negated => {
            Shape::Or(list.list.iter().map(|value| atom(list.expr.as_ref().clone().eq(value.clone()))).collect())
        }
        Expr::ScalarFunction(call) => match (function_of::<TextMatch>(&call.func), call.args.as_slice()) {
            (Some(text), [argument]) if text.matcher().patterns().len() > 1 => {
                let one = |pattern: &mynah_kernels::Pattern| {
                    text_match(Matcher::new([pattern.clone()], text.matcher().case()), argument.clone())
                };
                Shape::Or(text.matcher().patterns().iter().map(|pattern| atom(one(pattern))).collect())
            }
            _ => atom(expression.clone()),
        },
        other => {
            atoms.push((other.clone(), span.or_else(|| mark_of(other))));
            Shape::Atom(atoms.len() - 1)
        }
    }
}

/// What an atom is for the event, and for how many events it holds.
type Truth = (Option<bool>, usize);

/// What the atoms are for the event, and for how many events they hold; nothing if the event does not get as far as this
/// node.
fn evaluate(
    engine: &Engine,
    input: LogicalPlan,
    atoms: &[(Expr, Option<Span>)],
    event: EventId,
) -> Result<Option<Vec<Truth>>, EngineError> {
    let columns: Vec<Expr> =
        atoms.iter().enumerate().map(|(index, (atom, _))| atom.clone().alias(format!("__atom{index}"))).collect();
    // A column of its own keeps the projection from being empty.
    let plan =
        LogicalPlanBuilder::from(input).project(columns.into_iter().chain([lit(true).alias("__here")]))?.build()?;
    let mut values: Vec<Truth> = vec![(None, 0); atoms.len()];
    let mut here = false;
    engine.execute(plan).rows_with_events(|batch, events| {
        let row = events.iter().position(|events| events.contains(&event));
        here |= row.is_some();
        for (column, (value, holds)) in batch.columns().iter().zip(&mut values) {
            let Some(truth) = column.as_boolean_opt() else { continue };
            *holds += truth.true_count();
            if let Some(row) = row.filter(|row| !truth.is_null(*row)) {
                *value = Some(truth.value(row));
            }
        }
        Ok(())
    })?;
    Ok(here.then_some(values))
}

fn describe(expression: &Expr, span: Option<Span>, value: Option<bool>, holds: usize, lineage: &Lineage) -> Atom {
    let mut literals = Vec::new();
    let _ = expression.apply(|inner| {
        match inner {
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) if !text.is_empty() => literals.push(text.clone()),
            Expr::Literal(ScalarValue::Int64(Some(number)), _) => literals.push(number.to_string()),
            Expr::Literal(ScalarValue::Boolean(Some(truth)), _) => literals.push(truth.to_string()),
            Expr::ScalarFunction(call) => {
                if let Some(text) = function_of::<TextMatch>(&call.func) {
                    literals.extend(
                        text.matcher().patterns().iter().flat_map(|pattern| pattern.literals()).map(str::to_owned),
                    );
                }
                if let Some(regex) = function_of::<RegexMatch>(&call.func) {
                    literals.push(regex.regex().as_str().to_owned());
                }
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    });
    let named: Vec<String> = expression.column_refs().iter().map(|column| column.name.clone()).collect();
    let origins: BTreeSet<String> = named.iter().flat_map(|name| lineage.origins(name)).collect();
    let paths: BTreeSet<String> =
        origins.iter().filter_map(|origin| lineage.scanned.get(origin)).flatten().cloned().collect();
    let about = match (origins.len(), paths.is_empty()) {
        (0, _) => About::Verdict,
        (count, _) if count > MANY => About::Verdict,
        (_, true) => About::Source,
        _ => About::Record,
    };
    Atom { span, sought: Sought { literals, paths }, value, holds, about }
}

impl Tree {
    fn value(&self) -> Option<bool> {
        match self {
            Tree::Atom(atom) => atom.value,
            Tree::And(parts) => {
                let values: Vec<Option<bool>> = parts.iter().map(Tree::value).collect();
                if values.contains(&Some(false)) {
                    Some(false)
                } else if values.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            Tree::Or(parts) => {
                let values: Vec<Option<bool>> = parts.iter().map(Tree::value).collect();
                if values.contains(&Some(true)) {
                    Some(true)
                } else if values.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
        }
    }

    /// The atoms that make it true.
    fn credit<'t>(&'t self, held: &mut Vec<&'t Atom>) {
        match self {
            Tree::Atom(atom) => held.push(atom),
            Tree::And(parts) => parts.iter().for_each(|part| part.credit(held)),
            Tree::Or(parts) => {
                parts.iter().filter(|part| part.value() == Some(true)).for_each(|part| part.credit(held))
            }
        }
    }

    /// The atoms that keep it from being true, those about the record only; of alternatives, those of the one that is most
    /// like what is sought. Nothing where it is about other kinds of logs.
    fn blame<'t>(&'t self, sought: &Sought, failed: &mut Vec<&'t Atom>) {
        match self {
            Tree::Atom(atom) if atom.about == About::Record => failed.push(atom),
            Tree::Atom(_) => {}
            Tree::And(parts) => {
                if !self.is_elsewhere() {
                    parts.iter().filter(|part| part.value() != Some(true)).for_each(|part| part.blame(sought, failed));
                }
            }
            Tree::Or(parts) => {
                let here = parts.iter().filter(|part| !part.is_elsewhere());
                if let Some(nearest) = here.max_by_key(|part| (part.likeness(sought), part.held())) {
                    nearest.blame(sought, failed);
                }
            }
        }
    }

    /// Whether it fails because the event is of another kind of log.
    fn is_elsewhere(&self) -> bool {
        match self {
            Tree::Atom(atom) => atom.about == About::Source && atom.value != Some(true),
            Tree::And(parts) => parts.iter().any(Tree::is_elsewhere),
            Tree::Or(parts) => !parts.is_empty() && parts.iter().all(Tree::is_elsewhere),
        }
    }

    /// Whether one of its atoms looks at the same value, and how like one is to what is sought there.
    fn likeness(&self, sought: &Sought) -> (bool, usize) {
        match self {
            Tree::Atom(atom) => atom.likeness(sought),
            Tree::And(parts) | Tree::Or(parts) => {
                parts.iter().map(|part| part.likeness(sought)).max().unwrap_or_default()
            }
        }
    }

    /// How many of its atoms hold.
    fn held(&self) -> usize {
        match self {
            Tree::Atom(atom) => usize::from(atom.value == Some(true)),
            Tree::And(parts) | Tree::Or(parts) => parts.iter().map(Tree::held).sum(),
        }
    }
}

impl Atom {
    /// Whether it looks at the same value as what is sought, and how like the literals are, in parts of a hundred.
    fn likeness(&self, sought: &Sought) -> (bool, usize) {
        let pairs = self
            .sought
            .literals
            .iter()
            .flat_map(|literal| sought.literals.iter().map(move |other| likeness(literal, other)));
        (self.about == About::Record && !self.sought.paths.is_disjoint(&sought.paths), pairs.max().unwrap_or(0))
    }

    fn longest(&self) -> usize {
        self.sought.literals.iter().map(String::len).max().unwrap_or(0)
    }

    /// The line of the query that it stands in; of several, the first with one of its literals.
    fn clause(&self, text: &str) -> Option<Clause> {
        let span = self.span?;
        let literals: Vec<String> = self.sought.literals.iter().map(|literal| literal.to_lowercase()).collect();
        let mut start = 0;
        let mut lines = text.split_inclusive('\n').enumerate().filter_map(|(index, line)| {
            let from = start;
            start += line.len();
            let covered = Span::new(span.start.max(from), span.end.min(start)).of(text);
            (!covered.trim().is_empty()).then(|| (index + 1, line.trim(), covered.to_lowercase()))
        });
        let first = lines.next()?;
        let holds = |covered: &str| literals.iter().any(|literal| covered.contains(literal));
        let (line, text, _) = match holds(&first.2) {
            true => first,
            false => lines.find(|(_, _, covered)| holds(covered)).unwrap_or(first),
        };
        Some(Clause { line, text: text.to_owned(), sought: self.sought.clone() })
    }
}

/// How many of the pairs of neighbouring letters two texts share, in parts of a hundred; one inside the other is alike.
fn likeness(a: &str, b: &str) -> usize {
    let (a, b) = (a.trim().to_lowercase(), b.trim().to_lowercase());
    if a.len().min(b.len()) >= 3 && (a.contains(&b) || b.contains(&a)) {
        return 100;
    }
    let pairs = |text: &str| -> BTreeSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, b) = (pairs(&a), pairs(&b));
    let shared = a.intersection(&b).count();
    let all = a.len().min(b.len());
    (shared * 100).checked_div(all).unwrap_or(0)
}
