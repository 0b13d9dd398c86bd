use std::borrow::Cow;
use std::net::IpAddr;

/// An IPv4 address that IPv6 sockets report as `::ffff:192.0.2.7` is that IPv4 address. A port behind the
/// address is left out.
pub(super) fn ip(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if value.parse::<IpAddr>().is_ok() && !value.starts_with("::ffff:") {
        return Some(value);
    }
    let address: IpAddr = match value.parse() {
        Ok(address) => address,
        Err(_) => without_port(&value).parse().ok()?,
    };
    Some(Cow::Owned(address.to_canonical().to_string()))
}

fn without_port(text: &str) -> &str {
    if let Some((inside, _)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return inside;
    }
    match text.split_once(':') {
        Some((address, port)) if !port.contains(':') => address,
        _ => text,
    }
}
