use super::span::{Width, bucket, width};
use super::{Arguments, Command};
use crate::expression::{Type, number_text};
use crate::functions::Internal;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use datafusion::prelude::lit;
use mynah_dialect::FunctionDoc;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Spanned};

/// What `bin` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "bin",
    usage: "bin span=SPAN FIELD [AS NAME]",
    summary: "The bucket that a time or number falls into: of a time its beginning, of another number its range.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/bin",
    examples: &[],
};

#[derive(Debug)]
struct Bin {
    field: Spanned<String>,
    name: Option<Spanned<String>>,
    width: Width,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let (mut field, mut name, mut found): (Option<Spanned<String>>, _, _) = (None, None, None);
    while !arguments.is_empty() {
        if let Some((option, value)) = arguments.option(&["span", "bins", "minspan", "start", "end", "aligntime"])? {
            match option {
                "span" => found = Some(width(&value)?),
                "aligntime" if matches!(value.node.as_str(), "earliest" | "latest") => {
                    return Err(Diagnostic::error(
                        "spl/unsupported-option",
                        "`aligntime` is not supported",
                        value.span,
                    ));
                }
                "bins" | "start" | "end" | "minspan" => {}
                _ => {
                    return Err(Diagnostic::error(
                        "spl/unsupported-option",
                        format!("`{option}` is not supported"),
                        value.span,
                    ));
                }
            }
        } else if arguments.keyword("as") {
            name = Some(arguments.field()?);
        } else if let Some(before) = &field {
            return Err(arguments.wrong(before.span.to(arguments.rest()), "one field"));
        } else {
            field = Some(arguments.field()?);
        }
    }
    let Some(field) = field else { return Err(arguments.wrong(arguments.name.span, "the name of a field")) };
    let Some(width) = found else {
        return Err(Diagnostic::error(
            "spl/unsupported-option",
            "buckets without `span=` are not supported",
            arguments.name.span,
        )
        .with_help("Splunk chooses a span from the search's time range: write one, such as `span=1h`"));
    };
    Ok(Box::new(Bin { field, name, width }))
}

/// The range that begins with a number, so wide.
pub(crate) static RANGE: Internal = Internal {
    name: "range of numbers",
    returns: Type::Text,
    code: |row| {
        let range = |(start, width)| format!("{}-{}", number_text(start), number_text(start + width));
        row.number(0).zip(row.number(1)).map(|ends| Cell::text(range(ends))).into()
    },
};

impl Command for Bin {
    fn needs(&self) -> Needs {
        let needs = Needs::default().read(self.field.node.clone(), self.field.span);
        match &self.name {
            Some(name) => needs.make(name.node.clone()),
            None => needs,
        }
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let old = rows.column(&self.field.node);
        if old.ty == Type::Null {
            return Ok(rows);
        }
        let mut new = bucket(old, self.width);
        if let (Width::Units(units), false) = (self.width, self.field.node == "_time") {
            new = RANGE.typed(vec![new.expr, lit(units)]);
        }
        let name = self.name.as_ref().unwrap_or(&self.field).node.clone();
        rows.with(vec![(name, new)], planner)
    }
}
