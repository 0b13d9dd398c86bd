//! Arguments of the kinds that a function takes.
use super::Lowering;
use super::value::{Kind, Value};
use crate::functions::{self, Accepts, Function, spread, text_of};
use mynah_kernels::{Case, Cell, Network, row_function};
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    /// An argument as the function takes it. What Elastic refuses is converted where it is plain what was meant.
    pub(super) fn accepted(&mut self, function: &'static Function, index: usize, argument: Value) -> Option<Value> {
        let parameter = function.parameter(index)?;
        if argument.is_null() {
            return Some(argument);
        }
        let converted = match (parameter.accepts, argument.kind) {
            (Accepts::Any, Kind::Date) => Some(self.as_text(argument.clone())),
            (Accepts::Any, _)
            | (Accepts::Text, Kind::Text | Kind::Ip)
            | (Accepts::Number, Kind::Integer | Kind::Float)
            | (Accepts::Integer, Kind::Integer)
            | (Accepts::Boolean, Kind::Boolean) => Some(argument.clone()),
            (Accepts::Text, Kind::Integer | Kind::Float | Kind::Boolean | Kind::Date) => {
                self.argument_warning(function, parameter.name, "text", &argument);
                Some(self.as_text(argument.clone()))
            }
            (Accepts::Number, Kind::Text) => {
                self.argument_warning(function, parameter.name, "a number", &argument);
                Some(as_number(argument.clone()))
            }
            _ => None,
        };
        let Some(converted) = converted else {
            let wanted = match parameter.accepts {
                Accepts::Text => "text",
                Accepts::Number => "a number",
                Accepts::Integer => "a whole number",
                Accepts::Boolean => "true or false",
                Accepts::Any => "a value",
            };
            let message =
                format!("`{}` takes {wanted} as its {}, not a {}", function.doc.name, parameter.name, argument.kind);
            let help = format!("it is called as `{}`", function.doc.usage);
            return self.report(Diagnostic::error("eql/type", message, argument.span).with_help(help));
        };
        if function.doc.name == "cidrMatch" && index > 0 {
            self.check_network(&converted);
        }
        Some(converted)
    }

    fn argument_warning(&mut self, function: &Function, parameter: &str, wanted: &str, argument: &Value) {
        let message = format!(
            "Elastic refuses a {} as the {parameter} of `{}`, which is to be {wanted}",
            argument.kind, function.doc.name
        );
        let diagnostic = Diagnostic::warning("eql/argument-type", message, argument.span);
        self.diagnostics.push(diagnostic.with_help("it is converted; write `string(…)` or `number(…)` around it"));
    }

    fn check_network(&mut self, argument: &Value) {
        if let Some(text) = argument.text()
            && text.parse::<Network>().is_err()
        {
            let message = format!("`{text}` is no network");
            let diagnostic = Diagnostic::error("eql/network", message, argument.span);
            self.diagnostics.push(
                diagnostic.with_help("a network is an address and a number of bits: `10.0.0.0/8`, `2001:db8::/32`"),
            );
        }
    }

    /// A value as text.
    pub(super) fn as_text(&mut self, value: Value) -> Value {
        if matches!(value.kind, Kind::Text | Kind::Ip | Kind::Null) {
            return value;
        }
        if let Some(cell) = &value.constant {
            let text = text_of(cell).map(|text| text.into_owned());
            return Value::constant(text.map(Cell::text).into(), value.span);
        }
        let many = value.many;
        let plan = if value.kind == Kind::Date {
            super::time::written(value.plan, many)
        } else {
            let returns = Kind::Text.data_type(many);
            let udf = row_function("eql_string", returns, |row| {
                spread(row, false, &|row| {
                    row.first().and_then(text_of).map(|text| Cell::text(text.into_owned())).into()
                })
            });
            udf.call(vec![value.plan])
        };
        Value { plan, kind: Kind::Text, field: false, ..value }
    }
}

/// A text as a number.
fn as_number(value: Value) -> Value {
    let Some(function) = functions::find("number") else { return value };
    let body = function.call;
    if let Some(cell) = &value.constant {
        return Value::constant(body(std::slice::from_ref(cell), Case::Exact), value.span);
    }
    let returns = Kind::Float.data_type(value.many);
    let udf = row_function("eql_number", returns, move |row| spread(row, false, &|row| body(row, Case::Exact)));
    Value { plan: udf.call(vec![value.plan]), kind: Kind::Float, field: false, ..value }
}
