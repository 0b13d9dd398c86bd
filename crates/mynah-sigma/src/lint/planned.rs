//! Rules that reading and planning hold a file against.
use mynah_syntax::{Rule, Severity};

pub(super) const CONDITION: Rule = Rule {
    code: "sigma/condition",
    severity: Severity::Error,
    what: "a condition that cannot be read",
    why: "It is made of search identifiers, `and`, `or`, `not`, parentheses and `1 of`, `all of`.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection and"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) const UNKNOWN_SELECTION: Rule = Rule {
    code: "sigma/unknown-selection",
    severity: Severity::Error,
    what: "a condition that names a search identifier that there is not",
    why: "The rule means nothing without it.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selektion"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) const UNKNOWN_RULE: Rule = Rule {
    code: "sigma/unknown-rule",
    severity: Severity::Error,
    what: "a correlation that refers to a rule that is not in the file",
    why: "Rules are referred to by `name` or `id`, and must stand in the same file.",
    bad: r#"title: Many
correlation:
    type: event_count
    rules: [whoami]
    group-by: [User]
    timespan: 5m
    condition:
        gte: 5"#,
    good: r#"title: Many
correlation:
    type: event_count
    rules: [whoami]
    group-by: [User]
    timespan: 5m
    condition:
        gte: 5
---
title: Whoami
name: whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md",
};

pub(super) const UNKNOWN_PLACEHOLDER: Rule = Rule {
    code: "sigma/unknown-placeholder",
    severity: Severity::Warning,
    what: "a placeholder that the site does not have",
    why: "A rule with a placeholder must be refused where nothing is known of it; it is a warning as long as the rule is only checked.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        User|expand: '%Administrators%'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        User|expand: 'admin'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) const REGEX: Rule = Rule {
    code: "sigma/regex",
    severity: Severity::Error,
    what: "a regular expression that cannot be read",
    why: "No event can be matched with it.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|re: 'who(ami'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|re: 'who(ami)'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md",
};

pub(super) const REGEX_UNSUPPORTED: Rule = Rule {
    code: "sigma/regex-unsupported",
    severity: Severity::Error,
    what: "a regular expression with look-around, a reference back to a group, or a possessive quantifier",
    why: "The specification leaves these out, and matching in linear time cannot have them.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|re: 'whoami(?!\.exe)'
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|re: 'whoami\.com'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md",
};

pub(super) const VALUE: Rule = Rule {
    code: "sigma/value",
    severity: Severity::Error,
    what: "a value that its modifiers cannot take",
    why: "A comparison wants a number, `cidr` a network, `exists` true or false, an encoding a text without wildcards.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        ProcessId|gt: many
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        ProcessId|gt: 4
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md",
};

pub(super) const EMPTY: Rule = Rule {
    code: "sigma/empty",
    severity: Severity::Error,
    what: "a search identifier or list with nothing in it",
    why: "There is nothing to look for.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image: []
    condition: selection"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};

pub(super) const METADATA: Rule = Rule {
    code: "sigma/metadata",
    severity: Severity::Warning,
    what: "a status, level or related rule that there is not",
    why: "Tools that sort rules by these leave it out.",
    bad: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection
level: severe"#,
    good: r#"title: Whoami
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        Image|endswith: '\whoami.exe'
    condition: selection
level: high"#,
    page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md",
};
