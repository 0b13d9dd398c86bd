use mynah_syntax::{Diagnostic, Rule};

/// A lint rule and its check: all rules of a language have one signature.
///
/// `C` is what the rules of the language look at: its AST, the text, the platform's view.
///
/// ```
/// use mynah_dialect::{Lint, lint};
/// use mynah_syntax::{Diagnostic, Severity};
///
/// static SHOUTING: Lint<str> = Lint::warning(
///     "example/shouting",
///     "The query is in capitals.",
///     "Nobody wants to read that.",
///     "SELECT",
///     "select",
///     "https://example.com",
///     |text, found| {
///         if text.chars().all(char::is_uppercase) {
///             found.push(Diagnostic::warning("example/shouting", "the query is in capitals", 0..text.len()));
///         }
///     },
/// );
/// assert_eq!(lint(&[&SHOUTING], "SELECT").len(), 1);
/// assert_eq!(SHOUTING.rule.severity, Severity::Warning);
/// ```
pub struct Lint<C: ?Sized + 'static> {
    /// What the rule says of itself.
    pub rule: Rule,
    /// Adds what the rule has to say.
    pub check: fn(&C, &mut Vec<Diagnostic>),
}

impl<C: ?Sized> Lint<C> {
    /// A rule whose diagnostics are warnings ([`Rule::warning`]), and its check.
    pub const fn warning(
        code: &'static str,
        what: &'static str,
        why: &'static str,
        bad: &'static str,
        good: &'static str,
        page: &'static str,
        check: fn(&C, &mut Vec<Diagnostic>),
    ) -> Self {
        Lint { rule: Rule::warning(code, what, why, bad, good, page), check }
    }

    /// The same rule, whose diagnostics are infos.
    pub const fn info(self) -> Self {
        Lint { rule: self.rule.info(), check: self.check }
    }
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
