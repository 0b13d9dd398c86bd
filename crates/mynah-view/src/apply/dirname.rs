use std::borrow::Cow;

pub(super) fn dirname(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    super::part(value, |text| text.rfind(['\\', '/']).and_then(|at| text.get(..at)))
}
