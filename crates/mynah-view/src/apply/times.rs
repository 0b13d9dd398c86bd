use std::borrow::Cow;

/// What is no whole number, or leaves the range of one, gives nothing.
pub(super) fn times(value: Cow<'_, str>, factor: i64) -> Option<Cow<'_, str>> {
    let product = value.trim().parse::<i64>().ok()?.checked_mul(factor)?;
    Some(Cow::Owned(product.to_string()))
}
