use super::parse;
use mynah_syntax::Severity;

fn errors(text: &str) -> Vec<String> {
    parse(text).1.into_iter().filter(|d| d.severity == Severity::Error).map(|d| d.message).collect()
}

fn printed(text: &str) -> String {
    let (query, diagnostics) = parse(text);
    assert!(diagnostics.iter().all(|d| !d.is_error()), "{text}: {diagnostics:?}");
    query.unwrap().to_string()
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
        let once = printed(text);
        assert_eq!(printed(&once), once, "{text}");
        assert_eq!(parse(&once).0, parse(text).0, "{text}");
    }
}

#[test]
fn and_binds_tighter_than_or() {
    assert_eq!(
        printed("select a from events where a = 1 or b = 2 and c = 3"),
        printed("select a from events where a = 1 or (b = 2 and c = 3)")
    );
}

#[test]
fn every_fault_is_reported_once() {
    assert_eq!(errors("SELECT a,, b FROM events WHERE = 3 GROUP a LIMIT x").len(), 4);
    assert_eq!(errors("SELECT LOWER(a, FROM events WHERE (b = 1").len(), 2);
    assert_eq!(errors("").len(), 1);
    assert_eq!(errors("SELECT a FROM events SESSION BY starttime BEGIN a = 1 END b = 1").len(), 1);
    assert_eq!(errors("SELECT a FROM events; SELECT b FROM events").len(), 1);
}

#[test]
fn depth_is_bounded_and_width_is_not() {
    assert_eq!(errors(&format!("SELECT {}a{} FROM events", "(".repeat(10_000), ")".repeat(10_000))).len(), 1);
    assert_eq!(errors(&format!("SELECT {}a FROM events", "- ".repeat(10_000))).len(), 1);
    assert_eq!(errors(&format!("SELECT a FROM events WHERE {}a = 1", "NOT ".repeat(10_000))).len(), 1);
    assert_eq!(errors(&format!("SELECT a{} FROM events", " + a".repeat(10_000))).len(), 1);
    assert_eq!(
        errors(&format!("SELECT {}a FROM events{}", "a FROM (SELECT ".repeat(1_000), ")".repeat(1_000))).len(),
        1
    );
    assert_eq!(
        errors(&format!("SELECT a FROM events WHERE a = 1{}", " OR a = 1".repeat(10_000))),
        Vec::<String>::new()
    );
}

mod properties {
    use super::super::parse;
    use crate::ast::*;
    use mynah_syntax::Span;
    use proptest::prelude::*;

    fn expr(kind: ExprKind) -> Expr {
        Expr::new(kind, Span::at(0))
    }

    fn name() -> impl Strategy<Value = ExprKind> {
        prop_oneof![
            "[a-z][a-z0-9_]{0,6}"
                .prop_filter("a word of the language", |name| !is_reserved(name))
                .prop_map(|name| ExprKind::Column { name, quoted: false }),
            "[ -~é]{0,8}".prop_map(|name| ExprKind::Column { name, quoted: true }),
        ]
    }

    fn leaf() -> impl Strategy<Value = Expr> {
        prop_oneof![
            name(),
            "[ -~é%]{0,8}".prop_map(ExprKind::Text),
            (0..i64::MAX).prop_map(|n| ExprKind::Number(Number::Whole(n))),
            (0..i64::MAX).prop_map(|n| ExprKind::Number(Number::Hex(n))),
            (0.0..1e300_f64).prop_map(|n| ExprKind::Number(Number::Decimal(n))),
            any::<bool>().prop_map(ExprKind::Boolean),
            Just(ExprKind::Null),
            "[a-z ]{1,9}".prop_map(|words| ExprKind::TextSearch(Box::new(expr(ExprKind::Text(words))))),
            (0..9_u64).prop_map(|count| ExprKind::Last { count, unit: Unit::Days }),
        ]
        .prop_map(expr)
    }

    fn tree() -> impl Strategy<Value = Expr> {
        leaf().prop_recursive(5, 40, 4, |inner| {
            let boxed = inner.clone().prop_map(Box::new);
            let op = prop_oneof![
                Just(ArithmeticOp::Add),
                Just(ArithmeticOp::Subtract),
                Just(ArithmeticOp::Multiply),
                Just(ArithmeticOp::Power),
                Just(ArithmeticOp::BitOr)
            ];
            let compare = prop_oneof![Just(CompareOp::Equal), Just(CompareOp::NotEqual), Just(CompareOp::LessEqual)];
            let matched =
                prop_oneof![Just(MatchOp::Like), Just(MatchOp::Ilike), Just(MatchOp::Matches), Just(MatchOp::Imatches)];
            prop_oneof![
                boxed.clone().prop_map(ExprKind::Negate),
                boxed.clone().prop_map(ExprKind::Not),
                (boxed.clone(), op, boxed.clone()).prop_map(|(a, op, b)| ExprKind::Arithmetic(a, op, b)),
                (boxed.clone(), compare, boxed.clone()).prop_map(|(a, op, b)| ExprKind::Compare(a, op, b)),
                prop::collection::vec(inner.clone(), 2..4).prop_map(ExprKind::And),
                prop::collection::vec(inner.clone(), 2..4).prop_map(ExprKind::Or),
                (boxed.clone(), matched, any::<bool>(), boxed.clone())
                    .prop_map(|(value, op, negated, pattern)| ExprKind::Match { value, op, negated, pattern }),
                (boxed.clone(), any::<bool>(), prop::collection::vec(inner.clone(), 1..4))
                    .prop_map(|(value, negated, list)| ExprKind::In { value, negated, list: InList::Values(list) }),
                (boxed.clone(), any::<bool>(), boxed.clone(), boxed.clone())
                    .prop_map(|(value, negated, low, high)| ExprKind::Between { value, negated, low, high }),
                (boxed.clone(), any::<bool>()).prop_map(|(value, negated)| ExprKind::IsNull { value, negated }),
                (
                    prop::option::of(boxed.clone()),
                    prop::collection::vec((inner.clone(), inner.clone()), 1..3),
                    prop::option::of(boxed.clone())
                )
                    .prop_map(|(operand, branches, otherwise)| ExprKind::Case {
                        operand,
                        branches: branches.into_iter().map(|(when, then)| Branch { when, then }).collect(),
                        otherwise,
                    }),
                (boxed.clone(), boxed.clone(), boxed.clone()).prop_map(|(condition, then, otherwise)| ExprKind::If {
                    condition,
                    then,
                    otherwise
                }),
                (prop::collection::vec(inner, 0..3)).prop_map(|arguments| ExprKind::Call {
                    name: "LOWER".into(),
                    name_at: At::default(),
                    distinct: false,
                    arguments
                }),
            ]
            .prop_map(expr)
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(tree in tree()) {
            let text = format!("SELECT a FROM events WHERE {tree}");
            let (query, diagnostics) = parse(&text);
            prop_assert!(diagnostics.iter().all(|d| !d.is_error()), "{}: {:?}", text, diagnostics);
            let query = query.unwrap();
            prop_assert_eq!(query.selects[0].filter.as_ref().unwrap(), &tree, "{}", text);
        }

        #[test]
        fn no_text_panics(text in ".{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_words_panic_and_what_parses_prints(words in prop::collection::vec(
            prop::sample::select(vec![
                "SELECT", "*", "a", "FROM", "events", "(", ")", "WHERE", "=", "'x'", "AND", "OR", "NOT", "IN", "LIKE", "LAST", "1", "DAYS", "GROUP", "ORDER", "BY",
                "UNION", "ALL", ",", "CASE", "WHEN", "THEN", "END", "IF", "ELSE", "AS", "LIMIT", "-", "TEXT", "SEARCH", "START", "STOP", "IS", "NULL", "\"q\"", "HAVING", "PARAMETERS", "BETWEEN", ";",
            ]), 0..25)) {
            let text = words.join(" ");
            let (query, diagnostics) = parse(&text);
            if !diagnostics.iter().any(|d| d.is_error()) {
                let query = query.unwrap();
                let again = parse(&query.to_string());
                prop_assert!(again.1.iter().all(|d| !d.is_error()), "{} -> {}: {:?}", text, query, again.1);
                prop_assert_eq!(again.0.unwrap(), query);
            }
        }
    }
}
