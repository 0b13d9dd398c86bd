use std::ops::Range;

/// Members of a record's outermost object that its recognition went over, in order, so that whoever reads the record
/// next need not look for their ends again. Its memory is used again for the next record.
#[derive(Debug, Default)]
pub struct Members(pub(super) Vec<Member>);

/// One of them, by where it stands in the record.
#[derive(Debug, Clone)]
pub struct Member {
    /// What is between the key's quotes.
    pub key: Range<usize>,
    /// The value's text.
    pub value: Range<usize>,
}

impl Members {
    /// The members; some between them may be missing.
    pub fn all(&self) -> &[Member] {
        &self.0
    }
}
