use crate::plan::{Planner, Rows, name_matches, present};
use mynah_syntax::{Diagnostic, Spanned};

/// The names of a list of fields, each once: a pattern is every column that fits it.
pub(crate) fn expand(fields: &[Spanned<String>], rows: &Rows) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for field in fields {
        if field.node.contains('*') {
            for name in rows.names().into_iter().filter(|name| name_matches(&field.node, name)) {
                // `*` does not mean the internal fields, which a pattern must name.
                if (!name.starts_with('_') || field.node.starts_with('_')) && !names.contains(&name) {
                    names.push(name);
                }
            }
        } else if !names.contains(&field.node) {
            names.push(field.node.clone());
        }
    }
    names
}

/// The same, and where none is named, all but the internal fields.
pub(super) fn chosen(fields: &[Spanned<String>], rows: &Rows) -> Vec<String> {
    match fields {
        [] => rows.names().into_iter().filter(|name| !name.starts_with('_')).collect(),
        fields => expand(fields, rows),
    }
}

/// As [`expand`], for commands that choose columns: of the fields of events that a pattern fits only those that some event has.
///
/// A pattern fits every name the view lists, of all log sources; Splunk shows those that the results have.
///
/// # Errors
/// Where the events cannot be looked at.
pub(super) fn expand_present(
    fields: &[Spanned<String>],
    rows: &Rows,
    planner: &mut Planner<'_>,
) -> Result<Vec<String>, Diagnostic> {
    let names = expand(fields, rows);
    let exact = |name: &String| fields.iter().any(|field| field.node == *name);
    let doubtful: Vec<String> = names.iter().filter(|name| !exact(name)).cloned().collect();
    if !rows.may_lack_values() || doubtful.is_empty() {
        return Ok(names);
    }
    let found = present(rows, doubtful, planner)?;
    Ok(names.into_iter().filter(|name| exact(name) || found.contains(name)).collect())
}
