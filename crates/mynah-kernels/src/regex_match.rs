use crate::texts::test_texts;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::prelude::Expr;
use regex::Regex;
use std::hash::{Hash, Hasher};

/// The function behind [`regex_match`]; the engine looks for it in plans.
#[derive(Debug)]
pub struct RegexMatch {
    regex: Regex,
    signature: Signature,
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
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(RegexMatch { regex, signature }).call(vec![column])
}

impl ScalarUDFImpl for RegexMatch {
    fn name(&self) -> &str {
        "regex_match"
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        self.schema_name(args)
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(format!("{} =~ /{}/", args.first().map(ToString::to_string).unwrap_or_default(), self.regex))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [column] = datafusion::common::utils::take_function_args(self.name(), args.args)?;
        test_texts(&column, |text| self.regex.is_match(text))
    }
}

impl PartialEq for RegexMatch {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

impl Eq for RegexMatch {}

impl Hash for RegexMatch {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.regex.as_str().hash(state);
    }
}
