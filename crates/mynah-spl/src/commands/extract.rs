//! Fields from JSON and XML texts: those that the query asks for, or every one that it names later.
use super::derived::{call, field, lowered, text};
use super::prelude::*;
use crate::functions::{Internal, XPATH, head, is_path};
use crate::plan::names_in;
use datafusion::prelude::lit;
use mynah_kernels::Cell;

pub(super) static COMMANDS: [Entry; 5] = [
    command(
        "fromjson FIELD [prefix=TEXT]",
        "Fields from the members of a JSON object: every one that the query names later.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fromjson",
        fromjson,
    ),
    command(
        "spath [input=FIELD] [output=FIELD] [[path=]PATH]",
        "Values of JSON or XML text by path; without a path, every field that the query names later.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/spath",
        spath,
    ),
    command(
        "xmlkv [FIELD]",
        "Fields from `<name>value</name>` pairs of XML text: every field that the query names later.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/xmlkv",
        xmlkv,
    ),
    command(
        "xmlunescape [maxinputs=N]",
        "`_raw` with `&lt;`, `&gt;`, `&amp;`, `&quot;` and `&apos;` as the characters that they stand for.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/xmlunescape",
        xmlunescape,
    ),
    command(
        "xpath [outfield=FIELD] \"XPATH\" [field=FIELD] [default=TEXT]",
        "Values of XML text by a path such as `//a[b=\"1\"]/@c`, in the field xpath unless told otherwise. Texts with a declaration have none.",
        "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/xpath",
        xpath,
    ),
];

/// The rows with every field that is named later, or is one of `more`, and that `value` finds; those that it does not find stay as
/// they are.
pub(super) fn with_wanted(
    rows: Rows,
    wanted: &Wanted,
    planner: &mut Planner<'_>,
    more: Vec<String>,
    value: impl Fn(&str, &Rows) -> Result<Option<Typed>, Diagnostic>,
) -> Result<Rows, Diagnostic> {
    let mut columns = Vec::new();
    for name in wanted.in_order().into_iter().map(|name| name.node).chain(more) {
        if !name.starts_with('_')
            && let Some(new) = value(&name, &rows)?
        {
            let value = or_keep(new, rows.column(&name));
            columns.push((name, value));
        }
    }
    rows.with(columns, planner)
}

/// What is at a path of a field's JSON.
fn at_path(input: &Spanned<String>, path: &str, rows: &Rows) -> Result<Typed, Diagnostic> {
    let at = input.span;
    lowered(&call("spath", vec![field(&input.node, at), text(path, at)], at), rows)
}

fn fromjson(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let field = arguments.field()?;
    let prefix = arguments.option(&["prefix"])?.map(|(_, value)| value.node).unwrap_or_default();
    arguments.end()?;
    on_rows(Needs::of([&field]).make_any(), (field, prefix), |(field, prefix), rows, wanted, planner| {
        let more = names_in(&rows, rows.column(&field.node), wanted, planner)?;
        let more = more.into_iter().map(|name| format!("{prefix}{name}")).collect();
        with_wanted(rows, wanted, planner, more, |name, rows| {
            let member = name.strip_prefix(prefix).filter(|member| !member.is_empty() && name != field.node);
            member.map(|member| at_path(field, member, rows)).transpose()
        })
    })
}

#[derive(Debug)]
struct Spath {
    input: Spanned<String>,
    output: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
}

fn spath(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut spath = Spath { input: Spanned::new("_raw".to_owned(), arguments.name.span), output: None, path: None };
    while !arguments.is_empty() {
        if let Some((name, value)) = arguments.option(&["input", "output", "path"])? {
            match name {
                "input" => spath.input = value,
                "output" => spath.output = Some(value),
                _ => spath.path = Some(value),
            }
            continue;
        }
        match arguments.next()? {
            Some(Spanned { node: Token::Word(path) | Token::Quoted(path), span }) if spath.path.is_none() => {
                spath.path = Some(Spanned::new(path, span));
            }
            Some(other) => return Err(arguments.wrong(other.span, "input=, output= or a path")),
            None => break,
        }
    }
    if let (Some(output), None) = (&spath.output, &spath.path) {
        return Err(Diagnostic::error("spl/syntax", "`output=` needs a path", output.span));
    }
    let needs = Needs::of([&spath.input]);
    let needs = match spath.output.as_ref().or(spath.path.as_ref()) {
        Some(made) => needs.make(&made.node),
        None => needs.make_any(),
    };
    on_rows(needs, spath, |Spath { input, output, path }, rows, wanted, planner| {
        let Some(path) = path else {
            // All fields are those of the beginning of the text, where a path is followed through all of it.
            let most = planner.context.site.knowledge.extraction_cutoff.unwrap_or(EXTRACTION_CUTOFF);
            let beginning = Spanned::new(planner.fresh("head"), input.span);
            let text = HEAD.typed(vec![rows.column(&input.node).into_text(), lit(most as f64)]);
            let rows = rows.with(vec![(beginning.node.clone(), text)], planner)?;
            let more = names_in(&rows, rows.column(&beginning.node), wanted, planner)?;
            let rows = with_wanted(rows, wanted, planner, more, |name, rows| {
                let is_input = name == beginning.node;
                if is_input { Ok(None) } else { at_path(&beginning, name, rows).map(Some) }
            })?;
            return rows.without(&[beginning.node], planner);
        };
        let name = &output.as_ref().unwrap_or(path).node;
        let value = or_keep(at_path(input, &path.node, &rows)?, rows.column(name));
        rows.with(vec![(name.clone(), value)], planner)
    })
}

/// How many bytes of a text are looked through for all of its fields where no limits.conf says so.
const EXTRACTION_CUTOFF: usize = 5_000;

/// The beginning of a text, as far as its values are whole.
pub(crate) static HEAD: Internal = Internal {
    name: "beginning of a text",
    returns: Type::Text,
    code: |row| match (row.text(0), row.number(1)) {
        (Some(text), Some(most)) => Cell::text(head(&text, most as usize).into_owned()),
        _ => Cell::Null,
    },
};

fn xmlkv(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    while arguments.option(&["maxinputs"])?.is_some() {}
    let input = match arguments.is_empty() {
        true => Spanned::new("_raw".to_owned(), arguments.name.span),
        false => arguments.last_field()?,
    };
    on_rows(Needs::of([&input]).make_any(), input.node, |input, rows, wanted, planner| {
        with_wanted(rows, wanted, planner, Vec::new(), |name, rows| {
            Ok(Some(ELEMENT.typed(vec![rows.column(input).into_text(), lit(name)])))
        })
    })
}

fn xmlunescape(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    while arguments.option(&["maxinputs"])?.is_some() {}
    arguments.end()?;
    let raw = Spanned::new("_raw".to_owned(), arguments.name.span);
    on_rows(Needs::of([&raw]), (), |(), rows, _, planner| {
        let text = UNESCAPED.typed(vec![rows.column("_raw").into_text()]);
        rows.with(vec![("_raw".to_owned(), text)], planner)
    })
}

/// A text with XML's five entities as their characters.
pub(crate) static UNESCAPED: Internal = Internal {
    name: "text of escaped XML",
    returns: Type::Text,
    code: |row| {
        let text = row.text(0).map(|text| {
            // The ampersand last, so that what it makes is not taken for another entity.
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
                .iter()
                .fold(text.into_owned(), |text, (entity, character)| text.replace(entity, character))
        });
        text.map(Cell::text).into()
    },
};

fn xpath(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let at = arguments.name.span;
    let (mut output, mut input) = ("xpath".to_owned(), Spanned::new("_raw".to_owned(), at));
    let (mut default, mut path) = (None, None);
    while !arguments.is_empty() {
        match arguments.option(&["outfield", "field", "default"])? {
            Some(("outfield", value)) => output = value.node,
            Some(("field", value)) => input = value,
            Some((_, value)) => default = Some(value.node),
            None if path.is_none() => path = Some(arguments.word()?),
            None => return Err(arguments.wrong(arguments.rest(), "one path")),
        }
    }
    let Some(path) = path else { return Err(arguments.wrong(at, "a path such as \"//name/@attribute\"")) };
    if !is_path(&path.node) {
        return Err(unsupported(&format!("the path `{}`", path.node), path.span).with_help(
            "paths have names, `*`, `..`, `@attribute`, `text()`, and conditions such as [1], [@a='x'] and [b='y']",
        ));
    }
    let needs = Needs::of([&input]).make(&output);
    on_rows(needs, (input.node, output, path.node, default), |(input, output, path, default), rows, _, planner| {
        let values = XPATH.typed(vec![rows.column(input).into_text(), lit(path.as_str())]);
        let value = match default {
            Some(default) => or_keep(values, Typed::text(default)),
            None => values,
        };
        rows.with(vec![(output.clone(), value)], planner)
    })
}

/// The text of the first element of that name that holds no other.
fn element<'t>(xml: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        rest = after;
        let Some(tail) = after.strip_prefix(name) else { continue };
        let Some(end) = tail.find('>') else { continue };
        let head = tail.get(..end)?;
        if !(head.is_empty() || head.starts_with(char::is_whitespace)) || head.ends_with('/') {
            continue;
        }
        let (value, closing) = tail.get(end + 1..)?.split_once('<')?;
        if closing
            .strip_prefix('/')
            .and_then(|closing| closing.strip_prefix(name))
            .is_some_and(|tail| tail.starts_with('>'))
        {
            return Some(value);
        }
    }
}

/// The text of an element.
pub(crate) static ELEMENT: Internal = Internal {
    name: "element of XML",
    returns: Type::Text,
    code: |row| match (row.cell(0), row.cell(1)) {
        (Cell::Text(xml), Cell::Text(name)) => element(xml, name).map(|value| Cell::text(value.trim())).into(),
        _ => Cell::Null,
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_with_text_are_fields() {
        let xml = "<a><b x='1'>one</b><bc>two</bc><d/></a>";
        assert_eq!(element(xml, "b"), Some("one"));
        assert_eq!(element(xml, "bc"), Some("two"));
        assert_eq!(element(xml, "a"), None);
        assert_eq!(element(xml, "d"), None);
    }
}
