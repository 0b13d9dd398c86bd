//! No query ends the process, and what is planned is executable in principle.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_aql::{Aql, parse};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages};
use mynah_event::Platform;
use mynah_syntax::Severity;
use mynah_view::{Catalog, PlatformView};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use std::sync::{Arc, LazyLock};

static VIEW: LazyLock<Arc<PlatformView>> =
    LazyLock::new(|| Catalog::built_in().unwrap().platform(Platform::Qradar).unwrap());

fn plan(text: &str) -> Planned {
    let site = Site::default();
    let context = PlanContext { mode: Mode::Check, view: &VIEW, site: &site, stages: &Stages::without_data() };
    Aql.plan(text, &context)
}

/// Expressions of each type, so that most queries are ones that can be run.
#[derive(Clone)]
struct Expressions {
    text: BoxedStrategy<String>,
    number: BoxedStrategy<String>,
    condition: BoxedStrategy<String>,
}

fn one_of(all: &[&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(all.to_vec()).prop_map(str::to_owned).boxed()
}

fn expressions(depth: u32, grouped: bool) -> Expressions {
    if depth == 0 {
        let mut texts = vec!["username", "sourceip", "\"Command\"", "'x'", "'10.0.0.1'", "NULL", "nosuchproperty"];
        let mut numbers = vec!["starttime", "eventcount", "5", "2.5", "NOW()", "0"];
        if grouped {
            texts.extend(["MAX(username)", "FIRST(sourceip)", "LAST(eventname)"]);
            numbers.extend([
                "COUNT(*)",
                "SUM(eventcount)",
                "UNIQUECOUNT(username)",
                "AVG(starttime)",
                "STDEV(eventcount)",
                "MIN(starttime)",
            ]);
        }
        return Expressions {
            text: one_of(&texts),
            number: one_of(&numbers),
            condition: one_of(&["TRUE", "username IS NULL", "username LIKE '%a%'", "LAST 3 DAYS"]),
        };
    }
    let Expressions { text, number, condition } = expressions(depth - 1, grouped);
    let arithmetic = prop::sample::select(vec!["+", "-", "*", "/", "%", "^", "&", "|"]);
    let comparison = prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let matching = prop::sample::select(vec![
        "LIKE 'A%'",
        "NOT ILIKE '%x_'",
        "MATCHES '^a'",
        "IMATCHES 'B'",
        "IN ('a', 'b', NULL)",
        "NOT IN ('c')",
        "BETWEEN 'a' AND 'b'",
        "= 5",
        "< 7",
    ]);
    Expressions {
        text: prop_oneof![
            text.clone(),
            (prop::sample::select(vec!["LOWER", "UPPER", "STR", "UTF8", "BASE64"]), text.clone())
                .prop_map(|(f, a)| format!("{f}({a})")),
            (text.clone(), number.clone()).prop_map(|(a, b)| format!("CONCAT({a}, ':', {b})")),
            (text.clone(), number.clone(), number.clone()).prop_map(|(a, b, c)| format!("SUBSTRING({a}, {b}, {c})")),
            number.clone().prop_map(|a| format!("DATEFORMAT({a}, 'yyyy-MM-dd')")),
            (condition.clone(), text.clone(), number.clone())
                .prop_map(|(a, b, c)| format!("CASE WHEN {a} THEN {b} ELSE {c} END")),
        ]
        .boxed(),
        number: prop_oneof![
            number.clone(),
            (number.clone(), arithmetic, number.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (prop::sample::select(vec!["STRLEN", "LONG", "DOUBLE"]), text.clone())
                .prop_map(|(f, a)| format!("{f}({a})")),
            (text.clone(), text.clone()).prop_map(|(a, b)| format!("STRPOS({a}, {b})")),
            number.clone().prop_map(|a| format!("(- {a})")),
            (condition.clone(), number.clone(), number.clone())
                .prop_map(|(a, b, c)| format!("(IF {a} THEN {b} ELSE {c})")),
        ]
        .boxed(),
        condition: prop_oneof![
            (text.clone(), comparison.clone(), text.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (number.clone(), comparison.clone(), number.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (text.clone(), comparison, number.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (text.clone(), matching).prop_map(|(a, op)| format!("({a} {op})")),
            (number.clone(), number.clone(), number).prop_map(|(a, b, c)| format!("({a} NOT BETWEEN {b} AND {c})")),
            (condition.clone(), prop::sample::select(vec!["AND", "OR"]), condition.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            condition.prop_map(|a| format!("(NOT {a})")),
            text.prop_map(|a| format!("INCIDR('10.0.0.0/8', {a})")),
        ]
        .boxed(),
    }
}

fn select() -> impl Strategy<Value = String> {
    let sources = one_of(&[
        "events",
        "(SELECT username, sourceip, \"Command\", nosuchproperty, eventname, starttime, eventcount, qid FROM events) AS x",
        "(SELECT * FROM (SELECT username, sourceip, \"Command\", nosuchproperty, eventname, starttime, eventcount, qid FROM events LIMIT 5 UNION ALL SELECT sourceip, username, 'a', 5, 2.5, starttime, NULL, qid FROM events))",
    ]);
    let tail = one_of(&["", " LIMIT 3", " LIMIT 2 OFFSET 1", " LAST 5 DAYS", " START '2026-03-14 12:00'"]);
    any::<bool>().prop_flat_map(move |grouped| {
        let plain = expressions(3, false);
        let all = expressions(2, grouped);
        let order = prop_oneof![Just(" ORDER BY 1 DESC, b".to_owned()), all.number.clone().prop_map(|a| format!(" ORDER BY {a}")), Just(String::new())];
        let group = if grouped { prop_oneof![Just(String::new()), plain.text.clone().prop_map(|a| format!(" GROUP BY {a}")), Just(" GROUP BY QIDNAME(qid)".to_owned())].boxed() } else { Just(String::new()).boxed() };
        let having = if grouped { prop_oneof![Just(String::new()), all.condition.clone().prop_map(|a| format!(" HAVING {a}"))].boxed() } else { Just(String::new()).boxed() };
        (all.text, all.number, all.condition, sources.clone(), plain.condition, group, having, order, tail.clone()).prop_map(|(a, b, c, source, filter, group, having, order, tail)| {
            format!("SELECT {a} AS a, {b} AS b, {c} AS c, QIDNAME(qid) AS d FROM {source} WHERE {filter}{group}{having}{order}{tail}")
        })
    })
}

const RECORD: &str = r#"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"alice"},"eventTime":"2026-03-14T11:00:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","awsRegion":"us-east-1","sourceIPAddress":"10.0.0.1","eventID":"1","eventType":"AwsApiCall","recipientAccountId":"111122223333"}"#;

/// What is printed parses to the same.
fn is_printed_as_it_is(text: &str) -> Result<(), TestCaseError> {
    let (query, diagnostics) = parse(text);
    prop_assert!(!diagnostics.iter().any(|d| d.is_error()), "{}: {:?}", text, diagnostics);
    let again = query.as_ref().and_then(|query| parse(&query.to_string()).0);
    prop_assert_eq!(again, query, "{}", text);
    Ok(())
}

#[test]
fn clauses_and_operators() {
    for text in [
        "SELECT * FROM events",
        "SELECT a AS 'b c', LOWER(\"d e\") AS \"f g\", COUNT(*) AS n FROM events AS e WHERE a = 1 AND (b = 2 OR NOT c = 3) GROUP BY a, 'b c' HAVING n > 5 ORDER BY n DESC, a LIMIT 10 OFFSET 5 LAST 24 HOURS",
        "SELECT CASE a WHEN 1 THEN 'x' ELSE 'y' END, CASE WHEN a = 1 AND b = 2 THEN 'x' END FROM events",
        "SELECT IF a = 1 THEN 'x' ELSE b AS c FROM events",
        "SELECT a FROM (SELECT a FROM events UNION ALL SELECT b FROM events) AS both ORDER BY a",
        "SELECT a FROM events WHERE a NOT IN ('x', 'y') AND b IN (SELECT b FROM events LAST 5 MINUTES) AND c BETWEEN 1 AND 2 AND d NOT LIKE '%x' AND e IMATCHES '^a' AND f IS NOT NULL",
        "SELECT a FROM events WHERE TEXT SEARCH 'failed login' START '2026-03-14 12:00' STOP PARSEDATETIME('now')",
        "SELECT -a + 2 * (b - c) / 4 % 5 ^ 2 & 0xFF | 1 FROM events",
        "SELECT a FROM events WHERE LAST 1 DAYS AND (a = 1)",
        "SELECT a FROM events PARAMETERS EXECUTIONTIMELIMIT=30000",
    ] {
        is_printed_as_it_is(text).unwrap();
    }
    assert_eq!(
        parse("SELECT a FROM events WHERE b OR c AND d").0,
        parse("SELECT a FROM events WHERE b OR (c AND d)").0
    );
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same(text in select()) {
        is_printed_as_it_is(&text)?;
    }

    #[test]
    fn names_texts_and_numbers_are_printed_as_they_are(
        name in "[ -~é]{0,8}", text in "[ -~é%]{0,8}", whole in 0..i64::MAX, decimal in 0.0..1e300_f64,
    ) {
        let (name, text) = (name.replace('"', "\"\""), text.replace('\'', "''"));
        let value = format!("CASE \"{name}\" WHEN '{text}' THEN 0x{whole:X} ELSE {decimal:?} END");
        is_printed_as_it_is(&format!("SELECT {value} FROM events WHERE {whole} = \"{name}\" OR TEXT SEARCH '{text}'"))?;
    }

    #[test]
    fn no_words_panic_and_what_parses_prints(words in prop::collection::vec(
        prop::sample::select(vec![
            "SELECT", "*", "a", "FROM", "events", "(", ")", "WHERE", "=", "'x'", "AND", "OR", "NOT", "IN", "LIKE", "LAST", "1", "DAYS", "GROUP", "ORDER", "BY",
            "UNION", "ALL", ",", "CASE", "WHEN", "THEN", "END", "IF", "ELSE", "AS", "LIMIT", "-", "TEXT", "SEARCH", "START", "STOP", "IS", "NULL", "\"q\"", "HAVING", "PARAMETERS", "BETWEEN", ";",
        ]), 0..25)) {
        let text = words.join(" ");
        if !parse(&text).1.iter().any(|d| d.is_error()) {
            is_printed_as_it_is(&text)?;
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,100}") {
        plan(&text);
    }

    #[test]
    fn what_has_the_right_types_is_planned_and_runs(text in select()) {
        let planned = plan(&text);
        let errors: Vec<_> = planned.diagnostics.iter().filter(|d| d.is_error()).collect();
        prop_assert!(errors.is_empty() && planned.plan.is_some(), "{}: {:?}", &text, &errors);
        let value = mynah_golden::first_value(&Aql, &format!("{RECORD}\n"), &text);
        prop_assert!(!value.starts_with("error:"), "{}: {}", &text, value);
    }
}

#[test]
fn wide_and_deep_queries_are_planned_or_refused() {
    let many = |text: &'static str, between: &str| vec![text; 20_000].join(between);
    let nested = |depth: usize, before: &str, inner: &str, after: &str| {
        format!("{}{inner}{}", before.repeat(depth), after.repeat(depth))
    };
    let select = |value: String| format!("SELECT {value} FROM events");
    let filter = |condition: String| format!("SELECT username FROM events WHERE {condition}");
    for (query, errors) in [
        (String::new(), 1),
        (filter(many("username LIKE '%x%'", " OR ")), 0),
        (filter(format!("username IN ({})", many("'x'", ", "))), 0),
        (filter(format!("TEXT SEARCH '{}'", "(".repeat(1_000))), 1),
        (select(nested(150, "LOWER(", "username", ")")), 0),
        (select(nested(5_000, "LOWER(", "username", ")")), 1),
        (select(nested(190, "CASE WHEN username = 'x' THEN ", "1", " ELSE 2 END")), 0),
        (select(nested(10_000, "(", "qid", ")")), 1),
        (select(nested(10_000, "- ", "qid", "")), 1),
        (select(nested(10_000, "qid + ", "qid", "")), 1),
        (filter(nested(60, "(NOT (username = 'x' OR ", "TRUE", "))")), 0),
        (filter(nested(10_000, "NOT ", "qid = 1", "")), 1),
        (filter(nested(90, "username IN (SELECT username FROM events WHERE ", "TRUE", ")")), 0),
        (nested(190, "SELECT username FROM (", "SELECT username FROM events", ")"), 0),
        (nested(1_000, "SELECT username FROM (", "SELECT username FROM events", ")"), 1),
    ] {
        let planned = plan(&query);
        assert_eq!(planned.diagnostics.iter().filter(|d| d.is_error()).count(), errors, "{query:.100}");
        assert_eq!(planned.plan.is_some(), errors == 0, "{query:.100}");
    }
}

#[test]
fn reference_data_is_the_sites() {
    let mut site = Site::default();
    site.reference_sets.insert("Admins".into(), ["root".to_owned()].into());
    site.reference_maps.insert("Owners".into(), [("root".to_owned(), "it".to_owned())].into());
    let query =
        "SELECT REFERENCEMAP('Owners', username) AS owner FROM events WHERE REFERENCESETCONTAINS('Admins', username)";
    for (mode, site, plans, severity) in [
        (Mode::Run, &site, true, None),
        (Mode::Run, &Site::default(), false, Some(Severity::Error)),
        (Mode::Check, &Site::default(), true, Some(Severity::Warning)),
    ] {
        let context = PlanContext { mode, view: &VIEW, site, stages: &Stages::without_data() };
        let planned = Aql.plan(query, &context);
        assert_eq!(planned.plan.is_some(), plans);
        assert_eq!(planned.diagnostics.first().map(|d| d.severity), severity);
    }
}
