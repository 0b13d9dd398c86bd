use super::arguments::whole;
use super::{Arguments, Command};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `head` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "head",
    usage: "head [N]",
    summary: "Keeps the first N rows, 10 if not said.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/head",
    examples: &[],
};

/// How many rows `head` and `tail` keep where the query does not say.
pub(super) const DEFAULT_COUNT: usize = 10;

#[derive(Debug)]
struct Head {
    count: usize,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    Ok(Box::new(Head { count: count(arguments)? }))
}

/// `5`, `limit=5` or nothing.
pub(super) fn count(arguments: &mut Arguments<'_>) -> Result<usize, Diagnostic> {
    let count = if let Some((_, value)) = arguments.option(&["limit"])? {
        whole(&value)?
    } else if arguments.is_empty() {
        DEFAULT_COUNT
    } else {
        let rest = arguments.rest();
        match arguments.next()? {
            Some(Spanned { node: super::Token::Word(word), span }) => whole(&Spanned::new(word, span))?,
            _ => {
                return Err(Diagnostic::error(
                    "spl/unsupported-option",
                    format!("`{}` with a condition is not supported: give a number of rows", arguments.name.node),
                    rest,
                ));
            }
        }
    };
    while arguments.option(&["null", "keeplast"])?.is_some() {}
    arguments.end()?;
    Ok(count)
}

impl Command for Head {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        rows.first(self.count, planner)
    }
}
