//! Trees back to text. What is printed parses to the same tree.
use super::{Alias, Expr, ExprKind, InList, Item, Number, Query, Quote, Select, Source, TimeFrame};
use std::fmt::{self, Display, Formatter};

/// Words that a name without quotes cannot be.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "ALL", "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "COLLATE", "DESC", "DISTINCT", "ELSE", "END", "FALSE", "FROM",
    "GROUP", "HAVING", "IF", "ILIKE", "IMATCHES", "IN", "INTO", "IS", "LAST", "LIKE", "LIMIT", "MATCHES", "NOT", "NULL",
    "OFFSET", "OR", "ORDER", "PARAMETERS", "SELECT", "SESSION", "START", "STOP", "THEN", "TRUE", "UNION", "WHEN",
    "WHERE",
];

/// Whether a word is one that a name without quotes cannot be.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// A text that two expressions share exactly if they say the same, the case of names left aside.
pub(crate) fn key(expr: &Expr) -> String {
    Shown { of: expr, least: 0, fold: true }.to_string()
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Shown { of: self, least: 0, fold: false })
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Shown { of: self, least: 0, fold: false })
    }
}

// How tightly each kind of expression binds: a weaker one inside a stronger place needs parentheses.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const PREDICATE: u8 = 4;
const ARITHMETIC: u8 = 5;
const NEGATE: u8 = 20;
const ATOM: u8 = 30;

/// A part of a query where something of at least a strength is wanted; names in one case if `fold`.
struct Shown<'e, T: ?Sized> {
    of: &'e T,
    least: u8,
    fold: bool,
}

impl<'e, T: ?Sized> Shown<'e, T> {
    /// Another part, printed in the same way.
    fn with<U: ?Sized>(&self, of: &'e U, least: u8) -> Shown<'e, U> {
        Shown { of, least, fold: self.fold }
    }

    fn list(&self, f: &mut Formatter<'_>, all: &'e [Expr], between: &str, least: u8) -> fmt::Result {
        all.iter().enumerate().try_for_each(|(index, expr)| {
            write!(f, "{}{}", if index > 0 { between } else { "" }, self.with(expr, least))
        })
    }
}

/// A name that needs no quotes as it is, any other in double ones.
struct Name<'n>(&'n str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = !is_reserved(self.0)
            && self.0.chars().next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && self.0.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if plain { f.write_str(self.0) } else { write!(f, "\"{}\"", self.0.replace('"', "\"\"")) }
    }
}

impl Display for Shown<'_, Query> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.of.selects.iter().enumerate().try_for_each(|(index, select)| {
            write!(f, "{}{}", if index > 0 { " UNION ALL " } else { "" }, self.with(select, 0))
        })
    }
}

impl Display for Shown<'_, Select> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let select = self.of;
        f.write_str(if select.distinct.is_some() { "SELECT DISTINCT " } else { "SELECT " })?;
        for (index, item) in select.items.iter().enumerate() {
            f.write_str(if index > 0 { ", " } else { "" })?;
            match item {
                Item::Star(_) => f.write_str("*")?,
                Item::Expr { expr, alias } => write!(f, "{}{}", self.with(expr, 0), self.with(alias, 0))?,
            }
        }
        f.write_str(" FROM ")?;
        match &select.source {
            Source::Table { name, alias, .. } => write!(f, "{}{}", Name(name), self.with(alias, 0))?,
            Source::Query { query, alias } => write!(f, "({}){}", self.with(&**query, 0), self.with(alias, 0))?,
            Source::Error => f.write_str("?")?,
        }
        if let Some(filter) = &select.filter {
            write!(f, " WHERE {}", self.with(filter, 0))?;
        }
        if !select.group_by.is_empty() {
            f.write_str(" GROUP BY ")?;
            self.list(f, &select.group_by, ", ", 0)?;
        }
        if let Some(having) = &select.having {
            write!(f, " HAVING {}", self.with(having, 0))?;
        }
        for (index, order) in select.order_by.iter().enumerate() {
            let (word, after) =
                (if index == 0 { " ORDER BY " } else { ", " }, if order.descending { " DESC" } else { "" });
            write!(f, "{word}{}{after}", self.with(&order.expr, 0))?;
        }
        for (word, count) in [("LIMIT", &select.limit), ("OFFSET", &select.offset)] {
            count.iter().try_for_each(|count| write!(f, " {word} {}", count.number))?;
        }
        match &select.time {
            None => {}
            Some(TimeFrame::Last { count, unit, .. }) => write!(f, " LAST {count} {}", unit.word())?,
            Some(TimeFrame::Between { start, stop, .. }) => {
                for (word, moment) in [("START", start), ("STOP", stop)] {
                    moment.iter().try_for_each(|moment| write!(f, " {word} {}", self.with(moment, PREDICATE + 1)))?;
                }
            }
        }
        for (index, parameter) in select.parameters.iter().enumerate() {
            let word = if index == 0 { " PARAMETERS" } else { "," };
            write!(f, "{word} {}={}", parameter.name, self.with(&parameter.value, ATOM))?;
        }
        Ok(())
    }
}

impl Display for Shown<'_, Option<Alias>> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(alias) = self.of else { return Ok(()) };
        match alias.quote {
            Quote::None => write!(f, " AS {}", alias.name),
            Quote::Single => write!(f, " AS '{}'", alias.name.replace('\'', "''")),
            Quote::Double => write!(f, " AS \"{}\"", alias.name.replace('"', "\"\"")),
        }
    }
}

fn strength(expr: &Expr) -> u8 {
    match &expr.kind {
        // It swallows whatever follows its ELSE.
        ExprKind::If { .. } => 0,
        ExprKind::Or(_) => OR,
        ExprKind::And(_) => AND,
        ExprKind::Not(_) => NOT,
        ExprKind::TextSearch(_)
        | ExprKind::Last { .. }
        | ExprKind::Compare(..)
        | ExprKind::Match { .. }
        | ExprKind::In { .. }
        | ExprKind::Between { .. }
        | ExprKind::IsNull { .. } => PREDICATE,
        ExprKind::Arithmetic(_, op, _) => ARITHMETIC + op.strength(),
        ExprKind::Negate(_) => NEGATE,
        _ => ATOM,
    }
}

impl Display for Shown<'_, Expr> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if strength(self.of) >= self.least {
            return self.bare(f);
        }
        f.write_str("(")?;
        self.bare(f)?;
        f.write_str(")")
    }
}

impl<'e> Shown<'e, Expr> {
    /// Without parentheses.
    fn bare(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.of.kind {
            ExprKind::Column { name, .. } if self.fold => {
                write!(f, "\"{}\"", name.to_lowercase().replace('"', "\"\""))
            }
            ExprKind::Column { name, quoted: true } => write!(f, "\"{}\"", name.replace('"', "\"\"")),
            ExprKind::Column { name, quoted: false } => f.write_str(name),
            ExprKind::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            ExprKind::Number(Number::Whole(number)) => write!(f, "{number}"),
            ExprKind::Number(Number::Hex(number)) => write!(f, "0x{number:X}"),
            ExprKind::Number(Number::Decimal(number)) => write!(f, "{number:?}"),
            ExprKind::Boolean(truth) => f.write_str(if *truth { "TRUE" } else { "FALSE" }),
            ExprKind::Null => f.write_str("NULL"),
            ExprKind::Negate(one) => write!(f, "-{}", self.with(&**one, ATOM)),
            ExprKind::Arithmetic(left, op, right) => {
                let (left, right) = (self.with(&**left, ARITHMETIC + op.strength()), (&**right, op.strength() + 1));
                write!(f, "{left} {} {}", op.symbol(), self.with(right.0, ARITHMETIC + right.1))
            }
            ExprKind::Case { operand, branches, otherwise } => {
                f.write_str("CASE")?;
                operand.iter().try_for_each(|operand| write!(f, " {}", self.with(&**operand, 0)))?;
                for branch in branches {
                    write!(f, " WHEN {} THEN {}", self.with(&branch.when, 0), self.with(&branch.then, 0))?;
                }
                otherwise.iter().try_for_each(|otherwise| write!(f, " ELSE {}", self.with(&**otherwise, 0)))?;
                f.write_str(" END")
            }
            ExprKind::If { condition, then, otherwise } => {
                let (then, otherwise) = (self.with(&**then, 0), self.with(&**otherwise, 0));
                write!(f, "IF {} THEN {then} ELSE {otherwise}", self.with(&**condition, 0))
            }
            ExprKind::Call { name, distinct, arguments, .. } => {
                let name = if self.fold { name.to_uppercase() } else { name.clone() };
                write!(f, "{name}({}", if *distinct { "DISTINCT " } else { "" })?;
                self.list(f, arguments, ", ", 0)?;
                f.write_str(")")
            }
            ExprKind::Star => f.write_str("*"),
            ExprKind::Error => f.write_str("?"),
            _ => self.condition(f),
        }
    }

    fn condition(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let not = |negated: bool| if negated { "NOT " } else { "" };
        let side = |expr: &'e Expr| self.with(expr, PREDICATE + 1);
        match &self.of.kind {
            ExprKind::Compare(left, op, right) => write!(f, "{} {} {}", side(left), op.symbol(), side(right)),
            ExprKind::And(all) => self.list(f, all, " AND ", AND + 1),
            ExprKind::Or(all) => self.list(f, all, " OR ", OR + 1),
            ExprKind::Not(one) => write!(f, "NOT {}", self.with(&**one, NOT)),
            ExprKind::Match { value, op, negated, pattern } => {
                write!(f, "{} {}{} {}", side(value), not(*negated), op.word(), side(pattern))
            }
            ExprKind::In { value, negated, list } => {
                write!(f, "{} {}IN (", side(value), not(*negated))?;
                match list {
                    InList::Values(values) => self.list(f, values, ", ", 0)?,
                    InList::Query(query) => write!(f, "{}", self.with(&**query, 0))?,
                }
                f.write_str(")")
            }
            ExprKind::Between { value, negated, low, high } => {
                write!(f, "{} {}BETWEEN {} AND {}", side(value), not(*negated), side(low), side(high))
            }
            ExprKind::IsNull { value, negated } => write!(f, "{} IS {}NULL", side(value), not(*negated)),
            ExprKind::TextSearch(words) => write!(f, "TEXT SEARCH {}", self.with(&**words, ATOM)),
            ExprKind::Last { count, unit } => write!(f, "LAST {count} {}", unit.word()),
            _ => Ok(()),
        }
    }
}
