use crate::{Diagnostic, Severity, Span};

/// What a lint rule says of itself: one constant in the rule's own file.
///
/// Every dialect lists its rules in `lint::RULES`; `mynah check --rules` prints them, and each
/// example is run as a test: `bad` must raise the rule, `good` must not.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// `dialect/rule-name`, as the diagnostics carry it.
    pub code: &'static str,
    /// What its diagnostics are.
    pub severity: Severity,
    /// What it finds, in one sentence.
    pub what: &'static str,
    /// Why that is a fault: what the vendor's product does with it.
    pub why: &'static str,
    /// A query that has the fault.
    pub bad: &'static str,
    /// The same query without it.
    pub good: &'static str,
    /// The vendor's page that says so.
    pub page: &'static str,
}

impl Rule {
    /// A rule whose diagnostics are warnings.
    ///
    /// ```
    /// use mynah_syntax::{Rule, Severity};
    /// const RULE: Rule =
    ///     Rule::warning("example/shouting", "Capitals.", "Nobody reads them.", "SELECT", "select", "https://example.com");
    /// assert_eq!(RULE.severity, Severity::Warning);
    /// assert_eq!(RULE.info().diagnostic("in capitals", (0..6).into()).severity, Severity::Info);
    /// ```
    pub const fn warning(
        code: &'static str,
        what: &'static str,
        why: &'static str,
        bad: &'static str,
        good: &'static str,
        page: &'static str,
    ) -> Rule {
        Rule { code, severity: Severity::Warning, what, why, bad, good, page }
    }

    /// The same rule, whose diagnostics are infos.
    pub const fn info(self) -> Rule {
        Rule { severity: Severity::Info, ..self }
    }

    /// A diagnostic of this rule.
    pub fn diagnostic(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        match self.severity {
            Severity::Error => Diagnostic::error(self.code, message, span),
            Severity::Warning => Diagnostic::warning(self.code, message, span),
            Severity::Info => Diagnostic::info(self.code, message, span),
        }
    }
}
