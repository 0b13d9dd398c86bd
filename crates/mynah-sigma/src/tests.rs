use crate::modifier::{self, Test};
use crate::{Sigma, lint};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages};
use mynah_event::Platform;
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;
use rsigma_parser::{Detection, parse_sigma_yaml};
use std::sync::LazyLock;

fn planned_at(text: &str, mode: Mode, site: &Site) -> Planned {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().unwrap());
    let view = CATALOG.platform(Platform::Sigma).unwrap();
    Sigma.plan(
        text,
        &PlanContext { mode, view: &view, site, stages: &Stages::without_data(), now: &mynah_event::Timestamp::wall },
    )
}

fn planned(text: &str, mode: Mode) -> Planned {
    planned_at(text, mode, &Site::default())
}

#[test]
fn rules_find_their_bad_example_and_not_the_good_one() {
    for rule in &lint::RULES {
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
    for rule in &lint::RULES {
        for diagnostic in planned(rule.bad, Mode::Check).diagnostics {
            assert!(lint::RULES.iter().any(|known| known.code == diagnostic.code), "{}", diagnostic.code);
        }
    }
}

#[test]
fn a_fix_mends_what_it_is_for() {
    for rule in &lint::RULES {
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
    let collection = parse_sigma_yaml(&yaml).unwrap();
    assert!(collection.errors.is_empty(), "{item}: {:?}", collection.errors);
    let Some(Detection::AllOf(items)) = collection.rules[0].detection.named.get("s") else { panic!("{item}") };
    let (tests, _) = modifier::tests(&items[0], site, Mode::Run).unwrap();
    let texts: Vec<String> = tests
        .tests
        .iter()
        .flat_map(|(_, test)| match test {
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
            Test::Regex(regex) => vec![format!("/{regex}/")],
            Test::Network(_) => vec!["in 10.0.0.0/8".to_owned()],
            Test::Null => vec!["null".to_owned()],
            Test::Exists(exists) => vec![format!("exists {exists}")],
            Test::Compare(comparison, number) => {
                let part = tests.part.map(|part| format!("{part:?} ").to_lowercase()).unwrap_or_default();
                vec![format!("{part}{} {number}", comparison.symbol())]
            }
            Test::Field(field) => vec![format!("field {}", field.name)],
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
    for doc in &modifier::DOCS {
        assert!(!doc.examples.is_empty(), "{}", doc.name);
        for example in doc.examples {
            assert_eq!(described(example.query), example.result, "{}", example.query);
        }
    }
}

#[test]
fn modifiers_are_listed_by_name_and_all_of_them() {
    let names: Vec<&str> = modifier::DOCS.iter().map(|doc| doc.name).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(modifier::NAMES.is_sorted());
    // Flags of `re` are told with it.
    let flags = ["i", "ignorecase", "m", "multiline", "s", "dotall"];
    for name in modifier::NAMES {
        assert!(names.contains(&name) || flags.contains(&name), "{name}");
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
