//! Calls of functions.
use super::Typed;
use super::coerce::to_type;
use super::lower::Lower;
use crate::ast::{self, ExprKind};
use crate::functions::{ARGUMENTS, Aggregated, Call, FUNCTIONS, FunctionCode, Grouped, without_value};
use crate::lint::{log_source_type_name, text_for_property};
use mynah_dialect::Entry;
use mynah_kernels::Cell;
use mynah_syntax::{Diagnostic, Span};

impl Lower<'_, '_> {
    pub(super) fn call(
        &mut self,
        expr: &ast::Expr,
        name: &str,
        name_span: Span,
        distinct: bool,
        arguments: &[ast::Expr],
    ) -> Option<Typed> {
        let Some(function) = FUNCTIONS.find(name) else {
            return self.planner.refuse(FUNCTIONS.unknown("aql/unknown-function", name, name_span));
        };
        let name = function.doc.name;
        if let FunctionCode::Refused(why) = function.code {
            return self.without_value(without_value(name, why, name_span, self.decides));
        }
        if let Err(diagnostic) = function.check(ARGUMENTS, arguments.len(), expr.span()) {
            return self.planner.refuse(diagnostic);
        }
        match function.code {
            FunctionCode::Lookup(fields) => self.lookup(name, fields, arguments.first()?),
            FunctionCode::Aggregate(aggregate) => {
                let all = ast::Expr::new(ExprKind::Star, expr.span());
                self.aggregate(function, aggregate, distinct, arguments.first().unwrap_or(&all), expr.span())
            }
            _ if distinct => self.mistake(format!("{name} does not take DISTINCT"), expr.span()),
            _ => self.row(function, arguments, expr.span()),
        }
    }

    /// No value, if that is a warning only.
    fn without_value(&mut self, said: Result<Diagnostic, Box<Diagnostic>>) -> Option<Typed> {
        match said {
            Ok(warning) => {
                self.planner.report(warning);
                Some(Typed::constant(Cell::Null))
            }
            Err(error) => self.planner.refuse(*error),
        }
    }

    /// A function of one event.
    fn row(&mut self, function: &'static Entry<FunctionCode>, arguments: &[ast::Expr], span: Span) -> Option<Typed> {
        let values: Vec<Option<Typed>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let values = values.into_iter().collect::<Option<Vec<Typed>>>()?;
        self.look_for_quoted_properties(arguments);
        let mut call = Call {
            text: self.planner.text,
            name: function.doc.name,
            span,
            arguments: values,
            spans: arguments.iter().map(ast::Expr::span).collect(),
            context: self.planner.context,
            decides: self.decides,
            warnings: Vec::new(),
        };
        let result = match &function.code {
            FunctionCode::Row(types, code) => Ok(call.row(types, code.clone())),
            FunctionCode::Expr(code) => code(&mut call),
            _ => return None,
        };
        self.planner.diagnostics.extend(call.warnings);
        result.map_err(|diagnostic| self.planner.report(*diagnostic)).ok()
    }

    fn aggregate(
        &mut self,
        function: &Entry<FunctionCode>,
        aggregate: fn(Grouped<'_>) -> Result<Aggregated, String>,
        distinct: bool,
        argument: &ast::Expr,
        span: Span,
    ) -> Option<Typed> {
        // Taken away meanwhile: an aggregate's argument is of single events.
        let Some(aggregation) = self.aggregation.take() else {
            let name = function.doc.name;
            let message = format!("{name} is not allowed here: it has a value for a group, not for an event");
            let diagnostic = Diagnostic::error("aql/aggregate-place", message, span);
            return self.planner.refuse(diagnostic.with_help("conditions on groups go into HAVING"));
        };
        let argument = match argument.kind {
            ExprKind::Star => Some(None),
            _ => self.expr(argument).map(Some),
        };
        let made = argument.and_then(|argument| {
            let made = aggregate(Grouped { argument, distinct, order: &aggregation.order });
            let help = format!("it is called as `{}`", function.doc.usage);
            made.map_err(|message| self.planner.report(Diagnostic::error(ARGUMENTS, message, span).with_help(help)))
                .ok()
        });
        let value = made.map(|made| {
            let value = aggregation.add(&mut *self.planner, made.expr, made.ty);
            if made.ty == made.shown { value } else { Typed::new(to_type(&value, made.shown), made.shown) }
        });
        self.aggregation = Some(aggregation);
        value
    }

    /// Says so where an argument in single quotes is the name of a property.
    fn look_for_quoted_properties(&mut self, arguments: &[ast::Expr]) {
        for argument in arguments {
            if let ExprKind::Text(text) = &argument.kind
                && text.chars().any(char::is_alphabetic)
                && self.scope.knows(text)
            {
                self.planner.report(text_for_property(text, argument.span()));
            }
        }
    }

    /// The name behind an id.
    fn lookup(
        &mut self,
        function: &'static str,
        fields: &[(&'static str, &'static str)],
        argument: &ast::Expr,
    ) -> Option<Typed> {
        let wanted = fields.first().map_or("", |(field, _)| field);
        let ExprKind::Column { name, quoted } = &argument.kind else {
            let message = format!(
                "{function} can only be given a property here: what the name behind any other id is, only a QRadar server knows"
            );
            let diagnostic = Diagnostic::error("aql/type", message, argument.span());
            return self.planner.refuse(diagnostic.with_help(format!("write {function}({wanted})")));
        };
        let name = self.unqualified(name, *quoted);
        // An alias of an id in the same select list stands for the id.
        if !self.scope.knows(name)
            && let Some(value) = self.through_alias(name, |lower, alias| lower.lookup(function, fields, alias))
        {
            return value;
        }
        let found = self.find(name, argument.span())?;
        let companion = found.field.as_deref().and_then(|field| fields.iter().find(|(known, _)| *known == field));
        let Some((field, companion)) = companion else {
            let message = format!("{function} takes `{wanted}`, not `{name}`");
            let diagnostic = Diagnostic::error("aql/type", message, argument.span());
            return self.planner.refuse(diagnostic.with_fix(
                argument.span(),
                wanted,
                format!("write {function}({wanted})"),
            ));
        };
        if function == "LOGSOURCETYPENAME" && *field == "logsourceid" {
            self.planner.report(log_source_type_name(argument.span()));
        }
        let Some(companion) = self.scope.companion(name, companion) else {
            return self.mistake(format!("the query in FROM does not pass on what {function} needs"), argument.span());
        };
        if !companion.known {
            let why = format!("no view says what the names behind `{field}` are");
            return self.without_value(without_value(function, &why, argument.span(), self.decides));
        }
        Some(self.of_group(companion.value))
    }
}
