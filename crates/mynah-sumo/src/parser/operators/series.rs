//! Operators over series of values in time, and over the values of a number.
use super::{Parse, operator};
use crate::ast::{Bin, Compare, Expression, Operator, Outlier, Over, Place, Predict, Shift};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use mynah_dialect::Entry;

pub(super) const OPERATORS: &[Entry<Parse>] = &[
    operator(
        "bin",
        "| bin field width=number [, min=number] [, max=number] [as name]",
        "The interval in which a number lies, as `_bin_label`, `_bin_lower` and `_bin_upper`. Numbers beyond `min` and \
         `max` belong to the first and the last interval.",
        page!("search-operators/bin/"),
        bin,
    ),
    operator(
        "compare",
        "| compare [with] timeshift interval [number [avg|min|max]] [as name], …",
        "Puts the values that the query gives of an earlier time beside each row, as `field_1d`. Rows of only one of \
         the times stay, with null for the other's values.",
        page!("search-operators/compare/"),
        compare,
    ),
    operator(
        "outlier",
        "| outlier field [by field, …] [window=n, threshold=n, consecutive=n, direction=+-]",
        "Whether a value is further from the mean of the values before it than so many standard deviations, as \
         `field_violation` and `field_indicator`, with `field_error`, `field_std`, `field_lower` and `field_upper`. A \
         value with less than a whole window before it and the last, unfinished slice of time are no outliers.",
        page!("search-operators/outlier/"),
        outlier,
    ),
    operator(
        "predict",
        "| predict field by interval [forecast=number or interval]",
        "The straight line through the values of a field, as `field_predicted`, its distance from each as \
         `field_error`, and rows for the next values, three if no number is given. A slice without a row counts as 0. \
         The model `ar` is Sumo Logic's own and not supported.",
        page!("search-operators/predict/"),
        predict,
    ),
];

fn bin(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let field = p.name()?;
    let (mut width, mut min, mut max, mut name) = (None, None, None, None);
    while !p.at_end() {
        p.eat(",");
        if p.eat("as") {
            name = Some(p.name()?);
            continue;
        }
        let option = p.bump();
        let place = match option.text.to_lowercase().as_str() {
            "width" => &mut width,
            "min" => &mut min,
            "max" => &mut max,
            _ => return Err(p.error(format!("{} is no option of `bin`", option.shown()), option.span)),
        };
        p.expect("=")?;
        *place = Some(number(p)?);
    }
    let Some(width) = width else { return Err(p.unexpected("`width=` and a number")) };
    Ok(Operator::Bin(Bin { field, width, min, max, name }))
}

/// A number with its sign, or a dashboard's parameter.
fn number(p: &mut Parser<'_>) -> Parsed<Expression> {
    let start = p.peek().span;
    let negative = p.eat("-");
    let token = p.peek();
    let place = Place(token.span);
    let number = match token.kind {
        TokenKind::Number => Expression::Number(token.text.to_owned(), place),
        TokenKind::Parameter => {
            Expression::Parameter(token.text.trim_start_matches("{{").trim_end_matches("}}").to_owned(), place)
        }
        _ => return Err(p.unexpected("a number")),
    };
    p.bump();
    Ok(if negative { Expression::Negative(number.into(), Place(start.to(token.span))) } else { number })
}

fn compare(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    p.eat("with");
    let shift = |p: &mut Parser<'_>| {
        let start = p.expect("timeshift")?.start;
        // How far back, with a minus or without.
        p.eat("-");
        let by = interval(p)?;
        let mut parsed = Shift { by, times: None, aggregate: None, name: None, place: Place::default() };
        if matches!(p.peek().kind, TokenKind::Number | TokenKind::Parameter) {
            parsed.times = Some(p.count()?);
            parsed.aggregate = [Over::Avg, Over::Min, Over::Max].into_iter().find(|over| p.eat(over.name()));
        }
        parsed.name = p.alias()?;
        parsed.place = Place(p.since(start));
        Ok(parsed)
    };
    Ok(Operator::Compare(Compare { shifts: p.list(shift)? }))
}

/// An interval as it is written: `1d`, `1 d`, `{{n}}h`.
fn interval(p: &mut Parser<'_>) -> Parsed<String> {
    let token = p.peek();
    if !matches!(token.kind, TokenKind::Number | TokenKind::Parameter) {
        return Err(p.unexpected("an interval"));
    }
    p.bump();
    let mut text = token.text.to_owned();
    let unit = p.peek();
    let bare = token.kind == TokenKind::Parameter || text.chars().all(|c| c.is_ascii_digit());
    let near = unit.span.start == token.span.end || token.kind == TokenKind::Number;
    if bare && near && unit.kind == TokenKind::Word && crate::ast::interval(&format!("1{}", unit.text)).is_some() {
        text.push_str(p.bump().text);
    }
    Ok(text)
}

fn outlier(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let field = p.name()?;
    let mut parsed =
        Outlier { field, by: Vec::new(), window: None, threshold: None, consecutive: None, direction: (true, true) };
    while !p.at_end() {
        p.eat(",");
        if p.at("by") {
            parsed.by = p.by()?;
            continue;
        }
        let option = p.bump();
        p.expect("=")?;
        match option.text.to_lowercase().as_str() {
            "window" => parsed.window = Some(number(p)?),
            "threshold" => parsed.threshold = Some(number(p)?),
            "consecutive" => parsed.consecutive = Some(number(p)?),
            "direction" => {
                let (up, down) = (p.eat("+"), p.eat("-"));
                // `-+` is written too.
                let up = p.eat("+") || up;
                if !up && !down {
                    return Err(p.unexpected("`+`, `-` or `+-`"));
                }
                parsed.direction = (up, down);
            }
            _ => return Err(p.error(format!("{} is no option of `outlier`", option.shown()), option.span)),
        }
    }
    Ok(Operator::Outlier(parsed.into()))
}

fn predict(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let field = p.name()?;
    p.expect("by")?;
    let start = p.peek().span;
    let by = interval(p)?;
    let mut parsed =
        Predict { field, by, model: None, window: None, forecast: None, place: Place(p.since(start.start)) };
    while !p.at_end() {
        p.eat(",");
        let option = p.bump();
        p.expect("=")?;
        match option.text.to_lowercase().as_str() {
            "model" => {
                let model = p.bump();
                parsed.model = Some((model.text.to_lowercase(), Place(model.span)));
            }
            "ar.window" | "window" => parsed.window = Some(p.bump().text.to_owned()),
            "forecast" => parsed.forecast = Some(interval(p)?),
            _ => return Err(p.error(format!("{} is no option of `predict`", option.shown()), option.span)),
        }
    }
    Ok(Operator::Predict(parsed))
}
