use std::borrow::Cow;

pub(super) fn extension(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    super::part(value, |text| {
        let name = text.rsplit(['\\', '/']).next()?;
        name.rsplit_once('.').map(|(_, extension)| extension)
    })
    .filter(|extension| !extension.is_empty())
}
