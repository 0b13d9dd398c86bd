use crate::container::windows_xml::element::Element;
use crate::json::write_string;

/// Adds to `out` the event whose XML this is, as JSON with the members that EVTX files give: attributes
/// under `#attributes`, text beside them under `#text`, and each `Data` of `EventData` as a member of its
/// own name.
pub(super) fn document(xml: &str, out: &mut String) -> Result<(), String> {
    let event = Element::parse(xml)?;
    let mut object = Object::begin(out);
    object.key(&event.name);
    write_element(&event, object.out);
    object.end();
    Ok(())
}

/// An object that is being written.
struct Object<'a> {
    out: &'a mut String,
    empty: bool,
}

impl<'a> Object<'a> {
    fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Object { out, empty: true }
    }

    fn key(&mut self, key: &str) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(',');
        }
        write_string(self.out, key);
        self.out.push(':');
    }

    fn end(self) {
        self.out.push('}');
    }
}

fn write_element(element: &Element, out: &mut String) {
    if element.name == "EventData" {
        return write_event_data(element, out);
    }
    if element.attributes.is_empty() && element.children.is_empty() {
        return match element.text.as_str() {
            "" => out.push_str("null"),
            text => write_scalar(&element.name, text, out),
        };
    }
    let mut object = Object::begin(out);
    write_attributes(element, &mut object);
    write_children(element.children.iter(), &mut object);
    if element.children.is_empty() && !element.text.is_empty() {
        object.key("#text");
        write_scalar(&element.name, &element.text, object.out);
    }
    object.end();
}

fn write_attributes(element: &Element, object: &mut Object<'_>) {
    if element.attributes.is_empty() {
        return;
    }
    object.key("#attributes");
    let mut attributes = Object::begin(object.out);
    for (name, value) in &element.attributes {
        attributes.key(name);
        write_scalar(name, value, attributes.out);
    }
    attributes.end();
}

fn write_children<'a>(children: impl Iterator<Item = &'a Element>, object: &mut Object<'_>) {
    let mut names: Vec<&str> = Vec::new();
    for child in children {
        let before = names.iter().filter(|name| **name == child.name).count();
        names.push(&child.name);
        if before == 0 {
            object.key(&child.name);
        } else {
            object.key(&format!("{}_{before}", child.name));
        }
        write_element(child, object.out);
    }
}

/// `<Data Name="a">1</Data>` is the member `a`; one without a name is in `Data`'s `#text`.
fn write_event_data(element: &Element, out: &mut String) {
    let (data, others): (Vec<&Element>, Vec<&Element>) =
        element.children.iter().partition(|child| child.name == "Data");
    if element.attributes.is_empty() && element.children.is_empty() {
        return out.push_str("null");
    }
    let mut object = Object::begin(out);
    write_attributes(element, &mut object);
    let mut members: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut unnamed: Vec<&str> = Vec::new();
    for item in data {
        match item.attribute("Name") {
            None => unnamed.push(&item.text),
            Some(name) => match members.iter_mut().find(|(known, _)| *known == name) {
                // A value that is an array is written as the element repeated.
                Some((_, values)) => values.push(&item.text),
                None => members.push((name, vec![&item.text])),
            },
        }
    }
    for (name, values) in &members {
        object.key(name);
        write_values(values, object.out);
    }
    if !unnamed.is_empty() {
        object.key("Data");
        let mut texts = Object::begin(object.out);
        texts.key("#text");
        write_values(&unnamed, texts.out);
        texts.end();
    }
    write_children(others.into_iter(), &mut object);
    object.end();
}

fn write_values(values: &[&str], out: &mut String) {
    if let [one] = values {
        return write_string(out, one);
    }
    out.push('[');
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(out, value);
    }
    out.push(']');
}

/// What EVTX holds as numbers.
const NUMBERS: [&str; 9] =
    ["EventID", "Version", "Level", "Task", "Opcode", "EventRecordID", "ProcessID", "ThreadID", "Qualifiers"];

fn write_scalar(name: &str, text: &str, out: &mut String) {
    let number =
        text.len() < 20 && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if number && !text.is_empty() && NUMBERS.contains(&name) {
        out.push_str(text);
    } else {
        write_string(out, text);
    }
}

#[cfg(test)]
mod tests {
    use super::document;

    fn of(xml: &str) -> serde_json::Value {
        let mut out = String::new();
        document(xml, &mut out).unwrap();
        serde_json::from_str(&out).unwrap()
    }

    #[test]
    fn the_members_that_evtx_gives() {
        let event = of(r#"<Event xmlns='http://x'>
            <System><Provider Name='P' Guid='{1}'/><EventID Qualifiers='16384'>7045</EventID><Level>4</Level>
              <TimeCreated SystemTime="2026-03-14T12:00:00.5Z"/><Correlation/><Computer>A&amp;B&#x21;</Computer></System>
            <EventData><Data Name='Image'>C:\x "y" &lt;z&gt;</Data><Data Name='Empty'></Data><Data Name='None'/>
              <Data>one</Data><Data><![CDATA[<two>]]></Data><Data Name='List'>1</Data><Data Name='List'>2</Data></EventData>
            </Event>"#);
        let wanted = serde_json::json!({"Event": {
            "#attributes": {"xmlns": "http://x"},
            "System": {
                "Provider": {"#attributes": {"Name": "P", "Guid": "{1}"}},
                "EventID": {"#attributes": {"Qualifiers": 16384}, "#text": 7045},
                "Level": 4,
                "TimeCreated": {"#attributes": {"SystemTime": "2026-03-14T12:00:00.5Z"}},
                "Correlation": null,
                "Computer": "A&B!",
            },
            "EventData": {
                "Image": "C:\\x \"y\" <z>", "Empty": "", "None": "", "List": ["1", "2"],
                "Data": {"#text": ["one", "<two>"]},
            },
        }});
        assert_eq!(event, wanted);
    }

    #[test]
    fn user_data_and_repeated_elements() {
        let event = of("<Event><UserData><Own xmlns='u'><A>1</A><A>2</A></Own></UserData></Event>");
        let own = serde_json::json!({"#attributes": {"xmlns": "u"}, "A": "1", "A_1": "2"});
        assert_eq!(event["Event"]["UserData"]["Own"], own);
    }

    #[test]
    fn broken_xml_and_deep_xml_are_refused() {
        let deep = format!("<Event>{}{}</Event>", "<a>".repeat(10_000), "</a>".repeat(10_000));
        for xml in ["<Event><a></b></Event>", "<Event", "<Event><a b=></a></Event>", deep.as_str()] {
            assert!(document(xml, &mut String::new()).is_err(), "{:.40}", xml);
        }
    }
}
