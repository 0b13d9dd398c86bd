//! Rules over searches.
use super::walk_searches;
use crate::expression::BinaryOperator;
use crate::pipeline::{Note, Query};
use crate::search::Search;
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};

pub(crate) const DANGLING_OR: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/dangling-or",
        severity: Severity::Warning,
        what: "an OR with nothing on its left",
        why: "OR joins two terms; one that opens a search joins nothing, and is dropped",
        bad: "index=main | search OR action=failure",
        good: "index=main | search action=failure",
        page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/boolean-expressions-with-logical-operators",
    },
    check: dangling_or,
};

fn dangling_or(query: &Query, found: &mut Vec<Diagnostic>) {
    for note in &query.notes {
        if let Note::DanglingOr(span) = note {
            let warning =
                Diagnostic::warning("spl/dangling-or", "this OR has nothing on its left, and is dropped", *span);
            found.push(warning.with_fix(*span, "", "take it away"));
        }
    }
}

pub(crate) const LOWERCASE_OPERATOR: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/lowercase-operator",
        severity: Severity::Warning,
        what: "`and`, `or` or `not` in lower case in a search",
        why: "operators of the search command are upper case; in lower case they are words to be found in the event",
        bad: "index=main action=failure or action=blocked",
        good: "index=main action=failure OR action=blocked",
        page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/boolean-expressions-with-logical-operators",
    },
    check: lowercase_operator,
};

fn lowercase_operator(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_searches(query, &mut |search| {
        search.walk(&mut |part| {
            if let Search::Term(value) = part
                && !value.quoted
                && ["and", "or", "not"].contains(&value.text.to_lowercase().as_str())
            {
                let upper = value.text.to_uppercase();
                found.push(
                    Diagnostic::warning(
                        "spl/lowercase-operator",
                        format!("`{}` is a word to be found here, not an operator", value.text),
                        value.span,
                    )
                    .with_fix(value.span, upper.clone(), format!("write `{upper}`")),
                );
            }
        });
    });
}

pub(crate) const EMPTY: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/empty-query",
        severity: Severity::Warning,
        what: "a query without any text",
        why: "a search that asks for nothing finds every event; mostly the file is unfinished",
        bad: "",
        good: "index=main",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/search",
    },
    check: |query, found| {
        if query.text().trim().is_empty() {
            let warning =
                Diagnostic::warning("spl/empty-query", "this query is empty: it finds every event", Span::at(0));
            found.push(warning.with_help("write `*` if that is meant"));
        }
    },
};

pub(crate) const LIKE_IN_SEARCH: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/like-in-search",
        severity: Severity::Warning,
        what: "`like` between a field and a pattern in a search",
        why: "the search command has no operators in words but AND, OR, NOT and IN; these are three terms to be found in the event",
        bad: "index=main user like \"%adm%\"",
        good: "index=main user=\"*adm*\"",
        page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/search",
    },
    check: like_in_search,
};

fn like_in_search(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_searches(query, &mut |search| {
        search.walk(&mut |part| {
            let Search::And(terms) = part else { return };
            for window in terms.windows(3) {
                let [Search::Term(field), Search::Term(word), Search::Term(pattern)] = window else { continue };
                if word.quoted || field.quoted || !["like", "matches"].contains(&word.text.to_lowercase().as_str()) {
                    continue;
                }
                let span = field.span.to(pattern.span);
                let fixed = format!("{}=\"{}\"", field.text, pattern.text.replace('%', "*"));
                let message = format!("`{}` is a word to be found here, not an operator", word.text);
                let warning = Diagnostic::warning("spl/like-in-search", message, span);
                found.push(warning.with_fix(span, fixed, "the search command compares with `=` and `*`"));
            }
        });
    });
}

pub(crate) const NOT_EQUAL: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/not-equal-needs-field",
        severity: Severity::Info,
        what: "`field!=value` in a search",
        why: "it finds only events that have the field; `NOT field=value` finds those that lack it too",
        bad: "index=main user!=root",
        good: "index=main NOT user=root",
        page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/difference-between--and-not",
    },
    check: not_equal,
};

fn not_equal(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_searches(query, &mut |search| {
        search.walk(&mut |part| {
            if let Search::Compare(comparison) = part
                && comparison.operator == BinaryOperator::NotEqual
                && let Some(value) = comparison.values.first()
            {
                let name = &comparison.field.node;
                found.push(
                    Diagnostic::info(
                        "spl/not-equal-needs-field",
                        format!("events without `{name}` do not match"),
                        comparison.field.span.to(value.span),
                    )
                    .with_help(format!("`NOT {name}=...` matches them too")),
                );
            }
        });
    });
}

pub(crate) const OR_BEFORE_AND: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/or-before-and",
        severity: Severity::Warning,
        what: "OR beside AND without parentheses in a search, between different fields",
        why: "in the search command OR binds tighter than AND, the reverse of where, eval and most languages",
        bad: "index=main user=root AND action=failure OR status=denied",
        good: "index=main user=root AND (action=failure OR status=denied)",
        page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/expressions-and-predicates/boolean-expressions-with-logical-operators",
    },
    check: or_before_and,
};

fn or_before_and(query: &Query, found: &mut Vec<Diagnostic>) {
    for note in &query.notes {
        if let Note::OrBesideAnd(span) = note {
            let replacement = format!("({})", span.of(query.text()));
            let warning = Diagnostic::warning("spl/or-before-and", "OR binds tighter than AND here", *span);
            found.push(warning.with_fix(*span, replacement, "parentheses say it, and change nothing"));
        }
    }
}

pub(crate) const PIPE_IN_PARENTHESES: Lint<Query> = Lint {
    rule: Rule {
        code: "spl/pipe-in-parentheses",
        severity: Severity::Warning,
        what: "pipelines in parentheses, joined by OR",
        why: "parentheses of the search command hold terms only; Splunk refuses a pipe in them. Mynah runs each pipeline over the events that match the rest of the search, and puts the rows together",
        bad: "index=main (action=failure | stats count by user) OR (action=blocked | stats count by user)",
        good: "index=main action=failure | stats count by user | append [search index=main action=blocked | stats count by user]",
        page: "https://help.splunk.com/en/splunk-enterprise/search/search-manual/10.0/subsearches/about-subsearches",
    },
    check: pipe_in_parentheses,
};

fn pipe_in_parentheses(query: &Query, found: &mut Vec<Diagnostic>) {
    walk_searches(query, &mut |search| {
        let mut spans: Vec<Span> = Vec::new();
        search.walk(&mut |part| {
            if let Search::Piped { span, .. } = part {
                spans.push(*span);
            }
        });
        let mut spans = spans.into_iter();
        let Some(first) = spans.next() else { return };
        let warning = Diagnostic::warning("spl/pipe-in-parentheses", "Splunk allows no pipe in parentheses", first)
            .with_help("its parentheses hold search terms only. Run as a union: each pipeline over the events that match the rest of the search")
            .with_help("Splunk accepts: `SEARCH A | COMMANDS A | append [search SEARCH B | COMMANDS B]`");
        found.push(spans.fold(warning, |warning, span| warning.with_label(span, "and here")));
    });
}

/// A pipeline in parentheses that no union can stand for.
pub(crate) fn misplaced(search: &Search) -> Diagnostic {
    let mut at = Span::default();
    search.walk(&mut |part| {
        if let Search::Piped { span, .. } = part {
            at = *span;
        }
    });
    Diagnostic::error(
        "spl/pipe-in-parentheses",
        "a pipeline in parentheses can only be one of several joined by OR",
        at,
    )
    .with_help(
        "Splunk allows no pipe in parentheses: write each as a search of its own, joined by `append` or `multisearch`",
    )
}
