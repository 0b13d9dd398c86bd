use std::collections::BTreeSet;

/// Literals shorter than this are in nearly every record.
const SHORTEST: usize = 3;
/// More literals at once than this cost more than they save.
const MOST: usize = 500;

/// What a record must hold for a filter to be true of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing known: any record may pass.
    Always,
    /// No record can pass.
    Never,
    /// Of each set at least one literal.
    Sets(Vec<BTreeSet<String>>),
}

impl Need {
    /// At least one of these literals; nothing is known if one of them is too short to tell anything.
    pub fn any_of(literals: impl IntoIterator<Item = String>) -> Need {
        let set: BTreeSet<String> = literals.into_iter().collect();
        if set.is_empty() {
            Need::Never
        } else if set.iter().any(|literal| literal.len() < SHORTEST) || set.len() > MOST {
            Need::Always
        } else {
            Need::Sets(vec![set])
        }
    }

    /// The same of a part of each literal.
    pub fn cut(self, part: impl Fn(&str) -> String) -> Need {
        match self {
            Need::Sets(sets) => {
                let cut = sets.iter().map(|set| Need::any_of(set.iter().map(|literal| part(literal))));
                cut.fold(Need::Always, Need::and)
            }
            need => need,
        }
    }

    /// What must hold for both filters to be true.
    pub fn and(self, other: Need) -> Need {
        match (self, other) {
            (Need::Never, _) | (_, Need::Never) => Need::Never,
            (Need::Always, need) | (need, Need::Always) => need,
            (Need::Sets(mut sets), Need::Sets(others)) => {
                sets.extend(others);
                Need::Sets(sets)
            }
        }
    }

    /// What must hold for one of the filters to be true.
    pub fn or(self, other: Need) -> Need {
        match (self.best(), other.best()) {
            (Need::Always, _) | (_, Need::Always) => Need::Always,
            (Need::Never, need) | (need, Need::Never) => need,
            (Need::Sets(sets), Need::Sets(others)) => Need::any_of(sets.into_iter().chain(others).flatten()),
        }
    }

    /// The one set that is likely the rarest: the one whose shortest literal is the longest.
    pub fn best(self) -> Need {
        match self {
            Need::Sets(sets) => {
                let shortest = |set: &BTreeSet<String>| set.iter().map(String::len).min().unwrap_or(0);
                match sets.into_iter().max_by_key(|set| (shortest(set), std::cmp::Reverse(set.len()))) {
                    Some(set) => Need::Sets(vec![set]),
                    None => Need::Always,
                }
            }
            need => need,
        }
    }
}
