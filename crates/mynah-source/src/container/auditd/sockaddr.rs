use crate::container::auditd::value::{hex, text};
use std::net::{Ipv4Addr, Ipv6Addr};

/// What the `saddr` of a SOCKADDR record says: pairs of a member's name and its value.
///
/// It is a C `sockaddr` in hexadecimal: the family in the machine's byte order, the rest in the network's.
pub(super) fn decode(saddr: &str) -> Vec<(&'static str, String)> {
    let Some(bytes) = hex(saddr) else { return Vec::new() };
    let Some([low, high]) = bytes.get(..2) else { return Vec::new() };
    let port =
        bytes.get(2..4).and_then(|two| <[u8; 2]>::try_from(two).ok()).map(|two| u16::from_be_bytes(two).to_string());
    let (family, address, path) = match u16::from_le_bytes([*low, *high]) {
        1 => {
            let name = bytes.get(2..).unwrap_or(&[]);
            let end = name.iter().position(|byte| *byte == 0).filter(|end| *end > 0).unwrap_or(name.len());
            ("unix", None, Some(text(name.get(..end).unwrap_or(name))))
        }
        2 => (
            "ipv4",
            bytes
                .get(4..8)
                .and_then(|four| <[u8; 4]>::try_from(four).ok())
                .map(|four| Ipv4Addr::from(four).to_string()),
            None,
        ),
        10 => (
            "ipv6",
            bytes.get(8..24).and_then(|all| <[u8; 16]>::try_from(all).ok()).map(|all| Ipv6Addr::from(all).to_string()),
            None,
        ),
        16 => ("netlink", None, None),
        _ => return Vec::new(),
    };
    let mut members = vec![("family", family.to_owned())];
    if let Some(address) = address {
        members.push(("addr", address));
        members.extend(port.map(|port| ("port", port)));
    }
    members.extend(path.map(|path| ("path", path)));
    members
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn families() {
        let ipv4 = decode("020001BB0A0000050000000000000000");
        assert_eq!(ipv4, [("family", "ipv4".to_owned()), ("addr", "10.0.0.5".to_owned()), ("port", "443".to_owned())]);
        let ipv6 = decode("0A000016000000000000000000000000000000000000000100000000");
        assert_eq!(ipv6, [("family", "ipv6".to_owned()), ("addr", "::1".to_owned()), ("port", "22".to_owned())]);
        let unix = decode("01002F72756E2F78002200");
        assert_eq!(unix, [("family", "unix".to_owned()), ("path", "/run/x".to_owned())]);
        assert_eq!((decode("02"), decode("0200"), decode("zz")), (vec![], vec![("family", "ipv4".to_owned())], vec![]));
    }
}
