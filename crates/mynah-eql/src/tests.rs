//! Tests of what the functions and the rules say of themselves.
use crate::ast::{Body, Expr};
use crate::operators::OPERATORS;
use crate::{Eql, functions, lint, parser, plan};
use datafusion::arrow::array::{Array, AsArray, RecordBatch, RecordBatchOptions};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};

use datafusion::prelude::{Expr as DataFusion, SessionContext, lit};
use mynah_dialect::{Frontend, Meaning, Mode, PlanContext, Planned, Site, Stages, TokenKind, failed_examples};
use mynah_event::Platform;
use mynah_kernels::Registry;
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;
use std::sync::Arc;

fn planned(text: &str, mode: Mode) -> Planned {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Elastic).unwrap();
    Eql.plan(text, &PlanContext { mode, view: &view, site: &Site::default(), stages: &Stages::without_data() })
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
    let failed = failed_examples(functions::FUNCTIONS.docs(), |query| {
        let mut lowering = plan::Lowering::new(&view);
        let got = lowering.constant_text(&condition(query));
        got.unwrap_or_else(|| format!("{:?}", lowering.diagnostics()))
    });
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn operators_hold_where_their_examples_say() {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Elastic).unwrap();
    let mut texts: Vec<String> = Vec::new();
    for operator in &OPERATORS {
        for example in operator.examples {
            let mut lowering = plan::Lowering::new(&view);
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
fn names_in_plans_are_used_once() {
    let mut registry = Registry::built_in();
    Eql.register(&mut registry);
    assert!(registry.twice().is_empty());
}

#[test]
fn the_smallest_conditions_are_marked() {
    let text = "process where process.name : \"a*\" and not (process.pid == 1 or user.name != null)";
    let planned = planned(text, Mode::Run);
    let plan = planned.plan.unwrap();
    let marks: Vec<&str> = mynah_dialect::marks(plan.first()).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(marks, ["process", "process.name : \"a*\"", "process.pid == 1", "user.name != null"]);
}

#[test]
fn an_editor_sees_a_broken_query() {
    let catalog = Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Elastic).unwrap();
    let (site, stages) = (Site::default(), Stages::without_data());
    let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &stages };
    let text = "sequence by host.id [process where lenght(process.name) > 3] /* x */ [file were] | head 1";
    let analysis = Eql.analyse(text, &context);
    assert!(analysis.diagnostics.iter().any(Diagnostic::is_error));
    let kind =
        |wanted: &str| analysis.tokens.iter().find(|token| token.span.of(text) == wanted).map(|token| token.kind);
    assert_eq!(kind("sequence"), Some(TokenKind::Keyword));
    assert_eq!(kind("lenght"), Some(TokenKind::Function));
    assert_eq!(kind("/* x */"), Some(TokenKind::Comment));
    assert_eq!(kind("head"), Some(TokenKind::Keyword));
    assert_eq!(kind("3"), Some(TokenKind::Number));
    let labels: Vec<&str> = analysis.outline[0].children.iter().map(|part| part.label.as_str()).collect();
    assert_eq!((analysis.outline[0].label.as_str(), labels), ("sequence", vec!["process"]));
    let meaning =
        |wanted: &str| analysis.names.iter().find(|name| name.span.of(text) == wanted).map(|name| &name.meaning);
    assert!(matches!(meaning("process.name"), Some(Meaning::Field { .. })));
    assert!(matches!(meaning("lenght"), Some(Meaning::Unknown)));
    let offered = |text: &str| {
        let found = Eql.complete(text, text.len(), &context);
        found.into_iter().map(|completion| completion.text).collect::<Vec<_>>()
    };
    assert_eq!(offered("seq"), ["sequence"]);
    assert_eq!(offered("process wh"), ["where"]);
    assert!(offered("process where process.na").contains(&"process.name".to_owned()));
    assert!(offered("process where startsW").contains(&"startsWith".to_owned()));
    assert_eq!(offered("any where true | t"), ["tail"]);
    assert_eq!(offered("sequence with max"), ["maxspan"]);
}

#[test]
fn rules_find_their_bad_example_and_not_the_good_one() {
    for rule in lint::RULES.iter() {
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
    for rule in lint::RULES.iter() {
        let diagnostics = planned(rule.bad, Mode::Check).diagnostics;
        let Some(fix) = diagnostics.into_iter().find(|d| d.code == rule.code).and_then(|d| d.fix) else { continue };
        let mut mended = rule.bad.to_owned();
        mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        let left = planned(&mended, Mode::Check).diagnostics;
        // One fix may leave another fault of the same kind in the text, but one less.
        let count = |diagnostics: &[Diagnostic]| diagnostics.iter().filter(|d| d.code == rule.code).count();
        assert!(count(&left) < count(&planned(rule.bad, Mode::Check).diagnostics), "{mended}: {left:?}");
        assert!(!left.iter().any(Diagnostic::is_error), "{mended}: {left:?}");
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
        assert!(diagnostics.iter().any(Diagnostic::is_error));
    }
    // As deep as it may be, and as long as it likes.
    let deep = format!("any where {}true{}", "(not ".repeat(90), ")".repeat(90));
    assert!(planned(&deep, Mode::Run).plan.is_some());
    let long = format!("any where true{}", " or process.pid == 1".repeat(5_000));
    assert!(planned(&long, Mode::Run).plan.is_some());
}
