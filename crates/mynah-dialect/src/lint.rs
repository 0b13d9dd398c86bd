use mynah_syntax::{Diagnostic, Rule};

/// A lint rule and its check: all rules of a language have one signature.
///
/// `C` is what the rules of the language look at: its AST, the text, the platform's view.
///
/// ```
/// use mynah_dialect::{Lint, lint};
/// use mynah_syntax::{Diagnostic, Rule, Severity};
///
/// static SHOUTING: Lint<str> = Lint {
///     rule: Rule {
///         code: "example/shouting",
///         severity: Severity::Warning,
///         what: "The query is in capitals.",
///         why: "Nobody wants to read that.",
///         bad: "SELECT",
///         good: "select",
///         page: "https://example.com",
///     },
///     check: |text, found| {
///         if text.chars().all(char::is_uppercase) {
///             found.push(Diagnostic::warning("example/shouting", "the query is in capitals", 0..text.len()));
///         }
///     },
/// };
/// assert_eq!(lint(&[&SHOUTING], "SELECT").len(), 1);
/// ```
pub struct Lint<C: ?Sized + 'static> {
    /// What the rule says of itself.
    pub rule: Rule,
    /// Adds what the rule has to say.
    pub check: fn(&C, &mut Vec<Diagnostic>),
}

/// What all rules have to say, in the order of the text.
pub fn lint<C: ?Sized>(lints: &[&'static Lint<C>], on: &C) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for lint in lints {
        (lint.check)(on, &mut found);
    }
    found.sort_by_key(|diagnostic| diagnostic.span.start);
    found
}
