//! Conditions on what a view gives every event of a log source: its index, its dataset, the name of its type.
//!
//! The views know these values. A condition that compares such a column with a text that none of them is, but that is
//! nearly one of them, is misspelt, whatever the language: it finds nothing, and no vendor says so.
use crate::mark::own_mark;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::expr::{InList, ScalarFunction};
use datafusion::logical_expr::{BinaryExpr, LogicalPlan, Operator, TableScan};
use datafusion::prelude::Expr;
use mynah_kernels::{Case, Matcher, TextMatch, function_of};
use mynah_syntax::{Diagnostic, Rule, Span, edits};
use mynah_view::{Binding, EventScan, Origin, ScanColumn};
use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The rule behind [`misspelt_constants`], for `mynah check --rules`.
pub const MISSPELT_CONSTANT: Rule = Rule::warning(
    "query/misspelt-constant",
    "A text that is nearly a value of a log source's constants, such as an index, a dataset or a log source type",
    "no event has the misspelt value, so that the condition finds nothing; no vendor says so",
    r#"any where event.dataset == "aws.cloudtrial""#,
    r#"any where event.dataset == "aws.cloudtrail""#,
    "https://www.elastic.co/docs/reference/ecs/ecs-event",
);

/// What is misspelt in the conditions of a plan, by its marks.
pub(crate) fn misspelt_constants(plan: &LogicalPlan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Nothing in here fails.
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Filter(filter) = node {
            filter.predicate.apply(|part| {
                let Some(span) = own_mark(part) else { return Ok(TreeNodeRecursion::Continue) };
                found.extend(in_condition(part, span, &filter.input));
                Ok(TreeNodeRecursion::Jump)
            })?;
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

/// What is misspelt in one condition over the rows of a plan.
fn in_condition(condition: &Expr, span: Span, input: &LogicalPlan) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let _ = condition.apply(|part| {
        if let Some((column, texts, case)) = comparison(part)
            && let Some((scan, scanned)) = scan_column(input, column)
        {
            found.extend(misspelt(scanned, shown_name(scan, scanned), &texts, case, span));
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

/// The column that an expression compares with texts, as a whole, and how.
fn comparison(expr: &Expr) -> Option<(&str, Vec<String>, Case)> {
    let literal = |expr: &Expr| match expr {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(text.clone()),
        _ => None,
    };
    match expr {
        Expr::ScalarFunction(ScalarFunction { func, args }) => {
            let (Some(found), [Expr::Column(column)]) = (function_of::<TextMatch>(func), args.as_slice()) else {
                return None;
            };
            let texts = found.matcher().patterns().iter().filter_map(|pattern| pattern.as_exact().map(str::to_owned));
            Some((&column.name, texts.collect(), found.matcher().case()))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq | Operator::NotEq, right }) => {
            let (column, text) = match (left.as_ref(), right.as_ref()) {
                (Expr::Column(column), other) | (other, Expr::Column(column)) => (column, literal(other)?),
                _ => return None,
            };
            Some((&column.name, vec![text], Case::Exact))
        }
        Expr::InList(InList { expr, list, .. }) => {
            let Expr::Column(column) = expr.as_ref() else { return None };
            Some((&column.name, list.iter().filter_map(literal).collect(), Case::Exact))
        }
        _ => None,
    }
}

/// The column of a scan that a column of a plan passes on as it is.
fn scan_column<'p>(plan: &'p LogicalPlan, name: &str) -> Option<(&'p EventScan, &'p ScanColumn)> {
    match plan {
        LogicalPlan::TableScan(TableScan { source, .. }) => {
            let source: &dyn Any = source.as_ref();
            let scan = source.downcast_ref::<EventScan>()?;
            scan.columns().iter().find(|column| column.name == name).map(|column| (scan, column))
        }
        LogicalPlan::Projection(projection) => {
            // A column that is made has another name, or hides what it is made of.
            let passed_on = projection.expr.iter().find_map(|expr| match expr {
                Expr::Column(column) if column.name == name => Some(Some(&column.name)),
                Expr::Alias(alias) if alias.name == name => Some(match alias.expr.as_ref() {
                    Expr::Column(column) => Some(&column.name),
                    _ => None,
                }),
                _ => None,
            });
            scan_column(&projection.input, passed_on??)
        }
        LogicalPlan::Filter(_) | LogicalPlan::Sort(_) | LogicalPlan::Limit(_) | LogicalPlan::SubqueryAlias(_) => {
            scan_column(plan.inputs().first().copied()?, name)
        }
        _ => None,
    }
}

/// The name of a column in the query: a dialect may read a field a second time, in a column with a name of its own.
fn shown_name<'s>(scan: &'s EventScan, column: &'s ScanColumn) -> &'s str {
    let is_shown = |other: &&ScanColumn| !other.name.starts_with("__") && other.bindings == column.bindings;
    scan.columns().iter().find(is_shown).map_or(column.name.as_str(), |shown| shown.name.as_str())
}

/// How many log sources must have a constant, for a column that more of them take from the records.
const FEWEST: usize = 3;

/// The values that the views give events of their log sources; none if few log sources have such values.
fn constants(column: &ScanColumn) -> BTreeSet<String> {
    let is_constant = |bindings: &[Binding]| {
        bindings.iter().all(|binding| matches!(binding.origin, Origin::Constant(_) | Origin::Lookup { .. }))
    };
    let known: Vec<&[Binding]> =
        column.bindings.iter().map(|(_, bindings)| &**bindings).filter(|bindings| is_constant(bindings)).collect();
    if known.len() < FEWEST && known.len() * 2 <= column.bindings.len() {
        return BTreeSet::new();
    }
    known.into_iter().flatten().flat_map(values).collect()
}

/// The values that a binding can give that takes none from the record.
fn values(binding: &Binding) -> Vec<String> {
    let given: Vec<&String> = match &binding.origin {
        Origin::Constant(values) => values.iter().collect(),
        Origin::Lookup { table, default, .. } => table.values().flatten().chain(default).collect(),
        _ => Vec::new(),
    };
    let mut values: Vec<Cow<'_, str>> = given.into_iter().map(|value| Cow::Borrowed(value.as_str())).collect();
    for apply in &binding.apply {
        values = values.into_iter().flat_map(|value| apply.apply(value)).collect();
    }
    values.into_iter().map(Cow::into_owned).collect()
}

/// The diagnostics of texts that are nearly, but not quite, a value of a column's constants.
fn misspelt(column: &ScanColumn, name: &str, texts: &[String], case: Case, span: Span) -> Vec<Diagnostic> {
    let values = constants(column);
    if values.is_empty() {
        return Vec::new();
    }
    let is_one = |text: &str| {
        let matcher = Matcher::equal([text], case);
        values.iter().any(|value| matcher.matches(value))
    };
    let wrong = texts.iter().filter(|text| !is_one(text));
    let say = |text: &String| {
        let nearest = values.iter().filter(|value| is_near(text, value)).min_by_key(|value| edits(text, value))?;
        let message = format!("no log source has the value `{text}` in `{name}`");
        Some(MISSPELT_CONSTANT.diagnostic(message, span).with_help(format!("did you mean `{nearest}`?")))
    };
    wrong.filter_map(say).collect()
}

/// Whether a text is a slip for a value: few letters differ, and not only digits, which are different on purpose. Nor only
/// in case: rules for several versions of an integration name both.
fn is_near(text: &str, value: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| !c.is_numeric()).collect::<String>();
    let length = text.chars().count();
    let most = if length < 8 { 1 } else { 2 };
    length > 2
        && value.chars().count().abs_diff(length) <= most
        && letters(text) != letters(value)
        && edits(text, value) <= most
}
