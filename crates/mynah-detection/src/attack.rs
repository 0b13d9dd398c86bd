//! ATT&CK for Enterprise: the tactics and techniques that tags name. `attack.toml` lists them, with the version of ATT&CK.
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A tactic.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tactic {
    /// Its id: `TA0008`.
    pub id: String,
    /// Its word in tags: `lateral-movement`.
    pub tag: String,
    /// Its name: `Lateral Movement`.
    pub name: String,
}

/// A technique or sub-technique.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Technique {
    /// Its name; a sub-technique's own, without that of its technique.
    pub name: String,
    /// The tactics that it serves, by their words in tags.
    pub tactics: Vec<String>,
}

/// `attack.toml`.
#[derive(Deserialize)]
struct Matrix {
    version: String,
    tactics: Vec<Tactic>,
    techniques: BTreeMap<String, Technique>,
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static MATRIX: LazyLock<Matrix> = LazyLock::new(|| toml::from_str(include_str!("attack.toml")).expect("attack.toml"));

/// The version of ATT&CK: `18.1`.
pub fn version() -> &'static str {
    &MATRIX.version
}

/// The tactics, in the order of the matrix.
///
/// ```
/// assert_eq!(mynah_detection::attack::tactics().first().map(|tactic| tactic.name.as_str()), Some("Reconnaissance"));
/// ```
pub fn tactics() -> &'static [Tactic] {
    &MATRIX.tactics
}

/// The techniques and sub-techniques, each with its id.
///
/// ```
/// assert!(mynah_detection::attack::techniques().any(|(id, technique)| id == "T1078" && technique.name == "Valid Accounts"));
/// ```
pub fn techniques() -> impl Iterator<Item = (&'static str, &'static Technique)> {
    MATRIX.techniques.iter().map(|(id, technique)| (id.as_str(), technique))
}

/// The id of the technique that a sub-technique is part of.
///
/// ```
/// use mynah_detection::attack::parent;
/// assert_eq!(parent("T1021.007"), Some("T1021"));
/// assert_eq!(parent("T1021"), None);
/// ```
pub fn parent(id: &str) -> Option<&str> {
    id.split_once('.').map(|(parent, _)| parent)
}

/// A technique's name, with that of its parent before it, as ATT&CK's pages have it; none of an id that this version of ATT&CK
/// does not have.
///
/// ```
/// use mynah_detection::attack::full_name;
/// assert_eq!(full_name("T1021.007").as_deref(), Some("Remote Services: Cloud Services"));
/// assert_eq!(full_name("T1021").as_deref(), Some("Remote Services"));
/// ```
pub fn full_name(id: &str) -> Option<String> {
    let own = &technique(id)?.name;
    Some(match parent(id).and_then(technique) {
        Some(parent) => format!("{}: {own}", parent.name),
        None => own.clone(),
    })
}

/// The technique with this id, if this version of ATT&CK has it.
///
/// ```
/// use mynah_detection::attack::technique;
/// assert_eq!(technique("T1021.007").map(|technique| technique.name.as_str()), Some("Cloud Services"));
/// ```
pub fn technique(id: &str) -> Option<&'static Technique> {
    MATRIX.techniques.get(id)
}

/// The id of the technique that a tag names, as ATT&CK writes it; of any version of ATT&CK.
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

/// The tactic that a tag names. Sigma's older spelling, with `_`, is known too.
///
/// ```
/// use mynah_detection::attack::tactic_of;
/// assert_eq!(tactic_of("attack.lateral_movement").map(|tactic| tactic.id.as_str()), Some("TA0008"));
/// ```
pub fn tactic_of(tag: &str) -> Option<&'static Tactic> {
    let word = tag.strip_prefix("attack.")?.replace('_', "-");
    MATRIX.tactics.iter().find(|tactic| tactic.tag == word)
}
