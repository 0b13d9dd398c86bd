//! The conditions of a query as trees over atoms, and what these are for one event.
//!
//! Conditions are the predicates of a plan's filters and the conditions of its cases. Each is a tree of `and` and `or` over
//! atoms; the atoms are evaluated over the input of the node they stand in. Through the views it is known which values of the
//! record an atom looks at, whatever the platform calls them.
use super::lineage::Lineage;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ScalarValue};
use datafusion::logical_expr::{ExprSchemable, LogicalPlan, LogicalPlanBuilder, Operator};
use datafusion::prelude::{Expr, lit};
use mynah_dialect::mark_of;
use mynah_engine::{Engine, EngineError};
use mynah_event::EventId;
use mynah_kernels::{Matcher, RegexMatch, TextMatch, function_of, text_match};
use mynah_syntax::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A condition, and whether its failing alone keeps an event out.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub tree: Tree,
    pub decisive: bool,
    /// The column that it is a case of.
    pub defines: Option<String>,
}

/// A condition as a tree.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Atom(Box<Atom>),
}

/// A condition without `and` and `or`.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    expression: Expr,
    /// Where it stands in the query.
    pub span: Option<Span>,
    pub sought: Sought,
    pub about: About,
    /// What it is for the event.
    pub value: Option<bool>,
    /// For how many events it holds.
    pub holds: usize,
    /// What the fields that it looks at hold in the event.
    pub fields: Vec<(String, Option<String>)>,
    /// The columns that it looks at, and those that they are made of.
    pub behind: BTreeSet<String>,
}

/// A column that is made of more others than this is a verdict of the query, not a value of the record.
const MANY: usize = 4;
/// How many fields of a condition are told.
const MOST_FIELDS: usize = 3;

/// What a condition looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sought {
    /// Texts and numbers.
    pub literals: Vec<String>,
    /// Paths of the record.
    pub paths: BTreeSet<String>,
}

impl Sought {
    /// How long the longest text is that it looks for: the shorter, the more it is to the point.
    pub fn longest(&self) -> usize {
        self.literals.iter().map(String::len).max().unwrap_or(0)
    }
}

/// What an atom is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Values of the record.
    Record,
    /// Which kind of log it is.
    Source,
    /// What the query itself has computed.
    Verdict,
}

/// The conditions that each of the events, all of one log source, gets to; `plan` is the query's, `placed` the same over data.
pub(super) fn conditions(
    engine: &Engine,
    plan: &LogicalPlan,
    placed: &LogicalPlan,
    source: &str,
    events: &BTreeSet<EventId>,
) -> Result<BTreeMap<EventId, Vec<Condition>>, EngineError> {
    let lineage = Lineage::of(plan, source)?;
    let mut nodes: Vec<(LogicalPlan, Vec<Condition>)> = Vec::new();
    placed.apply_with_subqueries(|node| {
        let mut found = Vec::new();
        if let LogicalPlan::Filter(filter) = node {
            found.push((filter.predicate.clone(), true, None));
        }
        if let (LogicalPlan::Filter(_) | LogicalPlan::Projection(_), [input]) = (node, node.inputs().as_slice()) {
            node.apply_expressions(|expression| {
                let defines = if let Expr::Alias(alias) = expression { Some(&alias.name) } else { None };
                cases(expression, defines, &mut found)?;
                Ok(TreeNodeRecursion::Continue)
            })?;
            found.retain(|(part, ..)| matches!(part.get_type(input.schema()), Ok(DataType::Boolean)));
            let tree = |(part, decisive, defines): (Expr, bool, Option<String>)| Condition {
                tree: tree(&part, None, &lineage),
                decisive,
                defines,
            };
            nodes.push(((*input).clone(), found.into_iter().map(tree).collect()));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut conditions: BTreeMap<EventId, Vec<Condition>> = BTreeMap::new();
    for (input, mut found) in nodes {
        let mut atoms = Vec::new();
        found.iter_mut().for_each(|condition| condition.tree.atoms(&mut atoms));
        if atoms.is_empty() {
            continue;
        }
        for (event, seen) in evaluate(engine, input, atoms, events)? {
            let mut of_event = found.clone();
            let mut atoms = Vec::new();
            of_event.iter_mut().for_each(|condition| condition.tree.atoms(&mut atoms));
            for (atom, seen) in atoms.into_iter().zip(seen) {
                (atom.value, atom.fields) = (seen.value, seen.fields);
            }
            conditions.entry(event).or_default().extend(of_event);
        }
    }
    Ok(conditions)
}

/// The conditions of the cases inside an expression, which defines a column.
fn cases(
    expression: &Expr,
    defines: Option<&String>,
    found: &mut Vec<(Expr, bool, Option<String>)>,
) -> datafusion::common::Result<()> {
    expression.apply(|inner| {
        if let Expr::Case(case) = inner
            && case.expr.is_none()
        {
            found.extend(case.when_then_expr.iter().map(|(when, _)| (when.as_ref().clone(), false, defines.cloned())));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(())
}

/// What an atom is for one event.
struct Seen {
    value: Option<bool>,
    fields: Vec<(String, Option<String>)>,
}

/// Tells each atom for how many events it holds, and gives what each is for those of the events that get as far as this node.
fn evaluate(
    engine: &Engine,
    input: LogicalPlan,
    mut atoms: Vec<&mut Atom>,
    wanted: &BTreeSet<EventId>,
) -> Result<BTreeMap<EventId, Vec<Seen>>, EngineError> {
    let columns = atoms.iter().enumerate().map(|(i, atom)| atom.expression.clone().alias(format!("__atom{i}")));
    let read: Vec<Column> =
        atoms.iter().flat_map(|atom| atom.fields_read()).collect::<BTreeSet<_>>().into_iter().collect();
    let values = read.iter().enumerate().map(|(i, column)| Expr::Column(column.clone()).alias(format!("__value{i}")));
    // A column of its own keeps the projection from being empty.
    let columns: Vec<Expr> = columns.chain(values).chain([lit(true).alias("__here")]).collect();
    let count = atoms.len();
    let plan = LogicalPlanBuilder::from(input).project(columns)?.build()?;
    let mut seen: BTreeMap<EventId, Vec<Seen>> = BTreeMap::new();
    engine.execute(plan).rows_with_events(|batch, events| {
        let truths: Vec<Option<&BooleanArray>> =
            batch.columns().iter().take(count).map(|column| column.as_boolean_opt()).collect();
        for (truth, atom) in truths.iter().zip(&mut atoms) {
            atom.holds += truth.map_or(0, BooleanArray::true_count);
        }
        for (row, of_row) in events.iter().enumerate() {
            for event in of_row.iter().filter(|event| wanted.contains(event)) {
                seen.entry(*event).or_insert_with(|| {
                    let values: BTreeMap<&Column, Option<String>> =
                        read.iter().zip(batch.columns().iter().skip(count).map(|array| text(array, row))).collect();
                    let of_atom = |(truth, atom): (&Option<&BooleanArray>, &&mut Atom)| {
                        let known = |column: Column| Some((column.name.clone(), values.get(&column)?.clone()));
                        let value = truth.filter(|truth| !truth.is_null(row)).map(|truth| truth.value(row));
                        Seen { value, fields: atom.fields_read().into_iter().filter_map(known).collect() }
                    };
                    truths.iter().zip(&atoms).map(of_atom).collect()
                });
            }
        }
        Ok(())
    })?;
    Ok(seen)
}

/// A value for people, several with commas between them; none for null.
fn text(array: &ArrayRef, row: usize) -> Option<String> {
    if array.is_null(row) {
        return None;
    }
    match array.as_list_opt::<i32>() {
        Some(list) => {
            let values = list.value(row);
            let texts: Vec<String> = (0..values.len()).filter_map(|element| text(&values, element)).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        None => array_value_to_string(array, row).ok(),
    }
}

/// The tree of a condition that stands at `span`.
fn tree(expression: &Expr, span: Option<Span>, lineage: &Lineage) -> Tree {
    let atom = |expression: Expr| {
        let span = span.or_else(|| mark_of(&expression));
        Tree::Atom(Box::new(Atom::new(expression, span, lineage)))
    };
    match expression {
        Expr::Alias(alias) => tree(&alias.expr, mark_of(expression).or(span), lineage),
        Expr::IsTrue(inner) => tree(inner, span, lineage),
        Expr::BinaryExpr(binary) if matches!(binary.op, Operator::And | Operator::Or) => {
            let parts = vec![tree(&binary.left, span, lineage), tree(&binary.right, span, lineage)];
            if binary.op == Operator::And { Tree::All(parts) } else { Tree::Any(parts) }
        }
        Expr::InList(list) if !list.negated => {
            Tree::Any(list.list.iter().map(|value| atom(list.expr.as_ref().clone().eq(value.clone()))).collect())
        }
        Expr::ScalarFunction(call) => match (function_of::<TextMatch>(&call.func), call.args.as_slice()) {
            (Some(text), [argument]) if text.matcher().patterns().len() > 1 => {
                let case = text.matcher().case();
                let one = |pattern| text_match(Matcher::new([pattern], case), argument.clone());
                Tree::Any(text.matcher().patterns().iter().cloned().map(|pattern| atom(one(pattern))).collect())
            }
            _ => atom(expression.clone()),
        },
        other => atom(other.clone()),
    }
}

impl Tree {
    fn atoms<'t>(&'t mut self, atoms: &mut Vec<&'t mut Atom>) {
        match self {
            Tree::Atom(atom) => atoms.push(atom),
            Tree::All(parts) | Tree::Any(parts) => parts.iter_mut().for_each(|part| part.atoms(atoms)),
        }
    }

    /// The paths of the record that its atoms look at.
    pub fn paths(&self, paths: &mut BTreeSet<String>) {
        match self {
            Tree::Atom(atom) if atom.about == About::Record => paths.extend(atom.sought.paths.iter().cloned()),
            Tree::Atom(_) => {}
            Tree::All(parts) | Tree::Any(parts) => parts.iter().for_each(|part| part.paths(paths)),
        }
    }

    /// What it is for the event.
    pub fn value(&self) -> Option<bool> {
        let (parts, decisive) = match self {
            Tree::Atom(atom) => return atom.value,
            Tree::All(parts) => (parts, false),
            Tree::Any(parts) => (parts, true),
        };
        let values: Vec<Option<bool>> = parts.iter().map(Tree::value).collect();
        match values.contains(&Some(decisive)) {
            true => Some(decisive),
            false => (!values.contains(&None)).then_some(!decisive),
        }
    }

    /// The atoms that make it true.
    pub fn credit<'t>(&'t self, held: &mut Vec<&'t Atom>) {
        match self {
            Tree::Atom(atom) => held.push(atom),
            Tree::All(parts) => parts.iter().for_each(|part| part.credit(held)),
            Tree::Any(parts) => {
                parts.iter().filter(|part| part.value() == Some(true)).for_each(|part| part.credit(held))
            }
        }
    }

    /// The atoms that keep it from being true, those about the record only; of alternatives, those of the one that is most
    /// like what is sought. Nothing where it is about other kinds of logs.
    pub fn blame<'t>(&'t self, sought: &Sought, failed: &mut Vec<&'t Atom>) {
        match self {
            Tree::Atom(atom) if atom.about == About::Record => failed.push(atom),
            Tree::Atom(_) => {}
            Tree::All(parts) => {
                if !self.is_elsewhere() {
                    parts.iter().filter(|part| part.value() != Some(true)).for_each(|part| part.blame(sought, failed));
                }
            }
            Tree::Any(parts) => {
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
            Tree::All(parts) => parts.iter().any(Tree::is_elsewhere),
            Tree::Any(parts) => !parts.is_empty() && parts.iter().all(Tree::is_elsewhere),
        }
    }

    /// Whether one of its atoms looks at the same value, and how like one is to what is sought there.
    fn likeness(&self, sought: &Sought) -> (bool, usize) {
        match self {
            Tree::Atom(atom) => atom.likeness(sought),
            Tree::All(parts) | Tree::Any(parts) => {
                parts.iter().map(|part| part.likeness(sought)).max().unwrap_or_default()
            }
        }
    }

    /// How many of its atoms hold.
    pub fn held(&self) -> usize {
        match self {
            Tree::Atom(atom) => usize::from(atom.value == Some(true)),
            Tree::All(parts) | Tree::Any(parts) => parts.iter().map(Tree::held).sum(),
        }
    }
}

impl Atom {
    fn new(expression: Expr, span: Option<Span>, lineage: &Lineage) -> Atom {
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
        let (mut origins, mut behind) = (BTreeSet::new(), BTreeSet::new());
        named.iter().for_each(|name| lineage.follow(name, &mut origins, &mut behind));
        let paths: BTreeSet<String> =
            origins.iter().filter_map(|origin| lineage.scanned.get(origin)).flatten().cloned().collect();
        let about = match (origins.len(), paths.is_empty()) {
            (0, _) => About::Verdict,
            (count, _) if count > MANY => About::Verdict,
            (_, true) => About::Source,
            _ => About::Record,
        };
        Atom {
            expression,
            span,
            sought: Sought { literals, paths },
            about,
            value: None,
            holds: 0,
            fields: Vec::new(),
            behind,
        }
    }

    /// Whether it says what must not be.
    pub fn is_negative(&self) -> bool {
        match &self.expression {
            Expr::Not(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_) | Expr::IsNull(_) => true,
            Expr::BinaryExpr(binary) => matches!(binary.op, Operator::NotEq | Operator::IsDistinctFrom),
            Expr::InList(list) => list.negated,
            _ => false,
        }
    }

    /// The columns whose values tell why it holds or fails.
    fn fields_read(&self) -> Vec<Column> {
        let columns: BTreeSet<Column> = self.expression.column_refs().into_iter().cloned().collect();
        // What planning adds begins with `__`.
        columns.into_iter().filter(|column| !column.name.starts_with("__")).take(MOST_FIELDS).collect()
    }

    /// Whether it looks at the same value as what is sought, and how like the literals are, in parts of a hundred.
    pub fn likeness(&self, sought: &Sought) -> (bool, usize) {
        let pairs = self
            .sought
            .literals
            .iter()
            .flat_map(|literal| sought.literals.iter().map(move |other| likeness(literal, other)));
        (self.about == About::Record && !self.sought.paths.is_disjoint(&sought.paths), pairs.max().unwrap_or(0))
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
