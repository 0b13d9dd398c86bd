//! Whatever the text, parsing and planning end without a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_dialect::{Frontend, Mode, PlanContext, Site, Stages};
use mynah_event::Platform;
use mynah_spl::Spl;
use proptest::prelude::*;

fn plan(query: &str) -> usize {
    let catalog = mynah_view::Catalog::built_in().unwrap();
    let view = catalog.platform(Platform::Splunk).unwrap();
    let site = Site::default();
    let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &Stages::without_data() };
    let planned = Spl.plan(query, &context);
    for diagnostic in &planned.diagnostics {
        assert!(
            diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end <= query.len(),
            "{query:?} {diagnostic:?}"
        );
    }
    planned.diagnostics.len()
}

const WORDS: &str = r#"
    search eval stats count by where | | | ( ) [ ] " ' ` = != , * a b _time OR AND NOT IN table rename as sort -
    dedup head 5 rex field=a "(?<x>.)" tstats from datamodel=Endpoint.Processes join append lookup t OUTPUT
    mvexpand fillnull bin span=1h timechart chart over values(a) dc(b) if(a=1,2,3) \ é foreach [eval x=1] convert
    ctime(a) top inputlookup eventstats streamstats makeresults spath path=a.b replace WITH xyseries transaction
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_is_planned_or_refused(text in "\\PC{0,60}") {
        plan(&text);
    }

    #[test]
    fn any_words_are_planned_or_refused(words in prop::collection::vec(prop::sample::select(WORDS.split_whitespace().collect::<Vec<_>>()), 0..24)) {
        plan(&words.join(" "));
    }
}

#[test]
fn figures_of_nothing_are_refused() {
    for query in ["tstats eval", "a | stats eval", "a | stats count eval by b", "a | chart eval", "a | stats eval()"] {
        assert!(plan(query) > 0, "{query}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("(", ")"), ("[search ", "]"), ("NOT ", ""), ("(a | ", ")")] {
        let query = format!("{}a{}", open.repeat(10_000), close.repeat(10_000));
        plan(&query);
    }
    plan(&format!("a | eval x={}1{}", "(".repeat(10_000), ")".repeat(10_000)));
    plan(&format!("a | eval x={}1", "-".repeat(100_000)));
    plan(&format!("a | where {}", vec!["x=1"; 20_000].join(" OR ")));
    plan(&vec!["a"; 20_000].join(" OR "));
    plan(&format!("a{}", " | head 5".repeat(20_000)));
    plan(&format!("a | eval {}", vec!["x=1"; 20_000].join(", ")));
}
