/// A value without parts, typed as YAML 1.2's core schema says.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number and how it is written, in decimal and without leading zeros.
    Number(f64, String),
    /// A text.
    Text(String),
}

impl Scalar {
    /// The text that it is: a number is none.
    pub fn text(&self) -> Option<&str> {
        match self {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The type of a scalar that stands without quotes.
    pub(crate) fn plain(text: &str) -> Scalar {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
            "true" | "True" | "TRUE" => return Scalar::Boolean(true),
            "false" | "False" | "FALSE" => return Scalar::Boolean(false),
            _ => {}
        }
        number(text).unwrap_or_else(|| Scalar::Text(text.to_owned()))
    }
}

/// As text: of a number in decimal, of null `null`.
impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scalar::Null => f.write_str("null"),
            Scalar::Boolean(truth) => write!(f, "{truth}"),
            Scalar::Number(_, text) | Scalar::Text(text) => f.write_str(text),
        }
    }
}

fn number(text: &str) -> Option<Scalar> {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)];
    let prefixed = radix.iter().find_map(|(prefix, radix)| Some((digits.strip_prefix(prefix)?, *radix)));
    let (digits, radix) = prefixed.unwrap_or((digits, 10));
    if digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && let Ok(magnitude) = u64::from_str_radix(digits, radix)
    {
        // What begins with a zero is a text, such as a number of the day or an account.
        if radix == 10 && digits.len() > 1 && digits.starts_with('0') {
            return None;
        }
        let number = if negative { -i128::from(magnitude) } else { i128::from(magnitude) };
        return Some(Scalar::Number(number as f64, number.to_string()));
    }
    let mut bytes = digits.bytes();
    let begins = bytes.next().is_some_and(|byte| byte.is_ascii_digit() || byte == b'.');
    let written = bytes.all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    if radix != 10 || !begins || !written || digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    Some(Scalar::Number(number, number.to_string()))
}
