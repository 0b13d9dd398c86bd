//! Archives as logs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah_source::{DataProblem, InputFile, ProblemKind, Reader, TextFormats, find};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn names(files: &[InputFile], below: &std::path::Path) -> Vec<String> {
    files.iter().map(|file| file.path.strip_prefix(below).unwrap().display().to_string().replace('\\', "/")).collect()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives").join(name)
}

fn messages(problems: &[DataProblem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.message.as_str()).collect()
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

#[test]
fn seven_zip_archives_of_all_usual_methods_are_read() {
    for name in ["lzma.7z", "lzma2.7z", "bzip2.7z", "ppmd.7z"] {
        let path = fixture(name);
        let (files, problems) = find(&[&path]);
        assert_eq!(names(&files, &path), ["inner/log.json", "abs.json"], "{name}: {problems:?}");
        assert_eq!(messages(&problems), ["a picture"], "{name}");
        for file in &files {
            let mut reader = Reader::open(file, &TextFormats::default()).unwrap();
            assert_eq!(reader.next_chunk().unwrap().unwrap().records.len(), 2, "{name}");
        }
    }
}

#[test]
fn what_is_encrypted_is_named() {
    const SAID: &str = "it is encrypted: unpack it with its password first";
    let (files, problems) = find(&[fixture("encrypted.7z")]);
    assert_eq!((files.len(), messages(&problems)), (0, vec![SAID; 3]));
    assert!(problems.iter().all(|problem| problem.kind.is_fatal()));
    let (files, problems) = find(&[fixture("encrypted-names.7z")]);
    assert_eq!((files.len(), messages(&problems)), (0, vec![SAID]));
    // Only one of two members of a zip archive.
    let folder = tempfile::tempdir().unwrap();
    let mut zipped = zip(&[("open.json", b"{}\n"), ("closed.json", b"{}\n")]);
    let central = memchr::memmem::rfind(&zipped, b"PK\x01\x02").unwrap();
    let local = memchr::memmem::rfind(&zipped, b"PK\x03\x04").unwrap();
    zipped[central + 8] |= 1;
    zipped[local + 6] |= 1;
    let path = folder.path().join("logs.zip");
    fs::write(&path, zipped).unwrap();
    let (files, problems) = find(&[&path]);
    assert_eq!(names(&files, &path), ["open.json"]);
    assert_eq!(messages(&problems), [SAID]);
    assert_eq!(problems[0].file, path.join("closed.json"));
}

/// Whatever is in an archive, it is read or said to be broken.
#[test]
fn damaged_archives_break_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let mut archives: Vec<Vec<u8>> =
        ["lzma.7z", "lzma2.7z", "bzip2.7z", "ppmd.7z"].map(|name| fs::read(fixture(name)).unwrap()).into();
    archives.push(zip(&[("a.json", b"{}\n"), ("b.json", b"{}\n")]));
    archives.push(tar("a.json", b"{}\n"));
    for archive in archives {
        for at in (0..archive.len().min(600)).step_by(2) {
            for change in [0x80, 0xff] {
                let mut broken = archive.clone();
                broken[at] ^= change;
                fs::write(&path, &broken).unwrap();
                let (files, problems) = find(&[&path]);
                assert!(!files.is_empty() || !problems.is_empty());
            }
            fs::write(&path, &archive[..at]).unwrap();
            find(&[&path]);
        }
    }
}

/// A member that is no log is gone through all the same: it counts, however little of it is kept.
#[test]
fn members_that_are_left_out_count_too() {
    let folder = tempfile::tempdir().unwrap();
    let picture = [&b"\x89PNG\0\0"[..], &vec![0; 300 << 20]].concat();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let archive = tar("picture.png", &picture);
    packed.write_all(&archive[..archive.len() - 1024]).unwrap();
    packed.write_all(&tar("log.json", b"{}\n")).unwrap();
    let path = folder.path().join("bomb.tar.gz");
    fs::write(&path, packed.finish().unwrap()).unwrap();
    let (files, problems) = find(&[&path]);
    assert!(files.is_empty());
    assert_eq!(
        messages(&problems),
        ["a picture", "the archive unpacks to far more than logs do: this member and the rest are left out"]
    );
    // An archive that has to be unpacked as a whole first has the same bound.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&zip(&[("log.json", b"{}\n")])).unwrap();
    packed.write_all(&vec![0; 300 << 20]).unwrap();
    let path = folder.path().join("bomb.zip.gz");
    fs::write(&path, packed.finish().unwrap()).unwrap();
    let (files, problems) = find(&[&path]);
    assert!(files.is_empty());
    assert_eq!(problems[0].message, "it unpacks to far more than logs do");
    assert_eq!(problems[0].kind, ProblemKind::Damaged);
}
