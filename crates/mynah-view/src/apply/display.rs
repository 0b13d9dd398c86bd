use super::{Apply, DnsPart, Flags, RegistryPart};
use std::fmt;

/// As a view file writes it.
impl fmt::Display for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Apply::After(what) => write!(f, "after:{what}"),
            Apply::Before(what) => write!(f, "before:{what}"),
            Apply::Basename => f.write_str("basename"),
            Apply::Dirname => f.write_str("dirname"),
            Apply::Extension => f.write_str("extension"),
            Apply::Decimal => f.write_str("decimal"),
            Apply::Hash(name) => write!(f, "hash:{name}"),
            Apply::Lower => f.write_str("lower"),
            Apply::Upper => f.write_str("upper"),
            Apply::Split(by) => write!(f, "split:{by}"),
            Apply::SplitWhitespace => f.write_str("split_whitespace"),
            Apply::Capture(capture) => write!(f, "capture:{}", capture.pattern()),
            Apply::Checksum => f.write_str("checksum"),
            Apply::Forms(forms) => write!(f, "forms:{forms}"),
            Apply::Omit(what) if what.is_empty() => f.write_str("omit"),
            Apply::Omit(what) => write!(f, "omit:{what}"),
            Apply::Times(factor) => write!(f, "times:{factor}"),
            Apply::Ip => f.write_str("ip"),
            Apply::Arguments => f.write_str("arguments"),
            Apply::ArgumentsCount => f.write_str("arguments_count"),
            Apply::Words => f.write_str("words"),
            Apply::WordsCount => f.write_str("words_count"),
            Apply::Registry(part) => f.write_str(match part {
                RegistryPart::Hive => "registry:hive",
                RegistryPart::Key => "registry:key",
                RegistryPart::Value => "registry:value",
                RegistryPart::DataType => "registry:type",
                RegistryPart::Data => "registry:data",
            }),
            Apply::Dns(DnsPart::Addresses) => f.write_str("dns:addresses"),
            Apply::Dns(DnsPart::Names) => f.write_str("dns:names"),
            Apply::Flags(Flags::UserAccountControl) => f.write_str("flags:uac"),
            Apply::Flags(Flags::TicketOptions) => f.write_str("flags:ticket_options"),
            Apply::Named(name) => write!(f, "named:{name}"),
            Apply::JavaText => f.write_str("java_text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Apply;

    #[test]
    fn is_read_as_it_is_written() {
        for text in [
            "after:\\",
            "before:@",
            "basename",
            "dirname",
            "extension",
            "decimal",
            "hash:SHA256",
            "lower",
            "upper",
            "split:,",
            "split_whitespace",
            "capture:^(a+):",
            "checksum",
            "forms:A|B",
            "omit",
            "omit:-",
            "times:1000",
            "ip",
            "arguments",
            "arguments_count",
            "words",
            "words_count",
            "registry:hive",
            "registry:key",
            "registry:value",
            "registry:type",
            "registry:data",
            "dns:addresses",
            "dns:names",
            "flags:uac",
            "flags:ticket_options",
            "named:x",
            "java_text",
        ] {
            assert_eq!(text.parse::<Apply>().map(|apply| apply.to_string()), Ok(text.to_owned()));
        }
    }
}
