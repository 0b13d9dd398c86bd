//! Texts that `json auto field=…` and `keyvalue auto` opened: fields of theirs are found when they are named.
use super::extract::made;
use super::extraction::{Extract, Extraction, KeyFinder};
use super::{Kind, Typed, ValueFunction};
use crate::ast::Name;
use mynah_dialect::column;
use mynah_kernels::call;
use mynah_syntax::Diagnostic;

/// A hidden column with a text, and what stands in it.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub column: String,
    pub form: Form,
}

/// How values stand in a text.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Json,
    /// Keys, a delimiter (if the query names one) and values.
    KeyValue(Option<String>),
}

impl Opened {
    /// The value of a name in the text.
    pub fn value(&self, name: &Name) -> Result<Typed, Diagnostic> {
        let text = column(&self.column);
        let value = match &self.form {
            Form::Json => ValueFunction::JsonAuto(name.text.to_lowercase()).of(text),
            Form::KeyValue(delimiter) => {
                let finder = made(KeyFinder::of_field(&name.text, delimiter.as_deref()), name.span())?;
                let extraction = Extraction::Keys { keys: vec![name.text.clone()], finder, any: true, last: true };
                ValueFunction::Item(0).of(call(Extract { extraction, all: false }, vec![text]))
            }
        };
        Ok(Typed::new(value, Kind::Text))
    }
}
