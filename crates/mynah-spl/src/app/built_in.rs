use super::conf::Conf;
use super::macros;
use mynah_dialect::{Macro, Site};
use std::sync::LazyLock;

static BUILT_IN: LazyLock<Site> = LazyLock::new(|| {
    let mut conf = Conf::default();
    conf.add(include_str!("../../macros/cim.conf"));
    let mut site = Site::default();
    macros::load(&conf, &mut site);
    site
});

/// A macro of Splunk's own add-ons, which sites have without setting them up.
pub(crate) fn built_in_macro(name: &str, arguments: usize) -> Option<&'static Macro> {
    BUILT_IN.macros.get(&(name.to_owned(), arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_information_model_brings_its_macros() {
        assert!(built_in_macro("drop_dm_object_name", 1).is_some());
        assert!(built_in_macro("drop_dm_object_name", 2).is_none());
    }
}
