//! EQL's results as Elastic's search API gives them: the examples of
//! <https://www.elastic.co/docs/reference/query-languages/eql> and of the API's page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mynah::Mynah;
use serde_json::{Value, json};

const LOG: &str = r#"{"@timestamp":"2099-12-07T11:07:09.000Z","ecs":{"version":"8.17.0"},"event":{"category":"process","id":"aR3NWVOs","sequence":4},"process":{"pid":2012,"name":"regsvr32.exe"}}
{"@timestamp":"2099-12-07T11:07:10.000Z","ecs":{"version":"8.17.0"},"event":{"category":"file","id":"tZ1NWVOs","sequence":5},"process":{"pid":2012,"name":"regsvr32.exe"},"file":{"name":"scrobj.dll"}}
{"@timestamp":"2099-12-07T11:07:10.000Z","ecs":{"version":"8.17.0"},"event":{"category":"process","id":"GTSmSqgz0U","sequence":6,"type":"termination"},"process":{"pid":2012,"name":"regsvr32.exe"}}
"#;

fn search(log: &str, query: &str, size: usize) -> Value {
    let mynah = Mynah::builder().reader("log.ndjson", log.as_bytes()).unwrap().build().unwrap();
    mynah.eql_search(query, size).unwrap()
}

fn ids(hits: &Value) -> Vec<&str> {
    hits.as_array().unwrap().iter().map(|hit| hit["_source"]["event"]["id"].as_str().unwrap_or("")).collect()
}

#[test]
fn events_are_whole_documents() {
    let response = search(LOG, r#"process where process.name == "regsvr32.exe""#, 10);
    assert_eq!(response["hits"]["total"], json!({ "value": 2, "relation": "eq" }));
    assert_eq!(ids(&response["hits"]["events"]), ["aR3NWVOs", "GTSmSqgz0U"]);
    let first: Value = serde_json::from_str(LOG.lines().next().unwrap()).unwrap();
    assert_eq!(response["hits"]["events"][0]["_source"], first);
    assert_eq!(response["hits"]["events"][0]["_index"], "elastic.ecs");
    assert_eq!((&response["is_partial"], &response["timed_out"]), (&json!(false), &json!(false)));
}

/// `result_position` is `tail` by default: of too many matches the most recent ones, in ascending order.
#[test]
fn size_keeps_the_latest() {
    let of = |query, size| {
        let response = search(LOG, query, size);
        let total = response["hits"]["total"]["value"].as_u64().unwrap();
        (ids(&response["hits"]["events"]).into_iter().map(str::to_owned).collect::<Vec<_>>(), total)
    };
    assert_eq!(of("any where true", 2).0, ["tZ1NWVOs", "GTSmSqgz0U"]);
    assert_eq!(of("any where true | head 2", 1).0, ["aR3NWVOs"]);
    assert_eq!(of("any where true | tail 2", 1).0, ["GTSmSqgz0U"]);
    assert_eq!(of("any where true", 1).1, 3);
}

#[test]
fn sequences_have_their_keys() {
    let query = r#"sequence by process.pid with maxspan=1h
      [ process where process.name == "regsvr32.exe" ]
      [ file where stringContains(file.name, "scrobj.dll") ]
    until [ process where event.type == "termination" ]"#;
    let response = search(LOG, query, 10);
    let sequences = &response["hits"]["sequences"];
    assert_eq!(sequences[0]["join_keys"], json!([2012]));
    assert_eq!(ids(&sequences[0]["events"]), ["aR3NWVOs", "tZ1NWVOs"]);
    // Without keys there are none.
    let query = r#"sequence [ process where true ] [ file where true ]"#;
    assert_eq!(search(LOG, query, 10)["hits"]["sequences"][0].get("join_keys"), None);
}

#[test]
fn what_must_not_be_there_has_a_place() {
    let query =
        "sequence by process.pid with maxspan=1h [ process where true ] ![ network where true ] [ file where true ]";
    let response = search(LOG, query, 10);
    let events = &response["hits"]["sequences"][0]["events"];
    assert_eq!(events[1]["missing"], true);
    assert_eq!(ids(events), ["aR3NWVOs", "", "tZ1NWVOs"]);
}

#[test]
fn other_logs_are_as_the_integration_makes_them() {
    let log = r#"{"eventVersion":"1.08","eventSource":"iam.amazonaws.com","eventTime":"2026-03-14T10:00:00Z","eventName":"CreateUser","awsRegion":"us-east-1","userIdentity":{"type":"Root"}}"#;
    let response = search(log, r#"iam where event.action == "CreateUser""#, 10);
    let source = &response["hits"]["events"][0]["_source"];
    assert_eq!(source["@timestamp"], "2026-03-14T10:00:00.000Z");
    assert_eq!(source["event"]["action"], "CreateUser");
    assert_eq!(source["cloud"]["region"], "us-east-1");
    assert_eq!(response["hits"]["events"][0]["_index"], "aws.cloudtrail");
}
