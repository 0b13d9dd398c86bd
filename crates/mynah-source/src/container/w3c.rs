use crate::container::tables::Table;
use crate::json::write_string;

/// The extended log file format of the W3C, which IIS and many proxies write: values with blanks between, in the order
/// that the last `#Fields:` says; `-` is no value, and texts may be in quotes.
///
/// A row's document has its values under the names of the fields, and the time that `date` and `time` make.
#[derive(Default)]
pub(crate) struct W3c {
    names: Vec<String>,
    /// Of `#Date:`, for logs whose rows have no date of their own.
    date: Option<String>,
}

impl Table for W3c {
    const FIELDS: &'static str = "#Fields:";

    fn names(&self) -> usize {
        self.names.len()
    }

    fn directive(&mut self, line: &str) {
        if let Some(fields) = line.strip_prefix(Self::FIELDS) {
            self.names = fields.split_whitespace().map(str::to_owned).collect();
        } else if let Some(date) = line.strip_prefix("#Date:") {
            self.date = date.split_whitespace().next().map(str::to_owned);
        }
    }

    fn document(&self, row: &str, out: &mut String) -> usize {
        out.push('{');
        let (mut date, mut time) = (self.date.as_deref().map(str::to_owned), None);
        let mut count = 0;
        for (index, value) in values(row).into_iter().enumerate() {
            count += 1;
            let Some(name) = self.names.get(index).filter(|_| value != "-") else { continue };
            match name.as_str() {
                "date" => date = Some(value.clone()),
                "time" => time = Some(value.clone()),
                _ => {}
            }
            write_string(out, name);
            out.push(':');
            write_string(out, &value);
            out.push(',');
        }
        out.push_str("\"@line\":{");
        if let (Some(date), Some(time)) = (date, time) {
            out.push_str("\"time\":");
            write_string(out, &format!("{date}T{time}"));
        }
        out.push_str("},\"@format\":\"w3c\"}");
        count
    }
}

/// The values of a row; quotes around one hold its blanks together, two inside stand for one.
fn values(row: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = row.trim_start_matches([' ', '\t']);
    while !rest.is_empty() {
        let behind = if let Some(mut inside) = rest.strip_prefix('"') {
            let mut value = String::new();
            loop {
                let (part, behind) = inside.split_once('"').unwrap_or((inside, ""));
                value.push_str(part);
                match behind.strip_prefix('"') {
                    Some(more) => {
                        value.push('"');
                        inside = more;
                    }
                    None => {
                        values.push(value);
                        break behind;
                    }
                }
            }
        } else {
            let end = rest.find([' ', '\t']).unwrap_or(rest.len());
            values.push(rest.get(..end).unwrap_or("").to_owned());
            rest.get(end..).unwrap_or("")
        };
        rest = behind.trim_start_matches([' ', '\t']);
    }
    values
}
