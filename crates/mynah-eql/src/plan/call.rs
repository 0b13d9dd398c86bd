//! Calls of functions.
use super::Lowering;
use super::value::{Value, ValueType};
use crate::ast::Call;
use crate::functions::{FUNCTIONS, FunctionCode, RowFunction};
use datafusion::prelude::Expr;
use mynah_dialect::Entry;
use mynah_kernels::{Case, Matcher, Network, Pattern, Piece, cidr_match, text_match};
use mynah_syntax::{Diagnostic, Span};

impl Lowering<'_> {
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Option<Value> {
        let Some(function) = FUNCTIONS.find(&call.name) else { return self.unknown_function(call) };
        if call.folded && !function.code.folds {
            let name = function.doc.name;
            let message = format!("`{name}` has no variant that leaves case aside");
            let diagnostic = Diagnostic::error("eql/unsupported", message, call.name_place.0);
            return self.report(diagnostic.with_fix(call.name_place.0, name, "leave the `~` out"));
        }
        if let Err(diagnostic) = function.check("eql/arguments", call.arguments.len(), span) {
            return self.report(diagnostic);
        }
        let arguments: Vec<Option<Value>> = call.arguments.iter().map(|argument| self.value(argument)).collect();
        let arguments: Vec<Value> = arguments.into_iter().collect::<Option<_>>()?;
        self.apply(function, call.folded, arguments, span)
    }

    fn unknown_function(&mut self, call: &Call) -> Option<Value> {
        let span = call.name_place.0;
        let mut diagnostic = FUNCTIONS.unknown("eql/unknown-function", &call.name, span);
        let help = match call.name.to_ascii_lowercase().as_str() {
            "wildcard" => "write `field : (\"pattern\", …)`, or `like` where case matters",
            "match" | "matchlite" => "write `field regex (\"pattern\", …)`",
            "arraycontains" => "write `field : (\"value\", …)`: it holds if any value of the field matches",
            "arraycount" | "arraysearch" | "safe" | "subtractsafe" => {
                "it is one of Endgame's, and Elasticsearch has nothing for it"
            }
            _ => {
                if let Some(fix) = diagnostic.fix.as_mut().filter(|_| call.folded) {
                    fix.replacement.push('~');
                }
                return self.report(diagnostic);
            }
        };
        diagnostic.fix = None;
        let diagnostic = diagnostic.with_help(help);
        self.report(diagnostic)
    }

    /// Plans the call of a function.
    pub(super) fn apply(
        &mut self,
        function: &'static Entry<FunctionCode>,
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
            return Some(Value::constant((function.code.call)(&constants, case), span));
        }
        if let Some(plan) = matched(function, &arguments, case) {
            return Some(Value::condition(plan, span));
        }
        let is_whole = |argument: &Value| matches!(argument.kind, ValueType::Integer | ValueType::Null);
        let of_arguments = if arguments.iter().all(is_whole) { ValueType::Integer } else { ValueType::Float };
        let kind = function.code.returns.unwrap_or(of_arguments);
        let any = kind == ValueType::Boolean;
        // True or false is said once, whether for one value or for any of several.
        let many = !any && arguments.iter().any(|argument| argument.many);
        let function = function.doc.name.to_owned();
        let code = RowFunction::Call { function, case, returns: kind, many };
        let plan = mynah_kernels::call(code, arguments.into_iter().map(|argument| argument.plan).collect());
        Some(Value { plan, kind, many, constant: None, field: false, guessed: false, caseless: false, span })
    }
}

/// The plan of a test of a text against constants, which is quicker than the function itself.
fn matched(function: &Entry<FunctionCode>, arguments: &[Value], case: Case) -> Option<Expr> {
    let (source, constants) = arguments.split_first()?;
    if !matches!(source.kind, ValueType::Text | ValueType::Ip) {
        return None;
    }
    let constants: Vec<&str> = constants.iter().map(Value::text).collect::<Option<_>>()?;
    if let Some(pattern) = function.code.pattern {
        let [part] = constants.as_slice() else { return None };
        let pattern = (!part.is_empty()).then(|| Pattern(pattern(Piece::Literal((*part).to_owned()))))?;
        return Some(text_match(Matcher::new([pattern], case), source.plan.clone()));
    }
    if function.doc.name == "cidrMatch" {
        let networks: Vec<Network> = constants.iter().map(|text| text.parse().ok()).collect::<Option<_>>()?;
        return Some(cidr_match(networks, source.plan.clone()));
    }
    None
}
