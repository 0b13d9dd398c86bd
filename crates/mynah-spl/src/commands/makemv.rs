use super::arguments::truth;
use super::{Arguments, Command};
use crate::expression::{Type, Typed};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use datafusion::arrow::datatypes::DataType;
use mynah_dialect::FunctionDoc;
use mynah_kernels::{Cell, Code, Function, Regex, Resources, call};
use mynah_syntax::{Diagnostic, Spanned};
use serde::{Deserialize, Serialize};

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
}

/// How a text is cut into values.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Cut {
    Delimiter { text: String, allow_empty: bool },
    Tokenizer(Regex),
}

impl Function for Cut {
    const NAME: &'static str = "spl.makemv";

    fn returns(&self) -> DataType {
        Type::Multi.data_type()
    }

    fn code(&self, _: &Resources) -> datafusion::common::Result<Code> {
        let cut = self.clone();
        Ok(Code::try_row(move |row| {
            let [Cell::Text(text)] = row else { return Ok(Cell::Null) };
            let values: Vec<String> = match &cut {
                Cut::Delimiter { text: delimiter, allow_empty } => text
                    .split(delimiter.as_str())
                    .filter(|part| *allow_empty || !part.is_empty())
                    .map(str::to_owned)
                    .collect(),
                Cut::Tokenizer(regex) => {
                    let matches = regex.all_captures(text, usize::MAX)?;
                    matches.iter().filter_map(|groups| groups.get(1)).map(str::to_owned).collect()
                }
            };
            Ok(if values.is_empty() { Cell::Null } else { Cell::texts(values) })
        }))
    }
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let (mut delimiter, mut tokenizer, mut allow_empty) = (" ".to_owned(), None, false);
    while let Some((name, value)) = arguments.option(&["delim", "tokenizer", "allowempty", "setsv"])? {
        match name {
            "delim" => delimiter = value.node,
            "tokenizer" => tokenizer = Some(super::rex::regular_expression(&value)?),
            "allowempty" => allow_empty = truth(&value)?,
            _ => {
                truth(&value)?;
            }
        }
    }
    let field = arguments.field()?;
    arguments.end()?;
    let cut = tokenizer.map_or(Cut::Delimiter { text: delimiter, allow_empty }, Cut::Tokenizer);
    Ok(Box::new(MakeMv { field, cut }))
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
        let new = Typed { expr: call(self.cut.clone(), vec![old.into_text()]), ty: Type::Multi };
        rows.with(vec![(self.field.node.clone(), new)], planner)
    }
}
