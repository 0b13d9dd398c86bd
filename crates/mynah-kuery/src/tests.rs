use crate::{Kuery, parse};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages, TokenKind};
use mynah_event::Platform;
use mynah_view::{Catalog, PlatformView};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static VIEW: LazyLock<Arc<PlatformView>> =
    LazyLock::new(|| Catalog::built_in().unwrap().platform(Platform::Elastic).unwrap());

fn with_context<T>(run: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    let (site, stages) = (Site::default(), Stages::without_data());
    run(&PlanContext { mode: Mode::Check, view: &VIEW, site: &site, stages: &stages })
}

fn planned(text: &str) -> Planned {
    with_context(|context| Kuery.plan(text, context))
}

#[test]
fn rules_find_their_bad_examples_and_neither_the_good_ones_nor_those_that_are_fixed() {
    for rule in Kuery.rules() {
        let found = |text: &str| {
            let diagnostics = planned(text).diagnostics.into_iter();
            diagnostics.filter(|diagnostic| diagnostic.code == rule.code).collect::<Vec<_>>()
        };
        assert!(found(rule.good).is_empty(), "{}: {}", rule.code, rule.good);
        assert!(!found(rule.bad).is_empty(), "{}: {}", rule.code, rule.bad);
        for fix in found(rule.bad).into_iter().filter_map(|diagnostic| diagnostic.fix) {
            let mut text = rule.bad.to_owned();
            text.replace_range(fix.span.start..fix.span.end, &fix.replacement);
            assert!(found(&text).is_empty(), "{text}");
        }
    }
}

#[test]
fn conditions_know_their_words() {
    let text = "process.name: (cmd.exe or power*) and not user.name: root";
    let plan = planned(text).plan.unwrap();
    let marks: Vec<&str> = mynah_dialect::marks(plan.first()).into_iter().map(|span| span.of(text)).collect();
    assert_eq!(marks, ["cmd.exe", "power*", "user.name: root"]);
}

#[test]
fn analysis_goes_on_behind_an_error() {
    let text = "process.name: ) and user.name: root";
    let analysis = with_context(|context| Kuery.analyse(text, context));
    let fields = analysis.tokens.iter().filter(|token| token.kind == TokenKind::Field);
    let fields: Vec<&str> = fields.map(|token| token.span.of(text)).collect();
    assert_eq!(fields, ["process.name", "user.name"]);
    assert!(analysis.diagnostics.iter().any(mynah_syntax::Diagnostic::is_error));
    let offered = |text: &str| -> Vec<String> {
        with_context(|context| Kuery.complete(text, text.len(), context)).into_iter().map(|offer| offer.text).collect()
    };
    assert!(offered("process.na").contains(&"process.name".to_owned()));
    assert_eq!(offered("process.name: cmd.exe a"), ["and"]);
    assert!(offered("process.name: c").is_empty());
}

proptest! {
    #[test]
    fn no_text_panics(text in r#"([a-z.]{1,4}|[ \t():<>"*{}\\]|and |or |not |\\u00e9|é){0,40}"#) {
        planned(&text);
    }

    #[test]
    fn a_tree_that_is_printed_and_read_again_is_the_same(
        text in r#"(not )?[a-z]{1,3}: ([a-z*]{1,4}|"[a-z* \\\\]{0,4}"|\((x|or y|y z) and not ["]?q["]?\))( (and|or) (a > 1|\(b: \* or c: d\|e\)|"x y")){0,3}"#
    ) {
        let (query, _) = parse(&text);
        if let Some(query) = query {
            let printed = query.to_string();
            let (again, diagnostics) = parse(&printed);
            prop_assert!(!diagnostics.iter().any(|d| d.is_error()), "{} -> {}: {:?}", text, printed, diagnostics);
            prop_assert_eq!(again.map(|query| query.to_string()), Some(printed));
        }
    }
}
