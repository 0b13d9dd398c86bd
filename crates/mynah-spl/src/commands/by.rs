use super::arguments::Arguments;
use mynah_syntax::{Diagnostic, Spanned};

/// `by field, field`, where it stands; no fields where it does not.
///
/// # Errors
/// Where no field follows.
pub(super) fn by(arguments: &mut Arguments<'_>, keywords: &[&str]) -> Result<Vec<Spanned<String>>, Diagnostic> {
    if !arguments.keyword("by") && !arguments.keyword("groupby") {
        return Ok(Vec::new());
    }
    let fields = arguments.fields_until(keywords)?;
    if fields.is_empty() {
        return Err(arguments.wrong(arguments.rest(), "the names of fields after BY"));
    }
    Ok(fields)
}

/// The names alone, each once.
pub(super) fn names(fields: &[Spanned<String>]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(fields.len());
    for field in fields {
        if !names.contains(&field.node) {
            names.push(field.node.clone());
        }
    }
    names
}
