//! Operators over groups of rows, slices of time and rows that follow one another.
use super::{Parse, operator};
use crate::aggregates::AGGREGATES;
use crate::ast::{
    Aggregate, AggregateCall, Expression, FillMissing, Generator, Key, Operator, Place, Slice, Timeslice, Transpose,
    Window, WindowKind, interval,
};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use mynah_dialect::Entry;
use mynah_syntax::Diagnostic;

pub(super) const OPERATORS: &[Entry<Parse>] = &[
    operator(
        "count_frequent",
        "| count_frequent field [, field …]",
        "How often each value occurs, the most frequent first, as `_approxcount`; exact here. No more than 10,000 \
         rows.",
        page!("group-aggregate-operators/count-count-distinct-and-count-frequent/"),
        |p| {
            p.bump();
            p.bracketed(|p| p.list(key)).map(Operator::CountFrequent)
        },
    ),
    operator(
        "timeslice",
        "| timeslice [by] 15m [as name]; | timeslice 100 buckets",
        "The start of the interval in which a message lies, in milliseconds, as `_timeslice` if it is given no name, \
         and its end as `__timeslice_end`. Intervals are aligned to the clock, in UTC. Of `n buckets`, the interval \
         is the least usual one that gives no more than n.",
        page!("search-operators/timeslice/"),
        |p| {
            p.bump();
            p.eat_word("by");
            Ok(Operator::Timeslice(Timeslice { slice: slice(p)?, name: p.alias()? }))
        },
    ),
    operator(
        "transpose",
        "| transpose row field, … column field [as name, …, *]",
        "Turns the values of a field into columns, in the order of the alphabet; the rows are those of the row \
         fields, the cells the values of the one field that is left. `as` says which columns there are; with `*` the \
         others follow.",
        page!("search-operators/transpose/"),
        transpose,
    ),
    operator(
        "fillmissing",
        "| fillmissing timeslice[(15m)] [in field], values(\"a\", …) in field, values all in field [with value for \
         field, …]",
        "Adds a row for every combination of slices and values that has none: numbers 0, texts null, unless `with` \
         says otherwise. Slices reach from the first to the last one of the rows.",
        page!("search-operators/fillmissing/"),
        fill_missing,
    ),
    operator(
        "total",
        "| total field [as name] [by field, …]",
        "The sum of a field over all rows, in every row, as `_total` if it is given no name.",
        page!("search-operators/total/"),
        window,
    ),
    operator(
        "accum",
        "| accum field [as name] [by field, …]",
        "The sum of a field up to and with each row, in the order of the rows, as `_accum` if it is given no name.",
        page!("search-operators/accum/"),
        window,
    ),
    operator(
        "smooth",
        "| smooth field [, rows] [as name] [by field, …]",
        "The mean of a field over the last rows, 10 if no number is given, as `_smooth` if it is given no name.",
        page!("search-operators/smooth/"),
        window,
    ),
    operator(
        "rollingstd",
        "| rollingstd field [, rows] [as name] [by field, …]",
        "The standard deviation of a field over the last rows, 10 if no number is given, as `_rollingstd` if it is \
         given no name.",
        page!("search-operators/rollingstd/"),
        window,
    ),
    operator(
        "backshift",
        "| backshift field [, rows] [as name] [by field, …]",
        "The value of a field some rows before, one if no number is given, as `_backshift` if it is given no name.",
        page!("search-operators/backshift/"),
        window,
    ),
    operator(
        "diff",
        "| diff field [as name] [by field, …]",
        "How much a field differs from the row before, as `_diff` if it is given no name; null in the first row.",
        page!("search-operators/diff/"),
        window,
    ),
];

/// Whether an aggregate begins here, and not a field expression with a function of the same name.
pub(super) fn begins(p: &Parser<'_>) -> bool {
    let (word, next) = (p.peek(), p.peek_second());
    if AGGREGATES.find(word.text).is_none() {
        return false;
    }
    // `count` alone is one; the others are called, or name their field without brackets.
    if word.is_word("count") {
        return true;
    }
    if !next.is("(") {
        return word.is_word("count_distinct") && next.kind == TokenKind::Word;
    }
    // `min(a, b)` is the lesser of two numbers.
    let two = word.is_word("min") || word.is_word("max");
    !(two && arguments_ahead(p) > 1)
}

fn arguments_ahead(p: &Parser<'_>) -> usize {
    let mut ahead = p.ahead();
    ahead.bump();
    ahead.bump();
    ahead.arguments().map_or(1, |arguments| arguments.len())
}

pub(super) fn aggregate(p: &mut Parser<'_>) -> Parsed<Operator> {
    // A list of fields without `by`, as `count a, b` has it, does not begin with a comma.
    let calls = p.list(aggregate_call)?;
    let mut keys = Vec::new();
    let group = p.eat_word("group");
    if p.eat_word("by") || group || p.at_name() {
        loop {
            keys.push(key(p)?);
            if !p.eat_symbol(",") || p.at_end() {
                break;
            }
        }
    }
    Ok(Operator::Aggregate(Aggregate { calls, keys }))
}

fn aggregate_call(p: &mut Parser<'_>) -> Parsed<AggregateCall> {
    let start = p.peek();
    if start.kind != TokenKind::Word || AGGREGATES.find(start.text).is_none() {
        return Err(p.unexpected("an aggregating function"));
    }
    let function = p.name()?;
    let mut call = AggregateCall { function, arguments: Vec::new(), star: false, name: None, place: Place::default() };
    if p.eat_symbol("(") {
        if p.at_symbol("*") && p.peek_second().is(")") {
            p.bump();
            p.bump();
            call.star = true;
        } else if !p.eat_symbol(")") {
            call.arguments = p.list(Parser::expression)?;
            p.expect_symbol(")")?;
        }
    } else if p.at_symbol("*") && start.is_word("count") {
        p.bump();
        call.star = true;
    } else if start.is_word("count_distinct") && p.at_name() {
        call.arguments.push(Expression::Field(p.name()?));
    }
    call.name = p.alias()?;
    call.place = Place(p.since(start.span.start));
    Ok(call)
}

fn key(p: &mut Parser<'_>) -> Parsed<Key> {
    let value = if p.at_name() && !(p.peek().kind == TokenKind::Word && p.peek_second().is("(")) {
        Expression::Field(p.name()?)
    } else {
        p.expression()?
    };
    Ok(Key { value, name: p.alias()? })
}

/// The interval that begins here.
fn slice(p: &mut Parser<'_>) -> Parsed<Slice> {
    let token = p.peek();
    match token.kind {
        TokenKind::Number => {
            p.bump();
            if p.eat_word("buckets") || p.eat_word("bucket") {
                let wrong = |_| p.error("a number of buckets is a whole number", token.span);
                return token.text.parse().map(Slice::Buckets).map_err(wrong);
            }
            let (mut text, mut span) = (token.text.to_owned(), token.span);
            // `1 h`: the unit stands apart.
            let unit = p.peek();
            if text.chars().all(|c| c.is_ascii_digit()) && unit.kind == TokenKind::Word && !unit.is_word("as") {
                p.bump();
                text.push_str(unit.text);
                span = span.to(unit.span);
            }
            interval(&text).ok_or_else(|| {
                Diagnostic::error("sumo/interval", format!("`{text}` is no interval"), span)
                    .with_help("an interval is a number and w, d, h, m or s: `15m`")
            })?;
            Ok(Slice::Every(text, Place(span)))
        }
        TokenKind::Parameter => {
            p.bump();
            let mut text = token.text.to_owned();
            let unit = p.peek();
            let glued = unit.span.start == token.span.end && unit.kind == TokenKind::Word;
            if glued || unit.is_word("buckets") {
                p.bump();
                if !glued {
                    text.push(' ');
                }
                text.push_str(unit.text);
            }
            Ok(Slice::Parameter(text, Place(token.span)))
        }
        _ => Ok(Slice::All),
    }
}

fn transpose(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    p.expect_word("row")?;
    let rows = p.names()?;
    p.expect_word("column")?;
    let columns = p.names()?;
    let mut parsed = Transpose { rows, columns, names: Vec::new(), others: false };
    if !p.eat_word("as") {
        parsed.others = true;
        return Ok(Operator::Transpose(parsed));
    }
    let brackets = p.eat_symbol("[") || p.eat_symbol("(");
    loop {
        if p.eat_symbol("*") {
            parsed.others = true;
        } else {
            parsed.names.push(p.name()?);
        }
        if !p.eat_symbol(",") {
            break;
        }
    }
    if brackets && !p.eat_symbol("]") {
        p.expect_symbol(")")?;
    }
    Ok(Operator::Transpose(parsed))
}

fn fill_missing(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let generators = p.list(generator)?;
    let value = |p: &mut Parser<'_>| {
        let value = p.expression()?;
        p.expect_word("for")?;
        Ok((value, p.name()?))
    };
    let with = if p.eat_word("with") { p.list(value)? } else { Vec::new() };
    let take_last = p.at_word("takelast").then(|| Place(p.bump().span));
    Ok(Operator::FillMissing(FillMissing { generators, with, take_last }))
}

fn generator(p: &mut Parser<'_>) -> Parsed<Generator> {
    if p.eat_word("timeslice") {
        let mut width = Slice::All;
        if p.eat_symbol("(") {
            width = slice(p)?;
            p.expect_symbol(")")?;
        }
        let name = if p.eat_word("in") { Some(p.name()?) } else { None };
        return Ok(Generator::Timeslice(width, name));
    }
    p.expect_word("values")?;
    if p.eat_word("all") {
        p.expect_word("in")?;
        return Ok(Generator::AllValues(p.name()?));
    }
    p.expect_symbol("(")?;
    let texts = p.list(Parser::text)?;
    p.expect_symbol(")")?;
    p.expect_word("in")?;
    Ok(Generator::Values(texts, p.name()?))
}

fn window(p: &mut Parser<'_>) -> Parsed<Operator> {
    let word = p.bump();
    let Some(kind) = WindowKind::ALL.into_iter().find(|kind| word.is_word(kind.name())) else {
        return Err(p.error(format!("{} is no operator", word.shown()), word.span));
    };
    let (field, length) = p.bracketed(|p| {
        let field = p.name()?;
        let length = if p.eat_symbol(",") { Some(p.count()?) } else { None };
        Ok((field, length))
    })?;
    let name = p.alias()?;
    Ok(Operator::Window(Window { kind, field, length, name, by: p.by()? }))
}
