use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted, name_stars};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `rename` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "rename",
    usage: "rename FIELD AS NAME, ...",
    summary: "Gives fields other names; `a.* AS *` all that fit at once.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/rename",
    examples: &[],
};

#[derive(Debug)]
struct Rename {
    pairs: Vec<(Spanned<String>, Spanned<String>)>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut pairs = Vec::new();
    while !arguments.is_empty() {
        let from = arguments.field()?;
        if !arguments.keyword("as") {
            return Err(arguments.wrong(arguments.rest(), "AS and the new name"));
        }
        let to = arguments.field()?;
        let stars = |name: &Spanned<String>| name.node.matches('*').count();
        if stars(&from) != stars(&to) {
            return Err(Diagnostic::error(
                "spl/syntax",
                "both names must have the same number of `*`",
                from.span.to(to.span),
            ));
        }
        pairs.push((from, to));
        while arguments.symbol(',') {}
    }
    if pairs.is_empty() {
        return Err(arguments.wrong(arguments.name.span, "FIELD AS NAME"));
    }
    Ok(Box::new(Rename { pairs }))
}

/// The name that a pattern with what its stars stand for makes.
pub(crate) fn fill(pattern: &str, stars: &[&str]) -> String {
    let mut stars = stars.iter();
    let mut name = String::new();
    for (i, part) in pattern.split('*').enumerate() {
        if i > 0 {
            name.push_str(stars.next().copied().unwrap_or(""));
        }
        name.push_str(part);
    }
    name
}

impl Command for Rename {
    fn needs(&self) -> Needs {
        let mut needs = Needs::default();
        for (from, to) in &self.pairs {
            // A field that an earlier pair has made is not read from the rows.
            if !needs.makes.contains(&from.node) {
                needs = needs.read(from.node.clone(), from.span);
            }
            if !to.node.contains('*') {
                needs = needs.make(to.node.clone());
            } else {
                needs = needs.make_any();
            }
        }
        needs
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let mut columns = rows.all();
        for (from, to) in &self.pairs {
            if from.node.contains('*') {
                let names: Vec<String> = columns.iter().map(|(name, _)| name.clone()).collect();
                for old in names {
                    // Internal fields are renamed by their own name only.
                    if old.starts_with('_') && !from.node.starts_with('_') {
                        continue;
                    }
                    if let Some(stars) = name_stars(&from.node, &old) {
                        rename(&mut columns, &old, &fill(&to.node, &stars));
                    }
                }
            } else if columns.iter().any(|(name, _)| *name == from.node) {
                rename(&mut columns, &from.node, &to.node);
            } else {
                // Renaming a field that is not there takes away the other.
                columns.retain(|(name, _)| *name != to.node);
                if rows.scope().open {
                    columns.push((to.node.clone(), crate::expression::Typed::null()));
                }
            }
        }
        rows.project(columns, planner)
    }
}

fn rename(columns: &mut Vec<(String, crate::expression::Typed)>, old: &str, new: &str) {
    if old == new {
        return;
    }
    columns.retain(|(name, _)| name != new);
    if let Some(column) = columns.iter_mut().find(|(name, _)| name == old) {
        column.0 = new.to_owned();
    }
}
