//! Rules of other formats than that of a query: their queries are checked, and shown where they stand in their files.
use super::One;
use crate::exit::Failure;
use mynah::{Diagnostic, Mynah, NotLoaded, Package, Rules, in_file, in_parallel, place};
use mynah_syntax::Span;

/// The query of each rule, and what cannot be checked.
pub(super) fn check(mynah: &Mynah, rules: &Rules) -> Result<Vec<One>, Failure> {
    let checked = in_parallel(mynah.engine().threads(), rules.catalog().packages(), |package| one(mynah, package));
    let mut checked = checked.into_iter().flatten().collect::<Result<Vec<One>, Failure>>()?;
    checked.extend(rules.refused().iter().chain(rules.left_out()).map(not_checked));
    checked.sort_by(|a, b| (&a.name, at(a)).cmp(&(&b.name, at(b))));
    Ok(checked)
}

/// Where the first thing to say of a query stands.
fn at(one: &One) -> usize {
    one.diagnostics.first().map_or(0, |diagnostic| diagnostic.span.start)
}

fn one(mynah: &Mynah, package: &Package) -> Option<Result<One, Failure>> {
    let dialect = package.dialects().next()?;
    let query = package.query(dialect)?;
    let name = place(package).0;
    Some(mynah.check_rule(package, dialect).map_err(Failure::from).map(|mut diagnostics| {
        let file = std::fs::read_to_string(&name).ok();
        let file = file.filter(|file| in_file(package, query, file, &mut diagnostics));
        // A query stands on the lines that it has in its file, if not in the same columns.
        let text = file.unwrap_or_else(|| query.to_owned());
        One { name, text, dialect: Some(dialect), diagnostics, is_rule: true }
    }))
}

/// A rule whose query is not checked, and why: an error where its file is broken.
fn not_checked(rule: &NotLoaded) -> One {
    let text = std::fs::read(&rule.file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let line = rule.line.unwrap_or(1).saturating_sub(1);
    let start = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>().min(text.len());
    let end = text.get(start..).and_then(|rest| rest.lines().next()).map_or(start, |line| start + line.len());
    let title = rule.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
    let message = format!("{title}{}", rule.reason);
    let diagnostic = match rule.is_broken {
        true => Diagnostic::error(super::BROKEN, message, Span::new(start, end)),
        false => Diagnostic::info(super::NOT_CHECKED, message, Span::new(start, end)),
    };
    One { name: rule.file.clone(), text, dialect: None, diagnostics: vec![diagnostic], is_rule: true }
}
