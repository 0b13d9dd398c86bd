//! What Splunk apps make of events: fields, event types, tags, lookups by time, data models.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::{Dialect, Mynah, Settings};
use std::path::Path;

const LOG: &str = r#"{"time":"2026-03-14T10:00:00Z","who":"ana","note":"id=7 from=ws1","ip":"10.0.0.1","act":"login"}
{"time":"2026-03-14T11:00:00Z","who":"bo","note":"id=8 from=ws2","ip":"10.0.0.1","act":"logout"}
"#;

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let file = folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
}

fn app() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            (
                "default/props.conf",
                "[_json]\nEXTRACT-id = id=(?<id>\\d+) in note\nREPORT-from = from, cut\nFIELDALIAS-user = who AS user\nEVAL-twice = who.who\nEVAL-action = \"default\"\nLOOKUP-lease = leases ip OUTPUT lease\n[other]\nEVAL-act = \"other\"\n[rule::x]\nEVAL-y = 1\n",
            ),
            ("local/props.conf", "[_json]\nEVAL-action = upper(act)\n"),
            (
                "default/transforms.conf",
                "[from]\nREGEX = from=(\\w+)\nFORMAT = origin::$1\nSOURCE_KEY = note\n[leases]\nfilename = leases.csv\ntime_field = at\ntime_format = %Y-%m-%d %H:%M\n[cut]\nSOURCE_KEY = note\nDELIMS = \" =\"\nFIELDS = k1, v1, k2, v2\n[seen]\ncollection = seen\nfields_list = user, first\n",
            ),
            (
                "lookups/leases.csv",
                "ip, at, lease\n10.0.0.1,2026-03-14 09:00,old\n10.0.0.1,2026-03-14 10:30,new\n10.0.0.1,2026-03-14 12:00,later\n",
            ),
            (
                "default/eventtypes.conf",
                "[logins]\nsearch = act=login\n[all]\nsearch = *\n[by_ana]\nsearch = eventtype=logins user=ana\n",
            ),
            ("local/limits.conf", "[spath]\nextraction_cutoff = 20000\n"),
            ("default/tags.conf", "[eventtype=logins]\nauthentication = enabled\n[who=bo]\nwatched = enabled\n"),
            (
                "default/macros.conf",
                "[of(2)]\nargs = name, field\ndefinition = $field$=\"$name$\"\n[later(1)]\nargs = n\ndefinition = \"earliest=\" . ($n$ + 0)\niseval = 1\nvalidation = isnum($n$)\nerrormsg = a number\n",
            ),
            (
                "default/data/models/Doors.json",
                r#"{"modelName":"Doors","objects":[{"objectName":"Entries","parentName":"BaseEvent","constraints":[{"search":"tag=authentication"}],"fields":[{"fieldName":"who"}],"calculations":[{"calculationType":"Eval","expression":"upper(who)","outputFields":[{"fieldName":"person"}]},{"calculationType":"Rex","expression":"x","outputFields":[]}]}]}"#,
            ),
        ],
    );
    folder
}

/// The rows of a query over the log, each as JSON.
fn rows(query: &str) -> Vec<String> {
    let folder = app();
    let mut settings = Settings::default();
    settings.add_splunk_app(folder.path()).unwrap();
    assert_eq!(settings.site.knowledge.left_out.len(), 2, "{:?}", settings.site.knowledge.left_out);
    let mynah = Mynah::builder().settings(settings).reader("log.ndjson", LOG.as_bytes()).unwrap().build().unwrap();
    let rows = mynah.query(query, Dialect::Spl).unwrap().rows().unwrap();
    rows.map(|row| row.to_string()).collect()
}

#[test]
fn fields_of_props_are_made_where_they_are_named() {
    let found = rows("* | sort 0 _time | table id origin user twice action lease act");
    let first =
        r#"{"id":"7","origin":"ws1","user":"ana","twice":"anaana","action":"LOGIN","lease":"old","act":"login"}"#;
    let second =
        r#"{"id":"8","origin":"ws2","user":"bo","twice":"bobo","action":"LOGOUT","lease":"new","act":"logout"}"#;
    assert_eq!(found, [first, second]);
}

#[test]
fn transforms_cut_texts_at_characters() {
    assert_eq!(rows("who=ana | table k1 v1 v2"), [r#"{"k1":"id","v1":"7","v2":"ws1"}"#]);
}

#[test]
fn macros_take_arguments_by_name() {
    let in_order = rows("`of(ana, who)` | table id");
    assert_eq!(in_order, [r#"{"id":"7"}"#]);
    assert_eq!(rows("`of(field=who, name=\"ana\")` | table id"), in_order);
}

#[test]
fn each_value_of_a_field_is_looked_up() {
    let values =
        "| makeresults | eval ip=split(\"10.0.0.9,10.0.0.1\",\",\"), _time=1773485000 | lookup leases ip OUTPUT lease";
    assert_eq!(rows(&format!("{values} | mvexpand lease | table lease")), [r#"{"lease":"new"}"#]);
}

#[test]
fn tables_can_be_looked_up_in_expressions() {
    let lease = |ip: &str| {
        format!(
            "| makeresults | eval _time=1773485000, ip={ip} | eval found=lookup(\"leases\", json_object(\"ip\", ip), json_array(\"lease\", \"at\")), lease=json_extract(found, \"lease\") | table found lease"
        )
    };
    let one = r#"{"found":"{\"lease\":\"new\",\"at\":\"2026-03-14 10:30\"}","lease":"new"}"#;
    assert_eq!(rows(&lease("\"10.0.0.1\"")), [one]);
    assert_eq!(rows(&lease("\"10.0.0.9\"")), [r#"{"found":null,"lease":null}"#]);
    let all =
        "* | eval found=lookup(\"leases.csv\", json_object(\"ip\", ip), json_array(\"lease\")) | head 1 | table found";
    assert_eq!(rows(all), [r#"{"found":"{\"lease\":[\"old\",\"new\",\"later\"]}"}"#]);
    let filtered = "* | where json_extract(lookup(\"leases\", json_object(\"ip\", ip), json_array(\"lease\")), \"lease\")=\"old\" | table who";
    assert_eq!(rows(filtered), [r#"{"who":"ana"}"#]);
}

#[test]
fn the_time_of_events_is_that_of_time_bounded_lookups() {
    let folder = app();
    let mut settings = Settings::default();
    settings.add_splunk_app(folder.path()).unwrap();
    let mynah = Mynah::builder().settings(settings).reader("log.ndjson", LOG.as_bytes()).unwrap().build().unwrap();
    let query = "* | lookup event_time_field=when leases ip OUTPUT lease";
    let refused = mynah.query(query, Dialect::Spl).and_then(|query| query.rows().map(|_| ()));
    let message = format!("{:?}", refused.unwrap_err());
    assert!(message.contains("a time of events other than `_time`"), "{message}");
}

#[test]
fn limits_of_apps_count() {
    let query = "| makeresults | eval j=json_object(\"long\", \"x\".mvjoin(mvrange(1,2000), \"\"), \"z\", 9) | spath input=j | table z";
    assert_eq!(rows(query), [r#"{"z":"9"}"#]);
}

#[test]
fn event_types_and_tags_find_events() {
    assert_eq!(rows("tag=authentication | table who"), [r#"{"who":"ana"}"#]);
    assert_eq!(rows("eventtype=logins user=ana | table id"), [r#"{"id":"7"}"#]);
    assert_eq!(rows("tag=watched | table who"), [r#"{"who":"bo"}"#]);
    assert_eq!(rows("eventtype=by_ana | table who"), [r#"{"who":"ana"}"#]);
}

#[test]
fn patterns_see_the_fields_that_apps_make() {
    assert_eq!(rows("who=bo | fields orig* us* tw* | fields - _*"), [r#"{"origin":"ws2","user":"bo","twice":"bobo"}"#]);
    let found = rows("who=ana | stats values(*) as * by user");
    for made in [r#""action":"LOGIN""#, r#""lease":"old""#, r#""eventtype":["all","by_ana","logins"]"#] {
        assert!(found.iter().all(|row| row.contains(made)), "{made}: {found:?}");
    }
}

#[test]
fn data_models_of_apps_can_be_asked() {
    let found = rows("| tstats count from datamodel=Doors.Entries by Entries.person");
    assert_eq!(found, [r#"{"Entries.person":"ANA","count":1}"#]);
}

#[test]
fn collections_without_rows_are_empty() {
    assert_eq!(rows("| inputlookup seen | stats count"), [r#"{"count":0}"#]);
    assert_eq!(
        rows("* | lookup seen user as who OUTPUT first | where isnull(first) | stats count"),
        [r#"{"count":2}"#]
    );
}

#[test]
fn macros_are_calculated() {
    assert_eq!(rows("`later(1773484200)` | table who"), [r#"{"who":"bo"}"#]);
}
