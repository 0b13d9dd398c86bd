//! The tests of packages of hunting queries.
use crate::{Error, Mynah, Row};
use mynah_detection::{Check, HuntTest, Hunting, Outcome, Proof};
use mynah_engine::EngineError;
use mynah_source::InputFile;
use std::collections::BTreeMap;

impl Mynah {
    /// Runs the tests of hunting queries over their own logs.
    ///
    /// ```
    /// use mynah::{Hunting, Mynah};
    ///
    /// let mynah = Mynah::builder().build()?;
    /// for hunting in Hunting::built_in().map_err(mynah::Error::Packages)? {
    ///     assert!(mynah.prove_hunting(&hunting)?.passed());
    /// }
    /// # Ok::<(), mynah::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the logs of a test cannot be written to temporary files.
    pub fn prove_hunting(&self, hunting: &Hunting) -> Result<Proof, Error> {
        let mut checks = Vec::new();
        for test in &hunting.tests {
            let mut files = Vec::new();
            for name in test.logs.iter().flat_map(|logs| hunting.files().below(logs)) {
                let bytes = hunting.files().bytes(name).unwrap_or_default();
                files.push(InputFile::spooled(name, bytes).map_err(EngineError::Io)?);
            }
            let mynah = self.over(files)?;
            checks.extend(hunting.queries().filter_map(|query| {
                let expected = test.rows.get(&query.hunt.query)?;
                let rows = mynah.query(query.text, query.dialect).and_then(|query| query.rows());
                let wrong = match rows {
                    Ok(rows) => compare(expected, &rows.collect::<Vec<Row>>()),
                    Err(error) => vec![error.to_string()],
                };
                Some(Check { dialect: Some(query.dialect), ..check(test, &query.hunt.query, wrong) })
            }));
            let problems = mynah.engine().progress().summary().problems;
            if !problems.is_empty() {
                checks.push(check(test, "its logs are whole", problems.iter().map(ToString::to_string).collect()));
            }
        }
        Ok(Proof { package: hunting.name.clone(), title: hunting.title.clone(), checks })
    }
}

fn check(test: &HuntTest, what: &str, wrong: Vec<String>) -> Check {
    Check {
        test: test.name.clone(),
        behaviour: None,
        dialect: None,
        is_signal: false,
        what: what.to_owned(),
        outcome: if wrong.is_empty() { Outcome::Passed } else { Outcome::Failed(wrong) },
        notes: Vec::new(),
    }
}

/// What is wrong with rows: each that is expected must be there once, and no other.
fn compare(expected: &[BTreeMap<String, String>], rows: &[Row]) -> Vec<String> {
    let fits = |expected: &BTreeMap<String, String>, row: &Row| {
        expected.iter().all(|(column, text)| row.text(column).unwrap_or_default() == *text)
    };
    let mut left: Vec<&Row> = rows.iter().collect();
    let mut wrong = Vec::new();
    for one in expected {
        match left.iter().position(|row| fits(one, row)) {
            Some(found) => _ = left.remove(found),
            None => wrong.push(format!("no row has {}", written(one))),
        }
    }
    wrong.extend(left.into_iter().map(|row| format!("a row is not expected: {row}")));
    wrong
}

fn written(row: &BTreeMap<String, String>) -> String {
    row.iter().map(|(column, text)| format!("{column}={text}")).collect::<Vec<_>>().join(", ")
}
