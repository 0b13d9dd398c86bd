use serde_json::Value;
use std::borrow::Cow;

/// Microsoft's audit records hold properties as `[{"Name": "ForwardTo", "Value": "…"}]`.
pub(super) fn named(value: &str, name: &str) -> Option<Cow<'static, str>> {
    let Ok(Value::Array(members)) = serde_json::from_str::<Value>(value) else { return None };
    let of = |member: &Value, key: &str| match member.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        None | Some(Value::Null) => None,
        Some(other) => Some(other.to_string()),
    };
    // A later one of the same name takes the place of an earlier one.
    members
        .iter()
        .rev()
        .find(|member| of(member, "Name").as_deref() == Some(name))
        .and_then(|member| of(member, "Value"))
        .map(Cow::Owned)
}
