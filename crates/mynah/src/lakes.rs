//! Data that was put into a lake before: `lake:PATH`.
use mynah_engine::Store;
use mynah_source::{DataProblem, ProblemKind};
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

/// What comes before the path of a lake.
const PREFIX: &str = "lake:";

/// The data without the lakes that are named in it, these, and why others cannot be read.
pub(crate) fn open(data: Vec<OsString>) -> (Vec<OsString>, Vec<Arc<dyn Store>>, Vec<DataProblem>) {
    let (mut files, mut stores, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for argument in data {
        let text = argument.to_string_lossy();
        // A file of such a name is a file first.
        let Some(path) = text.strip_prefix(PREFIX).filter(|_| !Path::new(&argument).exists()) else {
            files.push(argument);
            continue;
        };
        match read(Path::new(path)) {
            Ok(store) => stores.push(store),
            Err(message) => problems.push(DataProblem {
                file: (&*argument).into(),
                line: None,
                record: None,
                kind: ProblemKind::Unreadable,
                message,
            }),
        }
    }
    (files, stores, problems)
}

#[cfg(feature = "lake")]
fn read(path: &Path) -> Result<Arc<dyn Store>, String> {
    let reader = mynah_lake::Lake::open(path).and_then(|lake| lake.read()).map_err(|error| error.to_string())?;
    Ok(Arc::new(reader))
}

#[cfg(not(feature = "lake"))]
fn read(_: &Path) -> Result<Arc<dyn Store>, String> {
    Err("this build reads no lakes; build Mynah with `--features full`".to_owned())
}
