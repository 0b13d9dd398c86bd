use mynah_event::{Path, Segment};
use mynah_source::PlainKeys;

pub(super) type NodeId = usize;
pub(crate) type SlotId = usize;

/// The paths to look for, merged by their common beginnings.
#[derive(Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    /// How many slots there are.
    pub slots: usize,
}

#[derive(Debug)]
pub(super) struct Node {
    pub keys: Vec<(Box<str>, NodeId)>,
    pub each: Option<NodeId>,
    pub indexes: Vec<(usize, NodeId)>,
    /// What the elements of an array here lead to, for paths on which arrays stand for their elements. Behind an array
    /// only these paths go on, however many more arrays there are: its own `through` is the node itself.
    pub through: Option<NodeId>,
    /// Where a value found here is noted.
    pub slot: Option<SlotId>,
    /// The same for a path on which arrays stand for their elements: an array itself is no value of it.
    pub through_slot: Option<SlotId>,
    /// Whether no path goes on from here.
    pub leaf: bool,
    /// Whether a path goes on from here through any key (`*`).
    pub star: bool,
    /// Whether a path goes on from here through a key with dots in it.
    pub dots: bool,
    /// All keys that lead from here to a node, those with dots that lead further than one step among them.
    pub names: Vec<Box<str>>,
    /// The same to be looked for without walking; none where that does not find them all.
    pub plain: Option<PlainKeys>,
}

impl Trie {
    pub fn new() -> Self {
        Trie { nodes: vec![Node::new()], slots: 0 }
    }

    pub fn root(&self) -> &Node {
        self.node(0)
    }

    pub fn node(&self, id: NodeId) -> &Node {
        static EMPTY: Node = Node::new();
        self.nodes.get(id).unwrap_or(&EMPTY)
    }

    /// The slot in which the values at `path` will be noted, where arrays stand for their elements.
    pub fn insert_through(&mut self, path: &Path) -> SlotId {
        let (mut at, mut behind) = (0, None);
        let (mut above, mut above_behind) = (Vec::new(), Vec::new());
        for (index, segment) in path.0.iter().enumerate() {
            at = self.step(at, segment, &mut above);
            // An array whose element the path names itself is not passed through.
            let opens = path.0.get(index + 1).is_none_or(|next| matches!(next, Segment::Key(_)));
            behind = match (behind, self.node(at).through) {
                (Some(before), _) => Some(self.step(before, segment, &mut above_behind)),
                (None, known) if opens => Some(known.unwrap_or_else(|| self.push())),
                (None, _) => None,
            };
            for id in [Some(at), behind].into_iter().flatten().filter(|_| opens) {
                if let Some(node) = self.nodes.get_mut(id) {
                    node.through = behind;
                }
            }
        }
        let next = self.slots;
        let known = self.node(at).through_slot;
        self.slots += usize::from(known.is_none());
        let slot = known.unwrap_or(next);
        for id in [Some(at), behind].into_iter().flatten() {
            if let Some(node) = self.nodes.get_mut(id) {
                node.through_slot = Some(slot);
            }
        }
        slot
    }

    /// The slot in which the values at `path` will be noted.
    pub fn insert(&mut self, path: &Path) -> SlotId {
        let mut at = 0;
        // Nodes above, and the key with dots that leads from there to the node at hand.
        let mut above: Vec<(NodeId, String)> = Vec::new();
        for segment in &path.0 {
            at = self.step(at, segment, &mut above);
        }
        let next = self.slots;
        match self.nodes.get_mut(at) {
            Some(node) => *node.slot.get_or_insert_with(|| {
                self.slots += 1;
                next
            }),
            None => next,
        }
    }

    fn push(&mut self) -> NodeId {
        self.nodes.push(Node::new());
        self.nodes.len() - 1
    }

    /// The node to which a segment leads from another one. `above` are those above it with the key with dots that leads
    /// from there to it.
    fn step(&mut self, from: NodeId, segment: &Segment, above: &mut Vec<(NodeId, String)>) -> NodeId {
        let node = self.node(from);
        let known = match segment {
            Segment::Key(key) => node.keys.iter().find(|(known, _)| **known == **key).map(|(_, id)| *id),
            Segment::Each => node.each,
            Segment::Index(index) => node.indexes.iter().find(|(known, _)| known == index).map(|(_, id)| *id),
        };
        let to = known.unwrap_or_else(|| {
            let id = self.push();
            if let Some(node) = self.nodes.get_mut(from) {
                node.leaf = false;
                match segment {
                    Segment::Key(key) => {
                        node.star |= &**key == "*";
                        node.dots |= key.contains('.');
                        node.keys.push(((&**key).into(), id));
                    }
                    Segment::Each => node.each = Some(id),
                    Segment::Index(index) => node.indexes.push((*index, id)),
                }
            }
            id
        });
        match segment {
            Segment::Key(key) => {
                above.iter_mut().for_each(|(_, name)| name.extend([".", &**key]));
                above.push((from, key.to_string()));
                for (node, name) in above.iter() {
                    self.nodes.get_mut(*node).into_iter().for_each(|node| node.add_name(name));
                }
            }
            Segment::Each | Segment::Index(_) => above.clear(),
        }
        to
    }

    /// The node for an object's key. A key with dots (`"process.name": …`) leads where the nested keys would,
    /// as platforms that flatten objects have it. A key that no path names leads where `*` does: some formats name
    /// an element after what is in it.
    pub fn child(&self, node: &Node, key: &str) -> Option<NodeId> {
        if let Some((_, id)) = node.keys.iter().find(|(known, _)| **known == *key) {
            return Some(*id);
        }
        self.nested(node, key).or_else(|| self.any_key(node))
    }

    /// Where the nested keys lead that a key with dots stands for.
    pub fn nested(&self, node: &Node, key: &str) -> Option<NodeId> {
        if !key.contains('.') {
            return None;
        }
        let mut at = node;
        let mut found = None;
        for part in key.split('.') {
            let id = at.keys.iter().find(|(known, _)| **known == *part).map(|(_, id)| *id)?;
            found = Some(id);
            at = self.node(id);
        }
        found
    }

    fn any_key(&self, node: &Node) -> Option<NodeId> {
        node.keys.iter().find(|(known, _)| &**known == "*").map(|(_, id)| *id)
    }

    /// All slots at and below a node, for values that a later duplicate of a key takes back.
    pub fn slots_below(&self, id: NodeId, out: &mut Vec<SlotId>) {
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            let node = self.node(id);
            out.extend(node.slot);
            out.extend(node.through_slot);
            // Behind an array the way through further ones leads to where it is.
            let through = node.through.filter(|through| *through != id);
            let keys = node.keys.iter().map(|(_, id)| *id);
            todo.extend(keys.chain(node.each).chain(through).chain(node.indexes.iter().map(|(_, id)| *id)));
        }
    }
}

impl Node {
    const fn new() -> Node {
        Node {
            keys: Vec::new(),
            each: None,
            indexes: Vec::new(),
            through: None,
            slot: None,
            through_slot: None,
            leaf: true,
            star: false,
            dots: false,
            names: Vec::new(),
            plain: None,
        }
    }

    fn add_name(&mut self, name: &str) {
        if self.names.iter().any(|known| **known == *name) {
            return;
        }
        self.names.push(name.into());
        self.plain = PlainKeys::of(self.names.iter().map(|name| &**name));
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::walk;
    use super::Trie;
    use mynah_event::Path;
    use mynah_source::JsonIndex;

    /// The texts that a path finds in a record.
    fn found(path: &str, record: &str) -> Vec<String> {
        let mut trie = Trie::new();
        trie.insert(&Path::parse(path));
        let mut captures = Vec::new();
        walk(&trie, JsonIndex::default().of(record), &[], &mut captures).unwrap();
        captures.into_iter().map(|(_, range)| record[range].to_owned()).collect()
    }

    #[test]
    fn a_star_is_any_key() {
        assert_eq!(found("a.*.b", r#"{"a": {"x": {"b": 1}}}"#), ["1"]);
        assert_eq!(found("a.*.b", r#"{"a": {"x.y": {"b": 1}}}"#), ["1"]);
        assert_eq!(found("a.*.b", r#"{"a": {"x": {"c": 1}}}"#), [] as [&str; 0]);
    }
}
