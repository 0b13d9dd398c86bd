use std::borrow::Cow;

pub(super) fn split<'a>(value: Cow<'a, str>, by: &str) -> Vec<Cow<'a, str>> {
    match value {
        Cow::Borrowed(text) => text.split(by).filter(|part| !part.is_empty()).map(Cow::Borrowed).collect(),
        Cow::Owned(text) => {
            text.split(by).filter(|part| !part.is_empty()).map(|part| Cow::Owned(part.to_owned())).collect()
        }
    }
}

pub(super) fn split_whitespace(value: &str) -> Vec<Cow<'static, str>> {
    value.split_whitespace().map(|part| Cow::Owned(part.to_owned())).collect()
}
