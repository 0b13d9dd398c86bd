//! What `--data` names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_source::{InputFile, ProblemKind, Reader, SourceError, TextFormats, find};
use std::fs;
use std::io::Write;

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

#[test]
fn archives_stand_for_the_logs_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let log = b"{\"a\":1}\n{\"a\":2}\n";
    let zipped = zip(&[("inner/log.json", log), ("/abs.json", log), ("picture.png", b"\x89PNG\0\0"), ("folder/", b"")]);
    fs::write(folder.path().join("logs.zip"), &zipped).unwrap();
    fs::write(folder.path().join("more.tar"), tar("../up.json", log)).unwrap();
    fs::write(folder.path().join("nested.zip"), zip(&[("logs.zip", &zipped)])).unwrap();
    let (files, problems) = find(&[folder.path()]);
    assert_eq!(
        names(&files, folder.path()),
        [
            "logs.zip/inner/log.json",
            "logs.zip/abs.json",
            "more.tar/../up.json",
            "nested.zip/logs.zip/inner/log.json",
            "nested.zip/logs.zip/abs.json"
        ]
    );
    let found: Vec<_> = problems.iter().map(|problem| (problem.kind, problem.message.as_str())).collect();
    assert_eq!(found, [(ProblemKind::NotLogs, "a picture"); 2]);
    for file in &files {
        assert_eq!(
            Reader::open(file, &TextFormats::default()).unwrap().next_chunk().unwrap().unwrap().records.len(),
            2,
            "{}",
            file.path.display()
        );
    }
    // The same by name, with a log source.
    let named = [format!("json={}", folder.path().join("logs.zip").display())];
    let (files, _) = find(&named);
    assert!(files.len() == 2 && files.iter().all(|file| file.source.is_some()));
}

#[test]
fn an_archive_that_is_damaged_or_empty_or_too_large_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let log = b"{\"a\":1}\n".repeat(1000);
    let zipped = zip(&[("log.json", &log)]);
    let path = folder.path().join("x.zip");
    let problems = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let (files, problems) = find(&[&path]);
        assert!(files.is_empty());
        problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
    };
    assert!(problems(&zipped[..zipped.len() / 2]).starts_with("the zip archive is damaged"));
    assert_eq!(problems(&zip(&[("README", b"Some words.\n")])), "text without times; this archive has no logs in it");
    // 300 MiB of a letter in 300 KiB.
    let bomb = [&b"{\"a\":\""[..], &vec![b'x'; 300 << 20]].concat();
    assert!(problems(&zip(&[("bomb.json", &bomb)])).starts_with("the archive unpacks to far more than logs do"));
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    // The library would not write a path that leads out.
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, bytes).unwrap();
    builder.into_inner().unwrap()
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
