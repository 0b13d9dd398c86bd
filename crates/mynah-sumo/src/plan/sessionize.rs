//! `sessionize`: messages that fit patterns in turn, joined on what the patterns before took out of theirs.
//!
//! Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/sessionize/>
use super::extraction::{Extraction, capture};
use super::{Draft, Kind, Order, Role, TIME};
use crate::ast::{Extract, Name, Place, SessionPart};
use datafusion::common::{Column, JoinType};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use mynah_dialect::column;
use mynah_kernels::Regex;
use mynah_syntax::Diagnostic;

/// A piece of a pattern between two literal texts.
enum Piece {
    /// `*`, which becomes a field.
    Wildcard,
    /// `$name`: a field of a pattern before.
    Variable(String),
}

/// The messages joined so far.
struct Sessions {
    plan: LogicalPlan,
    /// The fields, and the columns that hold them.
    fields: Vec<(String, String)>,
    /// How many patterns they fit.
    parts: usize,
}

pub(super) fn lower(draft: &mut Draft<'_>, parts: &[SessionPart]) -> Result<(), Diagnostic> {
    if parts.len() < 2 {
        return Err(Diagnostic::error("sumo/sessionize", "`sessionize` wants two or more patterns", draft.at));
    }
    let mut sessions: Option<Sessions> = None;
    for (number, part) in parts.iter().enumerate() {
        let (regex, pieces) = read(part)?;
        let (plan, fields, variables) = messages(draft, part, regex, &pieces, number)?;
        sessions = Some(match sessions {
            None => Sessions { plan, fields, parts: 1 },
            Some(before) => join(draft, before, plan, fields, &variables, part)?,
        });
    }
    let Some(sessions) = sessions else { return Ok(()) };
    let mut columns: Vec<(String, Kind, Role)> = Vec::new();
    let mut shown: Vec<Expr> = Vec::new();
    for (name, held) in &sessions.fields {
        shown.push(column(held).alias(name.as_str()));
        columns.push((name.clone(), Kind::Text, Role::Field));
    }
    let mut order = Vec::new();
    for part in 0..sessions.parts {
        for (name, ascending) in [(time(part), false), (tie(part), true)] {
            shown.push(column(&name));
            columns.push((name.clone(), Kind::Integer, Role::Hidden));
            order.push(Order { column: name, ascending });
        }
    }
    let plan = LogicalPlanBuilder::from(sessions.plan).project(shown).and_then(LogicalPlanBuilder::build);
    let plan = plan.map_err(|error| draft.refused(&error))?;
    draft.keys.clear();
    draft.regroup(plan, columns, order, &tie(0));
    Ok(())
}

fn time(part: usize) -> String {
    format!("__time{part}")
}

fn tie(part: usize) -> String {
    format!("__tie{part}")
}

/// The expression that finds a pattern, and what its groups are.
fn read(part: &SessionPart) -> Result<(Regex, Vec<Piece>), Diagnostic> {
    let place = part.pattern.place.0;
    let (mut regex, mut literal, mut pieces) = (String::from("(?s)"), String::new(), Vec::new());
    let text = part.pattern.value();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let piece = match c {
            '\\' if rest.next_if_eq(&'*').is_some() => {
                literal.push('*');
                continue;
            }
            '*' => Piece::Wildcard,
            '$' if rest.peek().is_some_and(|c| c.is_alphabetic() || *c == '_') => {
                let mut name = String::new();
                while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                Piece::Variable(name)
            }
            other => {
                literal.push(other);
                continue;
            }
        };
        regex.push_str(&regex::escape(&std::mem::take(&mut literal)));
        regex.push_str(if rest.peek().is_none() { "(.*)" } else { "(.*?)" });
        pieces.push(piece);
    }
    regex.push_str(&regex::escape(&literal));
    let wildcards = pieces.iter().filter(|piece| matches!(piece, Piece::Wildcard)).count();
    if wildcards != part.names.len() {
        let message = format!("the pattern has {wildcards} wildcards, {} names are given", part.names.len());
        return Err(Diagnostic::error("sumo/names", message, place));
    }
    let regex = Regex::new(&regex).map_err(|error| Diagnostic::error("sumo/regex", error.to_string(), place))?;
    Ok((regex, pieces))
}

/// Fields by name and the columns that hold them.
type Fields = Vec<(String, String)>;

/// The messages that fit a pattern: their fields, and the values of the variables.
fn messages(
    draft: &mut Draft<'_>,
    part: &SessionPart,
    regex: Regex,
    pieces: &[Piece],
    number: usize,
) -> Result<(LogicalPlan, Fields, Fields), Diagnostic> {
    let mut child = draft.branch();
    let mut names = part.names.iter();
    let variable = |name: &str| format!("__session{number}_{name}");
    let name = |piece: &Piece| match piece {
        Piece::Wildcard => names.next().filter(|name| name.text != "_").cloned(),
        Piece::Variable(name) => Some(Name::implied(variable(name.as_str()), Place::default())),
    };
    let taken: Vec<Option<Name>> = pieces.iter().map(name).collect();
    let groups = (1..=pieces.len()).collect();
    capture(&mut child, &Extract::default(), Extraction::Groups { regex, groups }, taken, false)?;
    let (mut fields, mut variables, mut shown) = (Fields::new(), Fields::new(), Vec::new());
    for name in part.names.iter().filter(|name| name.text != "_") {
        let Some(field) = child.field(&name.text) else { continue };
        let held = format!("__field{number}_{}", fields.len());
        shown.push(column(&field.name).alias(held.as_str()));
        fields.push((name.text.clone(), held));
    }
    for piece in pieces {
        if let Piece::Variable(name) = piece
            && let Some(field) = child.field(&variable(name))
            && !variables.iter().any(|(known, _)| known == name)
        {
            let held = format!("__variable{number}_{}", variables.len());
            shown.push(column(&field.name).alias(held.as_str()));
            variables.push((name.clone(), held));
        }
    }
    let at = child.scanned(TIME).to(Kind::Integer).expr;
    shown.push(at.alias(time(number)));
    shown.push(column(&child.tie).alias(tie(number)));
    let plan = child.derived(|builder| builder.project(shown));
    draft.heed(child);
    Ok((plan?, fields, variables))
}

/// The messages of one more pattern: those whose variables and common fields are equal.
fn join(
    draft: &Draft<'_>,
    before: Sessions,
    plan: LogicalPlan,
    fields: Fields,
    variables: &Fields,
    part: &SessionPart,
) -> Result<Sessions, Diagnostic> {
    let place = part.pattern.place.0;
    let known = |name: &str| before.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut on: (Vec<Column>, Vec<Column>) = Default::default();
    for (name, held) in variables {
        let Some((_, left)) = known(name) else {
            let message = format!("no pattern before has a field `{name}`");
            return Err(Diagnostic::error("sumo/sessionize", message, place));
        };
        on.0.push(Column::from_name(left));
        on.1.push(Column::from_name(held));
    }
    let mut all = before.fields.clone();
    for (name, held) in fields {
        match known(&name) {
            Some((_, left)) => {
                on.0.push(Column::from_name(left));
                on.1.push(Column::from_name(held));
            }
            None => all.push((name, held)),
        }
    }
    if on.0.is_empty() {
        let message = "this pattern has no `$variable` and no field of a pattern before it";
        return Err(Diagnostic::error("sumo/sessionize", message, place));
    }
    let joined =
        LogicalPlanBuilder::from(before.plan).join(plan, JoinType::Inner, on, None).and_then(LogicalPlanBuilder::build);
    let plan = joined.map_err(|error| draft.refused(&error))?;
    Ok(Sessions { plan, fields: all, parts: before.parts + 1 })
}
