use crate::ast::Body;
use crate::modifier::{self, Kind, MODIFIERS, Test};
use crate::{Sigma, lint, parse};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages, TokenKind};
use mynah_event::Platform;
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;
use std::sync::LazyLock;

fn planned_at(text: &str, mode: Mode, site: &Site) -> Planned {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().unwrap());
    let view = CATALOG.platform(Platform::Sigma).unwrap();
    let stages = Stages::without_data();
    Sigma.plan(text, &PlanContext { mode, view: &view, site, stages: &stages })
}

fn planned(text: &str, mode: Mode) -> Planned {
    planned_at(text, mode, &Site::default())
}

#[test]
fn rules_find_their_bad_example_and_not_the_good_one() {
    for rule in lint::rules() {
        let bad = planned(rule.bad, Mode::Check);
        let found = bad.diagnostics.iter().find(|diagnostic| diagnostic.code == rule.code);
        assert_eq!(found.map(|found| found.severity), Some(rule.severity), "{}: {:?}", rule.code, bad.diagnostics);
        let good = planned(rule.good, Mode::Check);
        assert_eq!(good.diagnostics, [], "{}", rule.code);
        assert!(good.plan.is_some(), "{}", rule.code);
    }
}

#[test]
fn every_diagnostic_has_its_rule() {
    for rule in lint::rules() {
        for diagnostic in planned(rule.bad, Mode::Check).diagnostics {
            assert!(lint::rules().iter().any(|known| known.code == diagnostic.code), "{}", diagnostic.code);
        }
    }
}

#[test]
fn a_fix_mends_what_it_is_for() {
    for rule in lint::rules() {
        let diagnostics = planned(rule.bad, Mode::Check).diagnostics;
        let Some(fix) = diagnostics.into_iter().find(|d| d.code == rule.code).and_then(|d| d.fix) else { continue };
        let mut mended = rule.bad.to_owned();
        mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
        assert_eq!(planned(&mended, Mode::Check).diagnostics, [], "{mended}");
    }
}

/// What an item looks for, as the examples of modifiers write it.
fn described(item: &str) -> String {
    described_at(item, &Site::default())
}

fn described_at(item: &str, site: &Site) -> String {
    let yaml = format!("title: t\nlogsource:\n  category: c\ndetection:\n  s:\n    {item}\n  condition: s\n");
    let (documents, diagnostics) = parse(&yaml);
    assert_eq!(diagnostics, [], "{item}");
    let Body::Rule(rule) = &documents[0].body else { panic!("{item}") };
    let item = rule.detections.items().next().unwrap();
    let tests = modifier::tests(item, site, Mode::Run, &mut Vec::new()).unwrap();
    let flags = [(Kind::IgnoreCase, 'i'), (Kind::Multiline, 'm'), (Kind::DotAll, 's')];
    let flags: String = flags.iter().filter(|(kind, _)| item.has(*kind)).map(|(_, flag)| *flag).collect();
    let texts: Vec<String> = tests
        .tests
        .iter()
        .flat_map(|test| match test {
            Test::Patterns(patterns) => patterns
                .iter()
                .map(|pattern| {
                    let pieces = pattern.0.iter().map(|piece| match piece {
                        mynah_kernels::Piece::Literal(text) => text.as_str(),
                        mynah_kernels::Piece::Many => "*",
                        mynah_kernels::Piece::One => "?",
                    });
                    format!("\"{}\"", pieces.collect::<String>())
                })
                .collect(),
            Test::Regex(regex) => {
                vec![format!("/{}/ {flags}", regex.as_str().rsplit(')').next().unwrap()).trim_end().to_owned()]
            }
            Test::Network(_) => vec!["in 10.0.0.0/8".to_owned()],
            Test::Null => vec!["null".to_owned()],
            Test::Exists(exists) => vec![format!("exists {exists}")],
            Test::Compare(comparison, number) => {
                let part = tests.part.map(|part| format!("{part:?} ").to_lowercase()).unwrap_or_default();
                vec![format!("{part}{} {number}", comparison.symbol())]
            }
            Test::Field(field, _) => vec![format!("field {field}")],
        })
        .collect();
    let list = texts.join(if tests.all { ", " } else { "," });
    let text = if texts.iter().any(|text| text.starts_with('"')) {
        format!("[{}]", if tests.all { list.replace(", ", ",") } else { list })
    } else {
        list
    };
    let text = if tests.all { format!("all of {text}") } else { text };
    let text = if tests.negated { format!("not {text}") } else { text };
    if tests.cased { format!("{text} cased") } else { text }
}

#[test]
fn modifiers_do_what_their_examples_say() {
    assert!(MODIFIERS.is_sorted_by_key(|modifier| modifier.doc.name));
    for modifier in MODIFIERS {
        for example in modifier.doc.examples {
            assert_eq!(described(example.query), example.result, "{}", example.query);
        }
    }
}

const RULE: &str = "title: T\nlogsource:\n    product: windows\ndetection:\n    selection:\n        User|expand: 'x-%Admins%'\n    condition: selection\n";

#[test]
fn placeholders_are_the_sites() {
    let refused = planned(RULE, Mode::Run);
    assert!(
        refused.diagnostics.iter().any(|d| d.is_error() && d.message.contains("%Admins%")),
        "{:?}",
        refused.diagnostics
    );
    let mut site = Site::default();
    site.placeholders.insert("Admins".into(), vec!["adm*".into(), "root".into()]);
    assert_eq!(described_at("User|expand: 'x-%Admins%'", &site), r#"["x-adm*","x-root"]"#);
    assert_eq!(planned_at(RULE, Mode::Run, &site).diagnostics, []);
}

#[test]
fn diagnostics_point_at_the_line() {
    let text = RULE.replace("User|expand: 'x-%Admins%'", "User|contains:\n            - a\n            - A");
    let found = planned(&text, Mode::Check);
    assert_eq!(found.diagnostics.len(), 1, "{:?}", found.diagnostics);
    assert_eq!(found.diagnostics[0].span.start, text.rfind("A\n").unwrap());
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    for open in ["(", "not ", "not(", "\\x28"] {
        let condition = format!("{}selection", open.repeat(20_000));
        let text = RULE.replace("condition: selection", &format!("condition: \"{condition}\""));
        let refused = planned(&text, Mode::Check);
        assert!(refused.plan.is_none());
        assert!(refused.diagnostics.iter().any(Diagnostic::is_error), "{open}");
    }
    for open in ["[", "- ", "{a: ", "? ", "!!x "] {
        let text = RULE.replace("'x-%Admins%'", &format!("\n        {}", open.repeat(100_000)));
        assert!(planned(&text, Mode::Check).plan.is_none());
    }
    let braces = format!("{{detection: {{condition: {}a}}}}", "(".repeat(20_000));
    assert!(planned(&braces, Mode::Check).plan.is_none());
}

#[test]
fn no_text_panics() {
    let pieces = [
        "",
        "---",
        ":",
        "- ",
        "a: [",
        "title: x\ndetection: 3",
        "{",
        "'",
        "detection:\n  a: *b",
        "correlation: x",
        "\u{feff}title: a",
        "correlation:\n  type: temporal\n  rules: [a]\n  timespan: 1m\ntitle: a\nname: a",
        "filter: {}",
        "action: repeat",
        "a:\n- - - b: |\n x",
        "title: a\nlogsource: {}\ndetection:\n  s: {a|re|contains: [null, 1, {b: c}]}\n  condition: [s, 1 of x*]",
    ];
    for first in pieces {
        for second in pieces {
            for between in ["", "\n", "\n---\n"] {
                let _ = planned(&format!("{first}{between}{second}"), Mode::Run);
            }
        }
    }
}

#[test]
fn editors_are_told_of_broken_files_too() {
    let text = format!("{RULE}    # remark\nbroken: [");
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().unwrap());
    let (view, site, stages) = (CATALOG.platform(Platform::Sigma).unwrap(), Site::default(), Stages::without_data());
    let context = PlanContext { mode: Mode::Check, view: &view, site: &site, stages: &stages };
    let analysis = Sigma.analyse(&text, &context);
    let of = |kind| {
        analysis.tokens.iter().filter(|token| token.kind == kind).map(|token| token.span.of(&text)).collect::<Vec<_>>()
    };
    assert_eq!(of(TokenKind::Field), ["selection", "User", "broken"]);
    assert_eq!(of(TokenKind::Function), ["expand"]);
    assert_eq!(of(TokenKind::Comment), ["# remark"]);
    assert_eq!(analysis.outline[0].children[0].label, "selection");
    assert_eq!(analysis.names[0].span.of(&text), "User");
    assert!(analysis.diagnostics.iter().any(Diagnostic::is_error));
    let offered = Sigma.complete("detection:\n    s:\n        Image|endsw", 36, &context);
    assert_eq!(offered.iter().map(|offer| offer.text.as_str()).collect::<Vec<_>>(), ["endswith"]);
}

#[test]
fn correlations_of_correlations_have_a_bound() {
    let correlation = |name: usize, rules: &str| {
        format!(
            "title: C\nname: c{name}\ncorrelation:\n    type: temporal\n    rules: [{rules}]\n    timespan: 1m\n---\n"
        )
    };
    let itself = correlation(0, "c0, c0");
    let tower: String = (0..40).map(|level| correlation(level, &format!("c{0}, c{0}", level + 1))).collect();
    for (text, code) in [(itself, "sigma/unknown-rule"), (tower, "sigma/value")] {
        let refused = planned(&text, Mode::Check);
        assert!(refused.diagnostics.iter().any(|diagnostic| diagnostic.code == code), "{:?}", refused.diagnostics);
    }
}

#[test]
fn all_errors_of_all_documents_are_reported() {
    let bad = lint::rules().iter().filter(|rule| rule.severity == mynah_syntax::Severity::Error).map(|rule| rule.bad);
    let text = bad.collect::<Vec<_>>().join("\n---\n");
    let found = planned(&text, Mode::Check).diagnostics;
    for rule in lint::rules().iter().filter(|rule| rule.severity == mynah_syntax::Severity::Error) {
        assert!(found.iter().any(|diagnostic| diagnostic.code == rule.code), "{}", rule.code);
    }
}
