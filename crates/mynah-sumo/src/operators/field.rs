//! `expression as name`: a field expression.
use crate::ast::{Expression, Name};
use crate::functions;
use crate::parser::{Parsed, Parser};
use crate::plan::{Stage, lower};
use mynah_dialect::FunctionDoc;
use mynah_syntax::Diagnostic;
use std::fmt;

pub(super) const DOC: FunctionDoc = FunctionDoc {
    name: "as",
    usage: "| expression as name",
    summary: "Makes a field, or gives one another value. A function of one field without `as` changes that field.",
    page: "https://www.sumologic.com/help/docs/search/search-query-language/field-expressions/",
    examples: &[],
};

/// `value as name`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    pub value: Expression,
    pub name: Option<Name>,
}

impl Assignment {
    pub fn parse(p: &mut Parser<'_>) -> Parsed<Self> {
        let start = p.peek();
        let value = p.expression()?;
        let name = p.alias()?;
        if name.is_none() && p.at_end() {
            match &value {
                Expression::Call(..) => {}
                // An operator that is misspelt or not known.
                Expression::Field(name) => {
                    return Err(Diagnostic::error(
                        "sumo/unknown-operator",
                        format!("there is no operator `{}`", name.text),
                        name.span(),
                    ));
                }
                other => {
                    return Err(Diagnostic::error("sumo/syntax", "this value is given no name", other.span())
                        .with_help("write `as` and the name of the field behind it"));
                }
            }
        }
        if name.is_none() && !p.at_end() && matches!(value, Expression::Field(_)) {
            return Err(Diagnostic::error(
                "sumo/unknown-operator",
                format!("there is no operator {}", start.shown()),
                start.span,
            ));
        }
        Ok(Assignment { value, name })
    }

    /// The field that it makes.
    fn target(&self) -> Result<Name, Diagnostic> {
        if let Some(name) = &self.name {
            return Ok(name.clone());
        }
        let Expression::Call(function, arguments, place) = &self.value else {
            return Err(Diagnostic::error("sumo/syntax", "this value is given no name", self.value.span()));
        };
        match arguments.first() {
            Some(Expression::Field(name)) if functions::find(&function.text).is_some() => Ok(name.clone()),
            _ => Ok(Name { text: format!("_{}", function.text.to_lowercase()), quoted: false, place: *place }),
        }
    }

    pub fn lower(&self, stage: &mut Stage<'_>) -> Result<(), Diagnostic> {
        let value = lower(stage, &self.value)?;
        let target = self.target()?;
        stage.set(&target, value)
    }
}

impl fmt::Display for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.value)?;
        match &self.name {
            Some(name) => write!(f, " as {name}"),
            None => Ok(()),
        }
    }
}
