mod azure_signinlogs;
mod cloudtrail;
mod o365_audit;
mod windows;
mod windows_security;
mod windows_sysmon;

use crate::attack::Attack;
use crate::context::Context;
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

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
    pub const fn attacks(self) -> &'static [Attack] {
        match self {
            Source::CloudTrail => &cloudtrail::ATTACKS,
            Source::AzureSignIns => &azure_signinlogs::ATTACKS,
            Source::O365Audit => &o365_audit::ATTACKS,
            Source::Sysmon => &windows_sysmon::ATTACKS,
            Source::WindowsSecurity => &windows_security::ATTACKS,
        }
    }

    /// A record of everyday work.
    pub(crate) fn ordinary(self, context: &mut Context) -> Value {
        match self {
            Source::CloudTrail => cloudtrail::ordinary(context),
            Source::AzureSignIns => azure_signinlogs::ordinary(context),
            Source::O365Audit => o365_audit::ordinary(context),
            Source::Sysmon => windows_sysmon::ordinary(context),
            Source::WindowsSecurity => windows_security::ordinary(context),
        }
    }

    /// How far apart records are, in milliseconds, in a company of some hundred people.
    pub(crate) const fn mean_gap_ms(self) -> u64 {
        match self {
            Source::CloudTrail => 150,
            Source::AzureSignIns => 2000,
            Source::O365Audit => 800,
            Source::Sysmon => 20,
            Source::WindowsSecurity => 50,
        }
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
