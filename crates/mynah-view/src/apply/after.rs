use std::borrow::Cow;

pub(super) fn after<'a>(value: Cow<'a, str>, what: &str) -> Option<Cow<'a, str>> {
    super::part(value, |text| Some(text.rsplit_once(what).map_or(text, |(_, after)| after)))
}
