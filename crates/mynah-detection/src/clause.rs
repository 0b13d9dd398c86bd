//! Which clause of a query made the difference for one event.
//!
//! A query's conditions are the predicates of its plan's filters and the conditions of its cases. Each is a tree of `and`
//! and `or` over atoms; the atoms are evaluated for the event, over the input of the node they stand in. For an event
//! that was found, what counts is the longest literal that held; for one that was missed, the atoms that failed on the
//! branch that is most like what found it elsewhere. The plan knows no places in the text, so that an atom leads
//! to the line that holds most of its literals and names.
use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{ExprSchemable, LogicalPlan, LogicalPlanBuilder, Operator};
use datafusion::prelude::{Expr, lit};
use datafusion::common::ScalarValue;
use mynah_engine::{Engine, EngineError};
use mynah_event::EventId;
use mynah_kernels::{Matcher, RegexMatch, TextMatch, text_match};
use std::collections::{BTreeMap, BTreeSet};

/// A line of a query, and what of it mattered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    /// The line, from 1.
    pub line: usize,
    /// The line's text.
    pub text: String,
    /// The literals that mattered.
    pub literals: Vec<String>,
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
    literals: Vec<String>,
    columns: Vec<String>,
    value: Option<bool>,
    /// Whether it is about something that the query itself computes.
    computed: bool,
}

/// A condition, and whether its failing alone keeps an event out.
struct Condition {
    tree: Tree,
    decisive: bool,
}

/// The clause that found an event.
pub(crate) fn that_found(engine: &Engine, plan: &LogicalPlan, text: &str, event: EventId) -> Result<Option<Clause>, EngineError> {
    let conditions = conditions(engine, plan, event)?;
    let mut held: Vec<&Atom> = Vec::new();
    for condition in conditions.iter().filter(|condition| condition.tree.value() == Some(true)) {
        condition.tree.credit(&mut held);
    }
    let longest = held.into_iter().filter(|atom| !atom.computed).max_by_key(|atom| atom.literals.iter().map(String::len).max().unwrap_or(0));
    Ok(longest.and_then(|atom| atom.clause(text)))
}

/// The clause that kept an event out, of those that are about the same as `alike`, the literals that found it elsewhere.
pub(crate) fn that_missed(
    engine: &Engine,
    plan: &LogicalPlan,
    text: &str,
    event: EventId,
    alike: &[String],
) -> Result<Option<Clause>, EngineError> {
    let conditions = conditions(engine, plan, event)?;
    let mut blamed: Vec<(bool, usize, Vec<&Atom>)> = Vec::new();
    for condition in conditions.iter().filter(|condition| condition.tree.value() != Some(true)) {
        let mut failed = Vec::new();
        condition.tree.blame(alike, &mut failed);
        failed.retain(|atom| !atom.computed);
        if !failed.is_empty() {
            blamed.push((condition.decisive, condition.tree.likeness(alike), failed));
        }
    }
    // What is about the same thing goes before what keeps the event out for another reason.
    let best = blamed.into_iter().max_by_key(|(decisive, likeness, _)| (*likeness >= ALIKE, *decisive, *likeness));
    Ok(best.filter(|(decisive, likeness, _)| *decisive || *likeness >= ALIKE).and_then(|(_, _, failed)| {
        let nearest = failed.into_iter().max_by_key(|atom| (atom.likeness(alike), atom.literals.iter().map(String::len).max()));
        nearest.and_then(|atom| atom.clause(text))
    }))
}

/// From how many parts in a hundred on two literals are about the same.
const ALIKE: usize = 30;

fn conditions(engine: &Engine, plan: &LogicalPlan, event: EventId) -> Result<Vec<Condition>, EngineError> {
    let mut computed: BTreeSet<String> = BTreeSet::new();
    let mut nodes: Vec<(LogicalPlan, Vec<(Expr, bool)>)> = Vec::new();
    plan.apply_with_subqueries(|node| {
        match node {
            LogicalPlan::Filter(filter) => {
                let mut found = vec![(filter.predicate.clone(), true)];
                cases(&filter.predicate, &mut found)?;
                nodes.push((filter.input.as_ref().clone(), found));
            }
            LogicalPlan::Projection(projection) => {
                let mut found = Vec::new();
                for expression in &projection.expr {
                    let (name, inner) = match expression {
                        Expr::Alias(alias) => (alias.name.clone(), alias.expr.as_ref()),
                        other => (other.schema_name().to_string(), other),
                    };
                    if !matches!(inner, Expr::Column(_)) {
                        computed.insert(name);
                    }
                    cases(inner, &mut found)?;
                }
                nodes.push((projection.input.as_ref().clone(), found));
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut conditions = Vec::new();
    for (input, found) in nodes {
        let mut atoms: Vec<Expr> = Vec::new();
        let mut trees: Vec<(Shape, bool)> = Vec::new();
        for (expression, decisive) in found {
            if matches!(expression.get_type(input.schema()), Ok(DataType::Boolean)) {
                trees.push((shape(&expression, &mut atoms), decisive));
            }
        }
        if trees.is_empty() {
            continue;
        }
        let Some(values) = evaluate(engine, input, &atoms, event)? else { continue };
        let made: Vec<Atom> = atoms.iter().enumerate().map(|(index, atom)| describe(atom, values.get(&index).copied(), &computed)).collect();
        let mut made: Vec<Option<Atom>> = made.into_iter().map(Some).collect();
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

fn shape(expression: &Expr, atoms: &mut Vec<Expr>) -> Shape {
    let mut atom = |expression: Expr| {
        atoms.push(expression);
        Shape::Atom(atoms.len() - 1)
    };
    match expression {
        Expr::BinaryExpr(binary) if binary.op == Operator::And => Shape::And(vec![shape(&binary.left, atoms), shape(&binary.right, atoms)]),
        Expr::BinaryExpr(binary) if binary.op == Operator::Or => Shape::Or(vec![shape(&binary.left, atoms), shape(&binary.right, atoms)]),
        Expr::IsTrue(inner) => shape(inner, atoms),
        Expr::InList(list) if !list.negated => Shape::Or(list.list.iter().map(|value| atom(list.expr.as_ref().clone().eq(value.clone()))).collect()),
        Expr::ScalarFunction(call) => {
            let function: &dyn std::any::Any = call.func.inner().as_ref();
            match (function.downcast_ref::<TextMatch>(), call.args.as_slice()) {
                (Some(text), [argument]) if text.matcher().patterns().len() > 1 => {
                    let one = |pattern: &mynah_kernels::Pattern| text_match(Matcher::new([pattern.clone()], text.matcher().case()), argument.clone());
                    Shape::Or(text.matcher().patterns().iter().map(|pattern| atom(one(pattern))).collect())
                }
                _ => atom(expression.clone()),
            }
        }
        other => atom(other.clone()),
    }
}

/// What the atoms are for the event; nothing if the event does not get as far as this node.
fn evaluate(engine: &Engine, input: LogicalPlan, atoms: &[Expr], event: EventId) -> Result<Option<BTreeMap<usize, bool>>, EngineError> {
    let columns: Vec<Expr> = atoms.iter().enumerate().map(|(index, atom)| atom.clone().alias(format!("__atom{index}"))).collect();
    // A column of its own keeps the projection from being empty.
    let plan = LogicalPlanBuilder::from(input).project(columns.into_iter().chain([lit(true).alias("__here")]))?.build()?;
    let mut values: Option<BTreeMap<usize, bool>> = None;
    engine.rows_with_events(plan, |batch, events| {
        let Some(row) = events.iter().position(|events| events.contains(&event)) else { return Ok(()) };
        let known = values.get_or_insert_default();
        for (index, column) in batch.columns().iter().take(atoms.len()).enumerate() {
            if let Some(truth) = column.as_boolean_opt().filter(|column| !column.is_null(row)) {
                known.insert(index, truth.value(row));
            }
        }
        Ok(())
    })?;
    Ok(values)
}

fn describe(expression: &Expr, value: Option<bool>, computed: &BTreeSet<String>) -> Atom {
    let mut literals = Vec::new();
    let _ = expression.apply(|inner| {
        match inner {
            Expr::Literal(ScalarValue::Utf8(Some(text)), _) if !text.is_empty() => literals.push(text.clone()),
            Expr::Literal(ScalarValue::Int64(Some(number)), _) => literals.push(number.to_string()),
            Expr::ScalarFunction(call) => {
                let function: &dyn std::any::Any = call.func.inner().as_ref();
                if let Some(text) = function.downcast_ref::<TextMatch>() {
                    literals.extend(text.matcher().patterns().iter().flat_map(|pattern| pattern.literals()).map(str::to_owned));
                }
                if let Some(regex) = function.downcast_ref::<RegexMatch>() {
                    literals.push(regex.regex().as_str().to_owned());
                }
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    });
    let columns: Vec<String> = expression.column_refs().iter().map(|column| column.name.clone()).collect();
    // A cast or a rename is nothing that the query computes; a case is.
    let of_computed = columns.iter().any(|column| computed.contains(column)) && literals.iter().map(String::len).max().unwrap_or(0) < 3;
    Atom { literals, columns, value, computed: of_computed }
}

impl Tree {
    fn value(&self) -> Option<bool> {
        match self {
            Tree::Atom(atom) => atom.value,
            Tree::And(parts) => {
                let values: Vec<Option<bool>> = parts.iter().map(Tree::value).collect();
                if values.contains(&Some(false)) { Some(false) } else if values.contains(&None) { None } else { Some(true) }
            }
            Tree::Or(parts) => {
                let values: Vec<Option<bool>> = parts.iter().map(Tree::value).collect();
                if values.contains(&Some(true)) { Some(true) } else if values.contains(&None) { None } else { Some(false) }
            }
        }
    }

    /// The atoms that make it true.
    fn credit<'t>(&'t self, held: &mut Vec<&'t Atom>) {
        match self {
            Tree::Atom(atom) => held.push(atom),
            Tree::And(parts) => parts.iter().for_each(|part| part.credit(held)),
            Tree::Or(parts) => parts.iter().filter(|part| part.value() == Some(true)).for_each(|part| part.credit(held)),
        }
    }

    /// The atoms that keep it from being true; of alternatives, those of the one that is most like `alike`.
    fn blame<'t>(&'t self, alike: &[String], failed: &mut Vec<&'t Atom>) {
        match self {
            Tree::Atom(atom) => failed.push(atom),
            Tree::And(parts) => parts.iter().filter(|part| part.value() != Some(true)).for_each(|part| part.blame(alike, failed)),
            Tree::Or(parts) => {
                if let Some(nearest) = parts.iter().max_by_key(|part| (part.likeness(alike), part.held())) {
                    nearest.blame(alike, failed);
                }
            }
        }
    }

    /// How like one of its atoms is to some literals, in parts of a hundred.
    fn likeness(&self, alike: &[String]) -> usize {
        match self {
            Tree::Atom(atom) => atom.likeness(alike),
            Tree::And(parts) | Tree::Or(parts) => parts.iter().map(|part| part.likeness(alike)).max().unwrap_or(0),
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
    fn likeness(&self, alike: &[String]) -> usize {
        let pairs = self.literals.iter().flat_map(|literal| alike.iter().map(move |other| likeness(literal, other)));
        pairs.max().unwrap_or(0)
    }

    /// The line of the query that holds most of it.
    fn clause(&self, text: &str) -> Option<Clause> {
        let score = |line: &str| {
            let line = line.to_lowercase();
            let of = |words: &[String]| -> usize { words.iter().map(|word| word.to_lowercase()).filter(|word| line.contains(word.trim())).map(|word| word.len() + 1).sum() };
            2 * of(&self.literals) + of(&self.columns)
        };
        let scored = text.lines().enumerate().map(|(index, line)| (score(line), std::cmp::Reverse(index), line));
        let (score, std::cmp::Reverse(index), line) = scored.max_by_key(|(score, index, _)| (*score, *index))?;
        (score > 0).then(|| Clause { line: index + 1, text: line.trim().to_owned(), literals: self.literals.clone() })
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
    if all == 0 { 0 } else { shared * 100 / all }
}
