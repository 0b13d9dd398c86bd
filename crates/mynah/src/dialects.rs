use mynah_dialect::{Frontend, Token};
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

/// The tokens of a text in a dialect, broken or not: what an editor or a page colours.
///
/// ```
/// use mynah::Dialect;
/// let tokens = mynah::tokens("process where true", Dialect::Eql);
/// assert_eq!(tokens.len(), 3);
/// ```
pub fn tokens(text: &str, dialect: Dialect) -> Vec<Token> {
    match dialect {
        Dialect::Aql => mynah_aql::tokens(text),
        Dialect::Eql => mynah_eql::tokens(text),
        Dialect::Spl => mynah_spl::tokens(text),
        Dialect::Sumo => mynah_sumo::tokens(text),
        Dialect::Sigma => mynah_sigma::tokens(text),
        Dialect::Kuery => mynah_kuery::tokens(text),
    }
}
