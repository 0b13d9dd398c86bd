//! Groups of a regular expression without a name.
use crate::ast::{Query, Text};
use crate::operators::Operator;
use mynah_syntax::{Diagnostic, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "sumo/unnamed-group",
    severity: Severity::Warning,
    what: "a regular expression of `parse regex` has a group without a name",
    why: "Sumo Logic wants every group either named, `(?<name>…)`, or marked as none, `(?:…)`",
    bad: "* | parse regex \"list (accepted|denied) (?<protocol>.*?) \"",
    good: "* | parse regex \"list (?:accepted|denied) (?<protocol>.*?) \"",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-variable-patterns-using-regex/",
};

pub(super) fn check(query: &Query, found: &mut Vec<Diagnostic>) {
    for step in &query.steps {
        let Operator::ParseRegex(all) = &step.operator else { continue };
        for parse in all {
            if let Some(fixed) = mend(&parse.pattern) {
                let span = parse.pattern.place.0;
                found.push(
                    Diagnostic::warning(RULE.code, "a group of this regular expression has no name", span)
                        .with_help(RULE.why)
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
