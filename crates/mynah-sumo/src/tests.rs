//! Tests that look into the crate: documented examples, rules, printing and parsing, editors.
use crate::ast::{Expression, Operator};
use crate::{Sumo, aggregates, analyse, functions, lint, parse};
use mynah_dialect::{
    Analysis, Frontend, Meaning, Mode, PlanContext, Planned, Site, Stages, TokenKind, clock, failed_examples,
};
use mynah_event::Platform;
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;
use proptest::prelude::*;

fn with_context<T>(ask: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    let json = "log_source = 'json'\n[fields]\n'_raw' = { meta = 'raw' }\n'_messageTime' = { meta = 'time', type = 'milliseconds' }\n'*' = '*'";
    let view = Catalog::parse([("sumologic/json.toml", json)]).unwrap().platform(Platform::Sumologic).unwrap();
    let (site, stages) = (Site::default(), Stages::without_data());
    ask(&PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &stages })
}

fn check(text: &str) -> Planned {
    with_context(|context| Sumo.plan(text, context))
}

fn analyse(text: &str) -> Analysis {
    with_context(|context| Sumo.analyse(text, context))
}

fn codes(text: &str) -> Vec<&'static str> {
    check(text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn the_examples_of_every_function_hold() {
    let failed = failed_examples(functions::FUNCTIONS.docs(), |example| {
        mynah_golden::first_value(&Sumo, "{}\n", &format!("* | {example} as x | count by x"))
    });
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
}

#[test]
fn the_clock_is_a_parameter() {
    let plan = check("* | where _messageTime > now() - 1d").plan.unwrap();
    assert!(clock::is_asked(plan.first()));
}

#[test]
fn the_smallest_conditions_are_marked() {
    let text = "error !_source=x | json \"a\" as b | where (b = \"y\" or num(c) > 3) and !isNull(d) | count by b | where b = \"z\"";
    let plan = check(text).plan.unwrap();
    let marks: Vec<&str> = mynah_dialect::marks(plan.first()).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(marks, ["error", "_source=x", "json \"a\" as b", "b = \"y\"", "num(c) > 3", "isNull(d)", "b = \"z\""]);
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
        let all = with_context(|context| Sumo.complete(text, text.len(), context));
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
        for (text, found) in [(rule.bad, true), (rule.good, false)] {
            let said = check(text).diagnostics;
            assert_eq!(said.iter().any(|diagnostic| diagnostic.code == rule.code), found, "{text}: {said:?}");
            assert!(!said.iter().any(Diagnostic::is_error), "{text}: {said:?}");
        }
    }
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
fn columns_made_of_data_are_known_only_with_data() {
    let text = "* | timeslice 1h | count by _timeslice, user | transpose row _timeslice column user | where root > 1";
    assert!(codes(text).is_empty());
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
        r#"error [subquery from=(-2d): login | count by a | compose a, b maxresults=10 keywords] | where [subquery: x | compose a]"#,
        r#"* | timeslice 1m | count by _timeslice | outlier _count by a window=5, threshold=2.5, direction=+ | predict _count by 1m forecast=5"#,
        r#"* | count by a | compare with timeshift -1d 3 avg as x, timeshift {{t}} | bin _count width=10, min=-1, max=100 as b"#,
        r#"* | join (json "a" as b | count by b) as t1, (* | where c = "d") as t2 on t1.b = t2.b and t1.c=t2.c timewindow 10m"#,
        r#"* | filter a, b in (sum(_count) by a, b | top 3 a by _sum) | merge a join with ",", b takeFirst as c, d"#,
        r#"* | transactionize a, b as t maxspan=10m maxlogs=5 startswith="x";strict keeporphans=false (merge a, _raw takeLast)"#,
        r#"* | transaction on a, b fringe=10m with "*x*" in c as d, with states e, f as g in h results by flow"#,
        r#"* | sessionize "a=* b" as (a), "c=$a d=*" as (b) | where a matches /x/i and d {{e}}"#,
        r#"cat path://"/Library/My Table" | count"#,
        r#"* | count_frequent a, b | save append /shared/x | where a not in ("x") and !isNull(b) or c contains "d""#,
    ] {
        reads_what_it_prints(text);
    }
}

fn reads_what_it_prints(text: &str) {
    let (query, diagnostics) = parse(text);
    assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    let printed = query.to_string();
    let (again, diagnostics) = parse(&printed);
    assert!(diagnostics.is_empty(), "{printed}: {diagnostics:?}");
    assert_eq!(query, again, "{printed}");
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
        reads_what_it_prints(&format!("* | where {text}"));
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
        "| total", "| topk(3,", "| fields -", "[subquery:", "| compose", "| join (", "| filter a in (", "| compare timeshift", "1d", "| outlier x", "window=",
        "| transactionize", "(merge", "| transaction on", "with states", "| sessionize", "cat path://x", "| predict x by", "| bin x width=", "auto", "keys", "multi", "| limit", "| top 5",
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
