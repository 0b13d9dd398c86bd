use super::{Key, Planner, Rows, Wanted, name_matches};
use crate::expression::{Scope, Type, Typed};
use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::cast;
use mynah_dialect::column;
use mynah_syntax::{Diagnostic, Spanned};
use mynah_view::{EVENT_ID, EventScan, FieldType, Kind, ScanColumn};
use std::collections::BTreeMap;

/// All events, with the fields that are wanted, newest first.
///
/// # Errors
/// Where DataFusion refuses the scan.
pub(crate) fn events(wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let view = planner.context.view;
    let mut names: Vec<String> = vec!["_time".to_owned()];
    let mut wanted_names: Vec<Spanned<String>> = wanted.in_order();
    for pattern in wanted.patterns() {
        // A lone `*` means the fields that the query names: there is no end to those it could mean.
        if pattern.node.chars().any(|c| c != '*') {
            let fitting = view.names().into_iter().filter(|name| name_matches(&pattern.node, name));
            wanted_names.extend(fitting.map(|name| Spanned::new(name.to_owned(), pattern.span)));
        }
    }
    let mut columns = vec![view.resolve("_time").column];
    let (mut answers_to, mut hidden) = (BTreeMap::new(), Vec::new());
    for name in &wanted_names {
        if names.contains(&name.node) || name.node == "_raw" || name.node == EVENT_ID || name.node.is_empty() {
            continue;
        }
        let found = view.resolve(&name.node);
        if !found.known
            && !wanted.unsure.contains(&name.node)
            && let Some(suggestion) = &found.suggestion
            && is_misspelt(&name.node, suggestion)
        {
            planner.say(
                Diagnostic::warning(
                    "spl/unknown-field",
                    format!("no log source is known to have a field `{}`", name.node),
                    name.span,
                )
                .with_help(format!("did you mean `{suggestion}`? Splunk's field names are case-sensitive")),
            );
        }
        names.push(name.node.clone());
        let mut column = found.column;
        if view.is_name(&name.node) && column.field_type.many {
            let all = ScanColumn { name: planner.fresh("names"), ..column.clone() };
            answers_to.insert(name.node.clone(), all.name.clone());
            hidden.push(all);
            // A column for one value takes the first.
            column.field_type.many = false;
        }
        columns.push(column);
    }
    names.push("_raw".to_owned());
    columns.push(view.resolve("_raw").column);
    let types: Vec<FieldType> = columns.iter().map(|column| column.field_type).collect();
    let plan = EventScan::new(columns.into_iter().chain(hidden)).into_plan().map_err(|error| planner.failed(&error))?;
    let scope: Scope = [].into_iter().collect();
    let order = vec![Key::descending("_time"), Key::ascending(EVENT_ID)];
    let exprs = names.into_iter().zip(types).map(|(name, ty)| {
        let typed = from_view(&name, ty);
        (name, typed)
    });
    let exprs = exprs.collect();
    Rows::new(plan, scope, order, true).answering_to(answers_to).project(exprs, planner)
}

/// Whether a name that may be a field of anybody's logs is so near to a known one that it must mean that.
fn is_misspelt(name: &str, known: &str) -> bool {
    let distance = strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
    name.eq_ignore_ascii_case(known) || (distance == 1 && name.len() >= 5) || (distance == 2 && name.len() >= 10)
}

/// A field of the view as one of SPL's types.
fn from_view(name: &str, ty: FieldType) -> Typed {
    let expr = column(name);
    if ty.many {
        let texts = FieldType::TEXTS.data_type();
        let expr = if matches!(ty.kind, Kind::Text | Kind::Ip) { expr } else { cast(expr, texts) };
        return Typed { expr, ty: Type::Multi };
    }
    match ty.kind {
        Kind::Text | Kind::Ip => Typed { expr, ty: Type::Text },
        Kind::Float | Kind::Seconds => Typed { expr, ty: Type::Number },
        Kind::Integer | Kind::Milliseconds => Typed { expr: cast(expr, DataType::Float64), ty: Type::Number },
        Kind::Boolean => Typed { expr: cast(expr, DataType::Utf8), ty: Type::Text },
    }
}
