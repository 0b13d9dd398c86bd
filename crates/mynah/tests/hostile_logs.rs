//! Logs made to break what reads them: no panic, no endless reading, and no record that is lost without a word.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, Mynah};
use mynah_source::ProblemKind;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// Random numbers that are the same in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

fn record(i: usize) -> String {
    format!(
        "{{\"eventVersion\":\"1.10\",\"userIdentity\":{{\"type\":\"IAMUser\",\"userName\":\"u{i}\"}},\"eventTime\":\"2026-03-02T06:{:02}:{:02}Z\",\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"CreateUser\",\"eventID\":\"{i}\"}}",
        i / 60 % 60,
        i % 60
    )
}

/// A line that is no record, or a strange one.
fn broken(random: &mut Random, i: usize) -> Vec<u8> {
    let line = record(i);
    let bytes = line.as_bytes();
    match random.below(20) {
        0 => bytes[..random.below(bytes.len() - 2) + 1].to_vec(),
        1 => [&bytes[..40], b"\xff\xfe\xc3\x28", &bytes[40..]].concat(),
        2 => [&bytes[..40], b"\0\0\0", &bytes[40..]].concat(),
        3 => format!("{{\"a\":{}{}}}", "[".repeat(600), "]".repeat(600)).into_bytes(),
        4 => format!("{{\"a\":{}", "{\"a\":".repeat(20_000)).into_bytes(),
        5 => line.replace("CreateUser", &"x".repeat(200_000)).into_bytes(),
        6 => line.replace("CreateUser", "\\ud800\\udc00\\ud800 \\u0000").into_bytes(),
        7 => line.replace("\"eventName\"", "\"eventName\":1,\"eventName\"").into_bytes(),
        8 => line.replace("2026-03-02T06", "9999-99-99T99").into_bytes(),
        9 => line.replace("\"2026-03-02T06", "-1e999,\"x\":\"").into_bytes(),
        10 => b"null".to_vec(),
        11 => b"\"text\"".to_vec(),
        12 => b"[1,2,3]".to_vec(),
        13 => b"}{".to_vec(),
        14 => b"\x1b[2J\x1b]0;title\x07 no json at all".to_vec(),
        15 => line.replace(':', "\u{202e}:").into_bytes(),
        16 => line.replace(',', ",,").into_bytes(),
        17 => format!("{line} trailing").into_bytes(),
        18 => vec![b'\\'; 4_000],
        _ => vec![b'"'; 4_001],
    }
}

/// Whether a problem is about a record that was left out, as against one that was kept and mended.
fn loses(kind: ProblemKind) -> bool {
    !matches!(kind, ProblemKind::Encoding) && !kind.is_left_out() && !kind.is_fatal()
}

struct Outcome {
    rows: usize,
    lost: usize,
    said: usize,
}

fn run(folder: &Path) -> Outcome {
    let started = Instant::now();
    let open = || Mynah::builder().data(folder).threads(2).build().unwrap();
    let mynah = open();
    let query = mynah.query("SELECT UTF8(payload) AS text, username, sourceip FROM events", Dialect::Aql).unwrap();
    let rows = query.rows().unwrap().count();
    let summary = mynah.engine().progress().summary();
    let said = summary.problems.len() + mynah.engine().problems().len();
    // Others read other things.
    let mynah = open();
    let every = mynah.query("any where user.name like \"*u*\" or event.action regex \".*\"", Dialect::Eql).unwrap();
    every.rows().unwrap().for_each(drop);
    let counted = mynah.query("* | count by eventName", Dialect::Sumo).unwrap();
    counted.rows().unwrap().for_each(drop);
    mynah.engine().inspect().unwrap();
    assert!(started.elapsed() < Duration::from_secs(60), "{}", folder.display());
    Outcome { rows, lost: summary.problems.iter().filter(|problem| loses(problem.kind)).count(), said }
}

/// Lines of NDJSON with a few broken ones among them: each is a record, or a problem names it.
#[test]
fn each_line_is_read_or_said_to_be_broken() {
    for seed in 0..40 {
        let mut random = Random(seed * 7_919 + 1);
        let folder = tempfile::tempdir().unwrap();
        let count = random.below(60) + 20;
        // As many as a file's problems are kept.
        let mut left = 12;
        let mut log = Vec::new();
        for i in 0..count {
            // The first lines say what the file is.
            let breaks = i > 3 && left > 0 && random.below(5) == 0;
            left -= usize::from(breaks);
            let line = if breaks { broken(&mut random, i) } else { record(i).into_bytes() };
            log.extend_from_slice(&line);
            log.extend_from_slice(if random.below(8) == 0 { b"\r\n" } else { b"\n" });
        }
        if random.below(3) == 0 {
            log.pop();
        }
        fs::write(folder.path().join("trail.ndjson"), &log).unwrap();
        let outcome = run(folder.path());
        assert_eq!(
            outcome.rows + outcome.lost,
            count,
            "seed {seed}: {} rows, {} problems\n{}",
            outcome.rows,
            outcome.lost,
            String::from_utf8_lossy(&log)
                .lines()
                .map(|line| line.chars().take(150).collect::<String>() + "\n")
                .collect::<String>()
        );
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// Files of every container, whole and damaged: something is read of each, or something is said.
#[test]
fn no_container_is_empty_in_silence() {
    let lines: String = (0..200).map(|i| record(i) + "\n").collect();
    let log = lines.as_bytes();
    let packed = gzip(log);
    let (zipped, tarred) = (zip(&[("a/log.ndjson", log), ("README", b"text")]), tar(&[("../../log.ndjson", log)]));
    let half = |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec();
    let flipped = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xff;
        bytes
    };
    let utf16: Vec<u8> = lines.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let array = format!("[{}]", lines.trim_end().replace('\n', ","));
    let evtx = [b"ElfFile\0".as_slice(), &[0; 4088], b"ElfChnk\0", &[0; 65528]].concat();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("log.ndjson.gz", packed.clone()),
        ("half.gz", half(&packed)),
        ("flipped.gz", flipped(&packed)),
        ("nested.gz", gzip(&gzip(&packed))),
        ("log.zip", zipped.clone()),
        ("half.zip", half(&zipped)),
        ("flipped.zip", flipped(&zipped)),
        ("nested.zip", zip(&[("inner.zip", &zipped)])),
        ("deep.zip", zip(&[("a", &zip(&[("b", &zip(&[("c", &zip(&[("d", log)]))]))]))])),
        ("log.tar", tarred.clone()),
        ("log.tar.gz", gzip(&tarred)),
        ("half.tar", half(&tarred)),
        ("half.tar.gz", half(&gzip(&tarred))),
        ("bomb.zip", zip(&[("bomb.json", &[&b"{\"a\":\""[..], &vec![b'x'; 30 << 20]].concat())])),
        ("utf16.ndjson", utf16.clone()),
        ("odd16.ndjson", utf16[..utf16.len() - 1].to_vec()),
        ("array.json", array.clone().into_bytes()),
        ("open.json", array.as_bytes()[..array.len() - 1].to_vec()),
        ("wrapper.json", format!("{{\"Records\":{array}}}").into_bytes()),
        ("brackets.json", "[".repeat(100_000).into_bytes()),
        ("zeros", vec![0; 100_000]),
        ("empty.json", Vec::new()),
        ("evtx", evtx),
        ("header.evtx", b"ElfFile\0".to_vec()),
        ("parquet", b"PAR1PAR1".to_vec()),
        ("xml", b"<Events><Event><System><EventID>1</EventID>".to_vec()),
        ("entities.xml", b"<!DOCTYPE x [<!ENTITY a \"&a;&a;\">]><Events><Event>&a;</Event></Events>".to_vec()),
        ("rows.csv", b"a,b,c\n1,2,3\n\"never closed,2,3\n4,5,6\n".to_vec()),
        ("wide.csv", ["a,b\n", &"1,".repeat(100_000), "\n"].concat().into_bytes()),
        (
            "audit.log",
            b"type=SYSCALL msg=audit(99999999999999999999.999:1): a=\"\xff\" b='\ntype=EOE msg=audit(1:1)\n".to_vec(),
        ),
        ("xz", b"\xfd7zXZ\0\0\x04garbage garbage garbage".to_vec()),
        ("bz2", b"BZh91AY&SYgarbage garbage".to_vec()),
        ("zst", b"\x28\xb5\x2f\xfdgarbage garbage".to_vec()),
        ("skip.zst", b"\x50\x2a\x4d\x18\xff\xff\xff\xff".to_vec()),
    ];
    for (name, bytes) in &files {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let outcome = run(folder.path());
        assert!(outcome.rows > 0 || outcome.said > 0 || *name == "empty.json", "{name}: nothing read, nothing said");
    }
}

/// Names that are not Unicode, that look like options or patterns, and links that lead to themselves.
#[cfg(unix)]
#[test]
fn names_are_only_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let names: [&[u8]; 6] =
        [b"caf\xe9.json", b"--data", b"a[1]*.json", b"x\x1b[2J\n.json", b"s=p=q.json", "\u{202e}nosj.json".as_bytes()];
    for (i, name) in names.iter().enumerate() {
        fs::write(folder.path().join(OsStr::from_bytes(name)), record(i) + "\n").unwrap();
    }
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    assert_eq!(run(folder.path()).rows, 6);
    for pattern in ["*", "?*", "**"] {
        let mynah = Mynah::builder().data(folder.path().join(pattern)).build().unwrap();
        assert!(mynah.engine().files().len() >= 6, "{pattern}");
    }
    let odd = folder.path().join(OsStr::from_bytes(names[0]));
    for argument in
        [odd.clone().into_os_string(), [OsStr::new("aws.cloudtrail="), odd.as_os_str()].join(OsStr::new(""))]
    {
        let mynah = Mynah::builder().data(argument).build().unwrap();
        assert_eq!((mynah.engine().files().len(), mynah.engine().problems().len()), (1, 0));
    }
}
