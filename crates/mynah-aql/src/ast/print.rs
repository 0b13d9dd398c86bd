//! Trees back to text. What is printed parses to the same tree.
use super::{Alias, Count, Expr, ExprKind, Item, Number, Query, Quote, Select, Source, Test, TimeFrame};
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

impl<T: ?Sized> Shown<'_, T> {
    /// Another part, printed in the same way.
    fn with<'p, U: ?Sized>(&self, of: &'p U, least: u8) -> Shown<'p, U> {
        Shown { of, least, fold: self.fold }
    }

    fn list(&self, all: &[Expr], between: &str, least: u8) -> String {
        joined(all.iter().map(|expr| self.with(expr, least)), between)
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

fn joined(parts: impl Iterator<Item = impl Display>, between: &str) -> String {
    parts.map(|part| part.to_string()).collect::<Vec<_>>().join(between)
}

impl Display for Shown<'_, Query> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(self.of.selects.iter().map(|select| self.with(select, 0)), " UNION ALL "))
    }
}

impl Display for Shown<'_, Select> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let select = self.of;
        let items = select.items.iter().map(|item| match item {
            Item::Star(_) => "*".to_owned(),
            Item::Expr { expr, alias } => format!("{}{}", self.with(expr, 0), self.with(alias, 0)),
        });
        let distinct = if select.distinct.is_some() { "DISTINCT " } else { "" };
        write!(f, "SELECT {distinct}{} FROM ", joined(items, ", "))?;
        match &select.source {
            Source::Table { name, alias, .. } => write!(f, "{}{}", Name(name), self.with(alias, 0))?,
            Source::Query { query, alias } => write!(f, "({}){}", self.with(&**query, 0), self.with(alias, 0))?,
            Source::Error => f.write_str("?")?,
        }
        let number = |count: &Option<Count>| joined(count.iter().map(|count| count.number), "");
        let order = select
            .order_by
            .iter()
            .map(|order| format!("{}{}", self.with(&order.expr, 0), if order.descending { " DESC" } else { "" }));
        let value = |parameter| self.with(parameter, ATOM);
        let parameters = select.parameters.iter().map(|one| format!("{}={}", one.name, value(&one.value)));
        let moment = |moment: &Option<Expr>| joined(moment.iter().map(|moment| self.with(moment, PREDICATE + 1)), "");
        let (last, start, stop) = match &select.time {
            None => Default::default(),
            Some(TimeFrame::Last { count, unit, .. }) => {
                (format!("{count} {}", unit.word), String::new(), String::new())
            }
            Some(TimeFrame::Between { start, stop, .. }) => (String::new(), moment(start), moment(stop)),
        };
        let clauses = [
            ("WHERE", self.list(select.filter.as_slice(), "", 0)),
            ("GROUP BY", self.list(&select.group_by, ", ", 0)),
            ("HAVING", self.list(select.having.as_slice(), "", 0)),
            ("ORDER BY", joined(order, ", ")),
            ("LIMIT", number(&select.limit)),
            ("OFFSET", number(&select.offset)),
            ("LAST", last),
            ("START", start),
            ("STOP", stop),
            ("PARAMETERS", joined(parameters, ", ")),
        ];
        let mut written = clauses.iter().filter(|(_, text)| !text.is_empty());
        written.try_for_each(|(word, text)| write!(f, " {word} {text}"))
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
        ExprKind::TextSearch(_) | ExprKind::Last { .. } | ExprKind::Compare(..) | ExprKind::Test { .. } => PREDICATE,
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

impl Shown<'_, Expr> {
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
                let distinct = if *distinct { "DISTINCT " } else { "" };
                write!(f, "{name}({distinct}{})", self.list(arguments, ", ", 0))
            }
            ExprKind::Star => f.write_str("*"),
            ExprKind::Error => f.write_str("?"),
            _ => self.condition(f),
        }
    }

    fn condition(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let side = |expr| self.with::<Expr>(expr, PREDICATE + 1);
        match &self.of.kind {
            ExprKind::Compare(left, op, right) => write!(f, "{} {} {}", side(left), op.symbol(), side(right)),
            ExprKind::And(all) => f.write_str(&self.list(all, " AND ", AND + 1)),
            ExprKind::Or(all) => f.write_str(&self.list(all, " OR ", OR + 1)),
            ExprKind::Not(one) => write!(f, "NOT {}", self.with(&**one, NOT)),
            ExprKind::Test { value, negated, test } => {
                let (value, not) = (side(value), if *negated { "NOT " } else { "" });
                match test {
                    Test::Match(op, pattern) => write!(f, "{value} {not}{} {}", op.word(), side(pattern)),
                    Test::In(values) => write!(f, "{value} {not}IN ({})", self.list(values, ", ", 0)),
                    Test::InQuery(query) => write!(f, "{value} {not}IN ({})", self.with(&**query, 0)),
                    Test::Between(low, high) => write!(f, "{value} {not}BETWEEN {} AND {}", side(low), side(high)),
                    Test::Null => write!(f, "{value} IS {not}NULL"),
                }
            }
            ExprKind::TextSearch(words) => write!(f, "TEXT SEARCH {}", self.with(&**words, ATOM)),
            ExprKind::Last { count, unit } => write!(f, "LAST {count} {}", unit.word),
            _ => Ok(()),
        }
    }
}
