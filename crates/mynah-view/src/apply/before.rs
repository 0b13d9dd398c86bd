use std::borrow::Cow;

pub(super) fn before<'a>(value: Cow<'a, str>, what: &str) -> Option<Cow<'a, str>> {
    super::part(value, |text| text.split_once(what).map(|(before, _)| before))
}
