use std::borrow::Cow;

/// Both separators count, since one log can hold paths of either system.
pub(super) fn basename(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    super::part(value, |text| text.rsplit(['\\', '/']).next()).filter(|name| !name.is_empty())
}
