use mynah_event::Dialect;

/// What came of a package's tests.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The package's name.
    pub package: String,
    /// Its title.
    pub title: String,
    /// One for each test and version, and one for each signal.
    pub checks: Vec<Check>,
}

impl Proof {
    /// Whether all is as it should be.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.outcome == Outcome::Passed)
    }
}

/// One thing that was tried.
#[derive(Debug, Clone)]
pub struct Check {
    /// The test's name.
    pub test: String,
    /// The behaviour in the test's logs.
    pub behaviour: Option<String>,
    /// The version, or the language of the signal.
    pub dialect: Option<Dialect>,
    /// What was to happen.
    pub what: String,
    /// Whether it did.
    pub outcome: Outcome,
    /// Why this version is to find something else than the others.
    pub notes: Vec<String>,
}

impl Check {
    /// What to call it in a list.
    pub fn name(&self) -> String {
        let dialect = self.dialect.map(|dialect| format!("{dialect} ")).unwrap_or_default();
        format!("{}: {dialect}{}", self.test, self.what)
    }
}

/// Whether a check passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did.
    Passed,
    /// It did not, for these reasons.
    Failed(Vec<String>),
}

impl Outcome {
    pub(super) fn of(wrong: Vec<String>) -> Outcome {
        if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong) }
    }

    /// The reasons for which it failed; none if it passed.
    pub fn reasons(&self) -> &[String] {
        match self {
            Outcome::Passed => &[],
            Outcome::Failed(reasons) => reasons,
        }
    }
}
