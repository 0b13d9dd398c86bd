//! What Sysmon writes: hashes, registry paths and data, DNS answers.
use super::text::hexadecimal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What of a registry event is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistryPart {
    /// Of a path: the root key's short name, `HKLM`.
    Hive,
    /// Of a path: what follows the root key.
    Key,
    /// Of a path: its last part.
    Value,
    /// Of data as Sysmon writes it: its type.
    DataType,
    /// Of data as Sysmon writes it: the data, numbers in decimal.
    Data,
}

pub(super) fn registry(value: Cow<'_, str>, part: RegistryPart) -> Option<Cow<'_, str>> {
    match part {
        RegistryPart::Hive => hive(value.split('\\').next()?).map(Cow::Borrowed),
        RegistryPart::Key => super::part(value, |path| {
            path.split_once('\\').filter(|(root, _)| hive(root).is_some()).map(|(_, key)| key)
        }),
        RegistryPart::Value => super::part(value, |path| path.rsplit('\\').next()),
        RegistryPart::DataType => Some(Cow::Borrowed(data(&value).0)),
        RegistryPart::Data => Some(match data(&value).1 {
            Some(number) => Cow::Owned(number.to_string()),
            None => value,
        }),
    }
}

fn hive(root: &str) -> Option<&'static str> {
    Some(match root {
        "HKEY_CLASSES_ROOT" | "HKCR" => "HKCR",
        "HKEY_CURRENT_CONFIG" | "HKCC" => "HKCC",
        "HKEY_CURRENT_USER" | "HKCU" => "HKCU",
        "HKEY_DYN_DATA" | "HKDD" => "HKDD",
        "HKEY_LOCAL_MACHINE" | "HKLM" => "HKLM",
        "HKEY_PERFORMANCE_DATA" | "HKPD" => "HKPD",
        "HKEY_USERS" | "HKU" => "HKU",
        _ => return None,
    })
}

/// The type's name and, for numbers (`DWORD (0x00000001)`, `QWORD (0x00000000-0x00000001)`), the number.
fn data(text: &str) -> (&'static str, Option<u64>) {
    let inside = |kind: &str| {
        let (name, rest) = text.split_once(" (")?;
        name.eq_ignore_ascii_case(kind).then(|| rest.strip_suffix(')')).flatten()
    };
    if let Some(number) = inside("DWORD").and_then(hexadecimal) {
        return ("SZ_DWORD", Some(number));
    }
    if let Some((high, low)) = inside("QWORD").and_then(|number| number.split_once('-'))
        && let (Some(high), Some(low)) = (hexadecimal(high), hexadecimal(low))
    {
        // The vendor's pipeline moves the upper half by 8 bits, not 32: its value is what queries see.
        return ("SZ_QWORD", high.checked_shl(8).and_then(|high| high.checked_add(low)));
    }
    if text == "Binary Data" { ("REG_BINARY", None) } else { ("REG_SZ", None) }
}

/// What of Sysmon's `QueryResults` is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DnsPart {
    /// The addresses.
    Addresses,
    /// The names of records that are no addresses (`type:  5 www.example.com`).
    Names,
}

pub(super) fn dns(value: &str, part: DnsPart) -> Vec<Cow<'static, str>> {
    let answers = value.split(';').filter(|answer| !answer.is_empty());
    match part {
        DnsPart::Addresses => answers
            .filter(|answer| !answer.starts_with("type:"))
            .filter_map(|answer| super::text::ip(Cow::Borrowed(answer)).map(|address| Cow::Owned(address.into_owned())))
            .collect(),
        DnsPart::Names => answers
            .filter(|answer| answer.starts_with("type:"))
            .filter_map(|answer| answer.split_whitespace().nth(2).map(super::owned))
            .collect(),
    }
}

/// One hash of a list `MD5=…,SHA256=…`.
pub(super) fn hash<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let mut hashes = list.split(',').filter_map(|hash| hash.split_once('='));
    hashes.find(|(known, _)| known.trim().eq_ignore_ascii_case(name)).map(|(_, hash)| hash)
}
