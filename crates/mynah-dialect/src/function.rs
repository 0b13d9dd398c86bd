/// What a function says of itself: a constant in the function's own file, next to the code.
///
/// The examples run as tests: every dialect has a test that evaluates each `query` and compares the
/// result with `result` as text.
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
