//! The runner of golden cases: one behaviour of a dialect a case, written as a log, a query, and what the
//! query gives, in Markdown that reads as documentation.
//!
//! A file `tests/golden/*.md` has a title, and a case under each `##` heading: a fenced block `ndjson` (or `json`,
//! `text`, `xml`, `csv`: the log, as a file would hold it), one whose language is the dialect (the
//! query), and one or more that say what comes of it:
//!
//! - `table`: the rows, as a table of pipes with a header. Several values of one cell are written `[a, b]`,
//!   no value as nothing, an empty text as `""`.
//! - `diagnostics`: the diagnostics, one a line: `severity code: message`.
//! - `spans`: where each diagnostic stands: its code, line and column, and the text that it covers, then its fix and
//!   its labels (`spl/unknown-command 1:9 `statz`, fix 1:9 `statz` to `stats``).
//! - `events`: the numbers of the records behind the result, one a line.
//!
//! Every case is run several ways, which must give the same: with one thread and with eight, with and without the prefilter, and
//! its plan written to bytes, read back by another process and run there.
//!
//! A log block before the first case serves all cases of the file that have none. `now: TIME` on a line
//! of its own sets a case's clock. Whatever else a case holds (prose, the address of the vendor's page) is for people.
//!
//! `UPDATE=1 cargo test` rewrites the expected blocks with what came out; read the difference before you commit it.
//!
//! A crate's `tests/golden.rs` is one line:
//!
//! ```no_run
//! # let frontend: &dyn mynah_dialect::Frontend = unimplemented!();
//! mynah_golden::run(frontend, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
//! ```
#![deny(missing_docs)]
// A runner of tests: what is wrong with a case is a panic, which fails the test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod case;
mod evaluate;
mod travel;

pub use travel::Journey;

use mynah_dialect::Frontend;
use std::path::Path;

/// Runs every case of every `*.md` file in `folder`.
///
/// # Panics
/// Where a case gives something else than it says, naming each such case; or where there is no case at all.
pub fn run(frontend: &dyn Frontend, folder: &str) {
    let Some(mut journey) = Journey::begin(&[frontend]) else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.sort();
    let update = std::env::var_os("UPDATE").is_some();
    let (mut cases, mut failures) = (0, Vec::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut document = case::Document::parse(&text);
        for index in 0..document.cases.len() {
            cases += 1;
            let case = &document.cases[index];
            assert!(
                !case.expected.is_empty(),
                "{name}: {}: nothing is expected (an empty block is filled with UPDATE=1)",
                case.title
            );
            let outcome = evaluate::evaluate(frontend, case);
            journey.add(frontend, &case.query, format!("{name}: {}", case.title), evaluate::engine_of(case));
            for expected in &case.expected.clone() {
                let got = outcome.block(&expected.language);
                if got.trim_end() == expected.text.trim_end() {
                    continue;
                }
                if update {
                    document.replace(expected, got);
                } else {
                    failures.push(format!(
                        "{name}: {} ({})\n  expected\n{}  got\n{}{}",
                        document.cases[index].title,
                        expected.language,
                        indent(&expected.text),
                        indent(got),
                        if expected.language == "diagnostics" {
                            String::new()
                        } else {
                            format!("  diagnostics\n{}", indent(&outcome.diagnostics))
                        },
                    ));
                }
            }
        }
        if update {
            std::fs::write(Path::new(&file), document.text()).unwrap();
        }
    }
    assert!(cases > 0, "{folder} holds no case");
    failures.extend(journey.finish("golden"));
    assert!(failures.is_empty(), "{} of {cases} golden cases:\n{}", failures.len(), failures.join("\n"));
    println!("{cases} golden cases");
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

/// The value of an expression of a dialect as text, for the examples of its functions: what `query` gives in its
/// first row's first column over one record.
///
/// `null` for no value, several values as a JSON array; an error's message behind `error: `.
pub fn first_value(frontend: &dyn Frontend, record: &str, query: &str) -> String {
    evaluate::first_value(frontend, record, query)
}
