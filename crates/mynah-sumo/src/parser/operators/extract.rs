//! Operators that take fields out of texts.
use super::{Parse, operator};
use crate::ast::{AutoOptions, Extract, KeyValueOptions, Method, Name, Operator, Place};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use mynah_dialect::Entry;
use mynah_syntax::{Diagnostic, Span};

pub(super) const OPERATORS: &[Entry<Parse>] = &[
    operator(
        "parse",
        "| parse [field=name] \"start*stop\" as name, … [nodrop] [multi]",
        "Takes out what stands where the pattern has a `*`, up to the next anchor; the last `*` takes the rest. \
         Anchors match in their own case. Rows that do not fit are dropped unless `nodrop` is given.",
        page!("parse-operators/parse-predictable-patterns-using-an-anchor/"),
        |p| match p.peek_second() {
            next if next.is("regex") => parse_regex(p),
            next if next.is("xml") => parse_xml(p),
            _ => parse_anchor(p),
        },
    ),
    Entry {
        aliases: &["extract"],
        ..operator(
            "parse regex",
            "| parse regex [field=name] \"…(?<name>…)…\" [nodrop] [multi]; also | extract …",
            "Takes out the named groups of a regular expression, the first find or, with `multi`, a row for every \
             find. Rows without one are dropped unless `nodrop` is given.",
            page!("parse-operators/parse-variable-patterns-using-regex/"),
            parse_regex,
        )
    },
    operator(
        "parse xml",
        "| parse xml [field=name] \"/path/to/element\", … [as name, …] [nodrop]",
        "Takes values out of XML by full paths: an element as it is written, its `text()`, or an `@attribute`; the \
         first that fits. Rows in which no path leads anywhere are dropped unless `nodrop` is given.",
        page!("parse-operators/parse-xml-formatted-logs/"),
        parse_xml,
    ),
    operator(
        "json",
        "| json [field=name] \"path\" [, …] [as name, …] [nodrop]; | json auto [field=name] [maxdepth n] [keys \
         \"key\", …]",
        "Takes values out of JSON by path. Messages without all of them are dropped unless `nodrop` is given. `json \
         auto` makes every path of the JSON a field of that name, in any case.",
        page!("parse-operators/parse-json-formatted-logs/"),
        json,
    ),
    Entry {
        aliases: &["kv"],
        ..operator(
            "keyvalue",
            "| keyvalue [field=name] [infer | regex \"…\"] [keys] \"key\", … [as name, …] [nodrop]; also | kv …",
            "Takes the values of keys out of `key=value`, `key: value` and `key->value`, with quotes or without; or \
             as a regular expression with a group for the key and one for the value (or for the value alone) says.",
            page!("parse-operators/parse-keyvalue-formatted-logs/"),
            key_value,
        )
    },
    operator(
        "csv",
        "| csv field [escape='\\', quote='\"'] extract 1 as name, 2 as name; | csv field extract name, _, name",
        "Takes values out of a text with commas between them, by number or in their order, `_` for one that nobody \
         wants.",
        page!("parse-operators/parse-csv-formatted-logs/"),
        delimited,
    ),
    operator(
        "split",
        "| split field [delim=',', escape='\\', quote='\"'] extract 1 as name, 2 as name",
        "Takes values out of a text with any delimiter between them.",
        page!("parse-operators/parse-delimited-logs-using-split/"),
        delimited,
    ),
];

/// An option that all of these operators have.
fn option(p: &mut Parser<'_>, parsed: &mut Extract) -> Parsed<bool> {
    if p.eat("nodrop") {
        parsed.nodrop = true;
        return Ok(true);
    }
    let field = p.field_option()?;
    let found = field.is_some();
    parsed.source = field.or(parsed.source.take());
    Ok(found)
}

/// One or several with commas between them.
fn parse_anchor(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.expect("parse")?;
    // `parse anchor` is the long name of it.
    p.eat("anchor");
    let mut all = Vec::new();
    loop {
        let start = p.peek().span.start;
        let mut parsed = Extract { source: p.field_option()?, ..Extract::default() };
        parsed.method = Method::Anchor(p.text()?);
        let more = anchor_options(p, &mut parsed)?;
        parsed.place = Place(p.since(start));
        all.push(parsed);
        if !more {
            return Ok(Operator::Extract(all));
        }
    }
}

/// What follows the pattern; whether another one follows.
fn anchor_options(p: &mut Parser<'_>, parsed: &mut Extract) -> Parsed<bool> {
    loop {
        if p.eat("multi") {
            parsed.multi = true;
        } else if p.eat("as") {
            let in_brackets = p.eat("(");
            parsed.names.push(p.name()?);
            let mut more = false;
            while !more && p.eat(",") {
                more = p.at_text() || p.at_field_option();
                if !more {
                    parsed.names.push(p.name()?);
                }
            }
            if in_brackets {
                p.expect(")")?;
            }
            if more {
                return Ok(true);
            }
        } else if !option(p, parsed)? {
            return Ok(p.eat(","));
        }
    }
}

/// One or several with commas between them.
fn parse_regex(p: &mut Parser<'_>) -> Parsed<Operator> {
    if !p.eat("extract") {
        p.expect("parse")?;
        p.expect("regex")?;
    }
    let one = |p: &mut Parser<'_>| {
        // `parse regex "…", regex "…"`.
        p.eat("regex");
        let start = p.peek().span.start;
        let (mut parsed, mut pattern) = (Extract::default(), None);
        loop {
            if p.eat("multi") {
                parsed.multi = true;
            } else if pattern.is_none() && p.at_text() {
                pattern = Some(p.text()?);
            } else if !option(p, &mut parsed)? {
                break;
            }
        }
        let Some(pattern) = pattern else { return Err(p.unexpected("a regular expression in double quotes")) };
        Ok(Extract { method: Method::Regex(pattern), place: Place(p.since(start)), ..parsed })
    };
    p.list(one).map(Operator::Extract)
}

fn parse_xml(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.expect("parse")?;
    p.expect("xml")?;
    let mut parsed = Extract { method: Method::Xml, ..Extract::default() };
    while !p.at_end() {
        if p.at("as") {
            parsed.names = aliases(p)?;
        } else if !option(p, &mut parsed)? {
            parsed.texts.push(p.text()?);
            p.eat(",");
        }
    }
    if parsed.texts.is_empty() {
        return Err(p.unexpected("a path in double quotes"));
    }
    a_name_for_each(p, "paths", parsed, start)
}

fn json(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.expect("json")?;
    let (mut parsed, mut auto) = (Extract::default(), None::<AutoOptions>);
    while !p.at_end() {
        if p.eat("auto") {
            auto.get_or_insert_default();
        } else if p.eat("maxdepth") {
            let depth = p.count()?;
            auto.get_or_insert_default().maxdepth = Some(depth);
        } else if p.eat("extractarrays") {
            auto.get_or_insert_default().extract_arrays = true;
        } else if p.eat("refonly") {
            auto.get_or_insert_default().refonly = true;
        } else if p.eat("keys") {
            // What follows are texts, as without the word.
        } else if p.at("as") {
            parsed.names = aliases(p)?;
        } else if p.at_text() {
            parsed.texts.push(p.text()?);
            // A comma too many at the end of a list is harmless.
            while p.eat(",") && p.at_text() {
                parsed.texts.push(p.text()?);
            }
        } else if !option(p, &mut parsed)? {
            return Err(p.unexpected("a path in double quotes or an option of `json`"));
        }
    }
    match auto {
        Some(auto) => parsed.method = Method::JsonAuto(auto),
        None if parsed.texts.is_empty() => return Err(p.error("`json` needs a path or `auto`", start)),
        None => {}
    }
    a_name_for_each(p, "paths", parsed, start)
}

fn key_value(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.bump().span;
    let mut parsed = Extract::default();
    let mut options = KeyValueOptions::default();
    while !p.at_end() {
        if p.eat("auto") {
            options.auto = true;
        } else if p.eat("refonly") {
            options.refonly = true;
        } else if p.eat("infer") || p.eat("keys") {
            // The mode that holds anyway, and words that only lead to the keys.
        } else if p.eat("delim") {
            p.eat("=");
            options.delimiter = Some(p.text()?);
        } else if p.eat("regex") {
            options.regex = Some(p.text()?);
        } else if p.at("as") {
            parsed.names = aliases(p)?;
        } else if p.at_text() {
            parsed.texts.extend(p.list(Parser::text)?);
        } else if !option(p, &mut parsed)? {
            return Err(p.unexpected("a key in double quotes or an option of `keyvalue`"));
        }
    }
    if parsed.texts.is_empty() && !options.auto {
        return Err(p.error("`keyvalue` needs a key or `auto`", start));
    }
    parsed.method = Method::KeyValue(options);
    a_name_for_each(p, "keys", parsed, start)
}

/// `as a, b`, with or without parentheses around the names.
fn aliases(p: &mut Parser<'_>) -> Parsed<Vec<Name>> {
    p.expect("as")?;
    p.bracketed(Parser::names)
}

/// The operator, which has either no names, or as many as there are values.
fn a_name_for_each(p: &Parser<'_>, what: &str, parsed: Extract, start: Span) -> Parsed<Operator> {
    let (values, names) = (parsed.texts.len(), parsed.names.len());
    if names == 0 || names == values {
        return Ok(Operator::Extract(vec![parsed]));
    }
    let message = format!("{values} {what} and {names} names");
    Err(Diagnostic::error("sumo/names", message, p.since(start.start))
        .with_help(format!("either all {what} are given names or none is")))
}

fn delimited(p: &mut Parser<'_>) -> Parsed<Operator> {
    let word = p.bump();
    let mut parsed = Extract { source: p.field_option()?, ..Extract::default() };
    if parsed.source.is_none() && !p.at("extract") && !p.peek_second().is("=") {
        parsed.source = Some(p.name()?);
    }
    let (mut delimiter, mut escape, mut quote) = (',', '\\', '"');
    while !p.at("extract") {
        let option = p.bump();
        p.expect("=")?;
        let character = p.character()?;
        match option.text.to_lowercase().as_str() {
            "delim" => delimiter = character,
            "escape" => escape = character,
            "quote" => quote = character,
            _ => return Err(p.error(format!("{} is no option here", option.shown()), option.span)),
        }
        p.eat(",");
    }
    p.expect("extract")?;
    let (mut numbers, mut next) = (Vec::new(), 1_usize);
    loop {
        let token = p.peek();
        if token.kind == TokenKind::Number && p.peek_second().is("as") {
            p.bump();
            let number = token.text.parse().ok().filter(|number| *number > 0);
            next = number.ok_or_else(|| p.error("values are counted from 1", token.span))?;
            p.bump();
        }
        let name = p.name()?;
        if name.text != "_" {
            numbers.push(next);
            parsed.names.push(name);
        }
        next = next.saturating_add(1);
        if !p.eat(",") || p.at_end() {
            break;
        }
    }
    let nodrop = p.peek();
    if p.eat("nodrop") {
        // Every row has some values, so that there is nothing to drop.
        // Source: https://www.sumologic.com/help/docs/search/search-query-language/parse-operators/parse-nodrop-option/
        let message = format!("Sumo Logic does not take `nodrop` behind {}", word.shown());
        p.warn(
            Diagnostic::warning("sumo/nodrop", message, nodrop.span)
                .with_help("no row is dropped anyway: leave it out"),
        );
    }
    let options = [delimiter, escape, quote];
    if delimiter == escape || delimiter == quote || escape == quote {
        let message = format!("delimiter, escape and quote must be three different characters, not {options:?}");
        return Err(p.error(message, word.span));
    }
    if parsed.source.is_none() {
        let message = format!("{} needs the field that it reads", word.shown());
        p.warn(
            Diagnostic::warning("sumo/field-missing", message, word.span)
                .with_help("here it reads the message")
                .with_fix(Span::at(word.span.end), " _raw", "name the message"),
        );
    }
    parsed.method = Method::Delimited { is_csv: word.is("csv"), delimiter, escape, quote, numbers };
    Ok(Operator::Extract(vec![parsed]))
}
