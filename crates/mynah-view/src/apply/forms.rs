use std::borrow::Cow;

pub(super) fn forms<'a>(value: &str, forms: &str) -> Vec<Cow<'a, str>> {
    forms.split('|').map(|form| Cow::Owned(form.replacen('*', value, 1))).collect()
}
