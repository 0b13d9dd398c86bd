//! Operators that take fields out of texts.
use super::{Parse, operator};
use crate::ast::{
    AutoOptions, Delimited, Json, KeyValue, Name, Operator, ParseAnchor, ParseRegex, ParseXml, Place, Source, Text,
};
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
            next if next.is_word("regex") => parse_regex(p),
            next if next.is_word("xml") => parse_xml(p),
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

/// One or several with commas between them.
fn parse_anchor(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.expect_word("parse")?;
    // `parse anchor` is the long name of it.
    p.eat_word("anchor");
    let mut all = Vec::new();
    loop {
        let start = p.peek().span.start;
        let source = p.field_option()?.map_or(Source::Message, Source::Field);
        let pattern = p.text()?;
        let mut parsed =
            ParseAnchor { source, pattern, names: Vec::new(), nodrop: false, multi: false, place: Place::default() };
        let more = anchor_options(p, &mut parsed)?;
        parsed.place = Place(p.since(start));
        all.push(parsed);
        if !more {
            return Ok(Operator::ParseAnchor(all));
        }
    }
}

/// What follows the pattern; whether another one follows.
fn anchor_options(p: &mut Parser<'_>, parsed: &mut ParseAnchor) -> Parsed<bool> {
    loop {
        if p.eat_word("nodrop") {
            parsed.nodrop = true;
        } else if p.eat_word("multi") {
            parsed.multi = true;
        } else if let Some(field) = p.field_option()? {
            parsed.source = Source::Field(field);
        } else if p.eat_word("as") {
            let in_brackets = p.eat_symbol("(");
            parsed.names.push(p.name()?);
            let mut more = false;
            while !more && p.eat_symbol(",") {
                more = p.at_text() || (p.at_word("field") && p.peek_second().is("="));
                if !more {
                    parsed.names.push(p.name()?);
                }
            }
            if in_brackets {
                p.expect_symbol(")")?;
            }
            if more {
                return Ok(true);
            }
        } else {
            return Ok(p.eat_symbol(","));
        }
    }
}

/// One or several with commas between them.
fn parse_regex(p: &mut Parser<'_>) -> Parsed<Operator> {
    if !p.eat_word("extract") {
        p.expect_word("parse")?;
        p.expect_word("regex")?;
    }
    let one = |p: &mut Parser<'_>| {
        // `parse regex "…", regex "…"`.
        p.eat_word("regex");
        let start = p.peek().span.start;
        let (mut source, mut pattern, mut nodrop, mut multi) = (Source::Message, None, false, false);
        loop {
            if p.eat_word("nodrop") {
                nodrop = true;
            } else if p.eat_word("multi") {
                multi = true;
            } else if let Some(field) = p.field_option()? {
                source = Source::Field(field);
            } else if pattern.is_none() && p.at_text() {
                pattern = Some(p.text()?);
            } else {
                break;
            }
        }
        let Some(pattern) = pattern else { return Err(p.unexpected("a regular expression in double quotes")) };
        Ok(ParseRegex { source, pattern, nodrop, multi, place: Place(p.since(start)) })
    };
    p.list(one).map(Operator::ParseRegex)
}

fn parse_xml(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.expect_word("parse")?;
    p.expect_word("xml")?;
    let mut parsed = ParseXml { source: Source::Message, paths: Vec::new(), names: Vec::new(), nodrop: false };
    while !p.at_end() {
        if let Some(field) = p.field_option()? {
            parsed.source = Source::Field(field);
        } else if p.eat_word("nodrop") {
            parsed.nodrop = true;
        } else if p.at_word("as") {
            parsed.names = p.aliases()?;
        } else {
            parsed.paths.push(p.text()?);
            p.eat_symbol(",");
        }
    }
    if parsed.paths.is_empty() {
        return Err(p.unexpected("a path in double quotes"));
    }
    a_name_for_each(p, "paths", &parsed.paths, &parsed.names, start)?;
    Ok(Operator::ParseXml(parsed))
}

fn json(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.expect_word("json")?;
    let mut json = Json { source: Source::Message, auto: None, paths: Vec::new(), names: Vec::new(), nodrop: false };
    while !p.at_end() {
        if let Some(field) = p.field_option()? {
            json.source = Source::Field(field);
        } else if p.eat_word("auto") {
            json.auto.get_or_insert_default();
        } else if p.eat_word("maxdepth") {
            let depth = p.count()?;
            json.auto.get_or_insert_with(AutoOptions::default).maxdepth = Some(depth);
        } else if p.eat_word("extractarrays") {
            json.auto.get_or_insert_default().extract_arrays = true;
        } else if p.eat_word("refonly") {
            json.auto.get_or_insert_default().refonly = true;
        } else if p.eat_word("keys") {
            // What follows are texts, as without the word.
        } else if p.eat_word("nodrop") {
            json.nodrop = true;
        } else if p.at_text() {
            json.paths.push(p.text()?);
            // A comma too many at the end of a list is harmless.
            while p.eat_symbol(",") && p.at_text() {
                json.paths.push(p.text()?);
            }
        } else if p.at_word("as") {
            json.names = p.aliases()?;
        } else {
            return Err(p.unexpected("a path in double quotes or an option of `json`"));
        }
    }
    if json.paths.is_empty() && json.auto.is_none() {
        return Err(p.error("`json` needs a path or `auto`", start));
    }
    a_name_for_each(p, "paths", &json.paths, &json.names, start)?;
    Ok(Operator::Json(json))
}

fn key_value(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.bump().span;
    let mut parsed = KeyValue {
        source: Source::Message,
        auto: false,
        delimiter: None,
        regex: None,
        keys: Vec::new(),
        names: Vec::new(),
        nodrop: false,
    };
    while !p.at_end() {
        if let Some(field) = p.field_option()? {
            parsed.source = Source::Field(field);
        } else if p.eat_word("auto") {
            parsed.auto = true;
        } else if p.eat_word("infer") || p.eat_word("keys") || p.eat_word("refonly") {
            // The mode that holds anyway, and words that only lead to the keys.
        } else if p.eat_word("delim") {
            p.eat_symbol("=");
            parsed.delimiter = Some(p.text()?);
        } else if p.eat_word("regex") {
            parsed.regex = Some(p.text()?);
        } else if p.eat_word("nodrop") {
            parsed.nodrop = true;
        } else if p.at_word("as") {
            parsed.names = p.aliases()?;
        } else if p.at_text() {
            parsed.keys.extend(p.list(Parser::text)?);
        } else {
            return Err(p.unexpected("a key in double quotes or an option of `keyvalue`"));
        }
    }
    if parsed.keys.is_empty() && !parsed.auto {
        return Err(p.error("`keyvalue` needs a key or `auto`", start));
    }
    a_name_for_each(p, "keys", &parsed.keys, &parsed.names, start)?;
    Ok(Operator::KeyValue(parsed))
}

/// Either no names, or as many as there are values.
fn a_name_for_each(p: &Parser<'_>, what: &str, values: &[Text], names: &[Name], start: Span) -> Parsed<()> {
    if names.is_empty() || names.len() == values.len() {
        return Ok(());
    }
    let message = format!("{} {what} and {} names", values.len(), names.len());
    Err(Diagnostic::error("sumo/names", message, p.since(start.start))
        .with_help(format!("either all {what} are given names or none is")))
}

fn delimited(p: &mut Parser<'_>) -> Parsed<Operator> {
    let word = p.bump();
    let mut parsed = Delimited {
        is_csv: word.is_word("csv"),
        source: Source::Message,
        delimiter: ',',
        escape: '\\',
        quote: '"',
        values: Vec::new(),
    };
    if let Some(field) = p.field_option()? {
        parsed.source = Source::Field(field);
    } else if !p.at_word("extract") && !p.peek_second().is("=") {
        parsed.source = Source::Field(p.name()?);
    }
    while !p.at_word("extract") {
        let option = p.bump();
        p.expect_symbol("=")?;
        let character = p.character()?;
        match option.text.to_lowercase().as_str() {
            "delim" => parsed.delimiter = character,
            "escape" => parsed.escape = character,
            "quote" => parsed.quote = character,
            _ => return Err(p.error(format!("{} is no option here", option.shown()), option.span)),
        }
        p.eat_symbol(",");
    }
    p.expect_word("extract")?;
    let mut next: usize = 1;
    loop {
        let token = p.peek();
        if token.kind == TokenKind::Number && p.peek_second().is_word("as") {
            p.bump();
            let number = token.text.parse().ok().filter(|number| *number > 0);
            next = number.ok_or_else(|| p.error("values are counted from 1", token.span))?;
            p.bump();
        }
        let name = p.name()?;
        if name.text != "_" {
            parsed.values.push((next, name));
        }
        next = next.saturating_add(1);
        if !p.eat_symbol(",") || p.at_end() {
            break;
        }
    }
    // Every row has some values, so that there is nothing to drop.
    p.eat_word("nodrop");
    Ok(Operator::Delimited(parsed))
}
