use crate::Severity;

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
