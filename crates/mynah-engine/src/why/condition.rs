//! The conditions of a filter, as columns to be evaluated.
use crate::error::EngineError;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::logical_expr::Operator;
use datafusion::prelude::{Expr, lit};
use mynah_dialect::{mark_of, without_marks};
use mynah_kernels::{RegexMatch, TextMatch, function_of};
use mynah_syntax::Span;
use mynah_view::EVENT_ID;

/// What is asked of the rows that come to a filter.
pub(super) struct Wanted {
    /// The conditions, all of which must hold. A row's conditions are the bits of a word: there are at most 64.
    pub conditions: Vec<Asked>,
    /// The fields that these look at.
    pub fields: Vec<Column>,
}

/// One condition.
pub(super) struct Asked {
    pub span: Option<Span>,
    pub negated: bool,
    expression: Expr,
    /// Whether one of the parts is enough, and they.
    pub parts: Option<(bool, Vec<Asked>)>,
    /// The fields that it looks at, by their numbers.
    pub fields: Vec<usize>,
}

/// More conditions than these are one: a row's are the bits of a word.
const MOST_CONDITIONS: usize = 64;
/// Of a condition with more parts than these, they are not looked at.
const MOST_PARTS: usize = 32;
/// How deep parts are looked at.
const MOST_DEPTH: usize = 4;
/// Of a condition that looks at more fields than these, no values are shown.
const MOST_FIELDS: usize = 3;

/// A predicate of more parts than these takes too long to look at part by part.
const MOST_NODES: usize = 1_000;

/// Whether a predicate has more parts than are looked at.
pub(super) fn is_large(predicate: &Expr) -> bool {
    let mut nodes = 0;
    // Nothing in here fails.
    let _ = predicate.apply(|_| {
        nodes += 1;
        Ok(if nodes > MOST_NODES { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    });
    nodes > MOST_NODES
}

impl Wanted {
    /// Of a filter's predicate over rows of this schema.
    pub fn of(predicate: &Expr, schema: &DFSchema) -> Wanted {
        let mut parts = Vec::new();
        flatten(predicate, None, Operator::And, &mut parts);
        let mut parts = merged(parts);
        let rest = parts.split_off(parts.len().min(MOST_CONDITIONS - 1));
        let rest = rest.into_iter().map(|part| part.expression).reduce(Expr::and);
        parts.extend(rest.map(|rest| Part { span: mark_of(&rest), expression: rest, negated: false }));
        let mut fields = Vec::new();
        let asked = |part| Asked::of(part, schema, &mut fields, 0);
        let conditions = parts.into_iter().map(asked).collect();
        Wanted { conditions, fields }
    }

    /// A column for each condition and each part of one, then one for each field; one more keeps them from being none.
    pub fn columns(&self) -> Result<Vec<Expr>, EngineError> {
        let mut conditions = Vec::new();
        self.conditions.iter().for_each(|asked| asked.expressions(&mut conditions));
        let conditions = conditions.into_iter().map(|condition| without_marks(condition.clone()));
        let fields = self.fields.iter().map(|field| Ok(Expr::Column(field.clone())));
        let all = conditions.chain(fields).chain([Ok(lit(true))]).enumerate();
        let named = all.map(|(number, column)| Ok(column?.alias(format!("__why{number}"))));
        Ok(named.collect::<datafusion::common::Result<_>>()?)
    }
}

/// A part of a chain of `and` or `or`, with its place.
struct Part {
    expression: Expr,
    span: Option<Span>,
    /// Whether it is the opposite of what stands at its place.
    negated: bool,
}

/// What a language made several conditions of is one to its author.
fn merged(parts: Vec<Part>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        let same = |last: &mut Part| part.span.is_some() && last.span == part.span && last.negated == part.negated;
        match merged.pop_if(same) {
            Some(last) => merged.push(Part { expression: last.expression.and(part.expression), ..part }),
            None => merged.push(part),
        }
    }
    merged
}

/// The parts of a chain of one operator, each with its place.
fn flatten(expression: &Expr, span: Option<Span>, operator: Operator, parts: &mut Vec<Part>) {
    match expression {
        Expr::Alias(alias) => flatten(&alias.expr, mark_of(expression).or(span), operator, parts),
        Expr::IsTrue(inner) => flatten(inner, span, operator, parts),
        Expr::BinaryExpr(binary) if binary.op == operator => {
            flatten(&binary.left, span, operator, parts);
            flatten(&binary.right, span, operator, parts);
        }
        other => {
            let negated = span.is_none() && matches!(other, Expr::Not(_) | Expr::IsNotTrue(_) | Expr::IsFalse(_));
            parts.push(Part { expression: other.clone(), span: span.or_else(|| mark_of(other)), negated });
        }
    }
}

impl Asked {
    fn of(part: Part, schema: &DFSchema, fields: &mut Vec<Column>, depth: usize) -> Asked {
        let Part { expression, span, negated } = part;
        let looks_at: Vec<&Column> = expression.column_refs().into_iter().collect();
        let mut numbers = Vec::new();
        let shown = looks_at.into_iter().filter(|column| column.name != EVENT_ID && schema.has_column(column));
        for column in shown {
            let known = fields.iter().position(|field| field == column).unwrap_or_else(|| {
                fields.push(column.clone());
                fields.len() - 1
            });
            numbers.push(known);
        }
        numbers.sort_unstable();
        numbers.truncate(if numbers.len() > MOST_FIELDS { 0 } else { MOST_FIELDS });
        let parts = [Operator::Or, Operator::And].into_iter().find_map(|operator| {
            let mut parts = Vec::new();
            flatten(&expression, None, operator, &mut parts);
            // What a language adds to its author's conditions is no news to anybody.
            parts.retain(|part| part.span.is_some());
            let some = depth < MOST_DEPTH && (2..=MOST_PARTS).contains(&parts.len());
            some.then(|| {
                let asked = |part| Asked::of(part, schema, fields, depth + 1);
                (operator == Operator::Or, parts.into_iter().map(asked).collect())
            })
        });
        Asked { span, negated, expression, parts, fields: numbers }
    }

    fn expressions<'a>(&'a self, all: &mut Vec<&'a Expr>) {
        all.push(&self.expression);
        self.parts.iter().flat_map(|(_, parts)| parts).for_each(|part| part.expressions(all));
    }

    /// The condition as people read it.
    pub fn shown(&self) -> String {
        let readable = without_marks(self.expression.clone()).and_then(readable);
        readable.map_or_else(|_| String::new(), |expression| expression.to_string())
    }

    /// The texts that it looks for.
    pub fn literals(&self) -> Vec<String> {
        let mut literals = Vec::new();
        let _ = self.expression.apply(|part| {
            match part {
                Expr::Literal(ScalarValue::Utf8(Some(text)), _) => literals.push(text.clone()),
                Expr::ScalarFunction(call) => {
                    if let Some(text) = function_of::<TextMatch>(&call.func) {
                        let patterns = text.matcher().patterns().iter();
                        literals.extend(patterns.flat_map(|pattern| pattern.literals()).map(str::to_owned));
                    }
                    if function_of::<RegexMatch>(&call.func).is_some() {
                        return Ok(TreeNodeRecursion::Jump);
                    }
                }
                _ => {}
            }
            Ok(TreeNodeRecursion::Continue)
        });
        literals
    }
}

/// The expression with calls of functions as people read them: DataFusion shows a call by its function's name alone.
pub(crate) fn readable(expression: Expr) -> datafusion::common::Result<Expr> {
    let readable = expression.transform_up(|part| match &part {
        Expr::ScalarFunction(call) => Ok(match mynah_kernels::shown(&call.func, &call.args) {
            Some(text) => Transformed::yes(Expr::Column(Column::from_name(text))),
            None => Transformed::no(part),
        }),
        _ => Ok(Transformed::no(part)),
    })?;
    Ok(readable.data)
}

/// What the conditions are for the rows of a batch.
pub(super) struct Evaluated<'b> {
    pub rows: usize,
    /// Of the conditions and their parts, in the order of [`Wanted::columns`].
    pub conditions: Vec<&'b BooleanArray>,
    /// The fields.
    pub fields: Vec<ArrayFormatter<'b>>,
    columns: Vec<&'b ArrayRef>,
}

impl<'b> Evaluated<'b> {
    pub fn of(wanted: &Wanted, batch: &'b RecordBatch) -> Result<Evaluated<'b>, EngineError> {
        static FORMAT: FormatOptions<'static> = FormatOptions::new();
        let count = batch.num_columns().saturating_sub(wanted.fields.len() + 1);
        let conditions = batch.columns().iter().take(count).filter_map(|column| column.as_boolean_opt()).collect();
        let columns: Vec<&ArrayRef> = batch.columns().iter().skip(count).take(wanted.fields.len()).collect();
        let fields = columns
            .iter()
            .copied()
            .map(|column| ArrayFormatter::try_new(column.as_ref(), &FORMAT))
            .collect::<Result<_, _>>()
            .map_err(|error| EngineError::Execution(error.to_string()))?;
        Ok(Evaluated { rows: batch.num_rows(), conditions, fields, columns })
    }

    /// The text of a field's value; none where it has none.
    pub fn value(&self, field: usize, row: usize) -> Option<String> {
        let column = self.columns.get(field)?;
        if column.is_null(row) {
            return None;
        }
        let text = self.fields.get(field).map(|formatter| formatter.value(row).to_string())?;
        let whole = column.data_type().is_floating().then(|| text.strip_suffix(".0")).flatten().map(str::to_owned);
        Some(whole.unwrap_or(text))
    }
}
