use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// What of Sysmon's `QueryResults` is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DnsPart {
    /// The addresses.
    Addresses,
    /// The names of records that are no addresses (`type:  5 www.example.com`).
    Names,
}

impl DnsPart {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "addresses" => DnsPart::Addresses,
            "names" => DnsPart::Names,
            _ => return None,
        })
    }
}

pub(super) fn dns(value: &str, part: DnsPart) -> Vec<Cow<'static, str>> {
    let answers = value.split(';').filter(|answer| !answer.is_empty());
    match part {
        DnsPart::Addresses => answers
            .filter(|answer| !answer.starts_with("type:"))
            .filter_map(|answer| super::ip::ip(Cow::Borrowed(answer)).map(|address| Cow::Owned(address.into_owned())))
            .collect(),
        DnsPart::Names => answers
            .filter(|answer| answer.starts_with("type:"))
            .filter_map(|answer| answer.split_whitespace().nth(2).map(|name| Cow::Owned(name.to_owned())))
            .collect(),
    }
}
