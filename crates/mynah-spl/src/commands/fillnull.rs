use super::Token;
use super::{Arguments, Command};
use crate::expression::{Type, Typed, case, parse_number};
use crate::pipeline::Parsing;
use crate::plan::{Needs, Planner, Rows, Wanted};
use mynah_dialect::FunctionDoc;
use mynah_syntax::{Diagnostic, Spanned};

/// What `fillnull` says of itself.
pub(crate) const DOC: FunctionDoc = FunctionDoc {
    name: "fillnull",
    usage: "fillnull [value=TEXT] [FIELD, ...]",
    summary: "Puts a value, 0 if not said, where these fields, or all, have none.",
    page: "https://help.splunk.com/en/splunk-enterprise/spl-search-reference/10.0/search-commands/fillnull",
    examples: &[],
};

#[derive(Debug)]
struct FillNull {
    value: String,
    fields: Vec<Spanned<String>>,
}

pub(crate) fn parse(arguments: &mut Arguments<'_>, _parsing: &mut Parsing<'_>) -> Result<Box<dyn Command>, Diagnostic> {
    let mut value = "0".to_owned();
    let mut fields = Vec::new();
    while !arguments.is_empty() {
        if let Some((_, given)) = arguments.option(&["value"])? {
            value = given.node;
        } else if let Some(Spanned { node: Token::Symbol(','), .. }) = arguments.peek()? {
            arguments.symbol(',');
        } else {
            fields.push(arguments.field()?);
        }
    }
    Ok(Box::new(FillNull { value, fields }))
}

/// The value, or a text where there is none.
fn filled(old: Typed, value: &str) -> Typed {
    let (ty, new) = match (old.ty, parse_number(value)) {
        (Type::Number, Some(number)) => (Type::Number, Typed::number(number)),
        (Type::Multi, _) => (Type::Multi, Typed::text(value)),
        _ => (Type::Text, Typed::text(value)),
    };
    let (old, new) = (old.into_type(ty), new.into_type(ty));
    Typed { expr: case(vec![(old.clone().is_not_null(), old)], Some(new), ty), ty }
}

impl Command for FillNull {
    fn needs(&self) -> Needs {
        Needs::default().read_all(self.fields.iter().cloned())
    }

    fn lower(&self, rows: Rows, _wanted: &Wanted, planner: &mut Planner<'_>) -> Result<Rows, Diagnostic> {
        let names = if self.fields.is_empty() {
            rows.names().into_iter().filter(|name| !name.starts_with('_')).collect()
        } else {
            super::field_list::expand(&self.fields, &rows)
        };
        let columns = names.into_iter().map(|name| (name.clone(), filled(rows.column(&name), &self.value))).collect();
        rows.with(columns, planner)
    }
}
