//! The pages of Splunk's Search Reference, one for each kind of function.

pub(super) const AGGREGATE: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Aggregatefunctions";
pub(super) const ORDER: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Eventorderfunctions";
pub(super) const MULTIVALUE: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Multivaluefunctions";
pub(super) const TIME: &str = "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/Timefunctions";
