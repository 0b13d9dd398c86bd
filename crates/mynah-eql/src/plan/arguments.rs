//! Arguments of the kinds that a function takes.
use super::Lowering;
use super::value::{Value, ValueType};
use crate::functions::{Accepts, FUNCTIONS, FunctionCode, RowFunction, parameter, text_of};
use mynah_dialect::Entry;
use mynah_kernels::{Case, Cell, Network, call};
use mynah_syntax::Diagnostic;

impl Lowering<'_> {
    /// An argument as the function takes it. What Elastic refuses is converted where it is plain what was meant.
    pub(super) fn accepted(
        &mut self,
        function: &'static Entry<FunctionCode>,
        index: usize,
        argument: Value,
    ) -> Option<Value> {
        let (name, accepts) = parameter(function, index)?;
        if argument.is_null() {
            return Some(argument);
        }
        let converted = match (accepts, argument.kind) {
            (Accepts::Any, ValueType::Date) => self.as_text(argument),
            (Accepts::Any, _)
            | (Accepts::Text, ValueType::Text | ValueType::Ip)
            | (Accepts::Number, ValueType::Integer | ValueType::Float)
            | (Accepts::Integer, ValueType::Integer)
            | (Accepts::Boolean, ValueType::Boolean) => argument,
            (Accepts::Text, ValueType::Integer | ValueType::Float | ValueType::Boolean | ValueType::Date) => {
                self.argument_warning(function, name, "text", &argument);
                self.as_text(argument)
            }
            (Accepts::Number, ValueType::Text) => {
                self.argument_warning(function, name, "a number", &argument);
                as_number(argument)
            }
            (_, kind) => {
                let wanted = match accepts {
                    Accepts::Text => "text",
                    Accepts::Number => "a number",
                    Accepts::Integer => "a whole number",
                    Accepts::Boolean => "true or false",
                    Accepts::Any => "a value",
                };
                let message = format!("`{}` takes {wanted} as its {name}, not a {kind}", function.doc.name);
                let help = format!("it is called as `{}`", function.doc.usage);
                return self.report(Diagnostic::error("eql/type", message, argument.span).with_help(help));
            }
        };
        if function.doc.name == "cidrMatch" {
            match index {
                0 if converted.kind == ValueType::Text && converted.constant.is_none() && !converted.guessed => {
                    self.argument_warning(function, name, "an IP address", &converted);
                }
                0 => {}
                _ => self.check_network(&converted),
            }
        }
        Some(converted)
    }

    fn argument_warning(&mut self, function: &Entry<FunctionCode>, parameter: &str, wanted: &str, argument: &Value) {
        let message = format!(
            "Elastic refuses a {} as the {parameter} of `{}`, which is to be {wanted}",
            argument.kind, function.doc.name
        );
        let diagnostic = Diagnostic::warning("eql/argument-type", message, argument.span);
        self.diagnostics.push(diagnostic.with_help("it is converted; write `string(…)` or `number(…)` around it"));
    }

    fn check_network(&mut self, argument: &Value) {
        if argument.constant.is_none() {
            let message = "Elastic refuses networks of `cidrMatch` that are no constants";
            let diagnostic = Diagnostic::warning("eql/argument-type", message, argument.span);
            self.diagnostics.push(diagnostic.with_help("here the event's own value is taken"));
        }
        if let Some(text) = argument.text()
            && text.parse::<Network>().is_err()
        {
            let message = format!("`{text}` is no network");
            let diagnostic = Diagnostic::error("eql/network", message, argument.span);
            let help = "a network is an address and a number of bits: `10.0.0.0/8`, `2001:db8::/32`";
            self.diagnostics.push(diagnostic.with_help(help));
        }
    }

    /// A value as text.
    pub(super) fn as_text(&mut self, value: Value) -> Value {
        if matches!(value.kind, ValueType::Text | ValueType::Ip | ValueType::Null) {
            return value;
        }
        if let Some(cell) = &value.constant {
            let text = text_of(cell).map(|text| text.into_owned());
            return Value::constant(text.map(Cell::text).into(), value.span);
        }
        let many = value.many;
        let function = match value.kind {
            ValueType::Date => RowFunction::Date { many },
            _ => RowFunction::Text { many },
        };
        let plan = call(function, vec![value.plan]);
        Value { plan, kind: ValueType::Text, field: false, ..value }
    }
}

/// A text as a number.
pub(super) fn as_number(value: Value) -> Value {
    let Some(function) = FUNCTIONS.find("number") else { return value };
    if let Some(cell) = &value.constant {
        return Value::constant((function.code.call)(std::slice::from_ref(cell), Case::Exact), value.span);
    }
    let (kind, case) = (ValueType::Float, Case::Exact);
    let code = RowFunction::Call { function: function.doc.name.to_owned(), case, returns: kind, many: value.many };
    Value { plan: call(code, vec![value.plan]), kind, field: false, ..value }
}
