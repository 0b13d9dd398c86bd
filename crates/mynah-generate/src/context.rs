use crate::random::Random;

/// What a record is made from: the moment, its number, and the people, hosts and addresses of a made-up company.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub random: Random,
    pub at: jiff::Timestamp,
    /// How many records came before.
    pub number: u64,
}

const GIVEN: [&str; 24] = [
    "ada", "amir", "anna", "bela", "chen", "clara", "dario", "elif", "emma", "farid", "greta", "hana", "ivan", "jonas",
    "kofi", "lena", "maria", "nils", "olga", "pablo", "rosa", "samir", "tomas", "yuki",
];
const FAMILY: [&str; 20] = [
    "abe", "berg", "costa", "diaz", "eriksen", "fischer", "garcia", "haddad", "ito", "jansen", "kim", "lopez",
    "moreau", "novak", "okafor", "petrov", "rossi", "silva", "tanaka", "weber",
];
const ALPHANUMERIC: [char; 36] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W',
    'X', 'Y', 'Z', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
];

impl Context {
    /// A person's name with a dot; few of the 480 do most of the work.
    pub fn person(&mut self) -> String {
        let number = usize::try_from(self.random.skewed((GIVEN.len() * FAMILY.len()) as u64)).unwrap_or(0);
        format!("{}.{}", GIVEN[number % GIVEN.len()], FAMILY[(number / GIVEN.len()) % FAMILY.len()])
    }

    pub fn workstation(&mut self) -> String {
        format!("WS-{:04}.example.com", self.random.skewed(2000) + 1)
    }

    pub fn server(&mut self) -> String {
        let role = self.random.pick(&["DC", "FS", "SQL", "WEB", "APP", "MAIL"]);
        format!("{role}-{:02}.example.com", self.random.below(12) + 1)
    }

    /// A computer: four in five are workstations.
    pub fn computer(&mut self) -> String {
        if self.random.chance(800) { self.workstation() } else { self.server() }
    }

    /// An address on the networks for documentation: the company's own offices and the rest of the world.
    pub fn public_address(&mut self) -> String {
        let network = self.random.pick(&["192.0.2", "198.51.100"]);
        format!("{network}.{}", self.random.between(1, 254))
    }

    /// An address that only attacks come from.
    pub fn attacker_address(&mut self) -> String {
        format!("203.0.113.{}", self.random.between(1, 254))
    }

    pub fn private_address(&mut self) -> String {
        format!("10.{}.{}.{}", self.random.below(8), self.random.below(64), self.random.between(2, 254))
    }

    pub fn uuid(&mut self) -> String {
        let (high, low) = (self.random.next(), self.random.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xFFFF,
            high & 0xFFF,
            0x8000 | (low >> 50),
            low & 0xFFFF_FFFF_FFFF
        )
    }

    /// A GUID as Windows writes it.
    pub fn guid(&mut self) -> String {
        format!("{{{}}}", self.uuid().to_uppercase())
    }

    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016X}", self.random.next()));
        }
        text.truncate(digits);
        text
    }

    /// Capital letters and digits.
    pub fn code(&mut self, length: usize) -> String {
        (0..length).map(|_| self.random.pick(&ALPHANUMERIC)).collect()
    }

    /// The same letters and digits for the same text, so that a user keeps their identifier.
    pub fn code_of(text: &str, length: usize) -> String {
        let mut own = Context { random: Random::new(hash(text)), at: jiff::Timestamp::UNIX_EPOCH, number: 0 };
        own.code(length)
    }

    /// The same UUID for the same text.
    pub fn uuid_of(text: &str) -> String {
        Context { random: Random::new(hash(text)), at: jiff::Timestamp::UNIX_EPOCH, number: 0 }.uuid()
    }

    /// The text with a number of its own for each `#`.
    pub fn numbered(&mut self, text: &str) -> String {
        let mut pieces = text.split('#');
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |before, piece| format!("{before}{}{piece}", self.random.between(1000, 99_999)))
    }

    /// The text with each letter's case as chance has it: attackers know that many tools mind it.
    pub fn any_case(&mut self, text: &str) -> String {
        match self.random.below(3) {
            0 => text.to_owned(),
            1 => text.to_uppercase(),
            _ => text
                .chars()
                .map(|letter| if self.random.chance(500) { letter.to_ascii_uppercase() } else { letter })
                .collect(),
        }
    }
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
