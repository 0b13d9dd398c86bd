//! Tables of functions, operators and aggregates: what each says of itself, its arity, and the code of its language.
use mynah_syntax::{Diagnostic, Span, nearest};

/// What a function says of itself.
///
/// The examples run as tests: every dialect has a test that evaluates each `query` and compares the
/// result with `result` as text ([`failed_examples`]).
#[derive(Debug, Clone, Copy)]
pub struct FunctionDoc {
    /// Its name, in the vendor's spelling.
    pub name: &'static str,
    /// How it is called: `substr(text, from [, length])`.
    pub usage: &'static str,
    /// What it gives, in a sentence or two: units, edge cases, what null does.
    pub summary: &'static str,
    /// The vendor's page that says so.
    pub page: &'static str,
    /// Calls and what they give.
    pub examples: &'static [Example],
}

/// A call and what it gives.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// An expression of the dialect: `substr("splunk", 1, 3)`.
    pub query: &'static str,
    /// Its value as text: `spl`; `null` for no value; several values as `["a","b"]`.
    pub result: &'static str,
}

/// An [`Example`].
pub const fn example(query: &'static str, result: &'static str) -> Example {
    Example { query, result }
}

/// How many arguments a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// So many.
    Exactly(usize),
    /// From so many to so many.
    Between(usize, usize),
    /// So many or more.
    AtLeast(usize),
}

impl Arity {
    /// Whether it may be called with so many.
    pub const fn takes(self, given: usize) -> bool {
        match self {
            Arity::Exactly(count) => given == count,
            Arity::Between(least, most) => least <= given && given <= most,
            Arity::AtLeast(least) => least <= given,
        }
    }
}

impl std::fmt::Display for Arity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Arity::Exactly(1) => f.write_str("1 argument"),
            Arity::Exactly(count) => write!(f, "{count} arguments"),
            Arity::Between(least, most) => write!(f, "{least} to {most} arguments"),
            Arity::AtLeast(1) => f.write_str("at least 1 argument"),
            Arity::AtLeast(least) => write!(f, "at least {least} arguments"),
        }
    }
}

/// A function of a language: `code` is whatever the language makes a call from.
#[derive(Debug, Clone, Copy)]
pub struct Entry<C: 'static> {
    /// What it says of itself.
    pub doc: FunctionDoc,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// How many arguments it takes.
    pub arity: Arity,
    /// How a call of it is planned.
    pub code: C,
}

/// The functions of a language, in groups as they stand in its files. Names are found in any case.
///
/// ```
/// use mynah_dialect::{Arity, Entry, FunctionTable, example};
///
/// static MATH: [Entry<fn(f64) -> f64>; 1] = [Entry::new(
///     "sqrt",
///     "sqrt(number)",
///     "The square root.",
///     "https://example.com",
///     &[example("sqrt(9)", "3")],
///     Arity::Exactly(1),
///     f64::sqrt,
/// )];
/// static FUNCTIONS: FunctionTable<fn(f64) -> f64> = FunctionTable(&[&MATH]);
///
/// let entry = FUNCTIONS.find("SQRT").unwrap();
/// assert_eq!((entry.code)(9.0), 3.0);
/// let wrong = entry.check("spl/argument", 2, (0..10).into()).unwrap_err();
/// assert_eq!(wrong.message, "`sqrt` takes 1 argument, not 2");
/// assert_eq!(FUNCTIONS.unknown("spl/unknown-function", "sqr", (0..3).into()).fix.unwrap().replacement, "sqrt");
/// ```
#[derive(Debug)]
pub struct FunctionTable<C: 'static>(pub &'static [&'static [Entry<C>]]);

impl<C> FunctionTable<C> {
    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = &'static Entry<C>> {
        self.0.iter().flat_map(|group| group.iter())
    }

    /// The function of a name or alias, in any case.
    pub fn find(&self, name: &str) -> Option<&'static Entry<C>> {
        self.entries().find(|entry| {
            entry.doc.name.eq_ignore_ascii_case(name)
                || entry.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    /// What the functions say of themselves.
    pub fn docs(&self) -> impl Iterator<Item = &'static FunctionDoc> {
        self.entries().map(|entry| &entry.doc)
    }

    /// That there is no function of this name, and which one may have been meant.
    pub fn unknown(&self, code: &'static str, name: &str, span: Span) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, format!("there is no function `{name}`"), span);
        match nearest(name, self.docs().map(|doc| doc.name)) {
            Some(known) => diagnostic.with_fix(span, known, format!("did you mean `{known}`?")),
            None => diagnostic,
        }
    }
}

impl<C> Entry<C> {
    /// A function without other names.
    pub const fn new(
        name: &'static str,
        usage: &'static str,
        summary: &'static str,
        page: &'static str,
        examples: &'static [Example],
        arity: Arity,
        code: C,
    ) -> Self {
        Entry { doc: FunctionDoc { name, usage, summary, page, examples }, aliases: &[], arity, code }
    }

    /// Holds a call's number of arguments against what the function takes.
    ///
    /// # Errors
    /// The diagnostic of a call with too few or too many.
    pub fn check(&self, code: &'static str, given: usize, call: Span) -> Result<(), Diagnostic> {
        if self.arity.takes(given) {
            return Ok(());
        }
        let message = format!("`{}` takes {}, not {given}", self.doc.name, self.arity);
        Err(Diagnostic::error(code, message, call).with_help(format!("it is called as `{}`", self.doc.usage)))
    }
}

/// The documented examples that do not give what the documentation says, one line each; for a test of each language.
pub fn failed_examples<'d>(
    docs: impl IntoIterator<Item = &'d FunctionDoc>,
    mut evaluate: impl FnMut(&str) -> String,
) -> Vec<String> {
    let mut failed = Vec::new();
    for doc in docs {
        for example in doc.examples {
            let result = evaluate(example.query);
            if result != example.result {
                failed.push(format!("{}: `{}` gives {result}, not {}", doc.name, example.query, example.result));
            }
        }
    }
    failed
}
