//! Texts, paths, numbers and addresses.
use std::borrow::Cow;
use std::net::IpAddr;

/// Both separators count, since one log can hold paths of either system.
pub(super) const SEPARATORS: [char; 2] = ['\\', '/'];

pub(super) fn basename(path: &str) -> Option<&str> {
    path.rsplit(SEPARATORS).next().filter(|name| !name.is_empty())
}

pub(super) fn extension(path: &str) -> Option<&str> {
    let (_, extension) = basename(path)?.rsplit_once('.')?;
    Some(extension).filter(|extension| !extension.is_empty())
}

pub(super) fn split<'a>(value: Cow<'a, str>, by: &str) -> Vec<Cow<'a, str>> {
    match value {
        Cow::Borrowed(text) => text.split(by).filter(|part| !part.is_empty()).map(Cow::Borrowed).collect(),
        Cow::Owned(text) => text.split(by).filter(|part| !part.is_empty()).map(super::owned).collect(),
    }
}

/// The value of the first line that gives this key one. Blanks before a value are its own where none stands before the sign:
/// `KEY= x` has one, `KEY = x` has none.
pub(super) fn setting<'a>(lines: &'a str, key: &str) -> Option<&'a str> {
    let value = |line: &'a str| {
        let rest = line.trim_start().strip_prefix(key)?;
        let spaced = || rest.trim_start().strip_prefix('=').map(|value| value.trim_start_matches([' ', '\t']));
        rest.strip_prefix('=').or_else(spaced)
    };
    lines.split('\n').find_map(value).map(str::trim_end)
}

/// The number that `0x1f4` writes.
pub(super) fn hexadecimal(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    u64::from_str_radix(digits, 16).ok()
}

/// What is no whole number, or leaves the range of one, gives nothing.
pub(super) fn times(text: &str, factor: i64) -> Option<i64> {
    text.trim().parse::<i64>().ok()?.checked_mul(factor)
}

/// `[[h:]m:]s`, as firewalls write how long something took; also with the letters of the units behind the numbers.
pub(super) fn clock_seconds(text: &str) -> Option<i64> {
    let mut seconds: i64 = 0;
    for part in text.trim().split(':') {
        let number: i64 = part.trim_end_matches(['h', 'm', 's']).parse().ok()?;
        seconds = seconds.checked_mul(60)?.checked_add(number)?;
    }
    Some(seconds)
}

/// FNV-1a: short, and the same everywhere, which the standard library's hasher does not promise.
pub(super) fn checksum(text: &str) -> u32 {
    let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash & 0x7fff_ffff
}

/// A text of a URL. What its escapes make must be UTF-8.
pub(super) fn url_decoded(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains(['%', '+']) {
        return value;
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match (first, code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or(&[]);
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
        rest = behind;
    }
    String::from_utf8(bytes).map_or(value, Cow::Owned)
}

/// An IPv4 address that IPv6 sockets report as `::ffff:192.0.2.7` is that IPv4 address. A port behind the
/// address is left out.
pub(super) fn ip(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let address: IpAddr = match value.parse() {
        Ok(_) if !value.starts_with("::ffff:") => return Some(value),
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

#[cfg(test)]
mod tests {
    use super::clock_seconds;

    #[test]
    fn time_spans_are_seconds() {
        let spans = ["1:02:03", "0:00:30", "45", "1h:00m:01s", "", "x", "9223372036854775807:0"];
        assert_eq!(spans.map(clock_seconds), [Some(3723), Some(30), Some(45), Some(3601), None, None, None]);
    }
}
