//! What can be said against a query: a rule and its check each.
use crate::ast::{Literal, Query, QueryKind};
use mynah_dialect::Lint;
use mynah_syntax::{Diagnostic, Rule, Severity, Span};
use mynah_view::{Kind, PlatformView, Resolution};
use std::collections::BTreeMap;

const PAGE: &str = "https://www.elastic.co/docs/reference/query-languages/kql";
const GRAMMAR: &str = "https://github.com/elastic/kibana/blob/main/packages/kbn-es-query/grammar/grammar.peggy";

/// What rules look at.
pub(crate) struct Subject {
    query: Query,
    /// What the view knows of each name.
    names: BTreeMap<String, Resolution>,
}

/// What the lint rules say of a query, in source order.
pub fn lint(query: &Query, view: &PlatformView) -> Vec<Diagnostic> {
    let names = query.fields().into_iter().filter_map(Literal::text);
    let names = names.map(|name| (name.to_owned(), view.resolve(name))).collect();
    mynah_dialect::lint(LINTS, &Subject { query: query.clone(), names })
}

/// The rules that look at the tree.
pub(crate) const LINTS: &[&Lint<Subject>] = &[&QUOTED_WILDCARD, &UNKNOWN_FIELD, &BOOLEAN, &BLANK_IN_WILDCARD];

/// All rules.
pub(crate) const RULES: &[Rule] = &[
    QUOTED_WILDCARD.rule,
    UNKNOWN_FIELD.rule,
    BOOLEAN.rule,
    BLANK_IN_WILDCARD.rule,
    LONE_BACKSLASH,
    KEYWORD_WITHOUT_BLANK,
    MISSING_OPERATOR,
    OTHER_LANGUAGE,
];

fn each_value<'q>(query: &'q Query, mut each: impl FnMut(Option<&'q Literal>, &'q Literal)) {
    query.walk(&mut |query| match &query.kind {
        QueryKind::Is { field, value } => each(field.as_ref(), value),
        QueryKind::Range { field, value, .. } => each(Some(field), value),
        _ => {}
    });
}

static QUOTED_WILDCARD: Lint<Subject> = Lint {
    rule: Rule::warning(
        "kuery/quoted-wildcard",
        "A `*` in quotes at the beginning or the end of a value.",
        "In quotes it is a character like any other: the value must hold a star.",
        r#"process.name: "*.exe""#,
        "process.name: *.exe",
        PAGE,
    ),
    check: |subject, found| {
        each_value(&subject.query, |_, value| {
            let text = value.text().unwrap_or_default();
            if value.quoted && text.len() > 1 && (text.starts_with('*') || text.ends_with('*')) {
                let parts = text.split('*').map(str::to_owned).collect();
                let unquoted = Literal { parts, quoted: false, span: value.span };
                let message = "this `*` is no wildcard, since it is in quotes";
                let diagnostic = QUOTED_WILDCARD.rule.diagnostic(message, value.span);
                found.push(diagnostic.with_fix(value.span, unquoted.to_string(), "write it without quotes"));
            }
        });
    },
};

static UNKNOWN_FIELD: Lint<Subject> = Lint {
    rule: Rule::warning(
        "kuery/unknown-field",
        "A field that no log source has.",
        "Elasticsearch finds nothing in a field that no index has, and does not say so.",
        "process.nmae: cmd.exe",
        "process.name: cmd.exe",
        "https://www.elastic.co/docs/reference/ecs/ecs-field-reference",
    ),
    check: |subject, found| {
        for field in subject.query.fields() {
            let Some(name) = field.text() else { continue };
            let Some(resolution) = subject.names.get(name).filter(|resolution| !resolution.known) else { continue };
            let message = format!("no log source has a field `{name}`");
            let diagnostic = UNKNOWN_FIELD.rule.diagnostic(message, field.span);
            found.push(match &resolution.suggestion {
                Some(meant) => diagnostic.with_fix(field.span, meant.as_str(), format!("did you mean `{meant}`?")),
                None => diagnostic,
            });
        }
    },
};

static BOOLEAN: Lint<Subject> = Lint {
    rule: Rule::warning(
        "kuery/boolean",
        "A field that is true or false, held against something else.",
        "Elasticsearch refuses the search: only `true` and `false` are values of a boolean field.",
        "aws.cloudtrail.console_login.additional_eventdata.mfa_used: No",
        "aws.cloudtrail.console_login.additional_eventdata.mfa_used: false",
        "https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/boolean",
    ),
    check: |subject, found| {
        each_value(&subject.query, |field, value| {
            let Some(name) = field.and_then(Literal::text) else { return };
            let kind = subject.names.get(name).map(|resolution| resolution.column.field_type.kind);
            let (Some(text), Some(Kind::Boolean)) = (value.text(), kind) else { return };
            if !matches!(text, "true" | "false" | "") {
                let message = format!("`{name}` is true or false, not `{text}`");
                let diagnostic = BOOLEAN.rule.diagnostic(message, value.span);
                found.push(match crate::plan::truth(text) {
                    Some(truth) => diagnostic.with_fix(value.span, truth.to_string(), format!("write `{truth}`")),
                    None => diagnostic,
                });
            }
        });
    },
};

static BLANK_IN_WILDCARD: Lint<Subject> = Lint {
    rule: Rule::warning(
        "kuery/blank-in-wildcard",
        "A pattern with a wildcard and a blank.",
        "Mynah takes the blank for a part of the pattern, as its author means it. Kibana hands the pattern to a \
              `query_string` query, which some versions split at the blank: then either half is enough.",
        "process.command_line: *net user*",
        "process.command_line: *net*user*",
        "https://github.com/elastic/kibana/issues/23001",
    )
    .info(),
    check: |subject, found| {
        each_value(&subject.query, |_, value| {
            if !value.quoted
                && value.parts.len() > 1
                && value.parts.iter().any(|part| part.contains(char::is_whitespace))
            {
                let message = "some versions of Kibana split this pattern at the blank";
                found.push(BLANK_IN_WILDCARD.rule.diagnostic(message, value.span));
            }
        });
    },
};

const LONE_BACKSLASH: Rule = Rule::warning(
    "kuery/lone-backslash",
    "A backslash outside of quotes that escapes nothing.",
    "Kibana refuses the query. It is taken for a backslash here, as it was meant.",
    r"file.path: C:\\Windows\System32",
    r"file.path: C:\\Windows\\System32",
    GRAMMAR,
);

/// A backslash before a letter that it does not escape.
pub(crate) fn lone_backslash(span: Span) -> Diagnostic {
    let diagnostic = LONE_BACKSLASH.diagnostic("Kibana refuses this backslash, which escapes nothing", span);
    diagnostic.with_fix(span, r"\\", r"write `\\` for a backslash")
}

const KEYWORD_WITHOUT_BLANK: Rule = Rule::warning(
    "kuery/keyword-without-blank",
    "`and`, `or` or `not` with a parenthesis right behind it.",
    "Kibana takes it for a keyword only where a blank follows, and refuses the query.",
    "not(process.name: cmd.exe)",
    "not (process.name: cmd.exe)",
    GRAMMAR,
);

/// A keyword that Kibana does not see as one.
pub(crate) fn keyword_without_blank(span: Span, word: &str) -> Diagnostic {
    let message = format!("Kibana refuses `{word}(`: a blank must follow `{word}`");
    KEYWORD_WITHOUT_BLANK.diagnostic(message, span).with_fix(span, format!("{word} "), "put a blank behind it")
}

const MISSING_OPERATOR: Rule = Rule {
    code: "kuery/missing-operator",
    severity: Severity::Error,
    what: "Two conditions without `and` or `or` between them.",
    why: "Kibana refuses the query; Lucene's language, which looks alike, would take either.",
    bad: r#""cmd.exe" process.parent.name: "winword.exe""#,
    good: r#""cmd.exe" and process.parent.name: "winword.exe""#,
    page: GRAMMAR,
};

/// Where one condition follows another.
pub(crate) fn missing_operator(at: Span) -> Diagnostic {
    MISSING_OPERATOR
        .diagnostic("`and` or `or` is missing here", at)
        .with_help("a value ends before `:`, `<` and `>`; put it in quotes if these are part of it")
}

const OTHER_LANGUAGE: Rule = Rule {
    code: "kuery/other-language",
    severity: Severity::Error,
    what: "A comparison or a word of EQL, Lucene or SQL.",
    why: "Kibana would look for its text in all fields, and find nothing.",
    bad: r#"process.name == cmd.exe"#,
    good: "process.name: cmd.exe",
    page: PAGE,
};

/// Operators of Kusto that follow a bar in nearly all of its queries.
const KUSTO: [&str; 12] = [
    "where",
    "project",
    "extend",
    "summarize",
    "join",
    "take",
    "top",
    "order",
    "sort",
    "distinct",
    "union",
    "mv-expand",
];

/// A query of Microsoft's KQL, which has only its name in common with Kibana's.
pub(crate) fn kusto(text: &str) -> Option<Diagnostic> {
    // One in quotes is part of a value.
    let (_, behind) = text.split_once('|').filter(|(before, _)| before.matches('"').count() % 2 == 0)?;
    let operator = behind.split_whitespace().next()?;
    let start = text.len() - behind.trim_start().len();
    KUSTO.contains(&operator).then(|| {
        let message = format!("`| {operator}` is Kusto, Microsoft's KQL; this is Kibana's, a filter without a pipe");
        let diagnostic = OTHER_LANGUAGE.diagnostic(message, Span::new(start, start + operator.len()));
        diagnostic.with_help("write what `where` asks for alone: `field: value and other: value`")
    })
}

/// A value without a field that is a comparison in other languages.
pub(crate) fn other_language(text: &str, literal: &Literal) -> Option<Diagnostic> {
    if literal.quoted {
        return None;
    }
    let written = format!("{} ", literal.span.of(text).to_ascii_lowercase());
    let operators = [
        ("==", "write `field: value`"),
        ("!=", "write `not field: value`"),
        ("=", "write `field: value`"),
        ("like", "write `field: value`"),
        ("in", "write `field: (a or b)`"),
        ("&&", "write `and`"),
        ("||", "write `or`"),
        ("where", "this looks like EQL: run it with `--lang eql`"),
    ];
    let (operator, help) = operators.into_iter().find(|(operator, _)| written.contains(&format!(" {operator} ")))?;
    let message = format!("`{operator}` is no operator of KQL");
    Some(OTHER_LANGUAGE.diagnostic(message, literal.span).with_help(help))
}
