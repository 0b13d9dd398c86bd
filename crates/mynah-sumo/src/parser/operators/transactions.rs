//! Operators that put messages together to transactions.
use super::{Parse, operator};
use crate::ast::{
    Direction, MergeField, Name, Operator, Place, Results, SessionPart, State, StateText, Strategy, Trace, Transaction,
    Transactionize,
};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use mynah_dialect::Entry;
use mynah_syntax::Diagnostic;

pub(super) const OPERATORS: &[Entry<Parse>] = &[
    operator(
        "merge",
        "| merge [field [join with \"text\" | takeDistinct | takeFirst | takeLast] [as name], …]",
        "One row of all: of each field all values with a line break or another text between them, each value once, the \
         earliest or the latest. Without a field, the messages, with the earliest time as `Time`.",
        page!("transaction-analytics/merge-operator/"),
        |p| {
            p.bump();
            merge(p).map(Operator::Merge)
        },
    ),
    operator(
        "sessionize",
        "| sessionize \"pattern\" as (name, …), \"pattern with $name\" as (name, …), …",
        "Puts messages together that fit patterns in turn, as those of `parse` are: where a later pattern has `$name`, or a \
         field of the same name, it must have the value that an earlier one found.",
        page!("search-operators/sessionize/"),
        |p| {
            p.bump();
            p.list(session_part).map(Operator::Sessionize)
        },
    ),
    operator(
        "trace",
        "| trace [+|-] \"regular expression\" \"value\"",
        "The messages in which a value stands, those in which a value stands that is in one of these, and so on; values are \
         what the regular expression finds, or its first group. With `+` a message leads to later ones only, with `-` to \
         earlier ones.",
        page!("search-operators/trace/"),
        trace,
    ),
    operator(
        "transaction",
        "| transaction on field, … [fringe=10m] with \"*text*\" [in field] as state, … | with states a, b in field \
         [results by transactions|states|flow]",
        "How many messages of each transaction are in each state, with `_start_time` and `_end_time`; by `states` the \
         messages with their state, by `flow` each step from one state to the next with its `latency`.",
        page!("transaction-analytics/transaction-operator/"),
        transaction,
    ),
    operator(
        "transactionize",
        "| transactionize field, … [as name] [maxspan=10m] [maxpause=1m] [maxlogs=10] [startswith=\"text\"] \
         [endswith=\"text\"] [keeporphans=false] [(merge …)]",
        "Puts rows into one group that share a value of any of the fields, also by way of others; adds `_group`, \
         `_group_duration`, `_group_size` and `_group_orphaned`. With `merge`, a row for each group.",
        page!("transaction-analytics/transactionize-operator/"),
        transactionize,
    ),
];

fn session_part(p: &mut Parser<'_>) -> Parsed<SessionPart> {
    let pattern = p.bracketed(Parser::text)?;
    if !p.eat("as") {
        return Ok(SessionPart { pattern, names: Vec::new() });
    }
    if p.at("(") {
        return Ok(SessionPart { pattern, names: p.bracketed(Parser::names)? });
    }
    // Without parentheses, the names end where the next pattern begins.
    let mut names = vec![p.name()?];
    while p.at(",") && p.peek_second().kind != TokenKind::Text {
        p.bump();
        names.push(p.name()?);
    }
    Ok(SessionPart { pattern, names })
}

fn trace(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let direction = if p.eat("+") {
        Direction::Forward
    } else if p.eat("-") {
        Direction::Backward
    } else {
        Direction::Both
    };
    Ok(Operator::Trace(Trace { direction, pattern: p.text()?, start: p.text()? }))
}

fn merge(p: &mut Parser<'_>) -> Parsed<Vec<MergeField>> {
    if p.at_end() {
        return Ok(Vec::new());
    }
    p.list(|p| {
        let field = p.name()?;
        let strategy = if p.eat("takedistinct") {
            Strategy::TakeDistinct
        } else if p.eat("takefirst") {
            Strategy::TakeFirst
        } else if p.eat("takelast") {
            Strategy::TakeLast
        } else if p.eat("join") {
            Strategy::Join(if p.eat("with") { Some(p.text()?) } else { None })
        } else {
            Strategy::Join(None)
        };
        Ok(MergeField { field, strategy, name: p.alias()? })
    })
}

fn transactionize(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let fields = p.names()?;
    let mut parsed = Transactionize {
        fields,
        name: p.alias()?,
        max_span: None,
        max_pause: None,
        max_logs: None,
        starts_with: None,
        ends_with: None,
        drop_orphans: false,
        merge: None,
    };
    while !p.at_end() {
        if p.eat("(") {
            p.expect("merge")?;
            parsed.merge = Some(merge_in_brackets(p)?);
            break;
        }
        p.eat(",");
        let option = p.bump();
        p.expect("=")?;
        match option.text.to_lowercase().as_str() {
            "maxspan" => parsed.max_span = Some(p.bump().text.to_owned()),
            "maxpause" => parsed.max_pause = Some(p.bump().text.to_owned()),
            "maxlogs" => {
                let number = p.bump();
                let wrong = |_| p.error("`maxlogs` is a whole number", number.span);
                parsed.max_logs = Some(number.text.parse().map_err(wrong)?);
            }
            "startswith" => parsed.starts_with = Some(strictly(p)?),
            "endswith" => parsed.ends_with = Some(strictly(p)?),
            "keeporphans" => parsed.drop_orphans = p.bump().is("false"),
            _ => return Err(p.error(format!("{} is no option of `transactionize`", option.shown()), option.span)),
        }
    }
    Ok(Operator::Transactionize(parsed.into()))
}

fn merge_in_brackets(p: &mut Parser<'_>) -> Parsed<Vec<MergeField>> {
    let fields = if p.at(")") { Vec::new() } else { merge(p)? };
    p.expect(")")?;
    Ok(fields)
}

/// `"text"` or `"text";strict`.
fn strictly(p: &mut Parser<'_>) -> Parsed<(crate::ast::Text, bool)> {
    let text = p.text()?;
    let strict = p.eat(";") && p.eat("strict");
    Ok((text, strict))
}

fn transaction(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    p.expect("on")?;
    let mut parsed = Transaction { on: p.names()?, fringe: None, states: Vec::new(), results: Results::default() };
    if p.eat("fringe") {
        p.expect("=")?;
        parsed.fringe = Some(p.bump().text.to_owned());
    }
    while p.eat("with") {
        if p.eat("states") {
            let mut states: Vec<State> = p.list(|p| {
                let value = p.name()?;
                let name = p.alias()?.unwrap_or_else(|| value.clone());
                Ok(State { text: StateText::Value(value), field: None, name })
            })?;
            let field = p.behind("in", |p| p.name().map(Some))?;
            states.iter_mut().for_each(|state| state.field.clone_from(&field));
            parsed.states.extend(states);
        } else {
            let text = p.text()?;
            let field = p.behind("in", |p| p.name().map(Some))?;
            let name = p.alias()?.unwrap_or_else(|| Name::implied(text.value(), Place(text.place.0)));
            parsed.states.push(State { text: StateText::Pattern(text), field, name });
        }
        p.eat(",");
    }
    if p.eat("results") {
        p.expect("by")?;
        let what = p.peek();
        parsed.results = if p.eat("transactions") || p.eat("transaction") {
            Results::Transactions
        } else if p.eat("states") || p.eat("state") {
            Results::States
        } else if p.eat("flow") {
            Results::Flow
        } else {
            return Err(p.error(format!("{} is not `transactions`, `states` or `flow`", what.shown()), what.span));
        };
    }
    if p.at("showing") {
        let message = "`showing` of `transaction` is not supported: what its fields are called is not documented";
        return Err(Diagnostic::error("sumo/unsupported", message, p.peek().span));
    }
    if parsed.states.is_empty() || !p.at_end() && p.peek().kind != TokenKind::Symbol {
        return Err(p.unexpected("`with` and the states"));
    }
    Ok(Operator::Transaction(parsed))
}
