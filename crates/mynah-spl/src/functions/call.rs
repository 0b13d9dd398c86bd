use crate::expression::{Expression, Scope, Type, Typed, cell_number, cell_text, cell_values, lower};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result as PlanResult, plan_err};
use datafusion::prelude::Expr;
use mynah_dialect::{Flavour, regex};
use mynah_kernels::{Cell, Code, Function, Regex, RegexError, Resources, call};
use mynah_syntax::{Diagnostic, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::{Arc, Mutex};

/// What lowering a call gives.
pub(super) type Lowered = Result<Typed, Diagnostic>;

/// One call of a function, while it is lowered.
pub(crate) struct Call<'a> {
    /// The function's name as its table has it.
    pub(super) name: &'static str,
    /// The arguments as they were written.
    pub(super) arguments: &'a [Expression],
    /// The whole call's place.
    pub(super) span: Span,
    pub(super) scope: &'a Scope,
}

impl Call<'_> {
    /// An argument's place; the call's own where there is no such argument.
    pub(super) fn span_of(&self, index: usize) -> Span {
        self.arguments.get(index).map_or(self.span, |argument| argument.span)
    }

    /// A complaint about an argument.
    pub(super) fn error(&self, index: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error("spl/argument", message, self.span_of(index))
    }

    /// An argument, lowered; null where it is missing.
    pub(super) fn argument(&self, index: usize) -> Lowered {
        match self.arguments.get(index) {
            Some(argument) => lower(argument, self.scope),
            None => Ok(Typed::null()),
        }
    }

    /// All arguments, lowered.
    pub(super) fn all(&self) -> Result<Vec<Typed>, Diagnostic> {
        self.arguments.iter().map(|argument| lower(argument, self.scope)).collect()
    }

    /// An argument as a condition.
    pub(super) fn condition(&self, index: usize) -> Result<Expr, Diagnostic> {
        self.argument(index)?.into_condition(self.span_of(index))
    }

    /// An argument that is a constant text, if it is one.
    pub(super) fn literal_text(&self, index: usize) -> Result<Option<String>, Diagnostic> {
        Ok(self.argument(index)?.as_literal_text().map(str::to_owned))
    }

    /// An argument that is a constant regular expression, compiled.
    pub(super) fn literal_regex(&self, index: usize) -> Result<Option<Regex>, Diagnostic> {
        let Some(pattern) = self.literal_text(index)? else { return Ok(None) };
        regex(&pattern, Flavour::Pcre).map(Some).map_err(|error| self.error(index, error.to_string()))
    }

    /// The function's row code over the arguments.
    pub(super) fn row(&self, how: RowCall) -> Lowered {
        let arguments = self.all()?;
        // A text function of several values gives several.
        let each = how.each && arguments.first().is_some_and(|argument| argument.ty == Type::Multi);
        let returns = if each { Type::Multi } else { how.returns };
        let function = RowCall { function: self.name.to_owned(), returns, each, ..how };
        Ok(Typed::new(call(function, arguments.into_iter().map(|argument| argument.expr).collect()), returns))
    }
}

/// A call of a function of one row's values, as a plan holds it. Its code is in the table of functions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RowCall {
    pub function: String,
    pub returns: Type,
    /// Whether the first argument has several values, each of which gives one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// Which arguments are texts that the query has in quotes, where that makes a difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quoted: Vec<bool>,
    /// The regular expression among the arguments, where it is a constant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regex: Option<Regex>,
}

impl RowCall {
    /// Of one row's values.
    pub(crate) fn new(returns: Type) -> RowCall {
        RowCall { function: String::new(), returns, each: false, quoted: Vec::new(), regex: None }
    }

    /// Of each value of the first argument.
    pub(super) fn each(returns: Type) -> RowCall {
        RowCall { each: true, ..RowCall::new(returns) }
    }

    fn run(&self, code: &dyn Fn(&Row<'_>) -> Cell<'static>, row: &Row<'_>) -> Cell<'static> {
        if !self.each {
            return code(row);
        }
        let mut cells: Vec<Cell<'_>> = row.cells.to_vec();
        let mut results = Vec::new();
        for value in row.values(0) {
            if let Some(first) = cells.first_mut() {
                *first = Cell::Text(value);
            }
            results.extend(cell_text(&code(&Row { cells: &cells, ..*row })).map(Cow::into_owned));
        }
        Cell::texts(results)
    }
}

impl Function for RowCall {
    const NAME: &'static str = "spl.call";

    fn returns(&self) -> DataType {
        self.returns.data_type()
    }

    fn code(&self, _: &Resources) -> PlanResult<Code> {
        let Some(code) = super::row_code(&self.function) else {
            return plan_err!("SPL has no function `{}` of a row's values", self.function);
        };
        let (call, patterns) = (self.clone(), Patterns::default());
        Ok(Code::try_row(move |cells| {
            let failed = RefCell::new(None);
            let result = call.run(&*code, &Row { cells, call: &call, patterns: &patterns, failed: &failed });
            match (failed.into_inner(), result) {
                (Some(error), _) => Err(error),
                // A field without a value is null.
                (None, Cell::List(cells)) if cells.is_empty() => Ok(Cell::Null),
                (None, cell) => Ok(cell),
            }
        }))
    }

    fn display(&self, arguments: &[Expr]) -> Option<String> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Some(format!("{}({})", self.function, arguments.join(", ")))
    }
}

/// A function that commands and operators are made of, and nobody can call by its name, which is more than one word.
pub(crate) struct Internal {
    pub name: &'static str,
    pub returns: Type,
    pub code: fn(&Row<'_>) -> Cell<'static>,
}

impl Internal {
    pub(crate) fn call(&self, arguments: Vec<Expr>) -> Expr {
        call(RowCall { function: self.name.to_owned(), ..RowCall::new(self.returns) }, arguments)
    }

    pub(crate) fn typed(&self, arguments: Vec<Expr>) -> Typed {
        Typed::new(self.call(arguments), self.returns)
    }
}

/// One row's arguments.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    pub cells: &'r [Cell<'r>],
    call: &'r RowCall,
    patterns: &'r Patterns,
    failed: &'r RefCell<Option<DataFusionError>>,
}

impl<'r> Row<'r> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// One of them; null if there is none.
    pub(crate) fn cell(&self, index: usize) -> &'r Cell<'r> {
        self.cells.get(index).unwrap_or(&Cell::Null)
    }

    /// As text.
    pub(crate) fn text(&self, index: usize) -> Option<Cow<'r, str>> {
        cell_text(self.cell(index))
    }

    /// As a number.
    pub(crate) fn number(&self, index: usize) -> Option<f64> {
        cell_number(self.cell(index))
    }

    /// As a whole number.
    pub(super) fn integer(&self, index: usize) -> Option<i64> {
        self.number(index).filter(|number| number.is_finite()).map(|number| number as i64)
    }

    /// As values, none to many.
    pub(crate) fn values(&self, index: usize) -> Vec<Cow<'r, str>> {
        cell_values(self.cell(index))
    }

    /// All values of all arguments.
    pub(super) fn all_values(&self) -> impl Iterator<Item = Cow<'r, str>> {
        self.cells.iter().flat_map(cell_values)
    }

    /// Whether the query has the argument as a text in quotes.
    pub(super) fn is_quoted(&self, index: usize) -> bool {
        self.call.quoted.get(index) == Some(&true)
    }

    /// Ends the query with an error.
    pub(crate) fn fails(&self, message: String) -> Cell<'static> {
        self.failed.replace(Some(DataFusionError::Execution(message)));
        Cell::Null
    }

    /// What comes of an argument that is a regular expression; nothing where it is none. That it gives up ends the query.
    pub(super) fn regex<T>(&self, index: usize, run: impl FnOnce(&Regex) -> Result<T, RegexError>) -> Option<T> {
        let result = match &self.call.regex {
            Some(regex) => run(regex),
            None => run(self.patterns.get(&self.text(index)?)?.as_ref()),
        };
        result.map_err(|error| self.failed.replace(Some(error.into()))).ok()
    }
}

/// The last regular expression of a column of them, compiled: mostly the next row has the same.
#[derive(Default)]
struct Patterns(Mutex<Option<(String, Option<Arc<Regex>>)>>);

impl Patterns {
    /// The compiled expression; none where it cannot be used.
    fn get(&self, pattern: &str) -> Option<Arc<Regex>> {
        let compile = || regex(pattern, Flavour::Pcre).ok().map(Arc::new);
        let Ok(mut last) = self.0.lock() else { return compile() };
        match &*last {
            Some((known, regex)) if known == pattern => regex.clone(),
            _ => {
                let regex = compile();
                *last = Some((pattern.to_owned(), regex.clone()));
                regex
            }
        }
    }
}

/// A text result, or none.
pub(super) fn text(text: Option<impl Into<String>>) -> Cell<'static> {
    text.map(Cell::text).into()
}

/// A number result, or none; what is no number (the root of -1) is none.
pub(crate) fn number(number: Option<f64>) -> Cell<'static> {
    number.filter(|number| !number.is_nan()).map(Cell::Float).into()
}
