use crate::container::auditd::value::{Field, hex, text};
use std::collections::BTreeMap;

/// How many arguments an event may have: more than any kernel passes in one audit event's lines, so that
/// a forged number does not make us count for ever.
const MAX_ARGUMENTS: usize = 100_000;

/// The arguments of a program that was started, gathered from one or several EXECVE records.
#[derive(Debug, Clone, Default)]
pub(super) struct Execve {
    pub argc: Option<String>,
    /// By number of the argument and of its part: long arguments come in parts, `a2[0]`, `a2[1]`.
    parts: BTreeMap<usize, BTreeMap<usize, (String, bool)>>,
}

impl Execve {
    /// Whether the field is one of ours, in which case it is taken in.
    pub fn take(&mut self, field: &Field<'_>) -> bool {
        if field.key == "argc" {
            self.argc = Some(field.value.to_owned());
            return true;
        }
        let Some(name) = field.key.strip_prefix('a') else { return false };
        if let Some(number) = name.strip_suffix("_len") {
            // The length of an argument that comes in parts.
            return number.parse::<usize>().is_ok();
        }
        let (number, part) = match name.split_once('[') {
            Some((number, part)) => (number, part.trim_end_matches(']')),
            None => (name, "0"),
        };
        let (Ok(number), Ok(part)) = (number.parse::<usize>(), part.parse::<usize>()) else { return false };
        if number < MAX_ARGUMENTS && part < MAX_ARGUMENTS {
            self.parts.entry(number).or_default().insert(part, (field.value.to_owned(), field.quoted));
        }
        true
    }

    /// The arguments in their order. One that got lost is empty.
    pub fn arguments(&self) -> Vec<String> {
        let count = self.parts.keys().next_back().map_or(0, |last| last + 1);
        (0..count).map(|number| self.parts.get(&number).map(argument).unwrap_or_default()).collect()
    }
}

fn argument(parts: &BTreeMap<usize, (String, bool)>) -> String {
    // Parts may be cut between the two digits of a byte: they are put together first.
    let quoted = parts.values().any(|(_, quoted)| *quoted);
    let whole: String = parts.values().map(|(value, _)| value.as_str()).collect();
    match hex(&whole) {
        Some(bytes) if !quoted => text(&bytes),
        _ => whole,
    }
}
