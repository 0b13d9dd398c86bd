use std::collections::BTreeMap;

/// A configuration file: settings by stanza.
#[derive(Debug, Default)]
pub(super) struct Conf {
    pub stanzas: BTreeMap<String, BTreeMap<String, String>>,
}

impl Conf {
    /// Adds a file's settings, which go before those so far.
    pub(super) fn add(&mut self, text: &str) {
        let mut stanza = "default".to_owned();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        while let Some(line) = lines.next() {
            let start = line.trim_start();
            if start.is_empty() || start.starts_with('#') {
                continue;
            }
            if let Some(name) = start.strip_prefix('[') {
                stanza = name.trim_end().strip_suffix(']').unwrap_or(name).to_owned();
                self.stanzas.entry(stanza.clone()).or_default();
                continue;
            }
            let Some((key, value)) = start.split_once('=') else { continue };
            let mut value = value.trim().to_owned();
            // A backslash at its end takes the next line in.
            while value.ends_with('\\') {
                value.pop();
                value.push('\n');
                match lines.next() {
                    Some(next) => value.push_str(next.trim_end()),
                    None => break,
                }
            }
            self.stanzas.entry(stanza.clone()).or_default().insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
}

/// The stanzas of a configuration file, each with its settings, as Splunk reads them.
///
/// ```
/// let stanzas = mynah_spl::stanzas("[Failed logons]\nsearch = index=main \\\n  EventCode=4625\n");
/// assert_eq!(stanzas["Failed logons"]["search"], "index=main \n  EventCode=4625");
/// ```
pub fn stanzas(text: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut conf = Conf::default();
    conf.add(text);
    conf.stanzas
}

/// What a setting's value means as truth.
pub(super) fn truth(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "t" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stanzas_hold_settings_and_later_files_win() {
        let mut conf = Conf::default();
        conf.add("# note\n[a]\nx = 1=2\ny = one \\\n  two\n[b]\n");
        conf.add("[a]\nx = 3\n");
        assert_eq!(conf.stanzas["a"]["x"], "3");
        assert_eq!(conf.stanzas["a"]["y"], "one \n  two");
        assert!(conf.stanzas["b"].is_empty());
    }
}
