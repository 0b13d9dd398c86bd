//! Functions that Splunk has and Mynah has not: refused by their name, with the reason.

/// The names, and why.
pub(super) const UNSUPPORTED: &[(&str, &str)] = &[
    ("lookup", "use the `lookup` command in its place"),
    ("cluster", "grouping events by likeness is not there"),
    ("sigfig", "numbers do not carry how many of their digits are significant"),
    ("toarray", "there are no typed arrays; the json_ functions work on JSON text"),
    ("toobject", "there are no typed objects; the json_ functions work on JSON text"),
    ("tomv", "there are no typed arrays; `json_array_to_mv` works on JSON text"),
    ("isarray", "there are no typed arrays; `json_valid` tells whether a text is JSON"),
    ("isobject", "there are no typed objects; `json_valid` tells whether a text is JSON"),
];
