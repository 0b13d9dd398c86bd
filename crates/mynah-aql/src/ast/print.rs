//! Trees back to text. What is printed parses to the same tree.
use super::{Alias, Expr, ExprKind, InList, Item, Number, Query, Quote, Select, Source, TimeFrame};
use std::fmt::{self, Display, Formatter, Write};

/// Words that a name without quotes cannot be.
const RESERVED: &[&str] = &[
    "ALL",
    "AND",
    "AS",
    "ASC",
    "BETWEEN",
    "BY",
    "CASE",
    "COLLATE",
    "DESC",
    "DISTINCT",
    "ELSE",
    "END",
    "FALSE",
    "FROM",
    "GROUP",
    "HAVING",
    "IF",
    "ILIKE",
    "IMATCHES",
    "IN",
    "INTO",
    "IS",
    "LAST",
    "LIKE",
    "LIMIT",
    "MATCHES",
    "NOT",
    "NULL",
    "OFFSET",
    "OR",
    "ORDER",
    "PARAMETERS",
    "SELECT",
    "SESSION",
    "START",
    "STOP",
    "THEN",
    "TRUE",
    "UNION",
    "WHEN",
    "WHERE",
];

/// Whether a word is one that a name without quotes cannot be.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// Whether a name needs no quotes.
fn is_plain(name: &str) -> bool {
    !is_reserved(name)
        && name.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A text that two expressions share exactly if they say the same, the case of names left aside.
pub(crate) fn key(expr: &Expr) -> String {
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = write_expr(&mut text, expr, 0, true);
    text
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_query(f, self, false)
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_expr(f, self, 0, false)
    }
}

fn write_query(out: &mut dyn Write, query: &Query, fold: bool) -> fmt::Result {
    for (index, select) in query.selects.iter().enumerate() {
        if index > 0 {
            out.write_str(" UNION ALL ")?;
        }
        write_select(out, select, fold)?;
    }
    Ok(())
}

fn write_select(out: &mut dyn Write, select: &Select, fold: bool) -> fmt::Result {
    out.write_str("SELECT ")?;
    if select.distinct.is_some() {
        out.write_str("DISTINCT ")?;
    }
    for (index, item) in select.items.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        match item {
            Item::Star(_) => out.write_str("*")?,
            Item::Expr { expr, alias } => {
                write_expr(out, expr, 0, fold)?;
                write_alias(out, alias.as_ref())?;
            }
        }
    }
    out.write_str(" FROM ")?;
    match &select.source {
        Source::Table { name, alias, .. } => {
            if is_plain(name) {
                out.write_str(name)?;
            } else {
                write!(out, "\"{}\"", name.replace('"', "\"\""))?;
            }
            write_alias(out, alias.as_ref())?;
        }
        Source::Query { query, alias } => {
            out.write_str("(")?;
            write_query(out, query, fold)?;
            out.write_str(")")?;
            write_alias(out, alias.as_ref())?;
        }
        Source::Error => out.write_str("?")?,
    }
    if let Some(filter) = &select.filter {
        out.write_str(" WHERE ")?;
        write_expr(out, filter, 0, fold)?;
    }
    if !select.group_by.is_empty() {
        out.write_str(" GROUP BY ")?;
        write_list(out, &select.group_by, fold)?;
    }
    if let Some(having) = &select.having {
        out.write_str(" HAVING ")?;
        write_expr(out, having, 0, fold)?;
    }
    for (index, order) in select.order_by.iter().enumerate() {
        out.write_str(if index == 0 { " ORDER BY " } else { ", " })?;
        write_expr(out, &order.expr, 0, fold)?;
        if order.descending {
            out.write_str(" DESC")?;
        }
    }
    if let Some(limit) = &select.limit {
        write!(out, " LIMIT {}", limit.number)?;
    }
    if let Some(offset) = &select.offset {
        write!(out, " OFFSET {}", offset.number)?;
    }
    match &select.time {
        None => {}
        Some(TimeFrame::Last { count, unit, .. }) => write!(out, " LAST {count} {}", unit.word())?,
        Some(TimeFrame::Between { start, stop, .. }) => {
            for (word, moment) in [("START", start), ("STOP", stop)] {
                if let Some(moment) = moment {
                    write!(out, " {word} ")?;
                    write_expr(out, &moment.expr, PREDICATE + 1, fold)?;
                }
            }
        }
    }
    for (index, parameter) in select.parameters.iter().enumerate() {
        out.write_str(if index == 0 { " PARAMETERS " } else { ", " })?;
        write!(out, "{}=", parameter.name)?;
        write_expr(out, &parameter.value, ATOM, fold)?;
    }
    Ok(())
}

fn write_alias(out: &mut dyn Write, alias: Option<&Alias>) -> fmt::Result {
    let Some(alias) = alias else { return Ok(()) };
    match alias.quote {
        Quote::None => write!(out, " AS {}", alias.name),
        Quote::Single => write!(out, " AS '{}'", alias.name.replace('\'', "''")),
        Quote::Double => write!(out, " AS \"{}\"", alias.name.replace('"', "\"\"")),
    }
}

fn write_list(out: &mut dyn Write, all: &[Expr], fold: bool) -> fmt::Result {
    for (index, expr) in all.iter().enumerate() {
        if index > 0 {
            out.write_str(", ")?;
        }
        write_expr(out, expr, 0, fold)?;
    }
    Ok(())
}

// How tightly each kind of expression binds: a weaker one inside a stronger place needs parentheses.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const PREDICATE: u8 = 4;
const ARITHMETIC: u8 = 5;
const NEGATE: u8 = 20;
const ATOM: u8 = 30;

fn strength(expr: &Expr) -> u8 {
    match &expr.kind {
        // It swallows whatever follows its ELSE.
        ExprKind::If { .. } => 0,
        ExprKind::Or(_) => OR,
        ExprKind::And(_) => AND,
        ExprKind::Not(_) => NOT,
        ExprKind::TextSearch(_) | ExprKind::Last { .. } => PREDICATE,
        ExprKind::Compare(..)
        | ExprKind::Match { .. }
        | ExprKind::In { .. }
        | ExprKind::Between { .. }
        | ExprKind::IsNull { .. } => PREDICATE,
        ExprKind::Arithmetic(_, op, _) => ARITHMETIC + op.strength(),
        ExprKind::Negate(_) => NEGATE,
        _ => ATOM,
    }
}

fn write_expr(out: &mut dyn Write, expr: &Expr, least: u8, fold: bool) -> fmt::Result {
    if strength(expr) < least {
        out.write_str("(")?;
        write_bare(out, expr, fold)?;
        return out.write_str(")");
    }
    write_bare(out, expr, fold)
}

fn write_bare(out: &mut dyn Write, expr: &Expr, fold: bool) -> fmt::Result {
    let not = |negated: bool| if negated { "NOT " } else { "" };
    match &expr.kind {
        ExprKind::Column { name, quoted: _ } if fold => write!(out, "\"{}\"", name.to_lowercase().replace('"', "\"\"")),
        ExprKind::Column { name, quoted: true } => write!(out, "\"{}\"", name.replace('"', "\"\"")),
        ExprKind::Column { name, quoted: false } => out.write_str(name),
        ExprKind::Text(text) => write!(out, "'{}'", text.replace('\'', "''")),
        ExprKind::Number(Number::Whole(number)) => write!(out, "{number}"),
        ExprKind::Number(Number::Hex(number)) => write!(out, "0x{number:X}"),
        ExprKind::Number(Number::Decimal(number)) => write!(out, "{number:?}"),
        ExprKind::Boolean(truth) => out.write_str(if *truth { "TRUE" } else { "FALSE" }),
        ExprKind::Null => out.write_str("NULL"),
        ExprKind::Negate(one) => {
            out.write_str("-")?;
            write_expr(out, one, ATOM, fold)
        }
        ExprKind::Arithmetic(left, op, right) => {
            write_expr(out, left, ARITHMETIC + op.strength(), fold)?;
            write!(out, " {} ", op.symbol())?;
            write_expr(out, right, ARITHMETIC + op.strength() + 1, fold)
        }
        ExprKind::Compare(left, op, right) => {
            write_expr(out, left, PREDICATE + 1, fold)?;
            write!(out, " {} ", op.symbol())?;
            write_expr(out, right, PREDICATE + 1, fold)
        }
        ExprKind::And(all) => write_joined(out, all, " AND ", AND + 1, fold),
        ExprKind::Or(all) => write_joined(out, all, " OR ", OR + 1, fold),
        ExprKind::Not(one) => {
            out.write_str("NOT ")?;
            write_expr(out, one, NOT, fold)
        }
        ExprKind::Match { value, op, negated, pattern } => {
            write_expr(out, value, PREDICATE + 1, fold)?;
            write!(out, " {}{} ", not(*negated), op.word())?;
            write_expr(out, pattern, PREDICATE + 1, fold)
        }
        ExprKind::In { value, negated, list } => {
            write_expr(out, value, PREDICATE + 1, fold)?;
            write!(out, " {}IN (", not(*negated))?;
            match list {
                InList::Values(values) => write_list(out, values, fold)?,
                InList::Query(query) => write_query(out, query, fold)?,
            }
            out.write_str(")")
        }
        ExprKind::Between { value, negated, low, high } => {
            write_expr(out, value, PREDICATE + 1, fold)?;
            write!(out, " {}BETWEEN ", not(*negated))?;
            write_expr(out, low, PREDICATE + 1, fold)?;
            out.write_str(" AND ")?;
            write_expr(out, high, PREDICATE + 1, fold)
        }
        ExprKind::IsNull { value, negated } => {
            write_expr(out, value, PREDICATE + 1, fold)?;
            write!(out, " IS {}NULL", not(*negated))
        }
        ExprKind::Case { operand, branches, otherwise } => {
            out.write_str("CASE")?;
            if let Some(operand) = operand {
                out.write_str(" ")?;
                write_expr(out, operand, 0, fold)?;
            }
            for branch in branches {
                out.write_str(" WHEN ")?;
                write_expr(out, &branch.when, 0, fold)?;
                out.write_str(" THEN ")?;
                write_expr(out, &branch.then, 0, fold)?;
            }
            if let Some(otherwise) = otherwise {
                out.write_str(" ELSE ")?;
                write_expr(out, otherwise, 0, fold)?;
            }
            out.write_str(" END")
        }
        ExprKind::If { condition, then, otherwise } => {
            out.write_str("IF ")?;
            write_expr(out, condition, 0, fold)?;
            out.write_str(" THEN ")?;
            write_expr(out, then, 0, fold)?;
            out.write_str(" ELSE ")?;
            write_expr(out, otherwise, 0, fold)
        }
        ExprKind::Call { name, distinct, arguments, .. } => {
            if fold {
                out.write_str(&name.to_uppercase())?;
            } else {
                out.write_str(name)?;
            }
            out.write_str(if *distinct { "(DISTINCT " } else { "(" })?;
            write_list(out, arguments, fold)?;
            out.write_str(")")
        }
        ExprKind::Star => out.write_str("*"),
        ExprKind::TextSearch(words) => {
            out.write_str("TEXT SEARCH ")?;
            write_expr(out, words, ATOM, fold)
        }
        ExprKind::Last { count, unit } => write!(out, "LAST {count} {}", unit.word()),
        ExprKind::Error => out.write_str("?"),
    }
}

fn write_joined(out: &mut dyn Write, all: &[Expr], word: &str, least: u8, fold: bool) -> fmt::Result {
    for (index, expr) in all.iter().enumerate() {
        if index > 0 {
            out.write_str(word)?;
        }
        write_expr(out, expr, least, fold)?;
    }
    Ok(())
}
