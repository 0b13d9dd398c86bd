use super::Token;
use super::rex::regular_expression;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::{FunctionDoc, marked};
use mynah_kernels::{Regex, regex_match};
use mynah_syntax::{Diagnostic, Span, Spanned};

/// What `regex` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "regex",
    usage: "regex [FIELD=|FIELD!=]\"REGEX\"",
    summary: "Keeps the rows in whose field (_raw if not said) the regular expression is found, or with != is not.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/regex",
    examples: &[],
};

#[derive(Debug)]
struct RegexCommand {
    field: Spanned<String>,
    negated: bool,
    regex: Regex,
    span: Span,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
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
    Ok(Box::new(RegexCommand { field, negated, regex: regular_expression(&text)?, span }))
}

impl Command for RegexCommand {
    fn needs(&self) -> Needs {
        Needs::default().read(self.field.node.clone(), self.field.span)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let field = rows.column(&self.field.node);
        let found = regex_match(self.regex.clone(), field.into_texts());
        let condition = if self.negated { datafusion::prelude::Expr::IsNotTrue(Box::new(found)) } else { found };
        rows.filter(marked(self.span, condition), planner)
    }
}
