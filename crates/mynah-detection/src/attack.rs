//! The words of ATT&CK that tags are made of.

/// The tactics of the enterprise matrix, in its order: the tag's word, the id, the name.
pub const TACTICS: [(&str, &str, &str); 14] = [
    ("reconnaissance", "TA0043", "Reconnaissance"),
    ("resource-development", "TA0042", "Resource Development"),
    ("initial-access", "TA0001", "Initial Access"),
    ("execution", "TA0002", "Execution"),
    ("persistence", "TA0003", "Persistence"),
    ("privilege-escalation", "TA0004", "Privilege Escalation"),
    ("defense-evasion", "TA0005", "Defense Evasion"),
    ("credential-access", "TA0006", "Credential Access"),
    ("discovery", "TA0007", "Discovery"),
    ("lateral-movement", "TA0008", "Lateral Movement"),
    ("collection", "TA0009", "Collection"),
    ("command-and-control", "TA0011", "Command and Control"),
    ("exfiltration", "TA0010", "Exfiltration"),
    ("impact", "TA0040", "Impact"),
];

/// The technique that a tag names, as ATT&CK writes it.
///
/// ```
/// use mynah_detection::attack::technique_of;
/// assert_eq!(technique_of("attack.t1021.007").as_deref(), Some("T1021.007"));
/// assert_eq!(technique_of("attack.execution"), None);
/// ```
pub fn technique_of(tag: &str) -> Option<String> {
    let id = tag.strip_prefix("attack.t")?;
    let (technique, sub) = id.split_once('.').map_or((id, None), |(technique, sub)| (technique, Some(sub)));
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let fits = digits(technique, 4) && sub.is_none_or(|sub| digits(sub, 3));
    fits.then(|| format!("T{id}"))
}

/// The tactic that a tag names: its word, id and name. Sigma's older spelling, with `_`, is one too.
pub fn tactic_of(tag: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let word = tag.strip_prefix("attack.")?.replace('_', "-");
    TACTICS.into_iter().find(|(known, ..)| *known == word)
}
