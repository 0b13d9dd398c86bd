//! What holds for any text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
use mynah_event::Platform;
use mynah_sigma::Sigma;
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;
use proptest::prelude::*;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().unwrap());

/// Plans a text: there is a plan or an error, and every place that is named lies in the text.
fn planned(text: &str) {
    let view = CATALOG.platform(Platform::Sigma).unwrap();
    let (site, stages) = (Site::default(), Stages::without_data());
    let done = Sigma.plan(text, &PlanContext { mode: Mode::Run, view: &view, site: &site, stages: &stages });
    assert_ne!(done.plan.is_some(), done.diagnostics.iter().any(Diagnostic::is_error), "{text}");
    for diagnostic in &done.diagnostics {
        assert!(
            diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end <= text.len(),
            "{text}: {diagnostic:?}"
        );
        assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some(), "{text}: {diagnostic:?}");
    }
}

const RULE: &str = "title: Ä rule\nid: x\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    selection:\n        - Image|endswith:\n              - '\\a.exe'\n              - \"b\"\n          'User|re|i': a+\n        - CommandLine|contains|windash: ' -x'\n    keywords:\n        '|all': [a, 'b c']\n    filter: {User: null, ProcessId|gt: 3}\n    condition: (selection or 1 of key*) and not filter\n---\ntitle: C\ncorrelation:\n    type: event_count\n    rules: [x]\n    group-by:\n    - User\n    timespan: 5m\n    condition:\n        gte: 2\n";

const PIECES: &str = ":·\n·- ·'·\"·|·---\n·    ·(·)·*·\\·%·not · of ·null·[·]·{·}·#·re·é·&a ·*a·!!·|cidr·action: global\n·action: repeat\n·\u{feff}·title: x\n·\
    detection: 3\n·detection:\n  a: *b\n·correlation: x\n·filter: {}\n·a:\n- - - b: |\n x·\
    correlation:\n  type: temporal\n  rules: [a]\n  timespan: 1m\nname: a\n·logsource: {}\n·\
    detection:\n  s: {a|re|contains: [null, 1, {b: c}]}\n  condition: [s, 1 of x*]\n";

fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(PIECES.split('·').collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_rule_with_something_else_in_it(at in 0usize..700, which in piece(), cut in 0usize..20) {
        let at = RULE.char_indices().map(|(index, _)| index).nth(at % RULE.chars().count()).unwrap_or(0);
        let rest: String = RULE.get(at..).unwrap_or("").chars().skip(cut).collect();
        planned(&format!("{}{}{rest}", RULE.get(..at).unwrap_or(""), which));
    }

    #[test]
    fn pieces_in_any_order(pieces in proptest::collection::vec(piece(), 0..30)) {
        let text = pieces.concat();
        planned(&text);
        planned(&format!("title: x\nlogsource:\n    product: windows\ndetection:\n    s:\n        a: {text}\n    condition: s"));
        planned(&format!("title: x\nlogsource:\n    product: windows\ndetection:\n    s:\n        a: b\n    condition: s{text}"));
    }

    #[test]
    fn any_text(text in "\\PC{0,60}") {
        planned(&text);
    }
}
