use super::arguments::truth;
use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::functions::pcre;
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Spanned};

/// What `makemv` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "makemv",
    usage: "makemv [delim=TEXT | tokenizer=REGEX] [allowempty=BOOL] FIELD",
    summary: "Cuts a field's text into several values.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/makemv",
    examples: &[],
};

#[derive(Debug)]
struct MakeMv {
    field: Spanned<String>,
    cut: Cut,
    allow_empty: bool,
}

#[derive(Debug, Clone)]
enum Cut {
    Delimiter(String),
    Tokenizer(::regex::Regex),
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let (mut cut, mut allow_empty) = (Cut::Delimiter(" ".into()), false);
    while let Some((name, value)) = arguments.option(&["delim", "tokenizer", "allowempty", "setsv"])? {
        match name {
            "delim" => cut = Cut::Delimiter(value.node),
            "tokenizer" => {
                let regex = pcre::compile(&value.node)
                    .map_err(|error| Diagnostic::error("spl/regex", error.to_string(), value.span))?;
                cut = Cut::Tokenizer(regex);
            }
            "allowempty" => allow_empty = truth(&value)?,
            _ => {
                truth(&value)?;
            }
        }
    }
    let field = arguments.field()?;
    arguments.end()?;
    Ok(Box::new(MakeMv { field, cut, allow_empty }))
}

impl Command for MakeMv {
    fn needs(&self) -> Needs {
        Needs::default().read(self.field.node.clone(), self.field.span)
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let old = rows.column(&self.field.node);
        if matches!(old.ty, Type::Multi | Type::Null) {
            return Ok(rows);
        }
        let (cut, allow_empty) = (self.cut.clone(), self.allow_empty);
        let key = match &cut {
            Cut::Delimiter(text) => format!("spl_makemv {text:?} {allow_empty}"),
            Cut::Tokenizer(regex) => format!("spl_makemv_tokens {:?}", regex.as_str()),
        };
        let function = row_function(key, mynah_view::FieldType::TEXTS.data_type(), move |row| {
            let [Cell::Text(text)] = row else { return Cell::Null };
            let values: Vec<String> = match &cut {
                Cut::Delimiter(delimiter) => text
                    .split(delimiter.as_str())
                    .filter(|part| allow_empty || !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
                Cut::Tokenizer(regex) => regex
                    .captures_iter(text)
                    .filter_map(|captures| captures.get(1).map(|found| found.as_str().to_owned()))
                    .collect(),
            };
            if values.is_empty() { Cell::Null } else { Cell::texts(values) }
        });
        let new = Typed { expr: function.call(vec![old.into_text()]), ty: Type::Multi };
        rows.with(vec![(self.field.node.clone(), new)], planner)
    }
}
