use super::cursor::Cursor;
use super::{Reported, operand, query};
use crate::ast::{Expr, ExprKind, Place, Sample, Sequence, Term, TimeSpan, TimeUnit};
use crate::lexer::{Symbol, Token, syntax};
use mynah_syntax::Diagnostic;

/// The most events that one term may stand for.
const MAX_RUNS: i64 = 100;

pub(super) fn sequence(cursor: &mut Cursor) -> Result<Sequence, Reported> {
    let place = Place(cursor.span());
    cursor.eat_word("sequence");
    let mut by = keys(cursor)?;
    let mut maxspan = None;
    if cursor.eat_word("with") {
        maxspan = Some(max_span(cursor)?);
        if cursor.is_word("by") {
            let refused = Diagnostic::warning("eql/by-after-with", "Elastic refuses `by` behind `with`", cursor.span());
            cursor.report(refused.with_help("write `sequence by … with maxspan=…`"));
            by.extend(keys(cursor)?);
        }
    }
    let (terms, broken) = terms(cursor)?;
    let until = if cursor.eat_word("until") { Some(term(cursor)?) } else { None };
    if broken {
        return Ok(Sequence { by, maxspan, terms, until, place });
    }
    let events: u64 = terms.iter().map(|term| u64::from(term.runs)).sum();
    if events < 2 {
        let help = "add a second `[ … ]`, or `with runs=2` behind the first; a single event needs no `sequence`";
        cursor.report(syntax("a sequence has two events or more", place.0).with_help(help));
    }
    if let Some(missing) = terms.iter().find(|term| term.missing)
        && maxspan.is_none()
    {
        let missing = syntax("a missing event needs a time within which it is missing", missing.place.0);
        cursor.report(missing.with_help("write `sequence with maxspan=…`"));
    }
    if !terms.is_empty() && terms.iter().all(|term| term.missing) {
        cursor.report(syntax("a sequence has at least one event that is there", place.0));
    }
    check_keys(cursor, by.len(), terms.iter().chain(&until));
    Ok(Sequence { by, maxspan, terms, until, place })
}

pub(super) fn sample(cursor: &mut Cursor) -> Result<Sample, Reported> {
    let place = Place(cursor.span());
    cursor.eat_word("sample");
    let by = keys(cursor)?;
    let (terms, broken) = terms(cursor)?;
    if broken {
        return Ok(Sample { by, terms, place });
    }
    if terms.len() < 2 {
        cursor.report(syntax("a sample has two events or more", place.0));
    }
    for term in &terms {
        if term.missing {
            cursor.report(syntax("a sample cannot have missing events", term.place.0));
        }
        if term.runs != 1 {
            cursor.report(syntax("a sample cannot have `runs`", term.place.0));
        }
    }
    if by.is_empty() && terms.iter().any(|term| term.by.is_empty()) {
        let diagnostic = syntax("a sample needs the fields that its events share", place.0);
        cursor.report(diagnostic.with_help("write `sample by field`"));
    }
    check_keys(cursor, by.len(), terms.iter());
    Ok(Sample { by, terms, place })
}

/// All events must be joined by as many keys, the one that ends a sequence too.
fn check_keys<'t>(cursor: &mut Cursor, shared: usize, terms: impl Iterator<Item = &'t Term>) {
    let mut present = terms.filter(|term| !term.missing || !term.by.is_empty());
    let Some(first) = present.next() else { return };
    if let Some(other) = present.find(|term| term.by.len() != first.by.len()) {
        let (keys, wanted) = (other.by.len() + shared, first.by.len() + shared);
        let message = format!("this event has {keys} keys in all, the first one {wanted}");
        let diagnostic = syntax(message, other.place.0).with_label(first.place.0, "the first event");
        cursor.report(diagnostic.with_help("give every event as many fields behind `by`"));
    }
}

/// One or more `[ … ]`, and whether one of them could not be read, so that it is not among them.
fn terms(cursor: &mut Cursor) -> Result<(Vec<Term>, bool), Reported> {
    let (mut terms, mut broken) = (Vec::new(), false);
    while cursor.is(Symbol::OpenBracket) || cursor.is(Symbol::OpenMissing) {
        match term(cursor) {
            Ok(term) => terms.push(term),
            // The other events can be read all the same.
            Err(Reported) => broken = true,
        }
    }
    if terms.is_empty() && !broken {
        return Err(cursor.expected_one_of("an event in brackets, `[ … ]`", &["by", "with"]));
    }
    Ok((terms, broken))
}

/// `[ category where condition ] by … with runs=…`.
fn term(cursor: &mut Cursor) -> Result<Term, Reported> {
    let start = cursor.span();
    let missing = cursor.eat(Symbol::OpenMissing);
    if !missing && !cursor.eat(Symbol::OpenBracket) {
        return Err(cursor.expected("an event in brackets, `[ … ]`"));
    }
    let filter = cursor
        .deeper(query::event_filter)
        .and_then(|filter| cursor.close(Symbol::CloseBracket, start).map(|()| filter));
    let filter = match filter {
        Ok(filter) => filter,
        Err(reported) => {
            cursor.skip_bracket();
            // Keys and runs are read so that what follows them makes sense.
            let _ = keys(cursor);
            let _ = runs(cursor);
            return Err(reported);
        }
    };
    let mut by = keys(cursor)?;
    let runs = runs(cursor)?;
    if by.is_empty() {
        by = keys(cursor)?;
    }
    Ok(Term { missing, filter, by, runs, place: Place(start.to(cursor.previous())) })
}

/// `by field, …`, or nothing.
fn keys(cursor: &mut Cursor) -> Result<Vec<Expr>, Reported> {
    let mut keys = Vec::new();
    if !cursor.eat_word("by") {
        return Ok(keys);
    }
    loop {
        let key = operand::operand(cursor)?;
        if !matches!(key.kind, ExprKind::Field(_)) {
            let span = key.span();
            cursor.report(syntax("events are joined by fields only", span));
        }
        keys.push(key);
        if !cursor.eat(Symbol::Comma) {
            return Ok(keys);
        }
    }
}

/// `with runs=N`, or nothing.
fn runs(cursor: &mut Cursor) -> Result<u32, Reported> {
    if !cursor.eat_word("with") {
        return Ok(1);
    }
    if !cursor.eat_word("runs") {
        return Err(cursor.expected_one_of("`runs`", &["runs"]));
    }
    assign(cursor)?;
    let span = cursor.span();
    let Token::Integer(number) = *cursor.peek() else { return Err(cursor.expected("a whole number")) };
    cursor.advance();
    match u32::try_from(number) {
        Ok(runs) if (1..=MAX_RUNS).contains(&number) => Ok(runs),
        _ => Err(cursor.report(syntax(format!("`runs` is a number from 1 to {MAX_RUNS}"), span))),
    }
}

fn assign(cursor: &mut Cursor) -> Result<(), Reported> {
    if cursor.eat(Symbol::Assign) { Ok(()) } else { Err(cursor.expected("`=`")) }
}

/// `maxspan=30s`.
fn max_span(cursor: &mut Cursor) -> Result<TimeSpan, Reported> {
    if !cursor.eat_word("maxspan") {
        return Err(cursor.expected_one_of("`maxspan`", &["maxspan"]));
    }
    assign(cursor)?;
    let start = cursor.span();
    let count = match *cursor.peek() {
        Token::Integer(number) => u64::try_from(number).ok().filter(|number| *number > 0),
        _ => None,
    };
    let Some(count) = count else { return Err(cursor.expected("a length of time, such as `30s`")) };
    cursor.advance();
    let unit = match cursor.peek() {
        Token::Word(word) => TimeUnit::parse(word),
        _ => None,
    };
    let Some(unit) = unit else {
        let is_unit = matches!(cursor.peek(), Token::Word(_));
        let span = if is_unit { start.to(cursor.span()) } else { start };
        let diagnostic = syntax("this length of time has no unit that EQL knows", span);
        return Err(cursor.report(diagnostic.with_help("the units are ms, s, m, h and d")));
    };
    cursor.advance();
    Ok(TimeSpan { count, unit })
}
