//! Operators over groups of rows, slices of time and rows that follow one another.
use super::{Parse, operator};
use crate::aggregates::AGGREGATES;
use crate::ast::{
    AggregateCall, Expression, FillMissing, Generator, Key, Operator, Place, Slice, Transpose, Window, WindowKind,
    interval,
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
            p.eat("by");
            Ok(Operator::Timeslice { slice: slice(p)?, name: p.alias()? })
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
         says otherwise; with `takeLast` what the slice before has. Slices reach over the query's time range.",
        page!("search-operators/fillmissing/"),
        fill_missing,
    ),
    operator(
        "total",
        "| total field [as name] [by field, …]",
        "The sum of a field over all rows, in every row, as `_total` if it is given no name.",
        page!("search-operators/total/"),
        |p| window(p, WindowKind::Total),
    ),
    operator(
        "accum",
        "| accum field [as name] [by field, …]",
        "The sum of a field up to and with each row, in the order of the rows, as `_accum` if it is given no name.",
        page!("search-operators/accum/"),
        |p| window(p, WindowKind::Accum),
    ),
    operator(
        "smooth",
        "| smooth field [, rows] [as name] [by field, …]",
        "The mean of a field over the last rows, 10 if no number is given, as `_smooth` if it is given no name.",
        page!("search-operators/smooth/"),
        |p| window(p, WindowKind::Smooth),
    ),
    operator(
        "rollingstd",
        "| rollingstd field [, rows] [as name] [by field, …]",
        "The standard deviation of a field over the last rows, 10 if no number is given, as `_rollingstd` if it is \
         given no name.",
        page!("search-operators/rollingstd/"),
        |p| window(p, WindowKind::RollingStd),
    ),
    operator(
        "backshift",
        "| backshift field [, rows] [as name] [by field, …]",
        "The value of a field some rows before, one if no number is given, as `_backshift` if it is given no name.",
        page!("search-operators/backshift/"),
        |p| window(p, WindowKind::Backshift),
    ),
    operator(
        "diff",
        "| diff field [as name] [by field, …]",
        "How much a field differs from the row before, as `_diff` if it is given no name; null in the first row.",
        page!("search-operators/diff/"),
        |p| window(p, WindowKind::Diff),
    ),
];

/// Whether an aggregate begins here, and not a field expression with a function of the same name.
pub(super) fn begins(p: &Parser<'_>) -> bool {
    let (word, next) = (p.peek(), p.peek_second());
    if AGGREGATES.find(word.text).is_none() {
        return false;
    }
    // `count` alone is one; the others are called, or name their field without brackets.
    if word.is("count") {
        return true;
    }
    if !next.is("(") {
        return word.is("count_distinct") && next.kind == TokenKind::Word;
    }
    // `min(a, b)` is the lesser of two numbers.
    let mut ahead = p.ahead();
    ahead.bump();
    ahead.bump();
    !((word.is("min") || word.is("max")) && ahead.arguments().is_ok_and(|arguments| arguments.len() > 1))
}

pub(super) fn aggregate(p: &mut Parser<'_>) -> Parsed<Operator> {
    // A list of fields without `by`, as `count a, b` has it, does not begin with a comma.
    let mut calls = p.list(aggregate_call)?;
    let mut keys = Vec::new();
    let group = p.eat("group");
    if p.eat("by") || group || p.at_name() {
        loop {
            keys.push(key(p)?);
            if !p.eat(",") || p.at_end() {
                break;
            }
        }
    }
    // `values(x) by y as z`, as its page writes it: the name is that of the values.
    if let ([call], Some(Key { value: Expression::Field(_), name })) = (calls.as_mut_slice(), keys.last_mut())
        && call.function.key() == "values"
        && call.name.is_none()
    {
        call.name = name.take();
    }
    Ok(Operator::Aggregate { calls, keys })
}

fn aggregate_call(p: &mut Parser<'_>) -> Parsed<AggregateCall> {
    let start = p.peek();
    if start.kind != TokenKind::Word || AGGREGATES.find(start.text).is_none() {
        return Err(p.unexpected("an aggregating function"));
    }
    let function = p.name()?;
    let mut call = AggregateCall { function, arguments: Vec::new(), star: false, name: None, place: Place::default() };
    if p.eat("(") {
        if p.at("*") && p.peek_second().is(")") {
            p.bump();
            p.bump();
            call.star = true;
        } else if !p.eat(")") {
            call.arguments = p.list(Parser::expression)?;
            p.expect(")")?;
        }
    } else if p.at("*") && start.is("count") {
        p.bump();
        call.star = true;
    } else if start.is("count_distinct") && p.at_name() {
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
            if p.eat("buckets") || p.eat("bucket") {
                let wrong = |_| p.error("a number of buckets is a whole number", token.span);
                return token.text.parse().map(Slice::Buckets).map_err(wrong);
            }
            let (mut text, mut span) = (token.text.to_owned(), token.span);
            // `1 h`: the unit stands apart.
            let unit = p.peek();
            if text.chars().all(|c| c.is_ascii_digit()) && unit.kind == TokenKind::Word && !unit.is("as") {
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
            if unit.span.start == token.span.end && unit.kind == TokenKind::Word {
                text.push_str(p.bump().text);
            } else if unit.is("buckets") {
                text = format!("{text} {}", p.bump().text);
            }
            Ok(Slice::Parameter(text, Place(token.span)))
        }
        _ => Ok(Slice::All),
    }
}

fn transpose(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    p.expect("row")?;
    let rows = p.names()?;
    p.expect("column")?;
    let columns = p.names()?;
    let mut parsed = Transpose { rows, columns, names: Vec::new(), others: false };
    if !p.eat("as") {
        parsed.others = true;
        return Ok(Operator::Transpose(parsed));
    }
    let brackets = p.eat("[") || p.eat("(");
    loop {
        if p.eat("*") {
            parsed.others = true;
        } else {
            parsed.names.push(p.name()?);
        }
        if !p.eat(",") {
            break;
        }
    }
    if brackets && !p.eat("]") {
        p.expect(")")?;
    }
    Ok(Operator::Transpose(parsed))
}

fn fill_missing(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let generators = p.list(generator)?;
    let value = |p: &mut Parser<'_>| {
        let value = p.expression()?;
        p.expect("for")?;
        Ok((value, p.name()?))
    };
    let with = p.behind("with", |p| p.list(value))?;
    let take_last = p.at("takelast").then(|| Place(p.bump().span));
    Ok(Operator::FillMissing(FillMissing { generators, with, take_last }))
}

fn generator(p: &mut Parser<'_>) -> Parsed<Generator> {
    if p.eat("timeslice") {
        let width = if p.at("(") { p.bracketed(slice)? } else { Slice::All };
        return Ok(Generator::Timeslice(width, p.behind("in", |p| p.name().map(Some))?));
    }
    p.expect("values")?;
    if p.eat("all") {
        p.expect("in")?;
        return Ok(Generator::AllValues(p.name()?));
    }
    p.expect("(")?;
    let texts = p.list(Parser::text)?;
    p.expect(")")?;
    p.expect("in")?;
    Ok(Generator::Values(texts, p.name()?))
}

fn window(p: &mut Parser<'_>, kind: WindowKind) -> Parsed<Operator> {
    p.bump();
    let (field, length) = p.bracketed(|p| Ok((p.name()?, p.behind(",", |p| p.count().map(Some))?)))?;
    Ok(Operator::Window(Window { kind, field, length, name: p.alias()?, by: p.by()? }))
}
