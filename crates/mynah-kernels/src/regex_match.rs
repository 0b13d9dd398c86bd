use crate::texts::try_test_texts;
use crate::{Code, Function, Needed, Regex, Resources, call};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::utils::take_function_args;
use datafusion::prelude::Expr;
use serde::{Deserialize, Serialize};

/// The function behind [`regex_match`]; the engine looks for it in plans.
#[derive(Debug, Serialize, Deserialize)]
pub struct RegexMatch {
    regex: Regex,
}

impl RegexMatch {
    /// What it matches, anywhere in the text unless the expression is anchored.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

/// Whether a regular expression is found in a column's text; of a list of texts, in any. Null gives null.
///
/// The dialect compiles the expression (flags, anchors), so that a broken one is a diagnostic of the query.
pub fn regex_match(regex: Regex, column: Expr) -> Expr {
    call(RegexMatch { regex }, vec![column])
}

impl Function for RegexMatch {
    const NAME: &'static str = "regex_match";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let regex = self.regex.clone();
        Ok(Code::columns(move |args| {
            let [column] = take_function_args(Self::NAME, args.args)?;
            try_test_texts(&column, |text| Ok(regex.is_match(text)?))
        }))
    }

    fn needs(&self) -> Option<Needed<'_>> {
        Some(Needed::Regex(&self.regex))
    }

    fn display(&self, arguments: &[Expr]) -> Option<String> {
        Some(format!("{} =~ /{}/", arguments.first()?, self.regex.as_str()))
    }
}
