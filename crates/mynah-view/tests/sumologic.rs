//! The built-in view of Sumo Logic: metadata, and members by path.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use mynah_event::Platform;
use mynah_view::{FieldType, Kind};
use support::{constant, view};

#[test]
fn metadata_is_known_in_every_log_source_and_either_case() {
    let view = view(Platform::Sumologic);
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
    let view = view(Platform::Sumologic);
    for (source, category) in [
        ("windows.sysmon", "Windows/Sysmon"),
        ("windows.security", "Windows/Security"),
        ("azure.signinlogs", "Azure/SignIn"),
        ("aws.cloudtrail", "AWS/CloudTrail"),
    ] {
        assert_eq!(constant(&view, source, "_sourceCategory"), category);
    }
}

#[test]
fn paths_and_members_of_event_data_are_fields() {
    let view = view(Platform::Sumologic);
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
