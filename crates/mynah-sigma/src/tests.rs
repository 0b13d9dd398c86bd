use crate::ast::Body;
use crate::modifier::{self, Kind, MODIFIERS, Test};
use crate::{Sigma, lint, parse};
use mynah_dialect::{Frontend, Mode, PlanContext, Planned, Site, Stages, TokenKind};
use mynah_event::Platform;
use mynah_kernels::{Pattern, Piece};
use mynah_syntax::Diagnostic;
use mynah_view::Catalog;
use std::sync::LazyLock;

fn with_context<T>(mode: Mode, site: &Site, run: impl FnOnce(&PlanContext<'_>) -> T) -> T {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().unwrap());
    let view = CATALOG.platform(Platform::Sigma).unwrap();
    run(&PlanContext { mode, view: &view, site, stages: &Stages::without_data() })
}

fn planned_at(text: &str, mode: Mode, site: &Site) -> Planned {
    with_context(mode, site, |context| Sigma.plan(text, context))
}

fn planned(text: &str, mode: Mode) -> Planned {
    planned_at(text, mode, &Site::default())
}

#[test]
fn rules_find_their_bad_example_and_not_the_good_one() {
    for rule in lint::rules() {
        let bad = planned(rule.bad, Mode::Check).diagnostics;
        let found = bad.iter().find(|diagnostic| diagnostic.code == rule.code);
        assert_eq!(found.map(|found| found.severity), Some(rule.severity), "{}: {bad:?}", rule.code);
        assert!(
            bad.iter().all(|diagnostic| lint::rules().iter().any(|known| known.code == diagnostic.code)),
            "{bad:?}"
        );
        // A fix mends what it is for.
        let mended = found.and_then(|found| found.fix.as_ref()).map(|fix| {
            let mut mended = rule.bad.to_owned();
            mended.replace_range(fix.span.start..fix.span.end, &fix.replacement);
            mended
        });
        for good in mended.iter().map(String::as_str).chain([rule.good]) {
            let planned = planned(good, Mode::Check);
            assert_eq!(planned.diagnostics, [], "{}: {good}", rule.code);
            assert!(planned.plan.is_some(), "{}: {good}", rule.code);
        }
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
    let pieces = |pattern: &Pattern| -> String {
        let shown = pattern.0.iter().map(|piece| match piece {
            Piece::Literal(text) => text.as_str(),
            Piece::Many => "*",
            Piece::One => "?",
        });
        shown.collect()
    };
    let part = tests.part.map(|part| format!("{part:?} ").to_lowercase()).unwrap_or_default();
    let shown = tests.tests.iter().map(|test| match test {
        Test::Patterns(patterns) => {
            patterns.iter().map(|pattern| format!("{:?}", pieces(pattern))).collect::<Vec<_>>().join(",")
        }
        Test::Regex(regex) => format!("/{}/ {flags}", regex.as_str().rsplit(')').next().unwrap()).trim_end().to_owned(),
        Test::Network(_) => "in 10.0.0.0/8".to_owned(),
        Test::Null => "null".to_owned(),
        Test::Exists(exists) => format!("exists {exists}"),
        Test::Compare(comparison, number) => format!("{part}{} {number}", comparison.symbol()),
        Test::Field(field, _) => format!("field {field}"),
    });
    let list = shown.collect::<Vec<_>>().join(",");
    let text = if list.starts_with('"') { format!("[{list}]") } else { list };
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

#[test]
fn plain_scalars_have_the_types_of_the_core_schema() {
    let written = |values: &str| described(&format!("Field: {values}"));
    assert_eq!(written("[5, -5, +5, 0x1F, 0o17, 1.50]"), r#"["5","-5","5","31","15","1.5"]"#);
    assert_eq!(written("18446744073709551615"), r#"["18446744073709551615"]"#);
    assert_eq!(written("[True, ~]"), r#"["true",null]"#);
    for text in ["007", "1.2.3", "0x", "yes", "e5", "1_000", "1e999", "inf"] {
        assert_eq!(written(text), format!("[{text:?}]"));
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
fn editors_are_told_of_broken_files_too() {
    let text = format!("{RULE}    # remark\nbroken: [");
    let (analysis, offered) = with_context(Mode::Check, &Site::default(), |context| {
        let offered = Sigma.complete("detection:\n    s:\n        Image|endsw", 36, context);
        (Sigma.analyse(&text, context), offered)
    });
    let of = |kind| {
        analysis.tokens.iter().filter(|token| token.kind == kind).map(|token| token.span.of(&text)).collect::<Vec<_>>()
    };
    assert_eq!(of(TokenKind::Field), ["selection", "User", "broken"]);
    assert_eq!(of(TokenKind::Function), ["expand"]);
    assert_eq!(of(TokenKind::Comment), ["# remark"]);
    assert_eq!(analysis.outline[0].children[0].label, "selection");
    assert_eq!(analysis.names[0].span.of(&text), "User");
    assert!(analysis.diagnostics.iter().any(Diagnostic::is_error));
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
