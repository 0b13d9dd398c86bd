use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::prelude::Expr;
use std::collections::{BTreeMap, HashMap};

/// A rule, or a scan of one, by its number, and the numbers of the conditions that it asks for.
type Open = Vec<(usize, Vec<usize>)>;

/// Rules below the conditions that tell of what kind an event is: those of a few columns that a view gives each log source.
#[derive(Debug, Default)]
pub(super) struct Region {
    /// Its number among all regions, as [`Region::each_region`] gives them.
    pub number: usize,
    /// Conditions on the kind of an event, and the rules behind them.
    pub branches: Vec<(usize, Region)>,
    /// What is left to ask of the events that come here.
    pub rest: Tree,
    /// Rules that look for something in the whole text of an event, which is not taken out of most.
    pub in_text: Tree,
}

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

impl Region {
    /// Conditions of which each event that is found fulfils one; nothing if there is no such set of a sensible size.
    pub fn gates(&self) -> Option<Vec<usize>> {
        let branches = self.branches.iter().map(|(condition, _)| *condition);
        let gates: Vec<usize> = branches.chain(self.rest.gates()?).chain(self.in_text.gates()?).collect();
        Some(gates).filter(|gates| gates.len() <= MOST_GATES)
    }

    /// Gives it and all regions in it to `each`, in the order of their numbers.
    pub fn each_region(&self, each: &mut impl FnMut(&Region)) {
        each(self);
        self.branches.iter().for_each(|(_, behind)| behind.each_region(each));
    }

    /// Gives all rules in it to `each`.
    pub fn each_rule(&self, each: &mut impl FnMut(usize)) {
        self.rest.each_rule(each);
        self.in_text.each_rule(each);
        self.branches.iter().for_each(|(_, behind)| behind.each_rule(each));
    }
}

impl Tree {
    fn gates(&self) -> Option<Vec<usize>> {
        let checks = self.checks.iter().map(|(_, conditions)| conditions.first().copied());
        let branches = self.branches.iter().map(|(condition, _)| Some(*condition));
        branches.chain(checks).collect::<Option<Vec<usize>>>().filter(|_| self.rules.is_empty())
    }

    /// Whether there are no rules.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.is_settled()
    }

    /// Whether no rule asks for anything.
    pub fn is_settled(&self) -> bool {
        self.branches.is_empty() && self.checks.is_empty()
    }

    /// Gives all rules in it to `each`.
    pub fn each_rule(&self, each: &mut impl FnMut(usize)) {
        self.rules.iter().for_each(|rule| each(*rule));
        self.checks.iter().for_each(|(rule, _)| each(*rule));
        self.branches.iter().for_each(|(_, behind)| behind.each_rule(each));
    }

    /// What each event fulfils that one of its rules finds; nothing where that is any event, or they are too many to be looked
    /// for at once.
    pub fn filter(&self, conditions: &[Expr]) -> Option<Expr> {
        if !self.rules.is_empty() || self.branches.len() + self.checks.len() > MOST_GATES {
            return None;
        }
        let branches = self.branches.iter().map(|(condition, behind)| {
            let gate = conditions.get(*condition)?.clone();
            Some(match behind.filter(conditions) {
                Some(rest) => gate.and(rest),
                None => gate,
            })
        });
        let checks = self
            .checks
            .iter()
            .map(|(_, all)| conjunction(all.iter().filter_map(|condition| conditions.get(*condition)).cloned()));
        disjunction(branches.chain(checks).collect::<Option<Vec<Expr>>>()?)
    }

    /// Gives all conditions in it to `each`, some of them several times.
    pub fn each_condition(&self, each: &mut impl FnMut(usize)) {
        self.checks.iter().flat_map(|(_, conditions)| conditions).for_each(|condition| each(*condition));
        for (condition, behind) in &self.branches {
            each(*condition);
            behind.each_condition(each);
        }
    }
}

/// What conditions ask about, as far as it says where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Of what kind an event is: these stand before all others.
    Kind,
    /// Its whole text.
    Text,
    Other,
}

/// The rules, which are conjunctions, behind the conditions that they share, and each condition once.
pub(super) fn build(rules: Vec<Vec<Expr>>, about: impl Fn(&Expr) -> About) -> (Vec<Expr>, Region) {
    let mut numbers: HashMap<Expr, usize> = HashMap::new();
    let mut open = Open::with_capacity(rules.len());
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
    let conditions: Vec<Expr> = conditions.into_iter().map(|(_, condition)| condition).collect();
    let about: Vec<About> = conditions.iter().map(about).collect();
    let region = region(open, &mut 0, &|condition, is| about.get(condition) == Some(&is));
    (conditions, region)
}

fn region(mut open: Open, next: &mut usize, about: &dyn Fn(usize, About) -> bool) -> Region {
    let number = *next;
    *next += 1;
    let branches = split(&mut open, 1, &|condition| about(condition, About::Kind));
    let branches = branches.into_iter().map(|(condition, behind)| (condition, region(behind, next, about))).collect();
    let is_in_text = |conditions: &[usize]| conditions.iter().any(|condition| about(*condition, About::Text));
    let in_text = open.extract_if(.., |(_, conditions)| is_in_text(conditions)).collect();
    Region { number, branches, rest: tree(open), in_text: tree(in_text) }
}

fn tree(mut open: Open) -> Tree {
    let rules = open.extract_if(.., |(_, conditions)| conditions.is_empty()).map(|(rule, _)| rule).collect();
    let branches = split(&mut open, 2, &|_| true);
    let branches = branches.into_iter().map(|(condition, behind)| (condition, tree(behind))).collect();
    Tree { rules, branches, checks: open }
}

/// Takes the rules out that share a condition with as many rules as `least`: first those of the condition that most of them
/// share, then those of the one that most of the rest share. The condition is not asked for again behind it.
fn split(open: &mut Open, least: usize, may_split: &dyn Fn(usize) -> bool) -> Vec<(usize, Open)> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for condition in open.iter().flat_map(|(_, conditions)| conditions).filter(|condition| may_split(**condition)) {
        *shared.entry(*condition).or_default() += 1;
    }
    let mut branches = Vec::new();
    loop {
        let most = shared.iter().max_by_key(|(condition, count)| (**count, std::cmp::Reverse(**condition)));
        let Some(condition) = most.filter(|(_, count)| **count >= least).map(|(condition, _)| *condition) else {
            return branches;
        };
        let mut behind: Open = open.extract_if(.., |(_, conditions)| conditions.contains(&condition)).collect();
        for (_, conditions) in &mut behind {
            for condition in conditions.iter() {
                if let Some(count) = shared.get_mut(condition) {
                    *count -= 1;
                }
            }
            conditions.retain(|other| *other != condition);
        }
        branches.push((condition, behind));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::prelude::{col, lit};

    fn equal(column: &str) -> Expr {
        col(column).eq(lit(1))
    }

    #[test]
    fn what_many_rules_share_is_tested_once() {
        let (a, b, c, d) = (equal("a"), equal("b"), equal("c"), equal("d"));
        let rules = vec![
            vec![b.clone(), a.clone()],
            vec![a.clone(), c.clone(), a.clone()],
            vec![a.clone(), b.clone()],
            vec![d.clone()],
            vec![a.clone()],
        ];
        let (conditions, region) = build(rules, |_| About::Other);
        assert_eq!(conditions, [b, a, c, d]);
        assert_eq!(region.gates(), Some(vec![1, 3]));
        assert!(region.branches.is_empty());
        let [(1, behind)] = region.rest.branches.as_slice() else { panic!("{region:?}") };
        assert_eq!((behind.rules.as_slice(), behind.checks.as_slice()), ([4].as_slice(), [(1, vec![2])].as_slice()));
        let [(0, both)] = behind.branches.as_slice() else { panic!("{behind:?}") };
        assert_eq!(
            (both.rules.as_slice(), region.rest.checks.as_slice()),
            ([0, 2].as_slice(), [(3, vec![3])].as_slice())
        );
        let (mut all, mut asked) = (Vec::new(), Vec::new());
        region.rest.each_rule(&mut |rule| all.push(rule));
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4]);
        region.rest.each_condition(&mut |condition| asked.push(condition));
        asked.sort_unstable();
        assert_eq!(asked, [0, 1, 2, 3]);
    }

    #[test]
    fn what_tells_the_kind_of_an_event_goes_first_whoever_shares_it() {
        let (kind, sort, a) = (equal("kind"), equal("sort"), equal("a"));
        let rules = vec![
            vec![a.clone(), kind.clone()],
            vec![a.clone(), sort.clone()],
            vec![a.clone(), sort.clone(), kind.clone()],
            vec![a.clone()],
        ];
        let (conditions, region) = build(rules, |condition| match *condition == kind || *condition == sort {
            true => About::Kind,
            false => About::Other,
        });
        assert_eq!(conditions, [a, kind, sort]);
        assert_eq!(region.gates(), Some(vec![1, 2, 0]));
        let [(1, of_kind), (2, of_sort)] = region.branches.as_slice() else { panic!("{region:?}") };
        assert_eq!((of_kind.rest.checks.as_slice(), of_kind.branches.len()), ([(0, vec![0])].as_slice(), 1));
        assert_eq!(of_sort.rest.checks, [(1, vec![0])]);
        assert_eq!(region.rest.checks, [(3, vec![0])]);
    }

    #[test]
    fn a_rule_that_asks_for_nothing_is_found_by_every_event() {
        let (_, region) = build(vec![vec![], vec![equal("a")]], |_| About::Other);
        assert_eq!((region.rest.rules.as_slice(), region.gates()), ([0].as_slice(), None));
    }

    #[test]
    fn what_asks_for_the_whole_text_is_apart() {
        let (kind, a, b, text) = (equal("kind"), equal("a"), equal("b"), equal("text"));
        let rules =
            vec![vec![kind.clone(), a.clone(), text.clone()], vec![kind.clone(), a.clone()], vec![b, text.clone()]];
        let about = |condition: &Expr| match condition {
            condition if *condition == kind => About::Kind,
            condition if *condition == text => About::Text,
            _ => About::Other,
        };
        let (conditions, region) = build(rules, about);
        assert_eq!(conditions.iter().position(|condition| *condition == text), Some(2));
        let [(0, of_kind)] = region.branches.as_slice() else { panic!("{region:?}") };
        assert_eq!(
            (of_kind.rest.checks.as_slice(), of_kind.in_text.checks.as_slice()),
            ([(1, vec![1])].as_slice(), [(0, vec![1, 2])].as_slice())
        );
        assert!(region.rest.is_empty());
        assert_eq!(region.in_text.checks, [(2, vec![3, 2])]);
        assert_eq!(region.gates(), Some(vec![0, 3]));
    }
}
