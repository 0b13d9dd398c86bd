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
    /// Where a value found here is noted.
    pub slot: Option<SlotId>,
    /// Whether no path goes on from here.
    pub leaf: bool,
    /// Whether a path goes on from here through any key (`*`).
    pub star: bool,
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

    /// The slot in which the values at `path` will be noted.
    pub fn insert(&mut self, path: &Path) -> SlotId {
        let mut at = 0;
        // Nodes above, and the key with dots that leads from there to the node at hand.
        let mut above: Vec<(NodeId, String)> = Vec::new();
        for segment in &path.0 {
            let from = at;
            let known = match segment {
                Segment::Key(key) => self.node(at).keys.iter().find(|(known, _)| **known == **key).map(|(_, id)| *id),
                Segment::Each => self.node(at).each,
                Segment::Index(index) => {
                    self.node(at).indexes.iter().find(|(known, _)| known == index).map(|(_, id)| *id)
                }
            };
            at = known.unwrap_or_else(|| {
                let id = self.nodes.len();
                self.nodes.push(Node::new());
                if let Some(node) = self.nodes.get_mut(at) {
                    node.leaf = false;
                    match segment {
                        Segment::Key(key) => {
                            node.star |= &**key == "*";
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
                    for (node, name) in &above {
                        self.nodes.get_mut(*node).into_iter().for_each(|node| node.add_name(name));
                    }
                }
                Segment::Each | Segment::Index(_) => above.clear(),
            }
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

    /// The node for an object's key. A key with dots (`"process.name": …`) leads where the nested keys would,
    /// as platforms that flatten objects have it. A key that no path names leads where `*` does: some formats name
    /// an element after what is in it.
    pub fn child(&self, node: &Node, key: &str) -> Option<NodeId> {
        if let Some((_, id)) = node.keys.iter().find(|(known, _)| **known == *key) {
            return Some(*id);
        }
        let mut at = node;
        let mut found = None;
        if key.contains('.') {
            for part in key.split('.') {
                let id = at.keys.iter().find(|(known, _)| **known == *part).map(|(_, id)| *id);
                let Some(id) = id else { return self.any_key(node) };
                found = Some(id);
                at = self.node(id);
            }
        }
        found.or_else(|| self.any_key(node))
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
            todo.extend(
                node.keys.iter().map(|(_, id)| *id).chain(node.each).chain(node.indexes.iter().map(|(_, id)| *id)),
            );
        }
    }
}

impl Node {
    const fn new() -> Node {
        Node {
            keys: Vec::new(),
            each: None,
            indexes: Vec::new(),
            slot: None,
            leaf: true,
            star: false,
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
