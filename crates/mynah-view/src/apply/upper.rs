use std::borrow::Cow;

pub(super) fn upper(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if value.chars().any(char::is_lowercase) { Some(Cow::Owned(value.to_uppercase())) } else { Some(value) }
}
