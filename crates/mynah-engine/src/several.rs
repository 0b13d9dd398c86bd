//! Fields of which some event has several values although their types say one.
//!
//! That shows only when the data is read: what was planned before is planned again then, with columns for all values.
use mynah_event::Platform;
use mynah_view::PlatformView;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The fields that are known to be so, and the views as they are with these.
#[derive(Debug, Default)]
pub(crate) struct Several(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    names: BTreeSet<String>,
    views: BTreeMap<Platform, Arc<PlatformView>>,
}

impl Several {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many fields are known.
    pub fn count(&self) -> usize {
        self.known().names.len()
    }

    /// Remembers these fields; tells whether one of them is new.
    pub fn learn(&self, names: impl IntoIterator<Item = String>) -> bool {
        let mut known = self.known();
        let before = known.names.len();
        known.names.extend(names);
        let is_new = known.names.len() > before;
        if is_new {
            known.views.clear();
        }
        is_new
    }

    /// A view for plans that are made from now on.
    pub fn view(&self, view: Arc<PlatformView>) -> Arc<PlatformView> {
        let mut known = self.known();
        if known.names.is_empty() {
            return view;
        }
        let Known { names, views } = &mut *known;
        Arc::clone(views.entry(view.platform()).or_insert_with(|| Arc::new(view.with_several(names.clone()))))
    }
}
