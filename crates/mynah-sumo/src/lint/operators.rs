//! What is written in the scope and in operators.
use super::{expressions, says};
use crate::ast::{Count, Expression, Method, Operator, Place, Query, Scope, Text};
use mynah_dialect::Lint;
use mynah_syntax::Rule;
use std::collections::HashSet;

pub(super) static LIMIT: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/limit-too-high",
        "`limit` asks for more than 10,000 rows",
        "Sumo Logic refuses a limit of more than 10,000",
        "error | limit 10001",
        "error | limit 10000",
        page!("search-operators/limit/"),
    ),
    check: |query, found| {
        for step in &query.steps {
            if let Operator::Limit(Count::Number(number @ 10_001.., place)) = &step.operator {
                let diagnostic = says(&LIMIT, format!("{number} is more than `limit` allows"), place.0);
                found.push(diagnostic.with_fix(place.0, "10000", "ask for the most there can be"));
            }
        }
    },
};

pub(super) static EMPTY_QUERY: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/empty-query",
        "the query is empty",
        "an empty query matches every message, as `*` does",
        "",
        "*",
        "https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/keyword-search-expressions/",
    ),
    check: |query, found| {
        if let Scope::All(place) = &query.scope
            && place.0.start == place.0.end
            && query.steps.is_empty()
        {
            found.push(says(&EMPTY_QUERY, "this query has neither a keyword nor an operator", place.0));
        }
    },
};

pub(super) static QUOTED_WILDCARD: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/quoted-wildcard",
        "a metadata field's value is quoted and has a wildcard",
        "in Sumo Logic quotes and wildcards cannot be used together for metadata; here the star is a wildcard all the same",
        "_sourceCategory=\"prod/*\" error",
        "_sourceCategory=prod/* error",
        "https://www.sumologic.com/help/docs/search/get-started-with-search/search-basics/built-in-metadata/",
    ),
    check: |query, found| {
        query.scope.walk(&mut |scope| {
            if let Scope::Field(name, _, value) = scope
                && name.text.starts_with('_')
                && let Scope::Phrase(text) = value.as_ref()
                && text.raw.contains('*')
            {
                let mut diagnostic = says(&QUOTED_WILDCARD, "a wildcard between quotes", text.place.0);
                if !text.raw.contains([' ', '(', ')', '|', '\\', '"', '\t', ',']) {
                    diagnostic = diagnostic.with_fix(text.place.0, text.raw.clone(), "leave the quotes out");
                }
                found.push(diagnostic);
            }
        });
    },
};

pub(super) static REPEATED_FIELD: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/repeated-field",
        "`fields` names a field twice",
        "such a search fails in Sumo Logic; here the second one is left aside",
        "error | fields user, host, user",
        "error | fields user, host",
        page!("search-operators/fields/"),
    ),
    check: |query, found| {
        for step in &query.steps {
            let Operator::Fields { names, .. } = &step.operator else { continue };
            let mut seen: HashSet<String> = HashSet::new();
            for name in names.iter().filter(|name| !seen.insert(name.key())) {
                found.push(says(&REPEATED_FIELD, format!("`{}` is named twice", name.text), name.span()));
            }
        }
    },
};

pub(super) static WINDOW: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/window-too-long",
        "an operator looks back over more than 1,000 rows",
        "Sumo Logic looks back over 1,000 rows at the most; so it is done here",
        "error | timeslice 1m | count by _timeslice | smooth _count, 2000",
        "error | timeslice 1m | count by _timeslice | smooth _count, 1000",
        page!("search-operators/smooth/"),
    ),
    check: |query, found| {
        for step in &query.steps {
            if let Operator::Window(window) = &step.operator
                && let Some(Count::Number(number @ 1001.., place)) = &window.length
            {
                let message = format!("{number} is more than `{}` allows", window.kind.name());
                found.push(says(&WINDOW, message, place.0).with_fix(place.0, "1000", "ask for the most there can be"));
            }
        }
    },
};

pub(super) static TEMPLATE_PARAMETER: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/template-parameter",
        "a dashboard's parameter stands in the query",
        "the dashboard fills it in; in texts and keywords it is taken for `*`, its usual default",
        "error | where user matches \"{{user}}\"",
        "error | where user matches \"*\"",
        "https://www.sumologic.com/help/docs/search/get-started-with-search/build-search/search-templates/",
    )
    .info(),
    check: |query, found| {
        let mut seen: HashSet<String> = HashSet::new();
        let mut note = |text: &str, place: Place| {
            let parameter = text.split_once("{{").and_then(|(_, rest)| rest.split_once("}}"));
            let Some((name, _)) = parameter else { return };
            if seen.insert(name.to_owned()) {
                let message = format!("`{{{{{name}}}}}` is a parameter of a dashboard");
                found.push(says(&TEMPLATE_PARAMETER, message, place.0));
            }
        };
        query.scope.walk(&mut |scope| {
            let value = if let Scope::Field(_, _, value) = scope { value } else { scope };
            match value {
                Scope::Word(word, place) => note(word, *place),
                Scope::Phrase(text) => note(&text.raw, text.place),
                _ => {}
            }
        });
        expressions(query, &mut |expression| match expression {
            Expression::Text(text) => note(&text.raw, text.place),
            // A regular expression behind `matches` is no expression of its own.
            Expression::Binary(_, _, pattern) => {
                if let Expression::Regex(regex) = pattern.as_ref() {
                    note(&regex.raw, regex.place);
                }
            }
            Expression::Regex(regex) => note(&regex.raw, regex.place),
            Expression::Templated(_, name, place) => note(&format!("{{{{{name}}}}}"), *place),
            Expression::Parameter(name, place) => note(&format!("{{{{{name}}}}}"), *place),
            _ => {}
        });
    },
};

pub(super) static TIMESLICE: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/timeslice-without-aggregate",
        "no aggregate follows `timeslice`",
        "Sumo Logic wants an aggregating operator behind `timeslice`",
        "error | timeslice 5m",
        "error | timeslice 5m | count by _timeslice",
        page!("search-operators/timeslice/"),
    ),
    check: |query, found| {
        // From the end, up to the last aggregate.
        for step in query.steps.iter().rev() {
            match step.operator {
                Operator::Aggregate { .. }
                | Operator::CountFrequent(_)
                | Operator::Top { .. }
                | Operator::TopK { .. } => return,
                Operator::Timeslice { .. } => {
                    found.push(says(&TIMESLICE, "no aggregate follows this `timeslice`", step.span()));
                }
                _ => {}
            }
        }
    },
};

pub(super) static UNNAMED_GROUP: Lint<Query> = Lint {
    rule: Rule::warning(
        "sumo/unnamed-group",
        "a regular expression of `parse regex` has a group without a name",
        "Sumo Logic wants every group either named, `(?<name>…)`, or marked as none, `(?:…)`",
        "* | parse regex \"list (accepted|denied) (?<protocol>.*?) \"",
        "* | parse regex \"list (?:accepted|denied) (?<protocol>.*?) \"",
        page!("parse-operators/parse-variable-patterns-using-regex/"),
    ),
    check: |query, found| {
        for step in &query.steps {
            let Operator::Extract(all) = &step.operator else { continue };
            for extract in all {
                if let Method::Regex(pattern) = &extract.method
                    && let Some(fixed) = mend(pattern)
                {
                    let span = pattern.place.0;
                    let diagnostic = says(&UNNAMED_GROUP, "a group of this regular expression has no name", span);
                    found.push(diagnostic.with_fix(span, format!("\"{fixed}\""), "mark the group as none"));
                }
            }
        }
    },
};

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
