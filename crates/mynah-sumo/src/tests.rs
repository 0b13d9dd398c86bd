//! Tests that look into the crate: documented examples, rules, printing and parsing.
use crate::ast::Expression;
use crate::operators::Operator;
use crate::parser::parse;
use crate::{Sumo, functions, lint, plan};
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::Schema;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::ColumnarValue;
use datafusion::prelude::SessionContext;
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages};
use mynah_event::Platform;
use mynah_view::{Catalog, PlatformView};
use proptest::prelude::*;
use std::sync::Arc;

fn view() -> Arc<PlatformView> {
    let json = "log_source = 'json'\n[fields]\n'_raw' = { meta = 'raw' }\n'_messageTime' = { meta = 'time', type = 'milliseconds' }\n'*' = '*'";
    Catalog::parse([("sumologic/json.toml", json)]).unwrap().platform(Platform::Sumologic).unwrap()
}

fn check(text: &str) -> Planned {
    let (view, site) = (view(), Site::default());
    Sumo.plan(
        text,
        &PlanContext {
            mode: Mode::Check,
            view: &view,
            site: &site,
            stages: &Stages::without_data(),
            now: &mynah_event::Timestamp::wall,
        },
    )
}

fn codes(text: &str) -> Vec<&'static str> {
    check(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// The value of an expression without fields.
fn value(text: &str) -> String {
    let (query, diagnostics) = parse(&format!("* | {text} as x"));
    assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    let Some(Operator::Assignment(assignment)) = query.steps.first().map(|step| &step.operator) else {
        panic!("{text} is no expression")
    };
    let (view, site) = (view(), Site::default());
    let context = PlanContext {
        mode: Mode::Run,
        view: &view,
        site: &site,
        stages: &Stages::without_data(),
        now: &mynah_event::Timestamp::wall,
    };
    let mut stage = plan::Stage::new(&context, plan::Wanted::default(), false).unwrap();
    let typed = plan::lower(&mut stage, &assignment.value).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let typed = typed.to(plan::Kind::Text);
    let schema = DFSchema::empty();
    let physical = SessionContext::new().create_physical_expr(typed.expr, &schema).unwrap();
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::<ArrayRef>::new(), &options).unwrap();
    let scalar = match physical.evaluate(&batch).unwrap() {
        ColumnarValue::Scalar(scalar) => scalar,
        ColumnarValue::Array(array) => ScalarValue::try_from_array(&array, 0).unwrap(),
    };
    match scalar {
        ScalarValue::Utf8(Some(text)) => text,
        _ => "null".into(),
    }
}

#[test]
fn the_examples_of_every_function_hold() {
    for function in functions::all() {
        for example in function.doc.examples {
            assert_eq!(value(example.query), example.result, "{}", example.query);
        }
    }
}

#[test]
fn names_of_functions_are_in_lower_case_and_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for function in functions::all() {
        for name in function.names {
            assert_eq!(*name, name.to_lowercase());
            assert!(seen.insert(*name), "{name} twice");
        }
        assert!(function.names.contains(&function.doc.name.to_lowercase().as_str()), "{}", function.doc.name);
    }
}

#[test]
fn every_rule_finds_its_bad_example_and_not_its_good_one() {
    for rule in lint::RULES {
        assert!(codes(rule.bad).contains(&rule.code), "{}: {:?}", rule.code, check(rule.bad).diagnostics);
        assert!(!codes(rule.good).contains(&rule.code), "{}: {:?}", rule.code, check(rule.good).diagnostics);
        for text in [rule.bad, rule.good] {
            assert!(
                !check(text).diagnostics.iter().any(mynah_syntax::Diagnostic::is_error),
                "{text}: {:?}",
                check(text).diagnostics
            );
        }
    }
}

#[test]
fn arithmetic_follows_the_usual_precedence() {
    assert_eq!(value("52 * 6 - 2"), "310");
    assert_eq!(value("52 * (6 - 2)"), "208");
    assert_eq!(value("15 - -5"), "20");
    assert_eq!(value("334 % 10"), "4");
    assert_eq!(value("22 - (34 % 10) * pow(2, 3)"), "-10");
    assert_eq!(value("1Ki / 2k"), "0.512");
    assert_eq!(value("\"4\" + 1"), "5");
}

#[test]
fn conditions_have_two_values() {
    assert_eq!(value("null = \"a\""), "false");
    assert_eq!(value("!(toLowerCase(null) = \"a\")"), "true");
    assert_eq!(value("\"A\" = \"a\""), "false");
    assert_eq!(value("\"10\" > 9"), "true");
    assert_eq!(value("\"abc\" matches \"A*\""), "false");
    assert_eq!(value("\"abc\" matches /b/"), "true");
    assert_eq!(value("\"b\" in (\"a\", \"b\")"), "true");
    assert_eq!(value("\"b\" not in (\"a\", \"b\")"), "false");
    assert_eq!(value("1 = 1 or 1 = 2 and 1 = 3"), "true");
    assert_eq!(value("!isPrivateIP(\"host\")"), "false");
}

#[test]
fn all_faults_are_named_in_one_run() {
    let planned = check("error | wher x | count by a | outlier _count | sum() | where (a");
    let codes: Vec<_> = planned.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(
        codes,
        ["sumo/unknown-operator", "sumo/unsupported-operator", "sumo/syntax"],
        "{:?}",
        planned.diagnostics
    );
}

#[test]
fn nesting_is_refused_and_not_followed_to_the_end_of_the_stack() {
    for (open, close) in [("(", ")"), ("!(", ")"), ("if(true, 1, ", ")"), ("-", "")] {
        let text = format!("* | {}1{} as x", open.repeat(20_000), close.repeat(20_000));
        assert!(codes(&text).contains(&"syntax/too-deep"), "{open}");
    }
    assert!(codes(&format!("{}a{}", "(".repeat(20_000), ")".repeat(20_000))).contains(&"syntax/too-deep"));
    assert!(codes(&format!("* | 1{} as x", " + 1".repeat(20_000))).contains(&"syntax/too-deep"));
    assert!(codes(&format!("*{}", " | 1 as x".repeat(20_000))).contains(&"syntax/too-deep"));
    let alternatives = vec!["a = \"b\""; 3_000].join(" or ");
    assert!(codes(&format!("* | where {alternatives}")).is_empty());
}

#[test]
fn names_after_an_aggregate_must_exist() {
    assert_eq!(codes("* | count by user | where usr = \"x\""), ["sumo/unknown-field"]);
    assert!(codes("* | count by user | where User = \"x\" | sort by _COUNT").is_empty());
    // Columns made of data are known only with data.
    assert!(
        codes("* | timeslice 1h | count by _timeslice, user | transpose row _timeslice column user | where root > 1")
            .is_empty()
    );
}

#[test]
fn printing_and_parsing_give_the_same_query() {
    for text in [
        r#"_sourceCategory=*a/b* (error or "not found") !debug | count"#,
        r#"* | json field=x "a.b", "c[0]" as d, %"e f" nodrop | json auto maxdepth 3"#,
        r#"* | parse "a=* b=*" as a, b nodrop, "c=*" as c | parse regex field=c "(?<d>\d+)" multi nodrop"#,
        r#"* | if(a matches /x\/y/, 1, -2) as b | a = 1 ? "x" : "y" as c | num(d)"#,
        r#"* | csv _raw extract 1 as a, _, c | split _raw delim=':', quote=''' extract 2 as b"#,
        r#"* | kv regex "(.*?)=(.*?)," keys "a", "b" as c, d nodrop | kv auto field=x "y""#,
        r#"* | timeslice 5m as t | count as n, avg(x), pct(y, 90, 99.5) by t, host | sort by n, +t | topk(3, n) by host"#,
        r#"* | count by a, b | transpose row a column b as x, * | fields - y | limit {{n}}"#,
        r#"* | lookup a as b, c from path://"/Library/My Table" on x=y, z=w | dedup consecutive 2 by b"#,
        r#"* | count by _timeslice, a | fillmissing timeslice(15m), values("x", "y") in a with -1 for _count, null for a"#,
        r#"* | withtime a | most_recent(a_withtime) as b | total _count as t by a | smooth x, 5 | diff x | top 5 a by b asc"#,
        r#"* | parse xml field=x "/a/b[2]/@c", "/a/text()" as d, e nodrop | fields (a, b)"#,
        r#"* | count_frequent a, b | save append /shared/x | where a not in ("x") and !isNull(b) or c contains "d""#,
    ] {
        let (query, diagnostics) = parse(text);
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
        let printed = query.to_string();
        let (again, diagnostics) = parse(&printed);
        assert!(diagnostics.is_empty(), "{printed}: {diagnostics:?}");
        assert_eq!(query, again, "{printed}");
    }
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-z][a-z0-9_]{0,5}(\\.[a-z]{1,3})?".prop_filter("a keyword", |name| {
            !["and", "or", "not", "in", "as", "by", "if", "true", "null"].contains(&name.as_str())
        }),
        "[0-9]{1,4}(\\.[0-9]{1,2})?",
        "\"([a-z *.]|\\\\\"|\\\\\\\\|\\\\d){0,6}\"",
        Just("%\"a b\\\"c\"".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("{{p}}".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(vec![
                    "+", "-", "*", "/", "%", "=", "!=", "<", ">=", "and", "or", "contains", "matches"
                ]),
                inner.clone()
            )
                .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            inner.clone().prop_map(|a| format!("(!({a}))")),
            inner.clone().prop_map(|a| format!("(-({a}))")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("if({a}, {b}, {c})")),
            (inner.clone(), prop::collection::vec(inner.clone(), 1..3))
                .prop_map(|(a, b)| format!("({a} not in ({}))", b.join(", "))),
            inner.prop_map(|a| format!("(({a}) matches /x\\/[a-z]*/)")),
        ]
    })
}

proptest! {
    #[test]
    fn a_printed_expression_parses_to_itself(text in expression()) {
        let (query, diagnostics) = parse(&format!("* | where {text}"));
        prop_assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
        let printed = query.to_string();
        let (again, diagnostics) = parse(&printed);
        prop_assert!(diagnostics.is_empty(), "{printed}: {diagnostics:?}");
        prop_assert_eq!(query, again);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        check(&text);
    }

    #[test]
    fn no_string_of_words_panics(words in prop::collection::vec(prop::sample::select(vec![
        "|", "| where", "| parse", "| json", "regex", "\"", "\"a*\"", "as", "x", "(", ")", "=", ",", "count", "by", "| timeslice 5m",
        "| transpose row a column b", "%\"", "{{p}}", "/", "//", "/*", "*/", "!", "in", "matches", "nodrop", "| sort by", "+", "-", "1", "*",
        "| lookup a from", "geo://x", "on", "field=", "| if(", "?", ":", "é", "\\", "[", "]", "'", "| csv _raw extract", "| fillmissing values(",
        "| total", "| topk(3,", "| fields -", "auto", "keys", "multi", "| limit", "| top 5",
    ]), 0..30)) {
        check(&words.join(" "));
    }
}

#[test]
fn an_expression_is_as_deep_as_its_brackets() {
    let (query, _) = parse("* | where a and (b or (c and d))");
    let Some(Operator::Where(condition)) = query.steps.first().map(|step| &step.operator) else { panic!("no where") };
    assert_eq!(condition.condition.depth(), 4);
    assert!(matches!(condition.condition, Expression::And(_)));
}
