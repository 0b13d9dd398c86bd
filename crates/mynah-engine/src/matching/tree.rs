use datafusion::prelude::Expr;
use std::collections::{BTreeMap, HashMap};

/// Rules below the conditions that they share.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Rules that ask for nothing more.
    pub rules: Vec<usize>,
    /// Conditions that several rules share, and those rules behind them.
    pub branches: Vec<(usize, Tree)>,
    /// Rules that share nothing more, each with its conditions.
    pub checks: Vec<(usize, Vec<usize>)>,
}

/// How many conditions stand before all others at the most, for the scan to look for any of them.
const MOST_GATES: usize = 64;

impl Tree {
    /// Conditions of which each event that is found fulfils one; nothing if there is no such set of a sensible size.
    pub fn gates(&self) -> Option<Vec<usize>> {
        let checks = self.checks.iter().map(|(_, conditions)| conditions.first().copied());
        let gates: Option<Vec<usize>> =
            self.branches.iter().map(|(condition, _)| Some(*condition)).chain(checks).collect();
        gates.filter(|gates| self.rules.is_empty() && gates.len() <= MOST_GATES)
    }

    /// Gives all rules in it to `each`.
    pub fn each_rule(&self, each: &mut impl FnMut(usize)) {
        self.rules.iter().for_each(|rule| each(*rule));
        self.checks.iter().for_each(|(rule, _)| each(*rule));
        self.branches.iter().for_each(|(_, behind)| behind.each_rule(each));
    }
}

/// The tree of rules that are conjunctions, and each condition once.
pub(super) fn build(rules: Vec<Vec<Expr>>) -> (Vec<Expr>, Tree) {
    let mut numbers: HashMap<Expr, usize> = HashMap::new();
    let mut open = Vec::with_capacity(rules.len());
    for (rule, conjuncts) in rules.into_iter().enumerate() {
        let mut conditions: Vec<usize> = Vec::with_capacity(conjuncts.len());
        for conjunct in conjuncts {
            let next = numbers.len();
            let number = *numbers.entry(conjunct).or_insert(next);
            if !conditions.contains(&number) {
                conditions.push(number);
            }
        }
        open.push((rule, conditions));
    }
    let mut conditions: Vec<(usize, Expr)> =
        numbers.into_iter().map(|(condition, number)| (number, condition)).collect();
    conditions.sort_unstable_by_key(|(number, _)| *number);
    (conditions.into_iter().map(|(_, condition)| condition).collect(), of(open))
}

/// The condition that most rules share goes first, then the one that most of the rest share.
fn of(mut open: Vec<(usize, Vec<usize>)>) -> Tree {
    let mut tree = Tree::default();
    tree.rules.extend(open.extract_if(.., |(_, conditions)| conditions.is_empty()).map(|(rule, _)| rule));
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for condition in open.iter().flat_map(|(_, conditions)| conditions) {
        *shared.entry(*condition).or_default() += 1;
    }
    loop {
        let most = shared.iter().max_by_key(|(condition, count)| (**count, std::cmp::Reverse(**condition)));
        let Some((condition, _)) = most.filter(|(_, count)| **count > 1).map(|(condition, count)| (*condition, *count))
        else {
            break;
        };
        let mut behind: Vec<(usize, Vec<usize>)> =
            open.extract_if(.., |(_, conditions)| conditions.contains(&condition)).collect();
        for (_, conditions) in &mut behind {
            for condition in conditions.iter() {
                if let Some(count) = shared.get_mut(condition) {
                    *count -= 1;
                }
            }
            conditions.retain(|other| *other != condition);
        }
        tree.branches.push((condition, of(behind)));
    }
    tree.checks = open;
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::prelude::{col, lit};

    #[test]
    fn what_many_rules_share_is_tested_once() {
        let (a, b, c, d) = (col("a").eq(lit(1)), col("b").eq(lit(2)), col("c").eq(lit(3)), col("d").eq(lit(4)));
        let rules = vec![
            vec![b.clone(), a.clone()],
            vec![a.clone(), c.clone(), a.clone()],
            vec![a.clone(), b.clone()],
            vec![d.clone()],
            vec![a.clone()],
        ];
        let (conditions, tree) = build(rules);
        assert_eq!(conditions, [b, a, c, d]);
        assert_eq!(tree.gates(), Some(vec![1, 3]));
        let [(1, behind)] = tree.branches.as_slice() else { panic!("{tree:?}") };
        assert_eq!((behind.rules.as_slice(), behind.checks.as_slice()), ([4].as_slice(), [(1, vec![2])].as_slice()));
        let [(0, both)] = behind.branches.as_slice() else { panic!("{behind:?}") };
        assert_eq!((both.rules.as_slice(), tree.checks.as_slice()), ([0, 2].as_slice(), [(3, vec![3])].as_slice()));
        let mut all = Vec::new();
        tree.each_rule(&mut |rule| all.push(rule));
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_rule_that_asks_for_nothing_is_found_by_every_event() {
        let (_, tree) = build(vec![vec![], vec![col("a").eq(lit(1))]]);
        assert_eq!((tree.rules.as_slice(), tree.gates()), ([0].as_slice(), None));
    }
}
