//! The built-in view of Sumo Logic: metadata, and members by path.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use mynah_event::{LogSource, Platform};
use mynah_view::{Catalog, FieldType, Kind, Origin};

#[test]
fn metadata_is_known_in_every_log_source_and_either_case() {
    let view = Catalog::built_in().unwrap().platform(Platform::Sumologic).unwrap();
    for name in [
        "_raw",
        "_messageTime",
        "_messagetime",
        "_receiptTime",
        "_sourceCategory",
        "_sourcecategory",
        "_source",
        "_sourceHost",
        "_sourceName",
        "_collector",
        "_view",
        "_index",
    ] {
        let resolution = view.resolve(name);
        assert!(resolution.known, "{name}");
        assert_eq!(resolution.column.bindings.len(), view.log_sources().count(), "{name}");
    }
    assert_eq!(view.resolve("_messageTime").column.field_type, FieldType::one(Kind::Milliseconds));
}

#[test]
fn each_log_source_has_its_source_category() {
    let view = Catalog::built_in().unwrap().platform(Platform::Sumologic).unwrap();
    let column = view.resolve("_sourceCategory").column;
    for (source, category) in [
        ("windows.sysmon", "Windows/Sysmon"),
        ("windows.security", "Windows/Security"),
        ("azure.signinlogs", "Azure/SignIn"),
        ("aws.cloudtrail", "AWS/CloudTrail"),
    ] {
        let (_, bindings) = column.bindings.iter().find(|(known, _)| *known == LogSource::new(source)).unwrap();
        assert_eq!(bindings[0].origin, Origin::Constant(vec![category.into()]), "{source}");
    }
}

#[test]
fn paths_and_members_of_event_data_are_fields() {
    let view = Catalog::built_in().unwrap().platform(Platform::Sumologic).unwrap();
    for name in [
        "properties.status.errorCode",
        "userIdentity.arn",
        "responseElements.ConsoleLogin",
        "CommandLine",
        "SubjectUserName",
        "EventID",
    ] {
        assert!(view.resolve(name).known, "{name}");
    }
    assert!(!view.resolve("no.such.member").known);
}
