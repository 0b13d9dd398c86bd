use std::borrow::Cow;

pub(super) fn decimal(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let digits = value.strip_prefix("0x").or_else(|| value.strip_prefix("0X"));
    match digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()) {
        Some(number) => Some(Cow::Owned(number.to_string())),
        None => Some(value),
    }
}
