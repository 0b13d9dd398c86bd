//! The pages of Splunk's Search Reference, one for each kind of function.

pub(super) const BITWISE: &str = "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/BitwiseFunctions";
pub(super) const CONDITIONAL: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/ConditionalFunctions";
pub(super) const CONVERSION: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/ConversionFunctions";
pub(super) const CRYPTOGRAPHIC: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/CryptographicFunctions";
pub(super) const INFORMATIONAL: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/InformationalFunctions";
pub(super) const JSON: &str = "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/JSONFunctions";
pub(super) const MATHEMATICAL: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/MathematicalFunctions";
pub(super) const MULTIVALUE: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/MultivalueEvalFunctions";
pub(super) const STATISTICAL: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/StatisticalFunctions";
pub(super) const TEXT: &str = "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/TextFunctions";
pub(super) const TIME: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/DateandTimeFunctions";
pub(super) const TRIGONOMETRIC: &str =
    "https://docs.splunk.com/Documentation/Splunk/latest/SearchReference/TrigonometryandHyperbolicFunctions";
