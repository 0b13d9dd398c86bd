//! What holds of every log that is made up.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use mynah_event::Timestamp;
use mynah_generate::{ATTACK_EVERY, Generated, Generator, Source};
use serde_json::Value;

fn log(source: Source, seed: u64, events: usize) -> Vec<Generated> {
    Generator::new(source, seed, Timestamp::parse("2026-01-05T08:00:00Z").unwrap()).take(events).collect()
}

fn lines(log: &[Generated]) -> Vec<&str> {
    log.iter().map(|record| record.line.as_str()).collect()
}

#[test]
fn same_seed_same_bytes_and_other_seed_others() {
    for source in Source::ALL {
        assert_eq!(lines(&log(source, 3, 500)), lines(&log(source, 3, 500)), "{source}");
        assert_ne!(lines(&log(source, 3, 500)), lines(&log(source, 4, 500)), "{source}");
    }
}

#[test]
fn longer_log_begins_with_the_shorter_one() {
    for source in Source::ALL {
        assert_eq!(lines(&log(source, 3, 2500)[..700]), lines(&log(source, 3, 700)), "{source}");
    }
}

#[test]
fn one_record_in_a_thousand_is_an_attack() {
    for source in Source::ALL {
        let log = log(source, 11, 20_000);
        for block in log.chunks(usize::try_from(ATTACK_EVERY).unwrap()) {
            assert_eq!(block.iter().filter(|record| record.attack.is_some()).count(), 1, "{source}");
        }
        // They take turns, so that each comes.
        let names: std::collections::BTreeSet<_> =
            log.iter().filter_map(|record| record.attack).map(|attack| &attack.name).collect();
        assert_eq!(names.len(), source.attacks().len(), "{source}");
    }
}

#[test]
fn an_attack_is_known_by_its_sign() {
    for source in Source::ALL {
        let log = log(source, 5, 20_000);
        for attack in source.attacks() {
            let sign = attack.sign.to_lowercase();
            for record in &log {
                let is = record.attack.is_some_and(|other| other.name == attack.name);
                assert_eq!(record.line.to_lowercase().contains(&sign), is, "{source} {}: {}", attack.name, record.line);
            }
        }
    }
}

#[test]
fn records_are_as_big_as_real_ones() {
    let sizes = [
        (Source::CloudTrail, 1000..1400),
        (Source::AzureSignIns, 2800..4000),
        (Source::O365Audit, 900..1700),
        (Source::Sysmon, 1000..1700),
        (Source::WindowsSecurity, 900..1400),
    ];
    for (source, sizes) in sizes {
        let log = log(source, 1, 5000);
        let mean = log.iter().map(|record| record.line.len() + 1).sum::<usize>() / log.len();
        assert!(sizes.contains(&mean), "{source}: {mean} bytes a record");
    }
}

#[test]
fn each_record_is_an_object_on_one_line_and_time_goes_on() {
    for source in Source::ALL {
        let mut last = i64::MIN;
        for record in log(source, 9, 2000) {
            assert!(!record.line.contains('\n'));
            let value: Value = serde_json::from_str(&record.line).unwrap();
            let time = match source {
                Source::CloudTrail => &value["eventTime"],
                Source::AzureSignIns => &value["time"],
                Source::O365Audit => &value["CreationTime"],
                Source::Sysmon | Source::WindowsSecurity => {
                    &value["Event"]["System"]["TimeCreated"]["#attributes"]["SystemTime"]
                }
            };
            let time = Timestamp::parse(time.as_str().unwrap()).unwrap().nanoseconds();
            assert!(time >= last, "{source}: {}", record.line);
            last = time;
        }
    }
}

#[test]
fn names_are_read_back() {
    for source in Source::ALL {
        assert_eq!(source.name().parse::<Source>().unwrap(), source);
    }
    let error = "linux.auditd".parse::<Source>().unwrap_err().to_string();
    assert!(error.contains("linux.auditd") && error.contains("aws.cloudtrail"), "{error}");
}
