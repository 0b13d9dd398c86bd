//! Elastic's functions, a file each: what it says of itself, and the code.
mod add;
mod between;
mod cidr_match;
mod concat;
mod divide;
mod ends_with;
mod index_of;
mod length;
mod modulo;
mod multiply;
mod number;
mod numeric;
mod spread;
mod starts_with;
mod string;
mod string_contains;
mod substring;
mod subtract;
mod units;

pub(crate) use spread::spread;
pub(crate) use string::text_of;

use mynah_dialect::FunctionDoc;
use mynah_kernels::{Case, Cell, Pattern};

/// A function of single values.
pub(crate) struct Function {
    /// What it says of itself.
    pub(crate) doc: FunctionDoc,
    /// Whether there is a variant `name~` that leaves case aside.
    pub(crate) folds: bool,
    /// What it takes.
    pub(crate) parameters: &'static [Parameter],
    /// Whether the last parameter may be given several times.
    pub(crate) repeats: bool,
    /// What it gives.
    pub(crate) returns: Returns,
    /// For a test of a text against a constant: the pattern that texts must fit to pass, if there is one.
    pub(crate) pattern: Option<fn(&str) -> Option<Pattern>>,
    /// The function itself; its arguments are of the kinds it accepts, or null.
    pub(crate) call: for<'a> fn(&[Cell<'a>], Case) -> Cell<'a>,
}

/// What a function takes at one place.
pub(crate) struct Parameter {
    /// What it is called.
    pub(crate) name: &'static str,
    /// Which values it may be.
    pub(crate) accepts: Accepts,
    /// Whether it may be left out.
    pub(crate) optional: bool,
}

/// The values that a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// Texts, addresses among them.
    Text,
    /// Numbers.
    Number,
    /// Whole numbers.
    Integer,
    /// True and false.
    Boolean,
    /// All values.
    Any,
}

/// The kind of value that a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returns {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// Any number.
    Float,
    /// A whole number if all arguments are, else a float.
    Number,
    /// True or false.
    Boolean,
}

/// All functions, in the order of their names.
pub(crate) const FUNCTIONS: [&Function; 16] = [
    &add::FUNCTION,
    &between::FUNCTION,
    &cidr_match::FUNCTION,
    &concat::FUNCTION,
    &divide::FUNCTION,
    &ends_with::FUNCTION,
    &index_of::FUNCTION,
    &length::FUNCTION,
    &modulo::FUNCTION,
    &multiply::FUNCTION,
    &number::FUNCTION,
    &starts_with::FUNCTION,
    &string::FUNCTION,
    &string_contains::FUNCTION,
    &substring::FUNCTION,
    &subtract::FUNCTION,
];

/// The function of that name, whose case does not matter.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.into_iter().find(|function| function.doc.name.eq_ignore_ascii_case(name))
}

impl Function {
    /// How few arguments it takes.
    pub(crate) fn fewest(&self) -> usize {
        self.parameters.iter().filter(|parameter| !parameter.optional).count()
    }

    /// How many arguments it takes at most.
    pub(crate) fn most(&self) -> usize {
        if self.repeats { usize::MAX } else { self.parameters.len() }
    }

    /// The parameter that the argument at `index` is for.
    pub(crate) fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        self.parameters.get(index).or(if self.repeats { self.parameters.last() } else { None })
    }
}
