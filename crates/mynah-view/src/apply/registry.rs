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

impl RegistryPart {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "hive" => RegistryPart::Hive,
            "key" => RegistryPart::Key,
            "value" => RegistryPart::Value,
            "type" => RegistryPart::DataType,
            "data" => RegistryPart::Data,
            _ => return None,
        })
    }
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
    let hexadecimal = |digits: &str| u64::from_str_radix(digits.strip_prefix("0x")?, 16).ok();
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
