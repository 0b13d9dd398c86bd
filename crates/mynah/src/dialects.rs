use mynah_dialect::Frontend;
use mynah_event::Dialect;

/// The front end of a dialect: its parser, linter and planner.
///
/// ```
/// let rules = mynah::frontend(mynah::Dialect::Eql).rules();
/// assert!(rules.iter().all(|rule| rule.code.starts_with("eql/")));
/// ```
pub fn frontend(dialect: Dialect) -> &'static dyn Frontend {
    match dialect {
        Dialect::Aql => &mynah_aql::Aql,
        Dialect::Eql => &mynah_eql::Eql,
        Dialect::Spl => &mynah_spl::Spl,
        Dialect::Sumo => &mynah_sumo::Sumo,
        Dialect::Sigma => &mynah_sigma::Sigma,
        Dialect::Kuery => &mynah_kuery::Kuery,
    }
}
