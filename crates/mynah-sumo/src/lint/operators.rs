//! What is written in the scope and in operators.
use super::expressions;
use crate::ast::{Count, Expression, Operator, Place, Query, Scope, Text};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) static LIMIT: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/limit-too-high",
        severity: Severity::Warning,
        what: "`limit` asks for more than 10,000 rows",
        why: "Sumo Logic refuses a limit of more than 10,000",
        bad: "error | limit 10001",
        good: "error | limit 10000",
        page: page!("search-operators/limit/"),
    },
    check: limit,
};

fn limit(query: &Query, found: &mut Vec<Diagnostic>) {
    for step in &query.steps {
        if let Operator::Limit(Count::Number(number @ 10_001.., place)) = &step.operator {
            found.push(
                Diagnostic::warning(LIMIT.rule.code, format!("{number} is more than `limit` allows"), place.0)
                    .with_help(LIMIT.rule.why)
                    .with_fix(place.0, "10000", "ask for the most there can be"),
            );
        }
    }
}

pub(super) static QUOTED_WILDCARD: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/quoted-wildcard",
        severity: Severity::Warning,
        what: "a metadata field's value is quoted and has a wildcard",
        why: "in Sumo Logic quotes and wildcards cannot be used together for metadata; here the star is a wildcard \
              all the same",
        bad: "_sourceCategory=\"prod/*\" error",
        good: "_sourceCategory=prod/* error",
        page: "https://www.sumologic.com/help/docs/search/get-started-with-search/search-basics/built-in-metadata/",
    },
    check: quoted_wildcard,
};

fn quoted_wildcard(query: &Query, found: &mut Vec<Diagnostic>) {
    query.scope.walk(&mut |scope| {
        if let Scope::Field(name, _, value) = scope
            && name.text.starts_with('_')
            && let Scope::Phrase(text) = value.as_ref()
            && text.raw.contains('*')
        {
            let mut diagnostic =
                Diagnostic::warning(QUOTED_WILDCARD.rule.code, "a wildcard between quotes", text.place.0)
                    .with_help(QUOTED_WILDCARD.rule.why);
            if !text.raw.contains([' ', '(', ')', '|', '\\', '"', '\t', ',']) {
                diagnostic = diagnostic.with_fix(text.place.0, text.raw.clone(), "leave the quotes out");
            }
            found.push(diagnostic);
        }
    });
}

pub(super) static TEMPLATE_PARAMETER: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/template-parameter",
        severity: Severity::Info,
        what: "a dashboard's parameter stands in the query",
        why: "the dashboard fills it in; in texts and keywords it is taken for `*`, its usual default",
        bad: "error | where user matches \"{{user}}\"",
        good: "error | where user matches \"*\"",
        page: "https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/search-templates/",
    },
    check: template_parameter,
};

fn template_parameter(query: &Query, found: &mut Vec<Diagnostic>) {
    let mut seen: Vec<String> = Vec::new();
    let mut note = |text: &str, place: Place| {
        let Some((_, rest)) = text.split_once("{{") else { return };
        let Some((name, _)) = rest.split_once("}}") else { return };
        if !seen.iter().any(|other| other == name) {
            seen.push(name.to_owned());
            found.push(
                Diagnostic::info(
                    TEMPLATE_PARAMETER.rule.code,
                    format!("`{{{{{name}}}}}` is a parameter of a dashboard"),
                    place.0,
                )
                .with_help(TEMPLATE_PARAMETER.rule.why),
            );
        }
    };
    query.scope.walk(&mut |scope| match scope {
        Scope::Word(word, place) => note(word, *place),
        Scope::Phrase(text) => note(&text.raw, text.place),
        Scope::Field(_, _, value) => match value.as_ref() {
            Scope::Word(word, place) => note(word, *place),
            Scope::Phrase(text) => note(&text.raw, text.place),
            _ => {}
        },
        _ => {}
    });
    expressions(query, &mut |expression| match expression {
        Expression::Text(text) => note(&text.raw, text.place),
        Expression::Regex(regex) => note(&regex.raw, regex.place),
        Expression::Parameter(name, place) => note(&format!("{{{{{name}}}}}"), *place),
        _ => {}
    });
}

pub(super) static TIMESLICE: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/timeslice-without-aggregate",
        severity: Severity::Warning,
        what: "no aggregate follows `timeslice`",
        why: "Sumo Logic wants an aggregating operator behind `timeslice`",
        bad: "error | timeslice 5m",
        good: "error | timeslice 5m | count by _timeslice",
        page: page!("search-operators/timeslice/"),
    },
    check: timeslice,
};

fn timeslice(query: &Query, found: &mut Vec<Diagnostic>) {
    let last = query.steps.iter().rposition(|step| {
        matches!(
            step.operator,
            Operator::Aggregate(_) | Operator::CountFrequent(_) | Operator::Top(_) | Operator::TopK(_)
        )
    });
    for (index, step) in query.steps.iter().enumerate() {
        if matches!(step.operator, Operator::Timeslice(_)) && last.is_none_or(|last| last < index) {
            found.push(
                Diagnostic::warning(TIMESLICE.rule.code, "no aggregate follows this `timeslice`", step.span())
                    .with_help(TIMESLICE.rule.why),
            );
        }
    }
}

pub(super) static UNNAMED_GROUP: Lint<Query> = Lint {
    rule: Rule {
        code: "sumo/unnamed-group",
        severity: Severity::Warning,
        what: "a regular expression of `parse regex` has a group without a name",
        why: "Sumo Logic wants every group either named, `(?<name>…)`, or marked as none, `(?:…)`",
        bad: "* | parse regex \"list (accepted|denied) (?<protocol>.*?) \"",
        good: "* | parse regex \"list (?:accepted|denied) (?<protocol>.*?) \"",
        page: page!("parse-operators/parse-variable-patterns-using-regex/"),
    },
    check: unnamed_group,
};

fn unnamed_group(query: &Query, found: &mut Vec<Diagnostic>) {
    for step in &query.steps {
        let Operator::ParseRegex(all) = &step.operator else { continue };
        for parse in all {
            if let Some(fixed) = mend(&parse.pattern) {
                let span = parse.pattern.place.0;
                found.push(
                    Diagnostic::warning(
                        UNNAMED_GROUP.rule.code,
                        "a group of this regular expression has no name",
                        span,
                    )
                    .with_help(UNNAMED_GROUP.rule.why)
                    .with_fix(span, format!("\"{fixed}\""), "mark the group as none"),
                );
            }
        }
    }
}

/// The pattern with `?:` in each group without a name, if there is one.
fn mend(pattern: &Text) -> Option<String> {
    let mut fixed = String::new();
    let mut changed = false;
    let mut in_class = false;
    let mut rest = pattern.raw.chars().peekable();
    while let Some(c) = rest.next() {
        fixed.push(c);
        match c {
            '\\' => fixed.extend(rest.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && rest.peek() != Some(&'?') => {
                changed = true;
                fixed.push_str("?:");
            }
            _ => {}
        }
    }
    changed.then_some(fixed)
}
