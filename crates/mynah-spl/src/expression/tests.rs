use super::{Expression, ExpressionKind, UnaryOperator, ast::BinaryOperator, parse, parse_prefix};
use mynah_syntax::{Span, Spanned};
use proptest::prelude::*;

fn of(kind: ExpressionKind) -> Expression {
    Expression { kind, span: Span::default() }
}

fn expressions() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        (0u32..100_000, 0usize..4).prop_map(|(n, decimals)| {
            let value = f64::from(n) / 10f64.powi(decimals as i32);
            of(ExpressionKind::Number { value, decimals })
        }),
        any::<String>().prop_map(|text| of(ExpressionKind::Text(text))),
        "[a-zA-Z_.{} -]{1,8}".prop_map(|name| of(ExpressionKind::Field(name))),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone(), prop::sample::select(&BinaryOperator::ALL)).prop_map(
                |(left, right, (operator, ..))| of(ExpressionKind::Binary {
                    operator: Spanned::new(operator, Span::default()),
                    left: Box::new(left),
                    right: Box::new(right),
                })
            ),
            (inner.clone(), any::<bool>()).prop_map(|(operand, not)| of(ExpressionKind::Unary {
                operator: if not { UnaryOperator::Not } else { UnaryOperator::Minus },
                operand: Box::new(operand),
            })),
            (inner.clone(), prop::collection::vec(inner.clone(), 0..3))
                .prop_map(|(value, list)| of(ExpressionKind::In { value: Box::new(value), list })),
            prop::collection::vec(inner, 0..3).prop_map(|arguments| of(ExpressionKind::Call {
                name: Spanned::new("coalesce".to_owned(), Span::default()),
                arguments,
            })),
        ]
    })
}

/// The same tree with every place at 0.
fn without_spans(expression: &Expression) -> Expression {
    let inside = |expression: &Expression| Box::new(without_spans(expression));
    of(match &expression.kind {
        ExpressionKind::Unary { operator, operand } => {
            ExpressionKind::Unary { operator: *operator, operand: inside(operand) }
        }
        ExpressionKind::Binary { operator, left, right } => ExpressionKind::Binary {
            operator: Spanned::new(operator.node, Span::default()),
            left: inside(left),
            right: inside(right),
        },
        ExpressionKind::In { value, list } => {
            ExpressionKind::In { value: inside(value), list: list.iter().map(without_spans).collect() }
        }
        ExpressionKind::Call { name, arguments } => ExpressionKind::Call {
            name: Spanned::new(name.node.clone(), Span::default()),
            arguments: arguments.iter().map(without_spans).collect(),
        },
        leaf => leaf.clone(),
    })
}

proptest! {
    #[test]
    fn printing_and_parsing_gives_the_same_tree(expression in expressions()) {
        let printed = expression.to_string();
        let (parsed, diagnostics) = parse(&printed, 0);
        prop_assert!(diagnostics.is_empty(), "{}: {:?}", printed, diagnostics);
        prop_assert_eq!(without_spans(&parsed.unwrap()), expression, "{}", printed);
    }

    #[test]
    fn no_text_panics(text in "[a-z0-9\"'().,=!<>*/%+ \\\\é|-]{0,60}|\\PC{0,40}", base in 0usize..1000) {
        let (_, diagnostics) = parse(&text, base);
        for diagnostic in diagnostics {
            prop_assert!(diagnostic.span.start >= base && diagnostic.span.end <= base + text.len());
        }
        if let Ok((_, end)) = parse_prefix(&text, base) {
            prop_assert!(text.is_char_boundary(end));
        }
    }
}
