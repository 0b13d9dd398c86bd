use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// What functions need beside their parameters and is too large to be one of them: lookup tables, by the digest of what
/// they hold. A function names the digest; whoever runs the plan has the table, or gets an error that says which is missing.
///
/// ```
/// use mynah_kernels::Resources;
/// let mut resources = Resources::default();
/// resources.add("5f1c", vec!["alice", "bob"]);
/// assert_eq!(resources.get::<Vec<&str>>("5f1c").as_deref(), Some(&vec!["alice", "bob"]));
/// assert!(resources.get::<String>("5f1c").is_none());
/// ```
#[derive(Clone, Default)]
pub struct Resources(BTreeMap<String, Arc<dyn Any + Send + Sync>>);

impl Resources {
    /// Adds something under the digest of its content.
    pub fn add<R: Any + Send + Sync>(&mut self, digest: impl Into<String>, resource: R) {
        self.add_shared(digest, Arc::new(resource));
    }

    /// The same for something that others hold as well.
    pub fn add_shared<R: Any + Send + Sync>(&mut self, digest: impl Into<String>, resource: Arc<R>) {
        self.0.insert(digest.into(), resource);
    }

    /// What has this digest, if it is there and of this type.
    pub fn get<R: Any + Send + Sync>(&self, digest: &str) -> Option<Arc<R>> {
        Arc::clone(self.0.get(digest)?).downcast().ok()
    }
}

impl fmt::Debug for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
