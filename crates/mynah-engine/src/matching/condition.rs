//! Testing a condition on events: a value that many of them have is tested once.
use super::budget::Spent;
use super::selection::Selection;
use datafusion::arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::utils::split_binary;
use datafusion::logical_expr::{BinaryExpr, Operator};
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion::prelude::Expr;
use mynah_kernels::{Matcher, TextMatch, function_of};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// A condition, and what was spent on it.
#[derive(Debug)]
pub(super) struct Condition {
    test: Test,
    pub spent: Spent,
}

/// Parts of a condition on different columns, each to be tested on the values of its own.
#[derive(Debug)]
enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Part(Box<Part>),
    /// The most common one: whether a text fits patterns. The part is for columns of other types.
    Match(Arc<Matcher>, Box<Part>),
}

/// What is tested at once, and the columns that it reads.
#[derive(Debug)]
struct Part {
    predicate: Expr,
    columns: Vec<usize>,
    schema: DFSchema,
    /// What tests it, made when the first event comes to it.
    compiled: OnceLock<std::result::Result<Arc<dyn PhysicalExpr>, String>>,
}

/// Of which events it is true, by their rows in a selection: nothing for none. Or why it cannot be tested.
type Truth = std::result::Result<Option<BooleanBuffer>, String>;

impl Condition {
    /// From what it asks of columns that the schema of all columns has.
    pub fn new(predicate: Expr, all: &DFSchema) -> Result<Condition> {
        Ok(Condition { test: Test::new(predicate, all)?, spent: Spent::default() })
    }

    /// The numbers of the columns that it reads.
    pub fn columns(&self) -> BTreeSet<usize> {
        let mut columns = BTreeSet::new();
        self.test.each_part(&mut |part| columns.extend(&part.columns));
        columns
    }

    /// The events that fulfil it; or why it cannot be tested. Only a fault of the selection itself is an error.
    pub fn of<'b>(&self, events: &Selection<'b>) -> Result<std::result::Result<Selection<'b>, String>> {
        Ok(self.test.of(events)?.map(|truth| match truth {
            Some(truth) => events.narrowed(&truth),
            None => events.none(),
        }))
    }
}

impl Test {
    fn new(predicate: Expr, all: &DFSchema) -> Result<Test> {
        let operator = match &predicate {
            Expr::BinaryExpr(BinaryExpr { op: op @ (Operator::And | Operator::Or), .. }) => *op,
            _ => return Test::part(predicate, all),
        };
        if predicate.column_refs().len() < 2 {
            return Test::part(predicate, all);
        }
        let parts = split_binary(&predicate, operator).into_iter();
        let parts = parts.map(|part| Test::new(part.clone(), all)).collect::<Result<Vec<_>>>()?;
        // What is neither true nor false is as good as false here: nothing stands above these that would turn it round.
        Ok(if operator == Operator::And { Test::All(parts) } else { Test::Any(parts) })
    }

    fn part(predicate: Expr, all: &DFSchema) -> Result<Test> {
        let names: BTreeSet<&str> = predicate.column_refs().iter().map(|column| column.name.as_str()).collect();
        let mut columns = Vec::new();
        let mut fields = Vec::new();
        for (number, (_, field)) in
            all.iter().enumerate().filter(|(_, (_, field))| names.contains(field.name().as_str()))
        {
            columns.push(number);
            fields.push((None, Arc::clone(field)));
        }
        let matcher = matcher(&predicate).cloned();
        let schema = DFSchema::new_with_metadata(fields, HashMap::new())?;
        let part = Box::new(Part { predicate, columns, schema, compiled: OnceLock::new() });
        Ok(match matcher {
            Some(matcher) => Test::Match(matcher, part),
            None => Test::Part(part),
        })
    }

    fn each_part<'t>(&'t self, each: &mut dyn FnMut(&'t Part)) {
        match self {
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| test.each_part(each)),
            Test::Part(part) | Test::Match(_, part) => each(part),
        }
    }

    fn of(&self, events: &Selection<'_>) -> Result<Truth> {
        let mut so_far: Option<BooleanBuffer> = None;
        match self {
            Test::Part(part) => return part.of(events),
            Test::Match(matcher, part) => return part.of_matches(matcher, events),
            Test::All(tests) => {
                for test in tests {
                    so_far = match (so_far, test.of(events)?) {
                        (Some(before), Ok(Some(truth))) => Some(&before & &truth),
                        (None, Ok(Some(truth))) => Some(truth),
                        (_, none_or_error) => return Ok(none_or_error),
                    };
                }
            }
            Test::Any(tests) => {
                for test in tests {
                    so_far = match (so_far, test.of(events)?) {
                        (Some(before), Ok(Some(truth))) => Some(&before | &truth),
                        (None, Ok(truth)) => truth,
                        (before, Ok(None)) => before,
                        (_, error) => return Ok(error),
                    };
                }
            }
        }
        Ok(Ok(so_far))
    }
}

/// What a predicate compares a column with, if it does nothing else.
fn matcher(predicate: &Expr) -> Option<&Arc<Matcher>> {
    let Expr::ScalarFunction(call) = predicate else { return None };
    let [Expr::Column(_)] = call.args.as_slice() else { return None };
    Some(function_of::<TextMatch>(&call.func)?.matcher())
}

impl Part {
    /// The same as [`Part::of`], where it asks whether a text fits.
    fn of_matches(&self, matcher: &Matcher, events: &Selection<'_>) -> Result<Truth> {
        let [column] = self.columns.as_slice() else { return self.of(events) };
        if let Some(distinct) = events.distinct(*column)? {
            let Some(folded) = distinct.folded(matcher.case()) else { return self.of(events) };
            let truth = fits(folded, |text| matcher.matches_folded(text));
            return Ok(Ok(truth.map(|of_values| distinct.of_rows(events, &of_values))));
        }
        let texts = events.column(*column)?;
        match texts.as_string_opt::<i32>() {
            Some(texts) => Ok(Ok(fits(texts, |text| matcher.matches(text)))),
            None => self.of(events),
        }
    }

    fn of(&self, events: &Selection<'_>) -> Result<Truth> {
        if let [column] = self.columns.as_slice()
            && let Some(distinct) = events.distinct(*column)?
        {
            let schema = SchemaRef::clone(self.schema.inner());
            let values = RecordBatch::try_new(schema, vec![distinct.values()])?;
            // What cannot be tested may be a value that these events do not have.
            if let Ok(of_values) = self.of_batch(&values) {
                let truth = of_values.filter(|of_values| of_values.count_set_bits() > 0);
                return Ok(Ok(truth.map(|of_values| distinct.of_rows(events, &of_values))));
            }
        }
        Ok(self.of_batch(&events.columns(&self.columns, SchemaRef::clone(self.schema.inner()))?))
    }

    fn of_batch(&self, batch: &RecordBatch) -> Truth {
        let test = self.compiled().as_ref().map_err(String::clone)?;
        let fulfilled = test.evaluate(batch).and_then(|value| value.into_array(batch.num_rows()));
        let fulfilled = fulfilled.map_err(|error| error.strip_backtrace())?;
        let truth = is_true(fulfilled.as_boolean());
        Ok(Some(truth).filter(|truth| truth.count_set_bits() > 0))
    }

    fn compiled(&self) -> &std::result::Result<Arc<dyn PhysicalExpr>, String> {
        self.compiled.get_or_init(|| {
            let (context, properties) = (Default::default(), ExecutionProps::new());
            create_physical_expr(&self.predicate, &self.schema, &properties, &context)
                .map_err(|error| error.strip_backtrace())
        })
    }
}

/// Which of these texts pass a test; nothing for none.
fn fits(texts: &StringArray, test: impl Fn(&str) -> bool) -> Option<BooleanBuffer> {
    let truth = BooleanBuffer::collect_bool(texts.len(), |row| texts.is_valid(row) && test(texts.value(row)));
    Some(truth).filter(|truth| truth.count_set_bits() > 0)
}

fn is_true(values: &BooleanArray) -> BooleanBuffer {
    match values.nulls() {
        Some(nulls) => values.values() & nulls.inner(),
        None => values.values().clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::selection::Values;
    use super::*;
    use datafusion::arrow::array::{Int64Array, ListBuilder, StringBuilder};
    use datafusion::arrow::datatypes::{Field, Schema};
    use datafusion::prelude::{col, lit};
    use mynah_kernels::{Case, text_match};

    /// A column of texts, one of lists of texts and one of numbers: a few values again and again.
    fn batch(rows: usize) -> RecordBatch {
        let texts = StringArray::from_iter(
            (0..rows).map(|row| [Some("Cmd.exe"), None, Some("b"), Some("")].get(row % 5).copied()?),
        );
        let mut lists = ListBuilder::new(StringBuilder::new());
        for row in 0..rows {
            match row % 6 {
                0 => lists.append_null(),
                1 => lists.append_value(["X", "y"].map(Some)),
                2 => lists.append_value([None, Some("x")]),
                3 => lists.append_value(std::iter::empty::<Option<&str>>()),
                _ => lists.append_value([Some("y")]),
            }
        }
        let numbers = Int64Array::from_iter((0..rows).map(|row| (row % 7 > 0).then_some(row as i64 % 7)));
        let columns: [(&str, Arc<dyn Array>); 3] =
            [("text", Arc::new(texts)), ("list", Arc::new(lists.finish())), ("number", Arc::new(numbers))];
        let fields: Vec<Field> =
            columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.map(|(_, array)| array).to_vec()).unwrap()
    }

    fn fits(text: &str, case: Case, column: &str) -> Expr {
        text_match(Matcher::equal([text], case), col(column))
    }

    #[test]
    fn what_is_tested_once_for_each_value_is_what_is_true_of_each_row() {
        let conditions = [
            fits("cmd.EXE", Case::Folded, "text"),
            fits("cmd.EXE", Case::Exact, "text"),
            fits("", Case::Folded, "text"),
            fits("nothing", Case::Folded, "text"),
            fits("x", Case::Folded, "list"),
            fits("x", Case::Exact, "list"),
            col("text").is_null(),
            col("list").is_not_null(),
            !fits("b", Case::Folded, "text"),
            fits("b", Case::Folded, "text").or(fits("x", Case::Folded, "list")).or(col("number").gt(lit(5_i64))),
            fits("b", Case::Folded, "text").and(fits("x", Case::Folded, "list").or(col("number").is_null())),
            fits("nothing", Case::Folded, "text").or(fits("x", Case::Folded, "list").and(col("number").lt(lit(3_i64)))),
            fits("nothing", Case::Folded, "text").and(col("number").lt(lit(3_i64))),
            lit(true),
        ];
        let places = (0..3).map(|number| (number, number)).collect();
        for rows in [3, 1000] {
            let batch = batch(rows);
            let schema = DFSchema::try_from(batch.schema()).unwrap();
            let values = Values::new(batch.clone(), &places);
            for condition in &conditions {
                let (context, properties) = (Default::default(), ExecutionProps::new());
                let alone = create_physical_expr(condition, &schema, &properties, &context).unwrap();
                let truth = alone.evaluate(&batch).unwrap().into_array(rows).unwrap();
                let truth = is_true(truth.as_boolean());
                let wanted: Vec<u32> = truth.set_indices().map(|row| row as u32).collect();
                let tested = Condition::new(condition.clone(), &schema).unwrap();
                let all = Selection::all(&values);
                assert_eq!(tested.of(&all).unwrap().unwrap().rows().collect::<Vec<_>>(), wanted, "{condition}");
                // Of every second row, too.
                let half = all.narrowed(&BooleanBuffer::collect_bool(rows, |row| row % 2 == 1));
                let wanted: Vec<u32> = wanted.into_iter().filter(|row| row % 2 == 1).collect();
                assert_eq!(tested.of(&half).unwrap().unwrap().rows().collect::<Vec<_>>(), wanted, "{condition}");
            }
        }
    }
}
