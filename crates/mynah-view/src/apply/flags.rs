use super::text::hexadecimal;
use serde::{Deserialize, Serialize};

/// A set of bits whose names are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flags {
    /// `userAccountControl` of the SAM: MS-SAMR, 2.2.1.12.
    UserAccountControl,
    /// The options of a Kerberos ticket request: Windows event 4768.
    TicketOptions,
}

impl Flags {
    fn names(self) -> &'static [(u64, &'static str)] {
        match self {
            Flags::UserAccountControl => &[
                (0x0000_0001, "USER_ACCOUNT_DISABLED"),
                (0x0000_0002, "USER_HOME_DIRECTORY_REQUIRED"),
                (0x0000_0004, "USER_PASSWORD_NOT_REQUIRED"),
                (0x0000_0008, "USER_TEMP_DUPLICATE_ACCOUNT"),
                (0x0000_0010, "USER_NORMAL_ACCOUNT"),
                (0x0000_0020, "USER_MNS_LOGON_ACCOUNT"),
                (0x0000_0040, "USER_INTERDOMAIN_TRUST_ACCOUNT"),
                (0x0000_0080, "USER_WORKSTATION_TRUST_ACCOUNT"),
                (0x0000_0100, "USER_SERVER_TRUST_ACCOUNT"),
                (0x0000_0200, "USER_DONT_EXPIRE_PASSWORD"),
                (0x0000_0400, "USER_ACCOUNT_AUTO_LOCKED"),
                (0x0000_0800, "USER_ENCRYPTED_TEXT_PASSWORD_ALLOWED"),
                (0x0000_1000, "USER_SMARTCARD_REQUIRED"),
                (0x0000_2000, "USER_TRUSTED_FOR_DELEGATION"),
                (0x0000_4000, "USER_NOT_DELEGATED"),
                (0x0000_8000, "USER_USE_DES_KEY_ONLY"),
                (0x0001_0000, "USER_DONT_REQUIRE_PREAUTH"),
                (0x0002_0000, "USER_PASSWORD_EXPIRED"),
                (0x0004_0000, "USER_TRUSTED_TO_AUTHENTICATE_FOR_DELEGATION"),
                (0x0008_0000, "USER_NO_AUTH_DATA_REQUIRED"),
                (0x0010_0000, "USER_PARTIAL_SECRETS_ACCOUNT"),
                (0x0020_0000, "USER_USE_AES_KEYS"),
            ],
            Flags::TicketOptions => &[
                (0x4000_0000, "Forwardable"),
                (0x2000_0000, "Forwarded"),
                (0x1000_0000, "Proxiable"),
                (0x0800_0000, "Proxy"),
                (0x0400_0000, "Allow-postdate"),
                (0x0200_0000, "Postdated"),
                (0x0100_0000, "Invalid"),
                (0x0080_0000, "Renewable"),
                (0x0040_0000, "Initial"),
                (0x0020_0000, "Pre-authent"),
                (0x0010_0000, "Opt-hardware-auth"),
                (0x0008_0000, "Transited-policy-checked"),
                (0x0004_0000, "Ok-as-delegate"),
                (0x0002_0000, "Request-anonymous"),
                (0x0001_0000, "Name-canonicalize"),
                (0x0000_0020, "Disable-transited-check"),
                (0x0000_0010, "Renewable-ok"),
                (0x0000_0008, "Enc-tkt-in-skey"),
                (0x0000_0002, "Renew"),
                (0x0000_0001, "Validate"),
            ],
        }
    }

    /// The names of the bits that a number has, which may be written in hexadecimal.
    pub(super) fn of(self, value: &str) -> impl Iterator<Item = &'static str> {
        let text = value.trim();
        let number = hexadecimal(text).or_else(|| text.parse().ok()).unwrap_or(0);
        self.names().iter().filter(move |(bit, _)| number & bit != 0).map(|(_, name)| *name)
    }
}
