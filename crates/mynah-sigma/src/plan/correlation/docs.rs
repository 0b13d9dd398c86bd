//! What each type of correlation says of itself. Golden cases are their examples.
use mynah_dialect::FunctionDoc;

const PAGE: &str =
    "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md";

/// The types of correlations.
pub(crate) const DOCS: [FunctionDoc; 8] = [
    FunctionDoc {
        name: "event_count",
        usage: "type: event_count, condition: { gte: 10 }",
        summary: "How many events the rules found, for each group within the time span.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "value_count",
        usage: "type: value_count, condition: { field: User, gte: 10 }",
        summary: "How many different values a field has in these events; of several fields, how many different combinations.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "temporal",
        usage: "type: temporal, rules: [a, b]",
        summary: "Whether each of the rules found an event, in any order; with a condition, how many of them did, or which: `a and not b`.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "temporal_ordered",
        usage: "type: temporal_ordered, rules: [a, b]",
        summary: "Whether the rules found events in the order in which they are listed.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "value_sum",
        usage: "type: value_sum, condition: { field: Bytes, gt: 1000 }",
        summary: "The sum of a field's numbers in these events. What is no number is left out.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "value_avg",
        usage: "type: value_avg, condition: { field: Bytes, gt: 1000 }",
        summary: "The average of a field's numbers in these events.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "value_percentile",
        usage: "type: value_percentile, condition: { field: Bytes, percentile: 95, gt: 1000 }",
        summary: "The number that so many percent of a field's numbers are not above.",
        page: PAGE,
        examples: &[],
    },
    FunctionDoc {
        name: "value_median",
        usage: "type: value_median, condition: { field: Bytes, gt: 1000 }",
        summary: "The number in the middle of a field's numbers.",
        page: PAGE,
        examples: &[],
    },
];
