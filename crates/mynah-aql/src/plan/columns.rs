//! What `SELECT *` selects.

/// The columns of `SELECT * FROM events`, in the order in which the Ariel API returns them; every other
/// property must be named.
pub(super) const EVENT_COLUMNS: [&str; 13] = [
    "starttime",
    "protocolid",
    "sourceip",
    "logsourceid",
    "qid",
    "sourceport",
    "eventcount",
    "magnitude",
    "identityip",
    "destinationip",
    "destinationport",
    "category",
    "username",
];
