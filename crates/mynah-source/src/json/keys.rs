/// Of more lengths than this, looking for keys takes as long as walking.
const MOST_LENGTHS: usize = 8;

/// Keys that are looked for by the quotes around them and their first bytes; see
/// [`may_hold`](crate::JsonText::may_hold).
///
/// ```
/// use mynah_source::{JsonIndex, PlainKeys};
///
/// let keys = PlainKeys::of(["eventName", "awsRegion"]).unwrap();
/// let mut index = JsonIndex::default();
/// let text = index.of(r#"{"eventType":"AwsApiCall","a":{"awsRegion":"us-east-1"}}"#);
/// assert!(text.may_hold(0..text.len(), &keys));
/// let text = index.of(r#"{"eventType":"AwsApiCall","a":{"region":"us-east-1"}}"#);
/// assert!(!text.may_hold(0..text.len(), &keys));
/// assert!(PlainKeys::of(["a/b"]).is_none());
/// ```
#[derive(Debug, Default)]
pub struct PlainKeys {
    by_length: Vec<KeysOfLength>,
}

/// Those of one length.
#[derive(Debug)]
pub(super) struct KeysOfLength {
    pub length: usize,
    /// The bytes of a key's beginning that are compared at once.
    mask: u64,
    /// Each key with its beginning.
    keys: Vec<(u64, Box<[u8]>)>,
}

impl PlainKeys {
    /// Of these keys; nothing where one of them may be written in other ways, or is none that quotes and lengths find
    /// fast: `*` is no key at all, JSON writes `/` with an escape or without.
    pub fn of<'k>(keys: impl IntoIterator<Item = &'k str>) -> Option<PlainKeys> {
        let mut plain = PlainKeys::default();
        keys.into_iter().all(|key| plain.add(key)).then_some(plain)
    }

    fn add(&mut self, key: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'/' | b'*');
        let length = key.len();
        if length > 62 || !key.bytes().all(is_plain) {
            return false;
        }
        let index = self.by_length.iter().position(|keys| keys.length == length).unwrap_or_else(|| {
            let mask = if length < 8 { (1 << (length * 8)) - 1 } else { u64::MAX };
            self.by_length.push(KeysOfLength { length, mask, keys: Vec::new() });
            self.by_length.len() - 1
        });
        let beginning = key.bytes().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(byte));
        self.by_length.get_mut(index).into_iter().for_each(|keys| keys.keys.push((beginning, key.as_bytes().into())));
        self.by_length.len() <= MOST_LENGTHS
    }

    pub(super) fn by_length(&self) -> impl Iterator<Item = &KeysOfLength> {
        self.by_length.iter()
    }
}

impl KeysOfLength {
    /// Whether one of the keys stands at `at`.
    #[inline]
    pub fn is_at(&self, text: &[u8], at: usize) -> bool {
        let stands = |key: &[u8]| text.get(at..at + key.len()) == Some(key);
        match text.get(at..).and_then(<[u8]>::first_chunk) {
            Some(beginning) => {
                let word = u64::from_le_bytes(*beginning) & self.mask;
                self.keys.iter().any(|(beginning, key)| *beginning == word && stands(key))
            }
            None => self.keys.iter().any(|(_, key)| stands(key)),
        }
    }
}
