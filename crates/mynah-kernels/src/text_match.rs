use crate::texts::try_test_texts;
use crate::{Case, Code, Function, Matcher, Needed, Piece, Resources, call};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::utils::take_function_args;
use datafusion::prelude::Expr;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The function behind [`text_match`]; the engine looks for it in plans.
#[derive(Debug, Serialize, Deserialize)]
pub struct TextMatch {
    matcher: Arc<Matcher>,
}

impl TextMatch {
    /// What it matches.
    pub fn matcher(&self) -> &Arc<Matcher> {
        &self.matcher
    }
}

/// Whether a column's text fits a [`Matcher`]; of a list of texts, whether any does. Null gives null.
pub fn text_match(matcher: Matcher, column: Expr) -> Expr {
    call(TextMatch { matcher: Arc::new(matcher) }, vec![column])
}

impl Function for TextMatch {
    const NAME: &'static str = "text_match";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let matcher = Arc::clone(&self.matcher);
        Ok(Code::columns(move |args| {
            let [column] = take_function_args(Self::NAME, args.args)?;
            try_test_texts(&column, |text| Ok(matcher.matches(text)))
        }))
    }

    fn needs(&self) -> Option<Needed<'_>> {
        Some(Needed::Text(&self.matcher))
    }

    fn display(&self, arguments: &[Expr]) -> Option<String> {
        let text = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Many => "*".to_owned(),
            Piece::One => "?".to_owned(),
        };
        let patterns: Vec<String> =
            self.matcher.patterns().iter().map(|pattern| pattern.0.iter().map(text).collect()).collect();
        let case = if self.matcher.case() == Case::Folded { "~" } else { "=" };
        Some(format!("{} {case} {patterns:?}", arguments.first()?))
    }
}
