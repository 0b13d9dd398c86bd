use crate::plan::{Rows, name_matches};
use mynah_syntax::Spanned;

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
