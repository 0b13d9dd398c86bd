use super::{AggregateCall, docs, lower};
use crate::expression::{Scope, Type};
use crate::functions::tests_support::show;
use datafusion::arrow::array::{ArrayRef, Float64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ScalarValue;
use datafusion::datasource::MemTable;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{SessionConfig, SessionContext};
use mynah_dialect::{column, failed_examples};
use std::sync::Arc;

/// Four events, the newest first; each half in a partition of its own, so that results get merged.
fn events() -> (Vec<RecordBatch>, Scope) {
    let batch = |x: Vec<Option<&str>>, n: Vec<f64>, time: Vec<f64>| {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("x", Arc::new(StringArray::from(x))),
            ("n", Arc::new(Float64Array::from(n))),
            ("_time", Arc::new(Float64Array::from(time))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap()
    };
    let batches = vec![
        batch(vec![Some("b"), Some("a")], vec![4.0, 3.0], vec![40.0, 30.0]),
        batch(vec![Some("b"), None], vec![2.0, 1.0], vec![20.0, 10.0]),
    ];
    (batches, Scope::default().with("x", Type::Text).with("n", Type::Number).with("_time", Type::Number))
}

fn evaluate(call: &str) -> ScalarValue {
    let (batches, scope) = events();
    let (parsed, end) = AggregateCall::parse_prefix(call, 0).unwrap();
    assert_eq!(end, call.len(), "{call}");
    let order = [column("_time").sort(false, false)];
    let aggregate = lower(&parsed, &scope, &order).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let session = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(2));
        let schema = batches[0].schema();
        let table = MemTable::try_new(schema, batches.into_iter().map(|batch| vec![batch]).collect()).unwrap();
        let frame = session.read_table(Arc::new(table)).unwrap();
        let result: Vec<RecordBatch> = frame
            .aggregate(Vec::<Expr>::new(), vec![aggregate.call.clone().alias("result")])
            .unwrap()
            .select(vec![aggregate.value(column("result")).alias("shown")])
            .unwrap()
            .collect()
            .await
            .unwrap();
        let array = result[0].column(0);
        assert_eq!(array.data_type(), &aggregate.ty.data_type(), "{call}");
        ScalarValue::try_from_array(array, 0).unwrap()
    })
}

#[test]
fn documented_examples_hold() {
    assert!(docs().all(|doc| !doc.examples.is_empty()));
    let failed = failed_examples(docs(), |query| show(&evaluate(query)));
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn evals_and_absent_fields_are_calculated_of() {
    assert_eq!(show(&evaluate("values(eval(x . n))")), r#"["a3","b2","b4"]"#);
    assert_eq!(show(&evaluate("sum(eval(if(x=\"b\", n, 0)))")), "6");
    assert_eq!(show(&evaluate("count(nothing)")), "0");
    assert_eq!(show(&evaluate("dc(nothing)")), "0");
    assert_eq!(show(&evaluate("values(nothing)")), "null");
    assert_eq!(show(&evaluate("count(eval(split(\"a,b\", \",\")))")), "8");
    assert_eq!(show(&evaluate("dc(eval(split(\"a,b\", \",\")))")), "2");
    assert_eq!(show(&evaluate("list(eval(split(x . \",z\", \",\")))")), r#"["b","z","a","z","b","z"]"#);
}

#[test]
fn unknown_functions_are_named() {
    let (_, scope) = events();
    let error = |call: &str| {
        let (call, _) = AggregateCall::parse_prefix(call, 0).unwrap();
        lower(&call, &scope, &[]).unwrap_err().message
    };
    assert_eq!(error("rate_avg(n)"), "the function `rate_avg` is not supported");
    assert_eq!(error("vlaues(x)"), "there is no statistical function `vlaues`");
    assert_eq!(error("sum"), "`sum` needs a field: `sum(field)`");
    assert_eq!(error("perc(x)"), "there is no statistical function `perc`");
}

#[test]
fn aliases_may_have_parentheses() {
    let (call, end) = AggregateCall::parse_prefix("values(a) as a(b c), count)", 0).unwrap();
    assert_eq!((call.output_name().as_str(), end), ("a(b c)", 19));
    let (call, end) = AggregateCall::parse_prefix("count as n)", 0).unwrap();
    assert_eq!((call.output_name().as_str(), end), ("n", 10));
}
