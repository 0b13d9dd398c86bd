//! How a view file writes a transformation.
use super::{Apply, Capture, DnsPart, Flags, RegistryPart};
use mynah_event::Path;
use std::fmt;
use std::str::FromStr;

/// Those that are always written in the same way.
static FIXED: [(&str, Apply); 28] = [
    ("basename", Apply::Basename),
    ("dirname", Apply::Dirname),
    ("extension", Apply::Extension),
    ("decimal", Apply::Decimal),
    ("lower", Apply::Lower),
    ("upper", Apply::Upper),
    ("split_whitespace", Apply::SplitWhitespace),
    ("checksum", Apply::Checksum),
    ("clock_seconds", Apply::ClockSeconds),
    ("ip", Apply::Ip),
    ("arguments", Apply::Arguments),
    ("arguments_count", Apply::ArgumentsCount),
    ("words", Apply::Words),
    ("words_count", Apply::WordsCount),
    ("registry:hive", Apply::Registry(RegistryPart::Hive)),
    ("registry:key", Apply::Registry(RegistryPart::Key)),
    ("registry:value", Apply::Registry(RegistryPart::Value)),
    ("registry:type", Apply::Registry(RegistryPart::DataType)),
    ("registry:data", Apply::Registry(RegistryPart::Data)),
    ("dns:addresses", Apply::Dns(DnsPart::Addresses)),
    ("dns:names", Apply::Dns(DnsPart::Names)),
    ("flags:uac", Apply::Flags(Flags::UserAccountControl)),
    ("flags:ticket_options", Apply::Flags(Flags::TicketOptions)),
    ("url_decode", Apply::UrlDecode),
    ("java_text", Apply::JavaText),
    ("compact", Apply::Compact),
    ("sumo_windows", Apply::SumoWindows),
    ("audit_keywords", Apply::AuditKeywords),
];

type Make = fn(&str) -> Result<Apply, String>;

/// Those with an argument behind a colon.
static WITH_ARGUMENT: [(&str, Make); 12] = [
    ("after", |text| Ok(Apply::After(text.to_owned()))),
    ("before", |text| Ok(Apply::Before(text.to_owned()))),
    ("hash", |text| Ok(Apply::Hash(text.to_owned()))),
    ("split", |text| Ok(Apply::Split(text.to_owned()))),
    ("setting", |text| Ok(Apply::Setting(text.to_owned()))),
    ("capture", |text| Capture::new(text).map(Apply::Capture)),
    ("forms", |text| Ok(Apply::Forms(text.to_owned()))),
    ("omit", |text| Ok(Apply::Omit(text.to_owned()))),
    ("times", |text| text.parse().map(Apply::Times).map_err(|_| format!("`{text}` is no whole number"))),
    ("named", |text| Ok(Apply::Named(text.to_owned()))),
    ("json", |text| Ok(Apply::Json(Path::parse(text)))),
    ("json_auto", |text| Ok(Apply::JsonAuto(text.to_owned()))),
];

impl FromStr for Apply {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "omit" {
            return Ok(Apply::Omit(String::new()));
        }
        if let Some((_, apply)) = FIXED.iter().find(|(name, _)| *name == text) {
            return Ok(apply.clone());
        }
        if let Some((name, argument)) = text.split_once(':').filter(|(_, argument)| !argument.is_empty())
            && let Some((_, make)) = WITH_ARGUMENT.iter().find(|(known, _)| *known == name)
        {
            return make(argument);
        }
        let with_argument = WITH_ARGUMENT.iter().map(|(name, _)| format!("{name}:X"));
        let known: Vec<String> = FIXED.iter().map(|(name, _)| (*name).to_owned()).chain(with_argument).collect();
        Err(format!("`{text}` is no transformation: {}", known.join(", ")))
    }
}

impl Apply {
    /// Reads a transformation of a built-in view, whose regular expressions need no check.
    pub(crate) fn parse_trusted(text: &str) -> Result<Apply, String> {
        match text.strip_prefix("capture:") {
            Some(pattern) if !pattern.is_empty() => Ok(Apply::Capture(Capture::trusted(pattern))),
            _ => text.parse(),
        }
    }
}

impl fmt::Display for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Apply::After(what) => write!(f, "after:{what}"),
            Apply::Before(what) => write!(f, "before:{what}"),
            Apply::Hash(name) => write!(f, "hash:{name}"),
            Apply::Split(by) => write!(f, "split:{by}"),
            Apply::Setting(key) => write!(f, "setting:{key}"),
            Apply::Capture(capture) => write!(f, "capture:{}", capture.pattern()),
            Apply::Forms(forms) => write!(f, "forms:{forms}"),
            Apply::Omit(what) if what.is_empty() => f.write_str("omit"),
            Apply::Omit(what) => write!(f, "omit:{what}"),
            Apply::Times(factor) => write!(f, "times:{factor}"),
            Apply::Named(name) => write!(f, "named:{name}"),
            Apply::Json(path) => write!(f, "json:{path}"),
            Apply::JsonAuto(name) => write!(f, "json_auto:{name}"),
            fixed => f.write_str(FIXED.iter().find(|(_, apply)| apply == fixed).map_or("", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_is_written() {
        let fixed = FIXED.iter().map(|(name, _)| (*name).to_owned());
        let with_argument = WITH_ARGUMENT.iter().map(|(name, _)| match *name {
            "capture" => "capture:^(a+):".to_owned(),
            name => format!("{name}:1000"),
        });
        for text in fixed.chain(with_argument).chain(["omit".to_owned(), "after:\\".to_owned(), "split:,".to_owned()]) {
            assert_eq!(text.parse::<Apply>().map(|apply| apply.to_string()), Ok(text));
        }
        assert!("registry:no".parse::<Apply>().is_err_and(|error| error.contains("registry:hive")));
        assert!("after:".parse::<Apply>().is_err() && "lower:x".parse::<Apply>().is_err());
    }
}
