use super::{Dataset, Found, find};
use crate::commands::search::reads;
use crate::expression::{self, Expression, ExpressionKind, Type, Typed, case};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted, events, name_matches};
use crate::search;
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::prelude::lit;
use mynah_dialect::unmarked;
use mynah_syntax::{Diagnostic, Span, Spanned, nearest};
use std::borrow::Cow;

/// The events of a dataset with the fields that are wanted; `prefixed`: their names begin with the dataset's,
/// `Processes.user`.
///
/// # Errors
/// Where there is no such model, or nothing can fill it; in a check that is a warning.
pub(crate) fn rows(
    model: &Spanned<String>,
    dataset: Option<&str>,
    prefixed: bool,
    wanted: &Wanted,
    planner: &mut Planner<'_>,
) -> Result<Rows, Diagnostic> {
    let found = find(&model.node, dataset, &planner.context.site.knowledge)
        .map_err(|error| Diagnostic::error("spl/datamodel", error, model.span))?;
    let lineage = match found {
        Found::Dataset(lineage) => lineage,
        Found::Unfilled => {
            let message =
                format!("no log source that Mynah reads fills the data model `{}`: it has no events", model.node);
            planner.say(Diagnostic::warning("spl/unfilled-datamodel", message, model.span));
            return nothing(wanted, planner);
        }
        Found::Unknown(nearest) => {
            let name = dataset.map_or_else(|| model.node.clone(), |dataset| format!("{}.{dataset}", model.node));
            let unknown =
                Diagnostic::error("spl/unknown-datamodel", format!("unknown data model `{name}`"), model.span);
            return Err(match nearest {
                Some(known) => unknown.with_help(format!("did you mean `{known}`?")),
                None => unknown,
            });
        }
    };
    let names = names(&lineage, prefixed, wanted, planner);
    let site = planner.context.site;
    let constraints = lineage.iter().map(|dataset| {
        // An app's models search by its macros.
        let source = crate::pipeline::expand(&dataset.constraint, site).map_err(|mut errors| {
            let broken = || Diagnostic::error("spl/datamodel", "the search of the dataset is broken", model.span);
            Diagnostic { span: model.span, ..errors.pop().unwrap_or_else(broken) }
        })?;
        let text = source.text();
        search::parse(&mut Parsing::new(text), Span::new(0, text.len()))
    });
    let constraints = constraints.collect::<Result<Vec<_>, _>>()?;
    let constraints: Vec<&search::Search> = constraints.iter().collect();
    let mut needs = constraints.iter().fold(Needs::default(), |needs, search| reads(search, needs));
    for (_, value) in &names {
        if let Value::Expression(expression, _) = value {
            needs.reads.extend(expression.names().into_iter().map(|name| Spanned::new(name, Span::default())));
        }
    }
    // Names of the model's own files are not the query's to be warned of.
    let mut source = Wanted::default();
    for name in needs.reads {
        source.unsure.push(name.node.clone());
        source.add(name);
    }
    for (name, value) in &names {
        if matches!(value, Value::Field) {
            source.add(Spanned::new(name.clone(), Span::default()));
        }
    }
    let rows = events(&source, &constraints, planner)?;
    let mut columns = vec![("_time".to_owned(), rows.column("_time")), ("_raw".to_owned(), rows.column("_raw"))];
    for (name, value) in names {
        let typed = match value {
            Value::Field => rows.column(&name),
            Value::Expression(expression, unknown) => {
                let typed = expression::lower_assignable(&expression, rows.scope())?;
                if unknown { or_unknown(typed) } else { typed }
            }
            Value::Null => Typed { expr: Typed::null().into_text(), ty: Type::Text },
        };
        columns.push((name, typed));
    }
    // Places in the model's files are none of the query.
    rows.project(columns, planner)?.map_plan(planner, |plan| unmarked(plan.build()?).map(LogicalPlanBuilder::from))
}

/// No events, with the fields that are wanted.
fn nothing(wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
    let rows = events(&Wanted::default(), &[], planner)?;
    let none = || Typed { expr: Typed::null().into_text(), ty: Type::Text };
    let names = wanted.in_order().into_iter().map(|name| name.node);
    let columns = names.filter(|name| !name.starts_with('_')).map(|name| (name, none())).collect();
    let rows = rows.with(columns, planner)?.filter(lit(false), planner)?;
    Ok(if planner.is_check() { rows.opened() } else { rows })
}

/// Where a wanted field's value comes from.
enum Value {
    /// An expression over the view's fields; and whether it says `unknown` where there is none.
    Expression(Expression, bool),
    /// A field of every event: `host`, `sourcetype`.
    Field,
    /// A field of the model that no log source fills.
    Null,
}

fn names(
    lineage: &[Cow<'static, Dataset>],
    prefixed: bool,
    wanted: &Wanted,
    planner: &mut Planner<'_>,
) -> Vec<(String, Value)> {
    let prefix = lineage.first().map(|dataset| dataset.name.as_str()).unwrap_or_default();
    let full =
        |dataset: &Dataset, name: &str| if prefixed { format!("{}.{name}", dataset.name) } else { name.to_owned() };
    let mut known: Vec<(String, &Dataset, &str)> = Vec::new();
    for dataset in lineage {
        let dataset: &Dataset = dataset;
        known.extend(dataset.fields.keys().map(|name| (full(dataset, name), dataset, name.as_str())));
    }
    let mut names: Vec<(String, Value)> = Vec::new();
    for field in wanted.in_order() {
        let found = known.iter().find(|(name, ..)| *name == field.node);
        let value = match found {
            Some((_, dataset, name)) => value(dataset, name),
            None if field.node == "nodename" => Value::Null,
            None if prefixed && !field.node.contains('.') => Value::Field,
            None => {
                if field.node.starts_with('_') || wanted.unsure.contains(&field.node) {
                    continue;
                }
                let mut warning = Diagnostic::warning(
                    "spl/unknown-field",
                    format!("the dataset `{prefix}` has no field `{}`", field.node),
                    field.span,
                );
                if let Some(known) = nearest(&field.node, known.iter().map(|(name, ..)| name.as_str())) {
                    warning = warning.with_help(format!("did you mean `{known}`?"));
                }
                planner.say(warning);
                Value::Null
            }
        };
        names.push((field.node, value));
    }
    for pattern in wanted.patterns() {
        for (name, dataset, field) in known.iter().filter(|(name, ..)| name_matches(&pattern.node, name)) {
            if !names.iter().any(|(known, _)| known == name) {
                names.push((name.clone(), value(dataset, field)));
            }
        }
    }
    names
}

fn value(dataset: &Dataset, name: &str) -> Value {
    let text = dataset.fields.get(name).map(String::as_str).unwrap_or_default();
    let unknown = dataset.unknown.iter().any(|known| known == name);
    match expression::parse(text, 0) {
        (Some(expression), _) if !text.is_empty() => Value::Expression(expression, unknown),
        _ if unknown => {
            Value::Expression(Expression { kind: ExpressionKind::Text("unknown".into()), span: Span::default() }, false)
        }
        _ => Value::Null,
    }
}

fn or_unknown(typed: Typed) -> Typed {
    let ty = if typed.ty == Type::Null { Type::Text } else { typed.ty };
    let value = typed.into_type(ty);
    let unknown = Typed::text("unknown").into_type(ty);
    Typed { expr: case(vec![(value.clone().is_not_null(), value)], Some(unknown), ty), ty }
}
