//! Rows by regular expressions.
use super::prelude::*;
use super::rex::regular_expression;
use datafusion::prelude::Expr;
use mynah_dialect::marked;
use mynah_kernels::{Regex, regex_match};
use mynah_syntax::Span;

pub(super) static COMMANDS: [Entry; 1] = [command(
    "regex [FIELD=|FIELD!=]\"REGEX\"",
    "Keeps the rows in whose field (_raw if not said) the regular expression is found, or with != is not.",
    "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/regex",
    regex,
)];

#[derive(Debug)]
struct Test {
    field: String,
    negated: bool,
    regex: Regex,
    span: Span,
}

fn regex(arguments: &mut Arguments<'_>, _: &mut Parsing<'_>) -> Parsed {
    let mut field = Spanned::new("_raw".to_owned(), arguments.name.span);
    let mut negated = false;
    let mut ahead = arguments.clone();
    if let Some(Spanned { node: Token::Word(name) | Token::Quoted(name), span }) = ahead.next()? {
        let not = ahead.symbol('!');
        if ahead.symbol('=') {
            field = Spanned::new(name, span);
            negated = not;
            *arguments = ahead;
        }
    }
    let text = match arguments.next()? {
        Some(Spanned { node: Token::Quoted(text), span }) => Spanned::new(text, span),
        Some(Spanned { node: Token::Word(_), span }) => {
            // Without quotes it goes to the end.
            let rest = span.to(arguments.rest());
            arguments.seek(rest.end);
            Spanned::new(rest.of(arguments.text).to_owned(), rest)
        }
        _ => return Err(arguments.wrong(arguments.rest(), "a regular expression in double quotes")),
    };
    arguments.end()?;
    let span = arguments.name.span.to(text.span);
    let test = Test { field: field.node.clone(), negated, regex: regular_expression(&text)?, span };
    on_rows(Needs::of([&field]), test, |test, rows, _, planner| {
        let found = regex_match(test.regex.clone(), rows.column(&test.field).into_texts());
        let condition = if test.negated { Expr::IsNotTrue(Box::new(found)) } else { found };
        rows.filter(marked(test.span, condition), planner)
    })
}
