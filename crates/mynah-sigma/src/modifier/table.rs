//! The modifiers: what each is called, what it does, and what it says of itself.
use super::{Comparison, DatePart};
use mynah_dialect::{Example, FunctionDoc};

/// A modifier of values.
#[derive(Debug)]
pub struct Modifier {
    /// Its name, and what it says of itself. The examples run as tests: the item, and what is looked for.
    pub doc: FunctionDoc,
    /// What it does.
    pub kind: Kind,
}

/// What a modifier does.
#[allow(missing_docs, reason = "the table says it, and the specification")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    All,
    Base64,
    Base64Offset,
    Cased,
    Cidr,
    Compare(Comparison),
    Contains,
    DotAll,
    EndsWith,
    Exists,
    Expand,
    FieldReference,
    IgnoreCase,
    Multiline,
    Negated,
    Part(DatePart),
    Regex,
    StartsWith,
    Utf16,
    Utf16Big,
    Utf16Little,
    WinDash,
}

macro_rules! modifiers {
    ($($kind:expr, $name:literal, $usage:literal, $summary:literal, [$($query:literal => $result:literal),+];)+) => {
        /// The modifiers, by name.
        pub static MODIFIERS: &[Modifier] = &[$(Modifier {
            doc: FunctionDoc {
                name: $name,
                usage: $usage,
                summary: $summary,
                page: "https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md",
                examples: &[$(Example { query: $query, result: $result }),+],
            },
            kind: $kind,
        }),+];
    };
}

modifiers! {
    Kind::All, "all", "Field|contains|all: [a, b]",
        "All values must be there; without it, one of them.",
        ["Field|contains|all: [foo, bar]" => r#"all of ["*foo*","*bar*"]"#];
    Kind::Base64, "base64", "Field|base64: text",
        "What Base64 makes of the value. Wildcards cannot be encoded.",
        ["Field|base64|contains: foobar" => r#"["*Zm9vYmFy*"]"#];
    Kind::Base64Offset, "base64offset", "Field|base64offset|contains: text",
        "The three things that Base64 makes of the value, by where in a longer text it stands; without the characters \
         at either end that depend on what is around it.",
        ["Field|base64offset|contains: foobar" => r#"["*Zm9vYmFy*","*Zvb2Jhc*","*mb29iYX*"]"#];
    Kind::Cased, "cased", "Field|cased: Text",
        "Case counts.",
        ["Field|cased|contains: FOO" => r#"["*FOO*"] cased"#];
    Kind::Cidr, "cidr", "Field|cidr: 10.0.0.0/8",
        "The field is an address in the network, IPv4 or IPv6. A text that is no address is in none.",
        ["Field|cidr: 10.0.0.0/8" => "in 10.0.0.0/8"];
    Kind::Contains, "contains", "Field|contains: text",
        "The value stands anywhere in the field.",
        ["Field|contains: foo" => r#"["*foo*"]"#];
    Kind::Part(DatePart::Day), "day", "Field|day: 1",
        "The day of the field's date, 1 to 31.",
        ["Field|day: 31" => "day = 31"];
    Kind::DotAll, "dotall", "Field|re|dotall: 'a.c'",
        "The same as `s`.",
        ["Field|re|dotall: 'a.c'" => "/a.c/ s"];
    Kind::EndsWith, "endswith", "Field|endswith: text",
        "The field ends with the value.",
        ["Field|endswith: foo" => r#"["*foo"]"#];
    Kind::Exists, "exists", "Field|exists: true",
        "The event has the field, or has it not. A field whose JSON value is null is none.",
        ["Field|exists: false" => "exists false"];
    Kind::Expand, "expand", "Field|expand: '%Servers%'",
        "Placeholders between percent signs stand for what the site's settings say, with wildcards; `\\%` is a percent \
         sign. One that the site does not have is an error.",
        [r"Field|expand: 'srv-\%1'" => r#"["srv-%1"]"#];
    Kind::FieldReference, "fieldref", "Field|fieldref: Other",
        "The value is the name of another field, whose value it must be; with contains, startswith, endswith or a \
         comparison, in that way.",
        ["Field|fieldref: Other" => "field Other"];
    Kind::Compare(Comparison::Greater), "gt", "Field|gt: 1",
        "The field is a number greater than the value.",
        ["Field|gt: 10" => "> 10"];
    Kind::Compare(Comparison::GreaterOrEqual), "gte", "Field|gte: 1",
        "The field is a number not less than the value.",
        ["Field|gte: 10" => ">= 10"];
    Kind::Part(DatePart::Hour), "hour", "Field|hour: 1",
        "The hour of the field's date, 0 to 23.",
        ["Field|hour|gte: 20" => "hour >= 20"];
    Kind::IgnoreCase, "i", "Field|re|i: 'a.c'",
        "In the regular expression, case does not count.",
        ["Field|re|i: 'a.c'" => "/a.c/ i", "Field|re|i|s: 'a.c'" => "/a.c/ is"];
    Kind::IgnoreCase, "ignorecase", "Field|re|ignorecase: 'a.c'",
        "The same as `i`.",
        ["Field|re|ignorecase: 'a.c'" => "/a.c/ i"];
    Kind::Compare(Comparison::Less), "lt", "Field|lt: 1",
        "The field is a number less than the value.",
        ["Field|lt: 10" => "< 10"];
    Kind::Compare(Comparison::LessOrEqual), "lte", "Field|lte: 1",
        "The field is a number not greater than the value.",
        ["Field|lte: 10" => "<= 10"];
    Kind::Multiline, "m", "Field|re|m: '^a'",
        "In the regular expression, `^` and `$` match at lines.",
        ["Field|re|m: '^a'" => "/^a/ m"];
    Kind::Part(DatePart::Minute), "minute", "Field|minute: 1",
        "The minute of the field's date, 0 to 59.",
        ["Field|minute: 0" => "minute = 0"];
    Kind::Part(DatePart::Month), "month", "Field|month: 1",
        "The month of the field's date, 1 to 12.",
        ["Field|month: 12" => "month = 12"];
    Kind::Multiline, "multiline", "Field|re|multiline: '^a'",
        "The same as `m`.",
        ["Field|re|multiline: '^a'" => "/^a/ m"];
    Kind::Negated, "neq", "Field|neq: text",
        "The field is none of the values; so is a field that is not there.",
        ["Field|neq: foo" => r#"not ["foo"]"#];
    Kind::Regex, "re", "Field|re: 'a.c'",
        "The regular expression is found in the field. Case counts. Flags behind it: i, m, s. Look-around, references \
         back and possessive quantifiers are errors.",
        ["Field|re: 'a.c'" => "/a.c/"];
    Kind::DotAll, "s", "Field|re|s: 'a.c'",
        "In the regular expression, the dot matches line ends.",
        ["Field|re|s: 'a.c'" => "/a.c/ s"];
    Kind::StartsWith, "startswith", "Field|startswith: text",
        "The field begins with the value.",
        ["Field|startswith: foo" => r#"["foo*"]"#];
    Kind::Utf16, "utf16", "Field|utf16|base64offset|contains: text",
        "The value in UTF-16 behind a byte order mark, for an encoding that follows.",
        ["Field|utf16|base64|contains: A" => r#"["*//5BAA==*"]"#];
    Kind::Utf16Big, "utf16be", "Field|utf16be|base64offset|contains: text",
        "The value in UTF-16, the high byte first, for an encoding that follows.",
        ["Field|utf16be|base64|contains: A" => r#"["*AEE=*"]"#];
    Kind::Utf16Little, "utf16le", "Field|utf16le|base64offset|contains: text",
        "The value in UTF-16, the low byte first, for an encoding that follows.",
        ["Field|utf16le|base64|contains: A" => r#"["*QQA=*"]"#];
    Kind::Part(DatePart::Week), "week", "Field|week: 1",
        "The ISO week of the field's date, 1 to 53.",
        ["Field|week: 1" => "week = 1"];
    Kind::Utf16Little, "wide", "Field|wide|base64offset|contains: text",
        "The same as utf16le.",
        ["Field|wide|base64|contains: A" => r#"["*QQA=*"]"#];
    Kind::WinDash, "windash", "Field|windash|contains: '-f'",
        "A dash or slash that begins an option can be any of - / – — ―.",
        [r"Field|windash|contains: ' -f'" => r#"["* -f*","* /f*","* –f*","* —f*","* ―f*"]"#,
         "Field|windash: Get-Item" => r#"["Get-Item"]"#];
    Kind::Part(DatePart::Year), "year", "Field|year: 2026",
        "The year of the field's date.",
        ["Field|year: 2026" => "year = 2026"];
}
