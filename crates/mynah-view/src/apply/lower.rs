use std::borrow::Cow;

pub(super) fn lower(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if value.chars().any(char::is_uppercase) { Some(Cow::Owned(value.to_lowercase())) } else { Some(value) }
}
