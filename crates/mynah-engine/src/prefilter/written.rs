use super::Prefilter;
use super::searcher::Searcher;
use mynah_event::LogSource;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;

/// What a prefilter looks for, if it does not look at every record, and the log sources that it rules out.
#[derive(Serialize, Deserialize)]
struct Written<L, S> {
    literals: Option<L>,
    never: S,
}

impl Serialize for Prefilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let literals = self.searcher.is_some().then_some(&self.literals);
        Written { literals, never: &self.never }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Prefilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { literals, never } = Written::<BTreeSet<String>, BTreeSet<LogSource>>::deserialize(deserializer)?;
        let searcher = literals.as_ref().and_then(Searcher::new);
        Ok(Prefilter { literals: literals.unwrap_or_default(), searcher, never })
    }
}
