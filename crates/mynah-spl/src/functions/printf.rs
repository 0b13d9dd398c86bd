//! C's `printf` formats.

use std::iter::Peekable;
use std::str::Chars;

#[derive(Default)]
struct Directive {
    left: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    /// Whether digits stand in groups of three.
    grouped: bool,
    width: usize,
    precision: Option<usize>,
}

/// Formats values: `value` gives the text and, where it is one, the number of the value of that place.
///
/// Null where the format wants more values than there are or has a directive that does not exist.
pub(super) fn format(format: &str, value: impl Fn(usize) -> Option<(String, Option<f64>)>) -> Option<String> {
    let mut out = String::new();
    let mut rest = format.chars().peekable();
    let mut next = 0;
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut directive = Directive::default();
        loop {
            match rest.peek() {
                Some('-') => directive.left = true,
                Some('+') => directive.plus = true,
                Some(' ') => directive.space = true,
                Some('0') => directive.zero = true,
                Some('#') => directive.alternate = true,
                Some('\'') => directive.grouped = true,
                _ => break,
            }
            rest.next();
        }
        let mut starred = |rest: &mut Peekable<Chars<'_>>| {
            if rest.next_if_eq(&'*').is_some() {
                next += 1;
                return value(next - 1)?.1.map(|number| number as i64);
            }
            Some(digits(rest))
        };
        let width = starred(&mut rest)?;
        directive.left |= width < 0;
        directive.width = usize::try_from(width.unsigned_abs()).ok()?.min(10_000);
        if rest.next_if_eq(&'.').is_some() {
            directive.precision = Some(usize::try_from(starred(&mut rest)?.max(0)).ok()?.min(10_000));
        }
        while rest.next_if(|c| matches!(c, 'l' | 'h' | 'q' | 'j' | 't' | 'L')).is_some() {}
        let letter = rest.next()?;
        if letter == '%' {
            out.push('%');
            continue;
        }
        let (text, number) = value(next)?;
        next += 1;
        out.push_str(&directive.write(letter, &text, number)?);
    }
    Some(out)
}

/// The first letter of a format that is none of a conversion.
pub(super) fn unknown(format: &str) -> Option<char> {
    let mut rest = format.chars();
    while rest.by_ref().any(|c| c == '%') {
        let is_option = |c: &char| !(c.is_ascii_alphabetic() || *c == '%') || "lhqjtL".contains(*c);
        let letter = rest.find(|c| !is_option(c))?;
        if !"aAcdieEfFgGosuxXpz%".contains(letter) {
            return Some(letter);
        }
    }
    None
}

/// The digits before the point in groups of three, with commas between them.
fn in_groups(number: &str) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut out = String::with_capacity(number.len() + whole.len() / 3);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

fn digits(rest: &mut Peekable<Chars<'_>>) -> i64 {
    let mut number = 0i64;
    while let Some(digit) = rest.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)) {
        number = number.saturating_mul(10).saturating_add(i64::from(digit));
    }
    number
}

impl Directive {
    fn write(&self, letter: char, text: &str, known: Option<f64>) -> Option<String> {
        let number = known.unwrap_or(0.0);
        let precision = self.precision.unwrap_or(6);
        let magnitude = number.abs();
        let body = match letter {
            's' | 'z' => {
                let text = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
                return Some(self.pad(text, "", false));
            }
            'c' => return Some(self.pad(character(text, known)?.to_string(), "", false)),
            'a' | 'A' => hexadecimal(magnitude, self.precision, letter, self.alternate),
            'd' | 'i' | 'u' => self.whole(format!("{}", magnitude.trunc() as u64)),
            'x' => self.whole(format!("{:x}", number as i64)),
            'X' | 'p' => self.whole(format!("{:X}", number as i64)),
            'o' => self.whole(format!("{:o}", number as i64)),
            'f' | 'F' => self.pointed(format!("{magnitude:.precision$}")),
            'e' | 'E' => self.pointed(exponent(magnitude, precision, letter)),
            'g' | 'G' => self.pointed(shortest(magnitude, precision.max(1), letter, self.alternate)),
            _ => return None,
        };
        let body = if self.grouped && matches!(letter, 'd' | 'i' | 'u' | 'f' | 'F' | 'g' | 'G') {
            in_groups(&body)
        } else {
            body
        };
        let signed = !matches!(letter, 'x' | 'X' | 'p' | 'o' | 'u');
        let prefix = match letter {
            'x' if self.alternate => "0x",
            'X' | 'p' if self.alternate => "0X",
            'o' if self.alternate => "0",
            _ if signed && number < 0.0 => "-",
            _ if signed && self.plus => "+",
            _ if signed && self.space => " ",
            _ => "",
        };
        Some(self.pad(body, prefix, self.zero && !self.left))
    }

    /// The number with a point, also where no digits follow it, if `#` asks for that.
    fn pointed(&self, number: String) -> String {
        if !self.alternate || number.contains('.') {
            return number;
        }
        let (mantissa, exponent) = number.split_at(number.find(['e', 'E']).unwrap_or(number.len()));
        format!("{mantissa}.{exponent}")
    }

    /// Digits, at least as many as the precision says.
    fn whole(&self, digits: String) -> String {
        match self.precision {
            Some(0) if digits == "0" => String::new(),
            least => format!("{digits:0>width$}", width = least.unwrap_or(0)),
        }
    }

    fn pad(&self, body: String, prefix: &str, zero: bool) -> String {
        let missing = self.width.saturating_sub(body.chars().count() + prefix.len());
        if zero {
            format!("{prefix}{}{body}", "0".repeat(missing))
        } else if self.left {
            format!("{prefix}{body}{}", " ".repeat(missing))
        } else {
            format!("{}{prefix}{body}", " ".repeat(missing))
        }
    }
}

fn exponent(magnitude: f64, precision: usize, letter: char) -> String {
    let written = format!("{magnitude:.precision$e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    let mark = if letter.is_ascii_uppercase() { 'E' } else { 'e' };
    format!("{mantissa}{mark}{sign}{digits:0>2}")
}

/// The character of a code point, or the first one of a text.
fn character(text: &str, number: Option<f64>) -> Option<char> {
    match number {
        Some(code) => char::from_u32(code as u32),
        None => text.chars().next(),
    }
}

/// `0x1.921fb54442d18p+1`: the bits of a number, with so many hexadecimal digits behind the point.
fn hexadecimal(magnitude: f64, precision: Option<usize>, letter: char, keep_point: bool) -> String {
    const DIGITS: u32 = 13;
    let bits = magnitude.to_bits();
    let power = i64::try_from(bits >> 52).unwrap_or(0);
    let normal = u64::from(power > 0);
    let power = if magnitude == 0.0 { 0 } else { power.max(1) - 1023 };
    let mut mantissa = (normal << 52) | (bits & ((1 << 52) - 1));
    let mut digits = DIGITS;
    if let Some(wanted) = precision.and_then(|wanted| u32::try_from(wanted).ok()).filter(|wanted| *wanted < DIGITS) {
        let cut = 4 * (DIGITS - wanted);
        let (kept, rest, half) = (mantissa >> cut, mantissa & ((1 << cut) - 1), 1 << (cut - 1));
        // Halves go to the even digit, as C's library rounds them.
        mantissa = kept + u64::from(rest > half || (rest == half && kept % 2 == 1));
        digits = wanted;
    }
    let (whole, fraction) = (mantissa >> (4 * digits), mantissa & ((1 << (4 * digits)) - 1));
    let mut fraction =
        if digits == 0 { String::new() } else { format!("{fraction:0width$x}", width = digits as usize) };
    match precision {
        Some(wanted) => fraction = format!("{fraction:0<wanted$}"),
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
    }
    let point = if fraction.is_empty() && !keep_point { "" } else { "." };
    let written = format!("0x{whole}{point}{fraction}p{power:+}");
    if letter == 'A' { written.to_ascii_uppercase() } else { written }
}

fn shortest(magnitude: f64, precision: usize, letter: char, keep_zeros: bool) -> String {
    let power = if magnitude == 0.0 { 0 } else { magnitude.log10().floor() as i64 };
    let trim = |text: String| {
        if keep_zeros || !text.contains('.') {
            text
        } else {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    if power < -4 || power >= precision as i64 {
        let written = exponent(magnitude, precision - 1, letter);
        let at = written.find(['e', 'E']).unwrap_or(written.len());
        let (mantissa, exponent) = written.split_at(at);
        return format!("{}{exponent}", trim(mantissa.to_owned()));
    }
    let decimals = usize::try_from(precision as i64 - 1 - power).unwrap_or(0);
    trim(format!("{magnitude:.decimals$}"))
}
