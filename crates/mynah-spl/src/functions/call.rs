use crate::expression::{Expression, Scope, Type, Typed, cell_number, cell_text, cell_values, lower};
use datafusion::prelude::Expr;
use mynah_dialect::PlanContext;
use mynah_kernels::{Cell, row_function};
use mynah_syntax::{Diagnostic, Span, Spanned};
use std::borrow::Cow;

/// One call of a function, while it is lowered.
pub(crate) struct Call<'a> {
    /// The function's name as it was written.
    pub(super) name: &'a Spanned<String>,
    /// The arguments as they were written.
    pub(super) arguments: &'a [Expression],
    /// The whole call's place.
    pub(super) span: Span,
    pub(super) scope: &'a Scope,
    pub(super) context: &'a PlanContext<'a>,
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
    pub(super) fn argument(&self, index: usize) -> Result<Typed, Diagnostic> {
        match self.arguments.get(index) {
            Some(argument) => lower(argument, self.scope, self.context),
            None => Ok(Typed::null()),
        }
    }

    /// All arguments, lowered.
    pub(super) fn all(&self) -> Result<Vec<Typed>, Diagnostic> {
        self.arguments.iter().map(|argument| lower(argument, self.scope, self.context)).collect()
    }

    /// An argument as a condition.
    pub(super) fn condition(&self, index: usize) -> Result<Expr, Diagnostic> {
        self.argument(index)?.into_condition(self.span_of(index))
    }

    /// An argument that is a constant text, if it is one.
    pub(super) fn literal_text(&self, index: usize) -> Result<Option<String>, Diagnostic> {
        Ok(self.argument(index)?.as_literal_text().map(str::to_owned))
    }

    /// A function of one row's values, whatever their types.
    ///
    /// `key` tells apart functions of one name whose closures captured different things.
    pub(super) fn row(
        &self,
        key: &str,
        output: Type,
        body: impl Fn(&Row<'_>) -> Cell<'static> + Send + Sync + 'static,
    ) -> Result<Typed, Diagnostic> {
        let arguments = self.all()?.into_iter().map(|argument| argument.expr).collect();
        Ok(Typed::new(row_expr(&self.name.node, key, output, arguments, body), output))
    }

    /// The same, for a function of a text (its first argument) that a field of several values gets applied to each of.
    pub(super) fn each(
        &self,
        key: &str,
        output: Type,
        body: impl Fn(&Row<'_>) -> Cell<'static> + Send + Sync + 'static,
    ) -> Result<Typed, Diagnostic> {
        let arguments = self.all()?;
        let multi = arguments.first().is_some_and(|argument| argument.ty == Type::Multi);
        let arguments = arguments.into_iter().map(|argument| argument.expr).collect();
        if !multi {
            return Ok(Typed::new(row_expr(&self.name.node, key, output, arguments, body), output));
        }
        let key = format!("{key} of each");
        let expr = row_expr(&self.name.node, &key, Type::Multi, arguments, move |row| {
            let mut cells: Vec<Cell<'_>> = row.0.to_vec();
            let mut results = Vec::new();
            for value in row.values(0) {
                if let Some(first) = cells.first_mut() {
                    *first = Cell::Text(value);
                }
                let result = body(&Row(&cells));
                results.extend(cell_text(&result).map(Cow::into_owned));
            }
            Cell::texts(results)
        });
        Ok(Typed::new(expr, Type::Multi))
    }
}

/// One row's arguments.
pub(crate) struct Row<'r>(pub(super) &'r [Cell<'r>]);

impl<'r> Row<'r> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// One of them; null if there is none.
    pub(super) fn cell(&self, index: usize) -> &'r Cell<'r> {
        self.0.get(index).unwrap_or(&Cell::Null)
    }

    /// As text.
    pub(super) fn text(&self, index: usize) -> Option<Cow<'r, str>> {
        cell_text(self.cell(index))
    }

    /// As a number.
    pub(super) fn number(&self, index: usize) -> Option<f64> {
        cell_number(self.cell(index))
    }

    /// As a whole number.
    pub(super) fn integer(&self, index: usize) -> Option<i64> {
        self.number(index).filter(|number| number.is_finite()).map(|number| number as i64)
    }

    /// As values, none to many.
    pub(super) fn values(&self, index: usize) -> Vec<Cow<'r, str>> {
        cell_values(self.cell(index))
    }
}

/// A text result, or none.
pub(super) fn text(text: Option<impl Into<String>>) -> Cell<'static> {
    text.map(Cell::text).into()
}

/// A number result, or none; what is no number (the root of -1) is none.
pub(super) fn number(number: Option<f64>) -> Cell<'static> {
    number.filter(|number| !number.is_nan()).map(Cell::Float).into()
}

fn row_expr(
    name: &str,
    key: &str,
    output: Type,
    arguments: Vec<Expr>,
    body: impl Fn(&Row<'_>) -> Cell<'static> + Send + Sync + 'static,
) -> Expr {
    let name = format!("spl_{}{}{key}", name.to_ascii_lowercase(), if key.is_empty() { "" } else { " " });
    row_function(name, output.data_type(), move |row| match body(&Row(row)) {
        // A field without a value is null.
        Cell::List(cells) if cells.is_empty() => Cell::Null,
        cell => cell,
    })
    .call(arguments)
}
