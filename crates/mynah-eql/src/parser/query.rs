use super::cursor::Cursor;
use super::{Reported, expression, is_keyword, sequence};
use crate::ast::{Body, EventFilter, Pipe, Place, Query};
use crate::lexer::{Symbol, Token, syntax};
use mynah_syntax::Diagnostic;

/// `query pipe*`, to the end of the text.
pub(super) fn query(cursor: &mut Cursor) -> Result<Query, Reported> {
    if cursor.at_end() {
        return Err(cursor.expected("a query, such as `process where true`"));
    }
    let body = body(cursor)?;
    let mut pipes = Vec::new();
    while cursor.eat(Symbol::Pipe) {
        match pipe(cursor) {
            Ok(pipe) => pipes.push(pipe),
            // The query before it can be read all the same.
            Err(Reported) => return Ok(Query { body, pipes }),
        }
    }
    if !cursor.at_end() {
        trailing(cursor);
    }
    Ok(Query { body, pipes })
}

fn body(cursor: &mut Cursor) -> Result<Body, Reported> {
    // `sequence` and its like are a category only in quotes.
    if cursor.is_word("sequence") {
        return sequence::sequence(cursor).map(Body::Sequence);
    }
    if cursor.is_word("sample") {
        return sequence::sample(cursor).map(Body::Sample);
    }
    if cursor.is_word("join") {
        let unsupported = Diagnostic::error("eql/unsupported", "Elastic's EQL has no `join`", cursor.span());
        let help = "events that share values in any order are found with `sample by …`";
        return Err(cursor.report(unsupported.with_help(help)));
    }
    event_filter(cursor).map(Body::Event)
}

/// `category where condition`.
pub(super) fn event_filter(cursor: &mut Cursor) -> Result<EventFilter, Reported> {
    let category_place = Place(cursor.span());
    let category = match cursor.peek().clone() {
        Token::Word(word) if word.eq_ignore_ascii_case("any") => {
            cursor.eat_word("any");
            None
        }
        Token::Word(word) if !is_keyword(&word) => {
            cursor.advance();
            Some(word)
        }
        Token::Text(name) => {
            cursor.advance();
            Some(name)
        }
        _ => return Err(cursor.expected_one_of("an event category or `any`", &["any", "sequence", "sample"])),
    };
    if !cursor.eat_word("where") {
        return Err(cursor.expected_one_of("`where`", &["where"]));
    }
    let condition = expression::condition(cursor)?;
    Ok(EventFilter { category, category_place, condition })
}

fn pipe(cursor: &mut Cursor) -> Result<Pipe, Reported> {
    let start = cursor.span();
    let Token::Word(name) = cursor.peek().clone() else { return Err(cursor.expected("a pipe: `head` or `tail`")) };
    cursor.advance();
    let mut arguments = Vec::new();
    if !cursor.at_end() && !cursor.is(Symbol::Pipe) {
        loop {
            arguments.push(expression::condition(cursor)?);
            if !cursor.eat(Symbol::Comma) {
                break;
            }
        }
    }
    Ok(Pipe { name, arguments, place: Place(start.to(cursor.previous())) })
}

/// Something stands where the query should have ended: say what it most likely was to be.
fn trailing(cursor: &mut Cursor) -> Reported {
    let span = cursor.span();
    match cursor.peek() {
        Token::Symbol(Symbol::CloseParenthesis | Symbol::CloseBracket) => {
            let message = format!("nothing is open for {} to close", cursor.peek().describe());
            cursor.report(syntax(message, span).with_fix(span, "", "leave it out"))
        }
        _ => cursor.expected_one_of(
            "`and`, `or`, an operator or the end of the query",
            &["and", "or", "in", "like", "regex", "not"],
        ),
    }
}
