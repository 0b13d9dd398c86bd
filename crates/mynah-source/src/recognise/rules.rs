//! The recognition rules of all log sources as one machine that reads a document once.
use super::members::{Member, Members};
use crate::JsonText;
use mynah_event::{Path, Segment, Shape};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Test {
    /// Anything but null.
    Present,
    /// An object.
    Object,
    /// An array.
    Array,
    /// One of these texts, ASCII case aside; one that ends in `*` stands for all that begin so.
    OneOf(Vec<String>),
}

impl Test {
    pub fn parse(values: &[String]) -> Test {
        match values {
            [one] if one == "*" => Test::Present,
            [one] if one == "{}" => Test::Object,
            [one] if one == "[]" => Test::Array,
            _ => Test::OneOf(values.to_vec()),
        }
    }

    /// `value` is its text in the document.
    fn holds(&self, value: &[u8]) -> bool {
        let first = value.first().copied().unwrap_or(b'n');
        match self {
            Test::Present => first != b'n',
            Test::Object => first == b'{',
            Test::Array => first == b'[',
            Test::OneOf(wanted) => {
                let inner = value.strip_prefix(b"\"").and_then(|v| v.strip_suffix(b"\""));
                let text = inner.map_or(Cow::Borrowed(value), unescape);
                wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
                    Some(start) => text.get(..start.len()).is_some_and(|t| t.eq_ignore_ascii_case(start.as_bytes())),
                    None => text.eq_ignore_ascii_case(wanted.as_bytes()),
                })
            }
        }
    }
}

fn unescape(inner: &[u8]) -> Cow<'_, [u8]> {
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let quoted = [b"\"", inner, b"\""].concat();
    serde_json::from_slice::<String>(&quoted).map_or(Cow::Borrowed(inner), |text| Cow::Owned(text.into_bytes()))
}

/// How many conditions all definitions together may have.
const MAX_CONDITIONS: usize = 512;
const WORDS: usize = MAX_CONDITIONS / 64;

/// One way to be a log source in one shape: conditions that must all hold.
#[derive(Debug)]
pub(crate) struct Rule {
    pub source: usize,
    pub shape: Shape,
    needs: Vec<usize>,
}

/// All rules, in order of precedence.
#[derive(Debug)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// For each condition the rules that need it, in order.
    by_condition: Vec<Vec<usize>>,
    nodes: Vec<Node>,
    known: HashMap<(Vec<Path>, Test), usize>,
}

/// A place in a document that some rule looks at.
#[derive(Debug, Default)]
struct Node {
    /// The conditions on the value that stands here.
    tests: Vec<(Test, usize)>,
    /// Members, by a hash of the key.
    buckets: Vec<Vec<(Box<[u8]>, usize)>>,
}

const BUCKETS: usize = 64;

fn bucket(key: &[u8]) -> usize {
    let first = key.first().copied().unwrap_or(0);
    let last = key.last().copied().unwrap_or(0);
    (key.len().wrapping_mul(7) ^ usize::from(first) ^ usize::from(last).wrapping_mul(3)) % BUCKETS
}

impl Node {
    fn member(&self, key: &[u8]) -> Option<usize> {
        self.buckets.get(bucket(key))?.iter().find(|(name, _)| **name == *key).map(|(_, node)| *node)
    }
}

impl Rules {
    pub fn new() -> Self {
        Rules { rules: Vec::new(), by_condition: Vec::new(), nodes: vec![Node::default()], known: HashMap::new() }
    }

    /// Adds a rule, which all rules added before take precedence over. A condition holds if the value
    /// at one of its paths passes its test.
    pub fn add(&mut self, source: usize, shape: Shape, conditions: Vec<(Vec<Path>, Test)>) -> Result<(), String> {
        let number = self.rules.len();
        let mut needs = Vec::new();
        for (paths, test) in conditions {
            let condition = self.condition(paths, test)?;
            if !needs.contains(&condition) {
                needs.push(condition);
                if let Some(rules) = self.by_condition.get_mut(condition) {
                    rules.push(number);
                }
            }
        }
        if needs.is_empty() {
            return Err("`where` has no condition, so that every record would be of this shape".into());
        }
        self.rules.push(Rule { source, shape, needs });
        Ok(())
    }

    fn condition(&mut self, paths: Vec<Path>, test: Test) -> Result<usize, String> {
        if let Some(known) = self.known.get(&(paths.clone(), test.clone())) {
            return Ok(*known);
        }
        let condition = self.by_condition.len();
        if condition >= MAX_CONDITIONS {
            return Err(format!("all log sources together have more than {MAX_CONDITIONS} conditions"));
        }
        for path in &paths {
            let node = self.node(path)?;
            if let Some(node) = self.nodes.get_mut(node) {
                node.tests.push((test.clone(), condition));
            }
        }
        self.by_condition.push(Vec::new());
        self.known.insert((paths, test), condition);
        Ok(condition)
    }

    fn node(&mut self, path: &Path) -> Result<usize, String> {
        let mut at = 0;
        for segment in &path.0 {
            let Segment::Key(key) = segment else {
                return Err(format!("a condition's path is made of keys alone, which `{path}` is not"));
            };
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { break };
            at = match node.member(key.as_bytes()) {
                Some(member) => member,
                None => {
                    node.buckets.resize_with(BUCKETS, Vec::new);
                    if let Some(bucket) = node.buckets.get_mut(bucket(key.as_bytes())) {
                        bucket.push((key.as_bytes().into(), next));
                    }
                    self.nodes.push(Node::default());
                    next
                }
            };
        }
        Ok(at)
    }

    /// What the text of a record holds that is recognised as a log source: for each way to be recognised some
    /// sets of texts, of each of which at least one is there.
    pub fn marks(&self, source: usize) -> Vec<Vec<Vec<String>>> {
        let rules = self.rules.iter().filter(|rule| rule.source == source);
        rules.map(|rule| rule.needs.iter().flat_map(|condition| self.marks_of(*condition)).collect()).collect()
    }

    /// The sets of texts that a condition demands: its paths' keys and its values.
    fn marks_of(&self, condition: usize) -> Vec<Vec<String>> {
        let Some(((paths, test), _)) = self.known.iter().find(|(_, number)| **number == condition) else {
            return Vec::new();
        };
        let last_key = |path: &Path| match path.0.last() {
            Some(Segment::Key(key)) => key.to_string(),
            _ => String::new(),
        };
        let mut sets = vec![paths.iter().map(last_key).collect()];
        if let Test::OneOf(values) = test {
            sets.push(values.iter().map(|value| value.trim_end_matches('*').to_owned()).collect());
        }
        sets
    }

    /// The first rule that `accepts` and whose conditions the document fulfils. The reading stops as
    /// soon as one does; of those fulfilled at that moment the one that takes precedence counts.
    ///
    /// Notes in `members` which members of the document it went over.
    pub fn find(
        &self,
        document: JsonText<'_>,
        members: &mut Members,
        accepts: impl Fn(&Rule) -> bool,
    ) -> Option<&Rule> {
        members.0.clear();
        let mut walk = Walk { rules: self, document, members, depth: 0, held: [0; WORDS], accepts };
        let start = document.skip_space(0);
        if document.byte(start) != Some(b'{') {
            return None;
        }
        match walk.object(start + 1, self.nodes.first()?) {
            Step::Found(rule) => Some(rule),
            Step::On(_) | Step::End => None,
        }
    }
}

struct Walk<'a, 'd, A> {
    rules: &'a Rules,
    document: JsonText<'d>,
    members: &'d mut Members,
    /// How many objects the one at hand is in.
    depth: usize,
    held: [u64; WORDS],
    accepts: A,
}

enum Step<'a> {
    /// Go on at this index.
    On(usize),
    Found(&'a Rule),
    /// The document is at its end, or broken.
    End,
}

impl<'a, A: Fn(&Rule) -> bool> Walk<'a, '_, A> {
    /// Recursive, but no deeper than the conditions' paths are long.
    fn object(&mut self, mut at: usize, node: &'a Node) -> Step<'a> {
        loop {
            at = self.document.skip_space(at);
            match self.document.byte(at) {
                Some(b'}') => return Step::On(at + 1),
                Some(b',') => at += 1,
                Some(b'"') => match self.member(at, node) {
                    Some(Step::On(next)) => at = next,
                    Some(found @ Step::Found(_)) => return found,
                    Some(Step::End) | None => return Step::End,
                },
                _ => return Step::End,
            }
        }
    }

    /// A member whose key begins at `at`; none where the document is broken.
    fn member(&mut self, at: usize, node: &'a Node) -> Option<Step<'a>> {
        let document = self.document;
        let key = document.string(at).ok()?;
        let colon = document.skip_space(key.end + 1);
        if document.byte(colon) != Some(b':') {
            return None;
        }
        let start = document.skip_space(colon + 1);
        let escaped = document.has_escape(&key);
        let range = key.clone();
        let key = document.get(key).as_bytes();
        let key = if escaped { unescape(key) } else { Cow::Borrowed(key) };
        let Some(place) = node.member(&key).and_then(|place| self.rules.nodes.get(place)) else {
            return Some(Step::On(self.end(range, start)?));
        };
        if document.byte(start) == Some(b'{') && !place.buckets.is_empty() {
            if let Some(rule) = self.value(place, b"{") {
                return Some(Step::Found(rule));
            }
            self.depth += 1;
            let step = self.object(start + 1, place);
            self.depth -= 1;
            return Some(step);
        }
        let end = self.end(range, start)?;
        Some(match self.value(place, document.get(start..end).as_bytes()) {
            Some(rule) => Step::Found(rule),
            None => Step::On(end),
        })
    }

    /// Behind the value that begins at `start`, whose key is noted with it.
    fn end(&mut self, key: Range<usize>, start: usize) -> Option<usize> {
        let end = self.document.value_end(start, self.depth + 1).ok()?;
        if self.depth == 0 {
            self.members.0.push(Member { key, value: start..end });
        }
        Some(end)
    }

    /// Notes the conditions that `value` fulfils, and gives the rule that this completes.
    fn value(&mut self, place: &Node, value: &[u8]) -> Option<&'a Rule> {
        let mut any = false;
        for (test, condition) in &place.tests {
            if test.holds(value)
                && let Some(word) = self.held.get_mut(condition / 64)
            {
                *word |= 1 << (condition % 64);
                any = true;
            }
        }
        if !any {
            return None;
        }
        let mut best: Option<usize> = None;
        // A rule that is complete now, and was not before, needs a condition that this value fulfils.
        for (_, condition) in place.tests.iter().filter(|(_, condition)| self.holds(*condition)) {
            for number in self.rules.by_condition.get(*condition).into_iter().flatten() {
                if best.is_some_and(|best| best <= *number) {
                    break;
                }
                if let Some(rule) = self.rules.rules.get(*number)
                    && rule.needs.iter().all(|need| self.holds(*need))
                    && (self.accepts)(rule)
                {
                    best = Some(*number);
                }
            }
        }
        best.and_then(|best| self.rules.rules.get(best))
    }

    fn holds(&self, condition: usize) -> bool {
        self.held.get(condition / 64).is_some_and(|word| word >> (condition % 64) & 1 == 1)
    }
}
