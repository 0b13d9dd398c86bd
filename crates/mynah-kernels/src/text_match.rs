use crate::Matcher;
use crate::texts::test_texts;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};
use datafusion::prelude::Expr;

/// The function behind [`text_match`]; the engine looks for it in plans.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct TextMatch {
    matcher: Matcher,
    signature: Signature,
}

impl TextMatch {
    /// What it matches.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }
}

/// Whether a column's text fits a [`Matcher`]; of a list of texts, whether any does. Null gives null.
pub fn text_match(matcher: Matcher, column: Expr) -> Expr {
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(TextMatch { matcher, signature }).call(vec![column])
}

impl ScalarUDFImpl for TextMatch {
    fn name(&self) -> &str {
        "text_match"
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        self.schema_name(args)
    }

    // Two matchers over one column must not pass for one expression.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let column = args.first().map(ToString::to_string).unwrap_or_default();
        let patterns: Vec<String> = self
            .matcher
            .patterns()
            .iter()
            .map(|pattern| {
                pattern
                    .0
                    .iter()
                    .map(|piece| match piece {
                        crate::Piece::Literal(text) => text.as_str(),
                        crate::Piece::Many => "*",
                        crate::Piece::One => "?",
                    })
                    .collect()
            })
            .collect();
        let case = if self.matcher.case() == crate::Case::Folded { "~" } else { "=" };
        Ok(format!("{column} {case} {patterns:?}"))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [column] = datafusion::common::utils::take_function_args(self.name(), args.args)?;
        test_texts(&column, |text| self.matcher.matches(text))
    }
}
