use std::borrow::Cow;

pub(super) fn hash<'a>(value: Cow<'a, str>, name: &str) -> Option<Cow<'a, str>> {
    super::part(value, |text| {
        text.split(',')
            .filter_map(|hash| hash.split_once('='))
            .find(|(known, _)| known.trim().eq_ignore_ascii_case(name))
            .map(|(_, hash)| hash)
    })
}
