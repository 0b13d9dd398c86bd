//! Calls of functions.
use super::Lowering;
use super::value::{Kind, Value};
use crate::ast::Call;
use crate::functions::{self, FUNCTIONS, Function, Returns, spread};
use datafusion::prelude::Expr as Plan;
#[cfg(test)]
use mynah_kernels::Cell;
use mynah_kernels::{Case, Matcher, Network, cidr_match, row_function, text_match};
use mynah_syntax::{Diagnostic, Span, nearest};

impl Lowering<'_> {
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Option<Value> {
        let Some(function) = functions::find(&call.name) else { return self.unknown_function(call) };
        if call.folded && !function.folds {
            let name = function.doc.name;
            let message = format!("`{name}` has no variant that leaves case aside");
            let diagnostic = Diagnostic::error("eql/unsupported", message, call.name_place.0);
            return self.report(diagnostic.with_fix(call.name_place.0, name, "leave the `~` out"));
        }
        let given = call.arguments.len();
        if given < function.fewest() || given > function.most() {
            let message =
                format!("`{}` was given {given} argument{}", function.doc.name, if given == 1 { "" } else { "s" });
            let help = format!("it is called as `{}`", function.doc.usage);
            return self.report(Diagnostic::error("eql/arguments", message, span).with_help(help));
        }
        let arguments: Vec<Option<Value>> = call.arguments.iter().map(|argument| self.value(argument)).collect();
        let arguments: Vec<Value> = arguments.into_iter().collect::<Option<_>>()?;
        self.apply(function, call.folded, arguments, span)
    }

    fn unknown_function(&mut self, call: &Call) -> Option<Value> {
        let span = call.name_place.0;
        let message = format!("EQL has no function `{}`", call.name);
        let diagnostic = Diagnostic::error("eql/unknown-function", message, span);
        let diagnostic = match call.name.to_ascii_lowercase().as_str() {
            "wildcard" => diagnostic.with_help("write `field : (\"pattern\", …)`, or `like` where case matters"),
            "match" | "matchlite" => diagnostic.with_help("write `field regex (\"pattern\", …)`"),
            "arraycontains" => {
                diagnostic.with_help("write `field : (\"value\", …)`: it holds if any value of the field matches")
            }
            "arraycount" | "arraysearch" | "safe" | "subtractsafe" => {
                diagnostic.with_help("it is one of Endgame's, and Elasticsearch has nothing for it")
            }
            name => match nearest(name, FUNCTIONS.iter().map(|function| function.doc.name)) {
                Some(meant) => {
                    let written = if call.folded { format!("{meant}~") } else { meant.to_owned() };
                    diagnostic.with_fix(span, written, format!("did you mean `{meant}`?"))
                }
                None => diagnostic,
            },
        };
        self.report(diagnostic)
    }

    /// Plans the call of a function.
    pub(super) fn apply(
        &mut self,
        function: &'static Function,
        folded: bool,
        arguments: Vec<Value>,
        span: Span,
    ) -> Option<Value> {
        let arguments: Vec<Option<Value>> = arguments
            .into_iter()
            .enumerate()
            .map(|(index, argument)| self.accepted(function, index, argument))
            .collect();
        let arguments: Vec<Value> = arguments.into_iter().collect::<Option<_>>()?;
        let caseless = arguments.iter().any(|argument| argument.caseless);
        let case = if folded || caseless { Case::Folded } else { Case::Exact };
        if let Some(constants) = arguments.iter().map(|argument| argument.constant.clone()).collect::<Option<Vec<_>>>()
        {
            return Some(Value::constant((function.call)(&constants, case), span));
        }
        if let Some(plan) = matched(function, &arguments, case) {
            return Some(Value::condition(plan, span));
        }
        let kind = match function.returns {
            Returns::Text => Kind::Text,
            Returns::Integer => Kind::Integer,
            Returns::Float => Kind::Float,
            Returns::Boolean => Kind::Boolean,
            Returns::Number if arguments.iter().all(|argument| matches!(argument.kind, Kind::Integer | Kind::Null)) => {
                Kind::Integer
            }
            Returns::Number => Kind::Float,
        };
        let any = kind == Kind::Boolean;
        // True or false is said once, whether for one value or for any of several.
        let many = !any && arguments.iter().any(|argument| argument.many);
        let name = format!("eql_{}{}", function.doc.name, if case == Case::Folded { "~" } else { "" });
        let body = function.call;
        let udf = row_function(name, kind.data_type(many), move |row| spread(row, any, &|row| body(row, case)));
        let plan = udf.call(arguments.into_iter().map(|argument| argument.plan).collect());
        Some(Value { plan, kind, many, constant: None, field: false, caseless: false, span })
    }
}

/// The plan of a test of a text against constants, which is quicker than the function itself.
fn matched(function: &Function, arguments: &[Value], case: Case) -> Option<Plan> {
    let (source, constants) = arguments.split_first()?;
    if !matches!(source.kind, Kind::Text | Kind::Ip) {
        return None;
    }
    let constants: Vec<&str> = constants.iter().map(Value::text).collect::<Option<_>>()?;
    if let Some(pattern) = function.pattern {
        let [part] = constants.as_slice() else { return None };
        return Some(text_match(Matcher::new([pattern(part)?], case), source.plan.clone()));
    }
    if function.doc.name == "cidrMatch" {
        let networks: Vec<Network> = constants.iter().map(|text| text.parse().ok()).collect::<Option<_>>()?;
        return Some(cidr_match(networks, source.plan.clone()));
    }
    None
}

/// The value of a function's cell, for its examples.
#[cfg(test)]
pub(crate) fn cell_text(cell: &Cell<'_>) -> String {
    functions::text_of(cell).map_or_else(|| "null".to_owned(), std::borrow::Cow::into_owned)
}
