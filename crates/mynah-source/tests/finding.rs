//! What `--data` names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_source::{InputFile, ProblemKind, Reader, SourceError, TextFormats, find};
use std::fs;

fn names(files: &[InputFile], below: &std::path::Path) -> Vec<String> {
    files.iter().map(|file| file.path.strip_prefix(below).unwrap().display().to_string().replace('\\', "/")).collect()
}

fn open(file: &InputFile) -> Result<Reader, SourceError> {
    Reader::open(file, &TextFormats::default())
}

#[test]
fn files_folders_patterns_and_sources() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir_all(at.join("b/deep")).unwrap();
    fs::create_dir_all(at.join("b/.hidden")).unwrap();
    fs::create_dir_all(at.join("empty")).unwrap();
    for name in ["b/2.json", "b/1.json", "b/deep/3.json", "b/.hidden/4.json", "b/.5.json", "a[1].json", "x=y.json"] {
        fs::write(at.join(name), "{\"a\":1}\n").unwrap();
    }
    fs::write(at.join("b/README"), "About these logs.\nNothing more.\n").unwrap();
    let arg = |name: &str| at.join(name).display().to_string();

    let (files, problems) = find(&[arg("b")]);
    assert_eq!(names(&files, at), ["b/1.json", "b/2.json", "b/deep/3.json"]);
    assert_eq!(
        problems.iter().map(|p| (p.kind, p.message.as_str())).collect::<Vec<_>>(),
        [
            (ProblemKind::NotLogs, "text without times"),
            (ProblemKind::Hidden, "hidden file"),
            (ProblemKind::Hidden, "hidden folder")
        ]
    );
    assert!(problems.iter().all(|problem| problem.kind.is_left_out()));
    assert_eq!(files[0].size, 8);

    let (files, problems) =
        find(&[arg("b/2.json"), arg("b/*.json"), arg("**/3.json"), arg("a[1].json"), arg("x=y.json")]);
    assert_eq!(names(&files, at), ["b/2.json", "b/1.json", "b/deep/3.json", "a[1].json", "x=y.json"]);
    assert!(problems.is_empty(), "{problems:?}");

    let (files, _) = find(&[arg("b/1.json"), format!("acme.door={}", arg("b/1.json"))]);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].source.as_ref().unwrap().as_str(), "acme.door");

    let (files, problems) = find(&[arg("empty"), arg("no.json"), arg("*.none"), arg("b/README")]);
    let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::Empty, ProblemKind::Missing, ProblemKind::Empty]);
    assert!(kinds.iter().all(|kind| kind.is_fatal()));
    // A file that is named is given, and any text is read.
    assert_eq!(names(&files, at), ["b/README"]);
    assert_eq!(open(&files[0]).unwrap().next_chunk().unwrap().unwrap().records.len(), 2);
    // That it is no log is an error when it is opened.
    fs::write(at.join("b/README"), b"\x89PNG\r\n\x1a\n").unwrap();
    assert!(open(&files[0]).is_err_and(|error| error.to_string().contains("a picture")));
}

#[test]
fn events_in_cef_and_leef_are_logs_without_times() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("a.log"), "LEEF:1.0|Acme|Wall|3|e1|src=10.0.0.1\tdst=10.0.0.2\n").unwrap();
    fs::write(at.join("b.log"), "CEF:0|Acme|Wall|3|e1|stopped|5|src=10.0.0.1\n").unwrap();
    fs::write(at.join("c.log"), "Acme, Wall, stopped\n").unwrap();
    let (files, problems) = find(&[at.display().to_string()]);
    assert_eq!(names(&files, at), ["a.log", "b.log"]);
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn a_spooled_stream_can_be_read_twice() {
    let file = InputFile::spooled("-", &b"{\"a\":1}\n"[..]).unwrap();
    let copy = file.clone();
    drop(file);
    for _ in 0..2 {
        let mut reader = open(&copy).unwrap();
        assert_eq!(reader.next_chunk().unwrap().unwrap().records.len(), 1);
        assert_eq!(reader.bytes_read(), copy.size);
    }
}

#[test]
fn folders_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let input = InputFile::new(folder.path()).unwrap();
    assert!(open(&input).is_err());
}

#[cfg(unix)]
#[test]
fn names_need_not_be_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join(OsStr::from_bytes(b"caf\xe9.json"));
    fs::write(&odd, "{\"a\":1}\n").unwrap();
    fs::write(folder.path().join("plain.json"), "{\"a\":1}\n").unwrap();
    assert_eq!(find(&[folder.path().join("*.json")]).0.len(), 2);
    assert_eq!(find(&[folder.path().join("caf?.json")]).0.len(), 1);
    let sourced = [OsStr::new("json="), odd.as_os_str()].join(OsStr::new(""));
    let (files, problems) = find(&[sourced]);
    assert!(problems.is_empty() && files.len() == 1 && files[0].path == odd && files[0].source.is_some());
}
