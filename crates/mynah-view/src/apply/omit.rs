use std::borrow::Cow;

pub(super) fn omit<'a>(value: Cow<'a, str>, what: &str) -> Option<Cow<'a, str>> {
    if value.is_empty() || value == what { None } else { Some(value) }
}
