//! Other names for fields.
use super::prelude::*;
use crate::plan::{name_filled, name_stars, pattern_means};
use std::collections::HashSet;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "rename FIELD AS NAME, ...",
    "Gives fields other names; `a.* AS *` all that fit at once.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/rename",
    rename,
)];

fn rename(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut pairs = Vec::new();
    while !arguments.is_empty() {
        let from = arguments.field()?;
        if !arguments.keyword("as") {
            return Err(arguments.wrong(arguments.rest(), "AS and the new name"));
        }
        let to = arguments.field()?;
        let stars = |name: &Spanned<String>| name.node.matches('*').count();
        if stars(&from) != stars(&to) {
            let message = "both names must have the same number of `*`";
            return Err(Diagnostic::error("spl/syntax", message, from.span.to(to.span)));
        }
        pairs.push((from, to));
        while arguments.symbol(',') {}
    }
    let pairs = arguments.some(pairs, "FIELD AS NAME")?;
    let mut needs = Needs::default();
    for (from, to) in &pairs {
        // A field that an earlier pair has made is not read from the rows.
        if !needs.makes.contains(&from.node) {
            needs = needs.read_all([from.clone()]);
        }
        needs =
            if to.node.contains('*') { needs.rename(&from.node, &to.node).make_any() } else { needs.make(&to.node) };
    }
    let pairs: Vec<(String, String)> = pairs.into_iter().map(|(from, to)| (from.node, to.node)).collect();
    on_rows(needs, pairs, |pairs, rows, _, planner| {
        let mut columns = rows.all();
        let mut renamed: Vec<&str> = Vec::new();
        for (from, to) in pairs {
            if from.contains('*') {
                rename_fitting(&mut columns, from, to, &renamed);
            } else if columns.iter().any(|(name, _)| name == from) {
                rename_column(&mut columns, from, to);
                renamed.push(to);
            } else {
                // Renaming a field that is not there takes away the other.
                columns.retain(|(name, _)| name != to);
                if rows.scope().open {
                    columns.push((to.clone(), Typed::null()));
                }
            }
        }
        rows.project(columns, planner)
    })
}

/// Renames all columns that fit a pattern at once, but those that have a new name already.
fn rename_fitting(columns: &mut Vec<(String, Typed)>, from: &str, to: &str, renamed: &[&str]) {
    let new_name = |old: &str| {
        let fits = pattern_means(from, old) && !renamed.contains(&old);
        name_stars(from, old).filter(|_| fits).map(|stars| name_filled(to, &stars))
    };
    let new_names: Vec<Option<String>> = columns.iter().map(|(old, _)| new_name(old)).collect();
    let taken: HashSet<String> = new_names.iter().flatten().cloned().collect();
    let old = std::mem::take(columns).into_iter().zip(new_names);
    columns.extend(old.filter_map(|((old, typed), new)| match new {
        Some(new) => Some((new, typed)),
        None => (!taken.contains(&old)).then_some((old, typed)),
    }));
}

fn rename_column(columns: &mut Vec<(String, Typed)>, old: &str, new: &str) {
    if old == new {
        return;
    }
    columns.retain(|(name, _)| name != new);
    if let Some(column) = columns.iter_mut().find(|(name, _)| name == old) {
        column.0 = new.to_owned();
    }
}
