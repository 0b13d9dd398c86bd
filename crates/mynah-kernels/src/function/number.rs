use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number as a parameter of a function: any Float64, written as a text, since JSON holds neither infinity nor NaN and
/// does not read every fraction back exactly.
///
/// ```
/// use mynah_kernels::Number;
/// assert_eq!(serde_json::to_string(&Number(f64::INFINITY))?, r#""inf""#);
/// assert_eq!(serde_json::from_str::<Number>(r#""0.1""#)?, Number(0.1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Number).map_err(D::Error::custom)
    }
}
