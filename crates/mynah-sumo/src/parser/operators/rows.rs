//! Operators that choose, sort and extend rows.
use super::{Parse, operator};
use crate::ast::{Expression, Lookup, Name, Operator, Place, SortKey};
use crate::lexer::TokenKind;
use crate::parser::{Parsed, Parser};
use mynah_dialect::Entry;
use mynah_syntax::Diagnostic;

pub(super) const OPERATORS: &[Entry<Parse>] = &[
    operator(
        "as",
        "| expression as name",
        "Makes a field, or gives one another value. A function of one field without `as` changes that field.",
        page!("field-expressions/"),
        assignment,
    ),
    operator(
        "where",
        "| where condition",
        "Keeps the rows for which a condition is true. Comparisons of text tell upper and lower case apart; a \
         comparison with null is false, and its opposite true.",
        page!("search-operators/where/"),
        |p| {
            p.bump();
            p.expression().map(Operator::Where)
        },
    ),
    operator(
        "fields",
        "| fields name, …; | fields - name, …",
        "Shows these fields alone, in this order; or, with a minus, all others.",
        page!("search-operators/fields/"),
        fields,
    ),
    operator(
        "limit",
        "| limit number",
        "Keeps the first rows: of messages the newest, of sorted rows the first.",
        page!("search-operators/limit/"),
        |p| {
            p.bump();
            p.count().map(Operator::Limit)
        },
    ),
    Entry {
        aliases: &["order"],
        ..operator(
            "sort",
            "| sort by [+|-]field [asc|desc], …; also | order by …",
            "Sorts the rows, from the greatest down unless `+` or `asc` is given. Texts sort as texts, upper case \
             before lower; numbers as numbers.",
            page!("search-operators/sort/"),
            sort,
        )
    },
    operator(
        "top",
        "| top number field, … [by field [asc|desc], …]",
        "The first rows in the order of the fields behind `by`. Of messages, the values that occur most (or have the \
         greatest field behind `by`).",
        page!("search-operators/top/"),
        |p| {
            p.bump();
            let (number, fields) = (p.count()?, p.names()?);
            Ok(Operator::Top { number, fields, by: p.behind("by", |p| p.list(sort_key))? })
        },
    ),
    operator(
        "topk",
        "| topk(number, field, …) [by field, …]",
        "The rows with the greatest values, of each combination of the fields behind `by`, with their place as \
         `_rank`.",
        page!("search-operators/topk/"),
        |p| {
            p.bump();
            p.expect("(")?;
            let number = p.count()?;
            p.expect(",")?;
            let fields = p.names()?;
            p.expect(")")?;
            Ok(Operator::TopK { number, fields, by: p.by()? })
        },
    ),
    operator(
        "dedup",
        "| dedup [consecutive] [number] [by field, …]",
        "Keeps the first rows (one if no number is given) of each combination of fields, of `_raw` if none are \
         given; with `consecutive` of each run of equal ones.",
        page!("search-operators/dedup/"),
        |p| {
            p.bump();
            let consecutive = p.eat("consecutive");
            let number = if p.peek().kind == TokenKind::Number { Some(p.count()?) } else { None };
            Ok(Operator::Dedup { consecutive, number, by: p.by()? })
        },
    ),
    operator(
        "geoip",
        "| geoip field [field, …]",
        "The place of an address, as `latitude`, `longitude`, `country_code`, `country_name`, `city`, `state` and those \
         fields that are named: a lookup in the site's table `geo://location`. Without that table they are null, with a \
         warning.",
        page!("search-operators/geoip/"),
        geoip,
    ),
    operator(
        "lookup",
        "| lookup column [as name], … from path://\"table\" on field=column, …",
        "Adds columns of a lookup table of the site; names and values match in any case, and null stands where no \
         row matches. Of the tables that Sumo Logic keeps itself (geo://, asn://, sumo://threat) all columns are null, unless \
         the site gives one under that name.",
        page!("search-operators/lookup/"),
        lookup,
    ),
    operator(
        "withtime",
        "| withtime field",
        "A field's value and the message's time together, as `field_withtime`, for `most_recent` and `least_recent`.",
        page!("group-aggregate-operators/most-recent-least-recent/"),
        |p| {
            p.bump();
            Ok(Operator::WithTime { field: p.name()?, name: p.alias()? })
        },
    ),
    operator(
        "save",
        "| save [append] path",
        "Writes the rows into a lookup table in Sumo Logic. Here the rows are given all the same, and nothing is \
         written.",
        page!("search-operators/save/"),
        |p| {
            let start = p.bump().span;
            let append = p.eat("append");
            let (path, span) = p.raw_word()?;
            Ok(Operator::Save { append, path, place: Place(start.to(span)) })
        },
    ),
];

pub(super) fn assignment(p: &mut Parser<'_>) -> Parsed<Operator> {
    let start = p.peek();
    let value = p.expression()?;
    let name = p.alias()?;
    let unknown =
        |shown: String, span| Diagnostic::error("sumo/unknown-operator", format!("there is no operator {shown}"), span);
    match &value {
        _ if name.is_some() => {}
        Expression::Call(..) => {}
        Expression::Not(inner, _) if matches!(**inner, Expression::Call(..)) => {}
        // An operator that is misspelt or not known.
        Expression::Field(name) if p.at_end() => return Err(unknown(format!("`{}`", name.text), name.span())),
        Expression::Field(_) => return Err(unknown(start.shown(), start.span)),
        other if p.at_end() => {
            return Err(p
                .error("this value is given no name", other.span())
                .with_help("write `as` and the name of the field behind it"));
        }
        _ => {}
    }
    Ok(Operator::Assignment { value, name })
}

fn fields(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let without = p.eat("-");
    if !without {
        p.eat("+");
    }
    let name = |p: &mut Parser<'_>| {
        p.eat("-");
        p.name()
    };
    let names = p.bracketed(|p| p.list(name))?;
    Ok(Operator::Fields { without, names })
}

fn sort(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    p.eat("by");
    let mut keys = Vec::new();
    while !p.at_end() {
        keys.push(sort_key(p)?);
        if !p.eat(",") {
            break;
        }
    }
    Ok(Operator::Sort(keys))
}

fn sort_key(p: &mut Parser<'_>) -> Parsed<SortKey> {
    let mut ascending = p.eat("+");
    if !ascending {
        p.eat("-");
    }
    let name = p.name()?;
    if p.eat("asc") || p.eat("ascending") {
        ascending = true;
    } else if p.eat("desc") || p.eat("descending") {
        ascending = false;
    }
    Ok(SortKey { name, ascending })
}

fn lookup(p: &mut Parser<'_>) -> Parsed<Operator> {
    p.bump();
    let mut columns: Vec<(Name, Option<Name>)> = Vec::new();
    let all = p.eat("*");
    while !all && !p.at("from") {
        columns.push((p.name()?, p.alias()?));
        if !p.eat(",") {
            break;
        }
    }
    p.expect("from")?;
    let (table, span) = p.raw_word()?;
    p.expect("on")?;
    let mut on = Vec::new();
    loop {
        let left = p.name()?;
        // A field that is called as the column is.
        let right = if p.eat("==") || p.eat("=") { p.name()? } else { left.clone() };
        on.push((left, right));
        if !p.eat(",") && !p.eat("and") {
            break;
        }
    }
    Ok(Operator::Lookup(Lookup { all, columns, table, table_place: Place(span), on }))
}

/// What `geoip` gives unless more is asked for.
///
/// Source: <https://www.sumologic.com/help/docs/search/search-query-language/search-operators/geoip/>
const PLACES: [&str; 6] = ["latitude", "longitude", "country_code", "country_name", "city", "state"];

/// `geoip field [field, …]`: a lookup in the table of places.
fn geoip(p: &mut Parser<'_>) -> Parsed<Operator> {
    let word = p.bump();
    let place = Place(word.span);
    let field = p.name()?;
    p.eat(",");
    let more = if p.at_end() { Vec::new() } else { p.names()? };
    let columns = PLACES.iter().map(|name| Name::implied(*name, place));
    let listed = |name: &Name| PLACES.iter().any(|known| name.text.eq_ignore_ascii_case(known));
    let columns = columns.chain(more.into_iter().filter(|name| !listed(name))).map(|name| (name, None)).collect();
    let on = vec![(Name::implied("ip", place), field)];
    Ok(Operator::Lookup(Lookup { all: false, columns, table: "geo://location".to_owned(), table_place: place, on }))
}
