//! The types of correlations. Golden cases are their examples.
use mynah_dialect::FunctionDoc;

macro_rules! kinds {
    ($($kind:ident $name:literal, $usage:literal, $summary:literal;)+) => {
        /// What a correlation measures.
        #[allow(missing_docs, reason = "the table says it")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CorrelationKind {
            $($kind),+
        }

        impl CorrelationKind {
            /// All of them, and what each says of itself.
            pub const ALL: &[(CorrelationKind, FunctionDoc)] = &[$((CorrelationKind::$kind, FunctionDoc {
                name: $name,
                usage: $usage,
                summary: $summary,
                page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md",
                examples: &[],
            })),+];
        }
    };
}

kinds! {
    EventCount "event_count", "type: event_count, condition: { gte: 10 }",
        "How many events the rules found, for each group within the time span.";
    ValueCount "value_count", "type: value_count, condition: { field: User, gte: 10 }",
        "How many different values a field has in these events; of several fields, how many different combinations.";
    Temporal "temporal", "type: temporal, rules: [a, b]",
        "Whether each of the rules found an event, in any order; with a condition, how many of them did, or which: \
         `a and not b`.";
    TemporalOrdered "temporal_ordered", "type: temporal_ordered, rules: [a, b]",
        "Whether the rules found events in the order in which they are listed.";
    Sum "value_sum", "type: value_sum, condition: { field: Bytes, gt: 1000 }",
        "The sum of a field's numbers in these events. What is no number is left out.";
    Average "value_avg", "type: value_avg, condition: { field: Bytes, gt: 1000 }",
        "The average of a field's numbers in these events.";
    Percentile "value_percentile", "type: value_percentile, condition: { field: Bytes, percentile: 95, gt: 1000 }",
        "The number that so many percent of a field's numbers are not above.";
    Median "value_median", "type: value_median, condition: { field: Bytes, gt: 1000 }",
        "The number in the middle of a field's numbers.";
}

impl CorrelationKind {
    /// The one that rules call so.
    pub fn named(name: &str) -> Option<CorrelationKind> {
        CorrelationKind::ALL.iter().find(|(_, doc)| doc.name == name).map(|(kind, _)| *kind)
    }

    /// Its name in rules.
    pub fn name(self) -> &'static str {
        CorrelationKind::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, doc)| doc.name)
    }

    /// Whether it is about the values of a field.
    pub fn measures_field(self) -> bool {
        !self.is_temporal() && self != CorrelationKind::EventCount
    }

    /// Whether it is about which rules found something, and not about how much.
    pub fn is_temporal(self) -> bool {
        matches!(self, CorrelationKind::Temporal | CorrelationKind::TemporalOrdered)
    }
}
