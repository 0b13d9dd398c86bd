//! What modifiers make of the values of a detection item.
//!
//! A value goes through the modifiers behind its field in their order, as the specification says, and comes out as a
//! [`Test`] that a field's value is held against.
mod comparison;
mod expand;
mod glyphs;
mod regex;
mod table;
mod transform;

pub(crate) use comparison::FieldComparison;
pub use comparison::{Comparison, DatePart};
pub(crate) use glyphs::{Glyph, glyphs};
pub use table::{Kind, MODIFIERS, Modifier};

use crate::ast::Item;
use crate::yaml::Scalar;
use mynah_dialect::{Mode, Site};
use mynah_kernels::{Network, Pattern, Regex};
use mynah_syntax::{Diagnostic, Severity, Span};
use transform::Value;

/// What a field's value is held against.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// Any of these patterns, with or without case.
    Patterns(Vec<Pattern>),
    /// A regular expression that is found in it.
    Regex(Regex),
    /// A network that it is an address of.
    Network(Network),
    /// There is no value.
    Null,
    /// Whether there is a value.
    Exists(bool),
    /// A number it compares with.
    Compare(Comparison, f64),
    /// Another field, and how its value compares.
    Field(String, FieldComparison),
}

/// The tests of an item, and how they are put together.
#[derive(Debug, Clone)]
pub(crate) struct Tests {
    pub tests: Vec<Test>,
    /// All must hold; else one.
    pub all: bool,
    /// Case counts.
    pub cased: bool,
    /// None must hold.
    pub negated: bool,
    /// What of the field's date is compared.
    pub part: Option<DatePart>,
}

/// What an item looks for; nothing where one of its values cannot be looked for, which is said.
pub(crate) fn tests(item: &Item, site: &Site, mode: Mode, diagnostics: &mut Vec<Diagnostic>) -> Option<Tests> {
    let mut comparisons = item.modifiers.iter().filter_map(|modifier| match modifier.node.kind {
        Kind::Compare(comparison) => Some((comparison, modifier.span)),
        _ => None,
    });
    let comparison = comparisons.next().map(|(comparison, _)| comparison);
    if let Some((_, second)) = comparisons.next() {
        let message = "a field is compared in one way at a time";
        let help = "a range is two items: `Field|gte: 1` and `Field|lt: 9`";
        diagnostics.push(Diagnostic::error("sigma/value", message, second).with_help(help));
        return None;
    }
    let part = item.modifiers.iter().find_map(|modifier| match modifier.node.kind {
        Kind::Part(part) => Some(part),
        _ => None,
    });
    let making = Making { item, site, comparison, part };
    let mut tests = Vec::new();
    let mut complete = true;
    for value in &item.values {
        let made = making.tests(&value.node, mode, &mut |mut remark| {
            remark.span = value.span;
            diagnostics.push(remark);
        });
        match made {
            Ok(made) => tests.extend(made),
            Err(mut error) => {
                error.span = value.span;
                diagnostics.push(error);
                complete = false;
            }
        }
    }
    let has = |kind| item.has(kind);
    complete.then(|| Tests { tests, all: has(Kind::All), cased: has(Kind::Cased), negated: has(Kind::Negated), part })
}

/// What is known of an item while its values are made tests.
struct Making<'a> {
    item: &'a Item,
    site: &'a Site,
    comparison: Option<Comparison>,
    part: Option<DatePart>,
}

impl Making<'_> {
    /// The tests of one value. The places of errors are put in by the caller.
    fn tests(&self, value: &Scalar, mode: Mode, remark: &mut dyn FnMut(Diagnostic)) -> Result<Vec<Test>, Diagnostic> {
        if self.item.has(Kind::Exists) {
            self.alone("exists", |kind| matches!(kind, Kind::Exists | Kind::All | Kind::Negated))?;
            return exists(value).map(|test| vec![test]);
        }
        if self.item.has(Kind::FieldReference) {
            self.alone("fieldref", |kind| {
                matches!(kind, Kind::FieldReference | Kind::All | Kind::Negated | Kind::Cased | Kind::Compare(_))
                    || matches!(kind, Kind::Contains | Kind::StartsWith | Kind::EndsWith)
            })?;
            return self.field(value).map(|test| vec![test]);
        }
        let expanded = match expand::expand(value, self.site) {
            _ if !self.item.has(Kind::Expand) => vec![value.clone()],
            Ok(values) => values,
            Err(problem) if mode == Mode::Check => {
                // What the site has is not known here.
                remark(Diagnostic { severity: Severity::Warning, ..problem });
                vec![value.clone()]
            }
            Err(problem) => return Err(problem),
        };
        let mut tests = Vec::new();
        for value in expanded {
            // Forms of one value are alternatives even where all values must be there.
            let mut alternatives = Vec::new();
            for value in self.transformed(&value)? {
                match self.test(value)? {
                    Test::Patterns(mut patterns) => alternatives.append(&mut patterns),
                    other => tests.push(other),
                }
            }
            if !alternatives.is_empty() {
                tests.push(Test::Patterns(alternatives));
            }
        }
        Ok(tests)
    }

    /// A value after the modifiers that change it, which can make several of it.
    fn transformed(&self, value: &Scalar) -> Result<Vec<Value>, Diagnostic> {
        // An expression is not a text with wildcards, wherever the modifier stands.
        let is_regex = self.item.has(Kind::Regex);
        if is_regex && *value == Scalar::Null {
            return Err(wrong_type("re", "a regular expression"));
        }
        let mut values = vec![if is_regex { Value::Regex(value.to_string()) } else { Value::of(value) }];
        for modifier in &self.item.modifiers {
            let changed = values.into_iter().map(|value| value.transformed(modifier.node));
            values = changed.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        }
        Ok(values)
    }

    fn test(&self, value: Value) -> Result<Test, Diagnostic> {
        if self.part.is_some() || self.comparison.is_some() {
            let comparison = self.comparison.unwrap_or(Comparison::Equal);
            return value.into_number().map(|number| Test::Compare(comparison, number));
        }
        if self.item.has(Kind::Cidr) {
            return value.into_network().map(Test::Network);
        }
        let is_flag = |kind| matches!(kind, Kind::IgnoreCase | Kind::Multiline | Kind::DotAll);
        if let Some(flag) = self.item.modifiers.iter().find(|modifier| is_flag(modifier.node.kind))
            && !self.item.has(Kind::Regex)
        {
            return Err(problem("sigma/value", format!("`{}` belongs behind `re`", flag.node.doc.name)));
        }
        match value {
            Value::Regex(source) => regex::compile(&source, self.item).map(Test::Regex),
            Value::Null => Ok(Test::Null),
            other => {
                let text = other.into_glyphs("=")?;
                Ok(match glyphs::patterns(&text) {
                    Some(patterns) => Test::Patterns(patterns),
                    None => Test::Regex(regex::of_glyphs(&text, self.item.has(Kind::Cased))?),
                })
            }
        }
    }

    /// An error if the item has a modifier that does nothing beside this one.
    fn alone(&self, name: &str, goes_with: fn(Kind) -> bool) -> Result<(), Diagnostic> {
        match self.item.modifiers.iter().find(|modifier| !goes_with(modifier.node.kind)) {
            Some(other) => {
                let other = other.node.doc.name;
                Err(problem("sigma/value", format!("`{other}` does not go with `{name}`")))
            }
            None => Ok(()),
        }
    }

    fn field(&self, value: &Scalar) -> Result<Test, Diagnostic> {
        let Scalar::Text(name) = value else { return Err(wrong_type("fieldref", "the name of a field")) };
        let how = match self.comparison {
            Some(comparison) => FieldComparison::Order(comparison),
            None if self.item.has(Kind::Contains) => FieldComparison::Contains,
            None if self.item.has(Kind::StartsWith) => FieldComparison::StartsWith,
            None if self.item.has(Kind::EndsWith) => FieldComparison::EndsWith,
            None => FieldComparison::Equal,
        };
        Ok(Test::Field(name.clone(), how))
    }
}

fn exists(value: &Scalar) -> Result<Test, Diagnostic> {
    match value.to_string().to_lowercase().as_str() {
        // YAML 1.1, which most tools read rules as, has more words for these.
        "true" | "yes" | "on" => Ok(Test::Exists(true)),
        "false" | "no" | "off" => Ok(Test::Exists(false)),
        _ => Err(wrong_type("exists", "`true` or `false`")),
    }
}

/// An error whose place is that of the value.
fn problem(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, message, Span::default())
}

fn wrong_type(modifier: &str, wants: &str) -> Diagnostic {
    problem("sigma/value", format!("`{modifier}` wants {wants}"))
}
