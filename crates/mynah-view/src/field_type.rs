use datafusion::arrow::datatypes::{DataType, Field};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What one value of a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text: Arrow's `Utf8`.
    Text,
    /// A whole number: `Int64`.
    Integer,
    /// A number: `Float64`.
    Float,
    /// True or false: `Boolean`.
    Boolean,
    /// An IP address, as text in its usual form: `Utf8`.
    Ip,
    /// A time, in milliseconds since 1970: `Int64`.
    Milliseconds,
    /// A time, in seconds since 1970 with fraction: `Float64`.
    Seconds,
}

/// The type of a field: what its values are, and whether an event can have several.
///
/// Written as in the view files: `text`, `integer`, `float`, `boolean`, `ip`, `milliseconds`,
/// `seconds`; with `[]` behind it for several.
///
/// ```
/// use mynah_view::FieldType;
/// assert_eq!("text[]".parse::<FieldType>().unwrap(), FieldType::TEXTS);
/// assert_eq!(FieldType::TEXTS.to_string(), "text[]");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldType {
    /// What one value is.
    pub kind: Kind,
    /// Whether an event can have several: Arrow's `List` of the kind.
    pub many: bool,
}

impl FieldType {
    /// One text.
    pub const TEXT: FieldType = FieldType { kind: Kind::Text, many: false };
    /// Several texts.
    pub const TEXTS: FieldType = FieldType { kind: Kind::Text, many: true };

    /// One value of a kind.
    pub const fn one(kind: Kind) -> Self {
        FieldType { kind, many: false }
    }

    /// The Arrow type of its column.
    pub fn data_type(self) -> DataType {
        let one = match self.kind {
            Kind::Text | Kind::Ip => DataType::Utf8,
            Kind::Integer | Kind::Milliseconds => DataType::Int64,
            Kind::Float | Kind::Seconds => DataType::Float64,
            Kind::Boolean => DataType::Boolean,
        };
        if self.many { DataType::List(Arc::new(Field::new_list_field(one, true))) } else { one }
    }

    /// The type of a column that holds both: several if either is; text where the kinds differ, but a
    /// number where both are numbers.
    ///
    /// ```
    /// use mynah_view::{FieldType, Kind};
    /// let integer = FieldType::one(Kind::Integer);
    /// assert_eq!(integer.unify(FieldType::one(Kind::Float)), FieldType::one(Kind::Float));
    /// assert_eq!(integer.unify(FieldType::TEXTS), FieldType::TEXTS);
    /// ```
    pub fn unify(self, other: FieldType) -> FieldType {
        let kind = match (self.kind, other.kind) {
            (a, b) if a == b => a,
            (Kind::Integer, Kind::Float) | (Kind::Float, Kind::Integer) => Kind::Float,
            _ => Kind::Text,
        };
        FieldType { kind, many: self.many || other.many }
    }
}

impl FromStr for FieldType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, many) = text.strip_suffix("[]").map_or((text, false), |name| (name, true));
        let kind = match name {
            "text" => Kind::Text,
            "integer" => Kind::Integer,
            "float" => Kind::Float,
            "boolean" => Kind::Boolean,
            "ip" => Kind::Ip,
            "milliseconds" => Kind::Milliseconds,
            "seconds" => Kind::Seconds,
            _ => {
                return Err(format!(
                    "`{text}` is no type: text, integer, float, boolean, ip, milliseconds or seconds, with [] for several"
                ));
            }
        };
        Ok(FieldType { kind, many })
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Float => "float",
            Kind::Boolean => "boolean",
            Kind::Ip => "ip",
            Kind::Milliseconds => "milliseconds",
            Kind::Seconds => "seconds",
        })?;
        f.write_str(if self.many { "[]" } else { "" })
    }
}
