//! Windows events as Sumo Logic's own source sends them.
use serde_json::{Map, Value};

/// All that the message has beside what is in the event: its keys and the words for numbers, for those who look for a text
/// in the event's own bytes.
pub const SUMO_WINDOWS_WORDS: &str = "TimeCreated EventID Task Correlation Keywords Channel Opcode Security Provider Guid \
     Name EventRecordID Execution ThreadID ProcessID Version Computer Level EventData UserData Message Audit Success Audit \
     Failure Info Start Stop Critical Error Warning Information Informational Verbose UserID ActivityID";

/// An event in the XML schema's form as the JSON of Sumo Logic's Windows source; nothing for any other form.
///
/// Source: <https://www.sumologic.com/help/docs/integrations/microsoft-azure/windows-json/>
pub(super) fn sumo(document: &str) -> Option<String> {
    let document: Value = serde_json::from_str(document).ok()?;
    let event = document.get("Event").unwrap_or(&document);
    let system = event.get("System").filter(|system| system.is_object())?;
    let mut message = Map::new();
    let mut add = |name: &str, value: Value| {
        message.insert(name.to_owned(), value);
    };
    add(
        "TimeCreated",
        attribute(system, "TimeCreated", "SystemTime").or_else(|| member(system, "TimeCreated")).unwrap_or_default(),
    );
    add("EventID", text(element(system, "EventID")));
    add("Task", element(system, "Task").unwrap_or_else(|| 0.into()));
    add("Correlation", object(system, "Correlation", &["ActivityID", "RelatedActivityID"]));
    add("Keywords", keywords(element(system, "Keywords")));
    add("Channel", text(element(system, "Channel")));
    add("Opcode", word(element(system, "Opcode"), &["Info", "Start", "Stop"]));
    add("Security", object(system, "Security", &["UserID"]));
    add("Provider", object(system, "Provider", &["Guid", "Name"]));
    add("EventRecordID", element(system, "EventRecordID").unwrap_or_default());
    add("Execution", object(system, "Execution", &["ThreadID", "ProcessID"]));
    add("Version", element(system, "Version").unwrap_or_else(|| 0.into()));
    add("Computer", text(element(system, "Computer")));
    // The security channel's events have the level 0, others 4 for the same.
    let levels = ["Information", "Critical", "Error", "Warning", "Informational", "Verbose"];
    add("Level", word(element(system, "Level"), &levels));
    add(
        "EventData",
        event.get("EventData").filter(|data| data.is_object()).cloned().unwrap_or_else(|| Map::new().into()),
    );
    if let Some(data) = event.get("UserData").filter(|data| data.is_object()) {
        add("UserData", data.clone());
    }
    let rendered = event.get("RenderingInfo").and_then(|info| info.get("Message"));
    if let Some(message) = rendered.or_else(|| document.get("Message")) {
        add("Message", message.clone());
    }
    Some(Value::Object(message).to_string())
}

/// A member that is no object.
fn member(system: &Value, name: &str) -> Option<Value> {
    system.get(name).filter(|value| !value.is_object() && !value.is_null()).cloned()
}

/// The value of an element, which may stand beside its attributes.
fn element(system: &Value, name: &str) -> Option<Value> {
    let inner = |key: &str| system.get(name)?.get(key).cloned();
    member(system, name).or_else(|| inner("#text")).or_else(|| inner("Value"))
}

/// The value of an element's attribute, in each of the ways that exporters write it.
fn attribute(system: &Value, name: &str, key: &str) -> Option<Value> {
    let own = system.get(name);
    let beside = system.get(format!("{name}_attributes"));
    let found = [own.and_then(|own| own.get("#attributes")), beside, own].into_iter().flatten();
    found.filter_map(|attributes| attributes.get(key)).find(|value| !value.is_null()).cloned()
}

/// Attributes as an object; an empty text where there are none.
fn object(system: &Value, name: &str, keys: &[&str]) -> Value {
    let found = keys.iter().filter_map(|key| Some(((*key).to_owned(), attribute(system, name, key)?)));
    let mut found: Map<String, Value> = found.collect();
    if found.is_empty()
        && let Some(own) = member(system, name)
    {
        if name != "Provider" {
            return own;
        }
        found.insert("Name".to_owned(), own);
    }
    if found.is_empty() { Value::String(String::new()) } else { Value::Object(found) }
}

fn text(value: Option<Value>) -> Value {
    match value {
        Some(Value::String(text)) => Value::String(text),
        Some(other) => Value::String(other.to_string()),
        None => Value::String(String::new()),
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        },
        other => other.as_u64(),
    }
}

/// A number as its word; without one, as it is.
fn word(value: Option<Value>, words: &[&str]) -> Value {
    let Some(value) = value else { return Value::String(String::new()) };
    let word = number(&value).and_then(|number| words.get(usize::try_from(number).ok()?));
    word.map_or(value, |word| Value::String((*word).to_owned()))
}

const AUDIT_FAILURE: u64 = 0x10_0000_0000_0000;
const AUDIT_SUCCESS: u64 = 0x20_0000_0000_0000;

fn keywords(value: Option<Value>) -> Value {
    match value.as_ref().and_then(number) {
        Some(bits) if bits & AUDIT_FAILURE != 0 => "Audit Failure".into(),
        Some(bits) if bits & AUDIT_SUCCESS != 0 => "Audit Success".into(),
        Some(_) => "".into(),
        None => value.unwrap_or_default(),
    }
}

/// The words of a mask of keywords.
pub(super) fn keyword_words(value: &str) -> Option<String> {
    match keywords(Some(Value::String(value.to_owned()))) {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_written_as_the_source_writes_them() {
        let event = r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"P","Guid":"{1}"}},"EventID":4625,"Version":0,
            "Level":0,"Task":12544,"Opcode":0,"Keywords":"0x8010000000000000","TimeCreated":{"#attributes":{"SystemTime":
            "2026-03-14T05:22:51.722Z"}},"EventRecordID":7,"Execution":{"#attributes":{"ProcessID":1,"ThreadID":2}},
            "Channel":"Security","Computer":"C"},"EventData":{"IpAddress":"192.0.2.1"}}}"##;
        let message = sumo(event).unwrap();
        assert!(message.starts_with(
            r#"{"TimeCreated":"2026-03-14T05:22:51.722Z","EventID":"4625","Task":12544,"Correlation":"","#
        ));
        assert!(message.contains(r#""Keywords":"Audit Failure","Channel":"Security","Opcode":"Info","Security":"","#));
        assert!(message.contains(
            r#""Provider":{"Guid":"{1}","Name":"P"},"EventRecordID":7,"Execution":{"ThreadID":2,"ProcessID":1}"#
        ));
        assert!(message.ends_with(r#""Level":"Information","EventData":{"IpAddress":"192.0.2.1"}}"#));
        assert_eq!(sumo(r#"{"EventID":1}"#), None);
    }
}
