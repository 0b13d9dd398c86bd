//! Tests that look into the crate: documented examples, rules, printing and parsing, editors.
use crate::ast::{Expression, Operator};
use crate::{Lowered, Sumo, aggregates, analyse, functions, lint, parse, plan};
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::Schema;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::ColumnarValue;
use datafusion::prelude::{Expr, SessionContext};
use mynah_dialect::{
    Analysis, Frontend, Meaning, Mode, PlanContext, Planned, Site, Stages, TokenKind, clock, failed_examples,
};
use mynah_event::{Platform, Timestamp};
use mynah_kernels::{Registry, Resources};
use mynah_view::{Catalog, PlatformView};
use proptest::prelude::*;
use std::sync::Arc;

fn view() -> Arc<PlatformView> {
    let json = "log_source = 'json'\n[fields]\n'_raw' = { meta = 'raw' }\n'_messageTime' = { meta = 'time', type = 'milliseconds' }\n'*' = '*'";
    Catalog::parse([("sumologic/json.toml", json)]).unwrap().platform(Platform::Sumologic).unwrap()
}

fn with_context<T>(mode: Mode, ask: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    let (view, site, stages) = (view(), Site::default(), Stages::without_data());
    ask(&PlanContext { mode, view: &view, site: &site, stages: &stages })
}

fn check(text: &str) -> Planned {
    with_context(Mode::Check, |context| Sumo.plan(text, context))
}

fn analyse(text: &str) -> Analysis {
    with_context(Mode::Check, |context| Sumo.analyse(text, context))
}

fn lowered(text: &str) -> Lowered {
    let (query, diagnostics) = parse(text);
    assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    with_context(Mode::Run, |context| plan(&query, context))
}

fn codes(text: &str) -> Vec<&'static str> {
    check(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

/// The value of an expression without fields.
fn value(text: &str) -> String {
    let lowered = lowered(&format!("* | {text} as x"));
    let plan = lowered.plan.unwrap_or_else(|| panic!("{text}: {:?}", lowered.diagnostics));
    let plan = clock::bind(plan, Timestamp::from_milliseconds(1_773_489_600_000)).unwrap();
    let mut found = None;
    // The column `x`, wherever it is computed.
    use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
    plan.apply(|node| {
        for expression in node.expressions() {
            if let Expr::Alias(alias) = expression
                && alias.name == "x"
                && !matches!(*alias.expr, Expr::Column(_))
            {
                found = Some(*alias.expr);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    })
    .unwrap();
    let schema = DFSchema::empty();
    let physical = SessionContext::new().create_physical_expr(found.unwrap(), &schema).unwrap();
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let batch = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::<ArrayRef>::new(), &options).unwrap();
    let scalar = match physical.evaluate(&batch).unwrap() {
        ColumnarValue::Scalar(scalar) => scalar,
        ColumnarValue::Array(array) => ScalarValue::try_from_array(&array, 0).unwrap(),
    };
    match scalar {
        ScalarValue::Utf8(Some(text)) => text,
        ScalarValue::Boolean(Some(truth)) => truth.to_string(),
        ScalarValue::Int64(Some(number)) => number.to_string(),
        ScalarValue::Float64(Some(number)) => plan::show_number(number),
        _ => "null".into(),
    }
}

#[test]
fn the_examples_of_every_function_hold() {
    let failed = failed_examples(functions::FUNCTIONS.docs(), value);
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn names_are_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for entry in functions::FUNCTIONS.entries() {
        for name in entry.aliases.iter().chain([&entry.doc.name]) {
            assert!(seen.insert(name.to_lowercase()), "{name} twice");
        }
    }
    let mut registry = Registry::built_in();
    Sumo.register(&mut registry);
    assert!(registry.twice().is_empty(), "{:?}", registry.twice());
}

#[test]
fn the_clock_is_a_parameter() {
    assert_eq!(value("now() - 1000"), "1773489599000");
    let plan = check("* | where _messageTime > now() - 1d").plan.unwrap();
    assert!(clock::is_asked(plan.first()));
}

/// The functions of a plan are written and read back.
fn functions_travel(text: &str) {
    use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
    let mut registry = Registry::built_in();
    Sumo.register(&mut registry);
    let plan = lowered(text).plan.unwrap_or_else(|| panic!("{text}"));
    plan.apply(|node| {
        for expression in node.expressions() {
            expression.apply(|part| {
                if let Expr::ScalarFunction(called) = part
                    && let Some(bytes) = registry.write_function(&called.func)?
                {
                    assert_eq!(registry.read_function(&bytes, &Resources::default())?, *called.func);
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        Ok(TreeNodeRecursion::Continue)
    })
    .unwrap();
}

#[test]
fn functions_of_plans_travel() {
    for text in [
        r#"error "a b" user=x* | parse "a=* b=*" as a, b nodrop | parse regex "(?<c>\d+)(?!x)" multi"#,
        r#"* | json "a.b", "c[*]" as b, c | json auto field=b "d" | parse xml "/a/b[2]/@c" as e | kv "x", "y""#,
        r#"* | csv _raw extract 1 as a, b | split a delim=':' extract 2 as c | kv regex "(.*?)=(.*?)," "k" as d"#,
        r#"* | formatDate(now(), "yyyy", "UTC") as y | parseDate(y, "yyyy") as t | format("%s", y) as f"#,
        r#"* | replace(a, /(b)/, "$1") as b | replace(a, "x", "y") as c | a matches b as d | num(a) as n | toInt(n)"#,
        r#"* | timeslice 5m | withtime a | most_recent(a_withtime) as b, values(a), count_distinct(a, b) by _timeslice"#,
    ] {
        functions_travel(text);
    }
}

#[test]
fn only_fields_that_are_read_are_shown_and_all_that_are_named_are_bound() {
    let shown = |text: &str| lowered(text).plan.unwrap().schema().field_names();
    assert_eq!(shown("* | where User = \"x\""), ["_messageTime", "User", "_raw"]);
    assert_eq!(shown("* | parse \"u=*\" as user | where user = \"x\""), ["_messageTime", "user", "_raw"]);
    assert_eq!(shown("* | json \"a.b\" as c | fields d, c"), ["_messageTime", "d", "c", "_raw"]);
    assert_eq!(shown("* | num(status) | fields - status"), ["_messageTime", "_raw"]);
}

#[test]
fn the_smallest_conditions_are_marked() {
    let text = "error !_source=x | json \"a\" as b | where (b = \"y\" or num(c) > 3) and !isNull(d) | count by b | where b = \"z\"";
    let plan = lowered(text).plan.unwrap();
    let marks: Vec<&str> = mynah_dialect::marks(&plan).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(marks, ["error", "_source=x", "b = \"y\"", "num(c) > 3", "isNull(d)", "b = \"z\""]);
}

#[test]
fn editors_see_tokens_parts_and_names() {
    let text = "error // why\n| json \"a\" as b | where toLowerCase(b) = \"x\" | count by b | where c = 1 | wher (";
    let analysis = analyse(text);
    let labels: Vec<&str> = analysis.outline.iter().map(|part| part.label.as_str()).collect();
    assert_eq!(labels, ["search", "json", "where", "count", "where", "wher"]);
    let kinds: Vec<_> = analysis.tokens.iter().take(6).map(|token| token.kind).collect();
    use TokenKind::*;
    assert_eq!(kinds, [Text, Comment, Operator, Keyword, Text, Keyword]);
    let meaning = |word: &str| {
        let name = analysis.names.iter().rfind(|name| name.span.of(text) == word).unwrap_or_else(|| panic!("{word}"));
        name.meaning.clone()
    };
    assert!(matches!(meaning("toLowerCase"), Meaning::Function(doc) if doc.name == "toLowerCase"));
    assert!(matches!(meaning("json"), Meaning::Function(_)) && matches!(meaning("count"), Meaning::Function(_)));
    assert!(matches!(meaning("b"), Meaning::Column) && matches!(meaning("c"), Meaning::Unknown));
    assert_eq!(analysis.diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), ["sumo/syntax"]);
    assert!(matches!(analyse("* | where user = 1").names.last().unwrap().meaning, Meaning::Field { .. }));
}

#[test]
fn editors_are_offered_what_may_stand_there() {
    let offered = |text: &str| {
        let all = with_context(Mode::Check, |context| Sumo.complete(text, text.len(), context));
        all.into_iter().map(|completion| completion.text).collect::<Vec<_>>()
    };
    assert!(offered("error | whe").contains(&"where".to_owned()));
    assert!(offered("* | sort by x de").contains(&"desc".to_owned()));
    assert!(offered("* | where isN").contains(&"isNull".to_owned()));
    assert!(offered("* | where x = \"isN").is_empty());
    let operators = crate::parser::operators::OPERATORS.docs().chain(aggregates::AGGREGATES.docs());
    for doc in operators.filter(|doc| doc.name != "as") {
        assert!(
            offered(&format!("* | {}", doc.name)).contains(&doc.name.to_owned()) || doc.name.contains(' '),
            "{}",
            doc.name
        );
    }
}

#[test]
fn every_rule_finds_its_bad_example_and_not_its_good_one() {
    for rule in lint::RULES.iter() {
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
        analyse(&text);
    }

    #[test]
    fn no_string_of_words_panics(words in prop::collection::vec(prop::sample::select(vec![
        "|", "| where", "| parse", "| json", "regex", "\"", "\"a*\"", "as", "x", "(", ")", "=", ",", "count", "by", "| timeslice 5m",
        "| transpose row a column b", "%\"", "{{p}}", "/", "//", "/*", "*/", "!", "in", "matches", "nodrop", "| sort by", "+", "-", "1", "*",
        "| lookup a from", "geo://x", "on", "field=", "| if(", "?", ":", "é", "\\", "[", "]", "'", "| csv _raw extract", "| fillmissing values(",
        "| total", "| topk(3,", "| fields -", "auto", "keys", "multi", "| limit", "| top 5",
    ]), 0..30)) {
        let text = words.join(" ");
        check(&text);
        let tokens = analyse(&text).tokens;
        // Tokens follow one another, and leave out nothing but blanks.
        let mut end = 0;
        for token in tokens {
            prop_assert!(text[end..token.span.start].trim().is_empty(), "{text}");
            prop_assert!(token.span.end > token.span.start, "{text}");
            end = token.span.end;
        }
        prop_assert!(text[end..].trim().is_empty(), "{text}");
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            analyse::expected(&text, at);
        }
    }
}

#[test]
fn an_expression_is_as_deep_as_its_brackets() {
    let (query, _) = parse("* | where a and (b or (c and d))");
    let Some(Operator::Where(condition)) = query.steps.first().map(|step| &step.operator) else { panic!("no where") };
    assert_eq!(condition.depth(), 4);
    assert!(matches!(condition, Expression::And(_)));
}
