//! What reading and planning hold against a file.
use super::{CORRELATIONS_PAGE, MODIFIERS_PAGE, RULES_PAGE, whoami};
use mynah_syntax::{Rule, Severity};

/// A correlation that refers to a rule.
macro_rules! many {
    () => {
        "title: Many\ncorrelation:\n    type: event_count\n    rules: [whoami]\n    group-by: [User]\n    timespan: 5m\n    \
         condition:\n        gte: 5"
    };
}

/// These rules, by the stage that finds them.
pub(super) const RULES: [Rule; 13] = [
    Rule {
        code: "sigma/aggregation",
        severity: Severity::Error,
        what: "an aggregation behind a condition (`| count() > 5`)",
        why: "Version 2 of the specification took aggregations and `near` out of conditions. What they said is a \
          correlation now.",
        bad: whoami!(condition: "selection | count() by User > 5"),
        good: whoami!(),
        page: CORRELATIONS_PAGE,
    },
    Rule {
        code: "sigma/condition",
        severity: Severity::Error,
        what: "a condition that cannot be read",
        why: "It is made of search identifiers, `and`, `or`, `not`, parentheses and `1 of`, `all of`.",
        bad: whoami!(condition: "selection and"),
        good: whoami!(),
        page: RULES_PAGE,
    },
    Rule {
        code: "sigma/empty",
        severity: Severity::Error,
        what: "a search identifier or list with nothing in it",
        why: "There is nothing to look for.",
        bad: whoami!(item: "Image: []"),
        good: whoami!(),
        page: RULES_PAGE,
    },
    Rule::warning(
        "sigma/metadata",
        "a status, level or related rule that there is not",
        "Tools that sort rules by these leave it out.",
        whoami!(head: "level: severe"),
        whoami!(head: "level: high"),
        RULES_PAGE,
    ),
    Rule {
        code: "sigma/missing-key",
        severity: Severity::Error,
        what: "a key that rules must have and that is not there",
        why: "The specification makes it mandatory: without it nobody knows what to look for, or where.",
        bad: "title: Whoami\ndetection:\n    selection:\n        Image|endswith: '\\whoami.exe'\n    condition: selection",
        good: whoami!(),
        page: RULES_PAGE,
    },
    Rule {
        code: "sigma/regex",
        severity: Severity::Error,
        what: "a regular expression that cannot be read",
        why: "No event can be matched with it.",
        bad: whoami!(item: "Image|re: 'who(ami'"),
        good: whoami!(item: "Image|re: 'who(ami)'"),
        page: MODIFIERS_PAGE,
    },
    Rule {
        code: "sigma/regex-unsupported",
        severity: Severity::Error,
        what: "a regular expression with look-around, a reference back to a group, or a possessive quantifier",
        why: "The specification leaves these out, and matching in linear time cannot have them.",
        bad: whoami!(item: r"Image|re: 'whoami(?!\.exe)'"),
        good: whoami!(item: r"Image|re: 'whoami\.com'"),
        page: MODIFIERS_PAGE,
    },
    Rule::warning(
        "sigma/reset-with-rule",
        "a rule in a document that says `action: reset`",
        "Such a document only ends what `action: global` set: pySigma does not look for a rule in it.",
        concat!("action: reset\n", whoami!(), "\n---\n", whoami!()),
        concat!("action: reset\n---\n", whoami!()),
        "https://github.com/SigmaHQ/pySigma/blob/main/sigma/collection.py",
    ),
    Rule {
        code: "sigma/unknown-modifier",
        severity: Severity::Error,
        what: "a modifier that there is not",
        why: "What is to be done to the value is unknown.",
        bad: whoami!(item: "Image|endwith: '\\whoami.exe'"),
        good: whoami!(),
        page: MODIFIERS_PAGE,
    },
    Rule::warning(
        "sigma/unknown-placeholder",
        "a placeholder that the site does not have",
        "A rule with a placeholder must be refused where nothing is known of it; it is a warning as long as the rule \
          is only checked.",
        whoami!(item: "User|expand: '%Administrators%'"),
        whoami!(item: "User|expand: 'admin'"),
        RULES_PAGE,
    ),
    Rule {
        code: "sigma/unknown-rule",
        severity: Severity::Error,
        what: "a correlation that refers to a rule that is not in the file",
        why: "Rules are referred to by `name` or `id`, and must stand in the same file.",
        bad: many!(),
        good: concat!(many!(), "\n---\n", whoami!(head: "name: whoami")),
        page: CORRELATIONS_PAGE,
    },
    Rule {
        code: "sigma/unknown-selection",
        severity: Severity::Error,
        what: "a condition that names a search identifier that there is not",
        why: "The rule means nothing without it.",
        bad: whoami!(condition: "selektion"),
        good: whoami!(),
        page: RULES_PAGE,
    },
    Rule {
        code: "sigma/value",
        severity: Severity::Error,
        what: "a value that its modifiers cannot take",
        why: "A comparison wants a number, `cidr` a network, `exists` true or false, an encoding a text without wildcards.",
        bad: whoami!(item: "ProcessId|gt: many"),
        good: whoami!(item: "ProcessId|gt: 4"),
        page: MODIFIERS_PAGE,
    },
];
