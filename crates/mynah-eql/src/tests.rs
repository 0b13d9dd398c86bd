//! Tests of what the functions and the rules say of themselves.
use crate::ast::{Body, Expr};
use crate::operators::OPERATORS;
use crate::{Eql, functions, lint, parser, plan};
use datafusion::arrow::array::{Array, AsArray, RecordBatch, RecordBatchOptions};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};

use datafusion::prelude::{Expr as DataFusion, SessionContext, lit};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages};
use mynah_event::Platform;
use mynah_view::Catalog;
use std::sync::Arc;

fn planned(text: &str, mode: Mode) -> Planned {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Elastic).unwrap();
    Eql.plan(
        text,
        &PlanContext {
            mode,
            view: &view,
            site: &Site::default(),
            stages: &Stages::without_data(),
            now: &mynah_event::Timestamp::wall,
        },
    )
}

fn condition(text: &str) -> Expr {
    let (query, diagnostics) = parser::parse(&format!("any where {text}"));
    assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    match query.unwrap().body {
        Body::Event(filter) => filter.condition,
        other => panic!("{text} is no condition: {other:?}"),
    }
}

#[test]
fn functions_give_what_their_examples_say() {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Elastic).unwrap();
    for function in functions::FUNCTIONS {
        for example in function.doc.examples {
            let mut lowering = plan::Lowering::new(&view, &mynah_event::Timestamp::wall);
            let got = lowering.constant_text(&condition(example.query));
            assert_eq!(got.as_deref(), Some(example.result), "{}: {:?}", example.query, lowering.diagnostics());
        }
    }
}

#[test]
fn operators_hold_where_their_examples_say() {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Elastic).unwrap();
    let mut texts: Vec<String> = Vec::new();
    for operator in &OPERATORS {
        for example in operator.examples {
            let mut lowering = plan::Lowering::new(&view, &mynah_event::Timestamp::wall);
            let plan = lowering.condition(&condition(example.query)).unwrap();
            // A field that no view has is null in an event without anything.
            let plan = plan.transform(|part| {
                Ok(match part {
                    DataFusion::Column(_) => Transformed::yes(lit(ScalarValue::Utf8(None))),
                    other => Transformed::no(other),
                })
            });
            let schema = DFSchema::empty();
            let physical = SessionContext::new().create_physical_expr(plan.unwrap().data, &schema).unwrap();
            let one_row = RecordBatchOptions::new().with_row_count(Some(1));
            let batch = RecordBatch::try_new_with_options(Arc::clone(schema.inner()), Vec::new(), &one_row).unwrap();
            let holds = physical.evaluate(&batch).unwrap().into_array(1).unwrap();
            let holds = holds.as_boolean();
            // A filter takes null for false.
            let got = holds.is_valid(0) && holds.value(0);
            if got.to_string() != example.result {
                texts.push(format!("{} is {got}", example.query));
            }
        }
    }
    assert!(texts.is_empty(), "{texts:#?}");
}

#[test]
fn functions_are_listed_by_name() {
    let names: Vec<String> = functions::FUNCTIONS.iter().map(|function| function.doc.name.to_lowercase()).collect();
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.replace("stringc", "string c"));
    assert_eq!(names, sorted);
    assert!(functions::find("STARTSWITH").is_some());
}

#[test]
fn rules_find_their_bad_example_and_not_the_good_one() {
    for rule in &lint::RULES {
        let bad = planned(rule.bad, Mode::Check);
        let found = bad.diagnostics.iter().find(|diagnostic| diagnostic.code == rule.code);
        assert_eq!(found.map(|found| found.severity), Some(rule.severity), "{}: {:?}", rule.code, bad.diagnostics);
        let good = planned(rule.good, Mode::Check);
        assert!(
            !good.diagnostics.iter().any(|diagnostic| diagnostic.code == rule.code),
            "{}: {:?}",
            rule.code,
            good.diagnostics
        );
    }
}

#[test]
fn a_fix_mends_what_it_is_for() {
    for rule in &lint::RULES {
        let diagnostics = planned(rule.bad, Mode::Check).diagnostics;
        let Some(fix) = diagnostics.into_iter().find(|d| d.code == rule.code).and_then(|d| d.fix) else { continue };
        let mut mended = rule.bad.to_owned();
        mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        let left = planned(&mended, Mode::Check).diagnostics;
        // One fix may leave another fault of the same kind in the text, but one less.
        let count =
            |diagnostics: &[mynah_syntax::Diagnostic]| diagnostics.iter().filter(|d| d.code == rule.code).count();
        assert!(count(&left) < count(&planned(rule.bad, Mode::Check).diagnostics), "{mended}: {left:?}");
        assert!(!left.iter().any(mynah_syntax::Diagnostic::is_error), "{mended}: {left:?}");
    }
}

#[test]
fn columns_are_the_time_and_the_fields_in_the_order_of_mention() {
    let text = "process where process.name : \"a\" and (user.name == \"b\" or process.name : \"c\") and ?host.name != null | head 3";
    let plan = planned(text, Mode::Run).plan.unwrap();
    assert_eq!(plan.first().schema().field_names(), ["@timestamp", "process.name", "user.name", "host.name"]);
}

#[test]
fn every_mistake_of_a_query_is_reported() {
    let diagnostics =
        planned("any where process.name : and user.name == (1, and host.name in ()", Mode::Check).diagnostics;
    assert!(diagnostics.iter().filter(|d| d.is_error()).count() >= 3, "{diagnostics:#?}");
    let diagnostics =
        planned("sequence [process were true] [file where file.name : ] [any where true]", Mode::Check).diagnostics;
    assert_eq!(diagnostics.iter().filter(|d| d.is_error()).count(), 2, "{diagnostics:#?}");
    assert_eq!(diagnostics[0].fix.as_ref().map(|fix| fix.replacement.as_str()), Some("where"));
}

#[test]
fn deep_nesting_is_refused() {
    for text in [
        format!("any where {}true{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("any where {}true", "not ".repeat(100_000)),
        format!("any where {}1 == 1", "-".repeat(100_000)),
        format!("any where {}1{} == 1", "add(1, ".repeat(100_000), ")".repeat(100_000)),
        format!("any where 1{} == 1", " + 1".repeat(100_000)),
        format!("any where {}", "[".repeat(100_000)),
    ] {
        let diagnostics = planned(&text, Mode::Check).diagnostics;
        assert!(diagnostics.iter().any(mynah_syntax::Diagnostic::is_error));
    }
    // As deep as it may be, and as long as it likes.
    let deep = format!("any where {}true{}", "(not ".repeat(90), ")".repeat(90));
    assert!(planned(&deep, Mode::Run).plan.is_some());
    let long = format!("any where true{}", " or process.pid == 1".repeat(5_000));
    assert!(planned(&long, Mode::Run).plan.is_some());
}
