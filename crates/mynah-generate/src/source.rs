use crate::log::{Attack, Log};
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

const WINDOWS: &str = include_str!("../logs/windows.toml");

/// In the order of [`Source`].
static LOGS: [LazyLock<Log>; 5] = [
    LazyLock::new(|| Log::read(&[include_str!("../logs/aws.cloudtrail.toml")])),
    LazyLock::new(|| Log::read(&[include_str!("../logs/azure.signinlogs.toml")])),
    LazyLock::new(|| Log::read(&[include_str!("../logs/o365.audit.toml")])),
    LazyLock::new(|| Log::read(&[WINDOWS, include_str!("../logs/windows.sysmon.toml")])),
    LazyLock::new(|| Log::read(&[WINDOWS, include_str!("../logs/windows.security.toml")])),
];

/// A log source whose logs can be made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// `aws.cloudtrail`: calls of the AWS API, as CloudTrail records them.
    CloudTrail,
    /// `azure.signinlogs`: sign-ins to Entra ID, as diagnostic settings export them.
    AzureSignIns,
    /// `o365.audit`: the unified audit log of Microsoft 365, as its Management Activity API gives it.
    O365Audit,
    /// `windows.sysmon`: what Sysmon records, in the JSON that EVTX files are read into.
    Sysmon,
    /// `windows.security`: the audit trail of Windows, in the JSON that EVTX files are read into.
    WindowsSecurity,
}

/// A name that no source has.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no logs of `{name}` can be made up: one of {}", Source::ALL.map(Source::name).join(", "))]
pub struct UnknownSource {
    name: String,
}

impl Source {
    /// All of them.
    pub const ALL: [Source; 5] =
        [Source::CloudTrail, Source::AzureSignIns, Source::O365Audit, Source::Sysmon, Source::WindowsSecurity];

    /// The log source's name, as everywhere else.
    pub const fn name(self) -> &'static str {
        match self {
            Source::CloudTrail => "aws.cloudtrail",
            Source::AzureSignIns => "azure.signinlogs",
            Source::O365Audit => "o365.audit",
            Source::Sysmon => "windows.sysmon",
            Source::WindowsSecurity => "windows.security",
        }
    }

    /// The attacks that its logs have in them, in the order of their turns.
    pub fn attacks(self) -> &'static [Attack] {
        &self.log().attacks
    }

    /// How its records are made.
    pub(crate) fn log(self) -> &'static Log {
        &LOGS[self as usize]
    }
}

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(name: &str) -> Result<Source, UnknownSource> {
        let found = Source::ALL.into_iter().find(|source| source.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| UnknownSource { name: name.to_owned() })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
