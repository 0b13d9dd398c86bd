//! Any text can be read without a panic, and any tree says the same after it is printed and read again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
use mynah_eql::ast::*;
use mynah_eql::{Eql, parse};
use mynah_event::Platform;
use mynah_view::{Catalog, PlatformView};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::{Arc, LazyLock};

static VIEW: LazyLock<Arc<PlatformView>> =
    LazyLock::new(|| Catalog::built_in().unwrap().platform(Platform::Elastic).unwrap());

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, place: Place::default() }
}

fn field() -> impl Strategy<Value = Expr> {
    (vec("[a-zA-Z_@][a-z0-9_]{0,4}|[a-z]-[0-9]|and|`|é", 1..4), any::<bool>())
        .prop_map(|(parts, optional)| expr(ExprKind::Field(Field { name: parts.join("."), optional })))
}

fn constant() -> impl Strategy<Value = Expr> {
    prop_oneof![
        Just(ExprKind::Null),
        any::<bool>().prop_map(ExprKind::Boolean),
        (-i64::MAX..i64::MAX).prop_map(ExprKind::Integer),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(ExprKind::Float),
        any::<String>().prop_map(ExprKind::Text),
    ]
    .prop_map(expr)
}

fn matching() -> impl Strategy<Value = Matching> {
    select(vec![Matching::Colon, Matching::Like, Matching::LikeFolded, Matching::Regex, Matching::RegexFolded])
}

fn comparison() -> impl Strategy<Value = Comparison> {
    use Comparison::*;
    select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

fn arithmetic() -> impl Strategy<Value = Arithmetic> {
    use Arithmetic::*;
    select(vec![Add, Subtract, Multiply, Divide, Modulo])
}

fn is_number(expression: &Expr) -> bool {
    matches!(expression.kind, ExprKind::Integer(_) | ExprKind::Float(_))
}

fn expression() -> impl Strategy<Value = Expr> {
    prop_oneof![field(), constant()].prop_recursive(4, 24, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(|inner| expr(ExprKind::Not(inner))),
            // A sign before a number is part of the number.
            boxed
                .clone()
                .prop_filter("no number", |inner| !is_number(inner))
                .prop_map(|inner| expr(ExprKind::Negative(inner))),
            vec(inner.clone(), 2..4).prop_map(|parts| expr(ExprKind::And(parts))),
            vec(inner.clone(), 2..4).prop_map(|parts| expr(ExprKind::Or(parts))),
            (boxed.clone(), arithmetic(), boxed.clone())
                .prop_map(|(left, operator, right)| expr(ExprKind::Arithmetic(left, operator, right))),
            (boxed.clone(), comparison(), boxed.clone())
                .prop_map(|(left, operator, right)| expr(ExprKind::Compare(left, operator, right))),
            (boxed.clone(), any::<bool>(), any::<bool>(), vec(inner.clone(), 1..4))
                .prop_map(|(value, negated, folded, list)| expr(ExprKind::In(In { value, negated, folded, list }))),
            (boxed, matching(), vec(constant(), 1..4), any::<bool>()).prop_map(
                |(value, operator, patterns, listed)| {
                    let listed = listed || patterns.len() > 1;
                    expr(ExprKind::Match(Match { value, operator, operator_place: Place::default(), patterns, listed }))
                }
            ),
            ("[a-z][a-zA-Z]{3,9}x", any::<bool>(), vec(inner, 0..4)).prop_map(|(name, folded, arguments)| {
                expr(ExprKind::Call(Call { name, folded, name_place: Place::default(), arguments }))
            }),
        ]
    })
}

fn filter() -> impl Strategy<Value = EventFilter> {
    (proptest::option::of("[a-z]{3,8}|any|[ -~]{1,6}"), expression()).prop_map(|(category, condition)| EventFilter {
        category,
        category_place: Place::default(),
        condition,
    })
}

fn keys(count: usize) -> impl Strategy<Value = Vec<Expr>> {
    vec(field(), count..=count)
}

fn terms(keys_each: usize, runs: std::ops::Range<u32>) -> impl Strategy<Value = Vec<Term>> {
    let term = (filter(), keys(keys_each), runs).prop_map(|(filter, by, runs)| Term {
        missing: false,
        filter,
        by,
        runs,
        place: Place::default(),
    });
    vec(term, 2..4)
}

fn span() -> impl Strategy<Value = TimeSpan> {
    (1..10_000u64, select(&TimeUnit::ALL)).prop_map(|(count, unit)| TimeSpan { count, unit })
}

fn sequence() -> impl Strategy<Value = Body> {
    (vec(field(), 0..3), span(), terms(1, 1..101), proptest::option::of(terms(1, 1..2)), any::<bool>()).prop_map(
        |(by, span, mut terms, until, missing)| {
            if let Some(last) = terms.last_mut() {
                last.missing = missing;
            }
            let until = until.and_then(|mut terms| terms.pop());
            Body::Sequence(Sequence { by, maxspan: Some(span), terms, until, place: Place::default() })
        },
    )
}

fn sample() -> impl Strategy<Value = Body> {
    (keys(2), terms(0, 1..2)).prop_map(|(by, terms)| Body::Sample(Sample { by, terms, place: Place::default() }))
}

fn query() -> impl Strategy<Value = Query> {
    let body = prop_oneof![filter().prop_map(Body::Event), sequence(), sample()];
    let pipe = ("head|tail|sort", vec(expression(), 0..2)).prop_map(|(name, arguments)| Pipe {
        name,
        arguments,
        place: Place::default(),
    });
    (body, vec(pipe, 0..3)).prop_map(|(body, pipes)| Query { body, pipes })
}

proptest! {
    #[test]
    fn a_printed_tree_is_read_as_the_same_tree(query in query()) {
        let text = query.to_string();
        let (again, diagnostics) = parse(&text);
        prop_assert!(diagnostics.is_empty(), "{text}\n{diagnostics:?}");
        prop_assert_eq!(again, Some(query), "{}", text);
    }

    #[test]
    fn no_query_makes_the_planner_panic(query in query()) {
        let context = PlanContext { mode: Mode::Run, view: &VIEW, site: &Site::default(), stages: &Stages::without_data() };
        let planned = Eql.plan(&query.to_string(), &context);
        // There is a plan exactly if nothing is wrong.
        prop_assert_eq!(planned.plan.is_none(), planned.diagnostics.iter().any(|diagnostic| diagnostic.is_error()));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_row_of_tokens_makes_the_parser_panic(
        tokens in vec(
            select(vec![
                "any where ", "sequence ", "sample ", "by ", "with maxspan=1m ", "until ", "[", "![", "]", "(", ")", " and ", " or ",
                " not ", " in ", " : ", " like~ ", " regex ", "a.b", "?a", "`x y`", "\"t\\u{41}\"", "\"\"\"r\\\"\"\"", "'s'", "?\"o\"", "1",
                "-2.5e3", "== ", "!= ", "= ", "+ ", "* ", ",", "| head 3", "/* c */", "// c\n", "null", "TRUE ", "AND ", "\\", "\"",
            ]),
            0..30,
        )
    ) {
        let text = tokens.concat();
        let (_, diagnostics) = parse(&text);
        for diagnostic in diagnostics {
            prop_assert!(diagnostic.span.end <= text.len() && diagnostic.span.start <= diagnostic.span.end);
        }
    }
}
