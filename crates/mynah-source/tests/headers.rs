//! Which texts are tables, whose first row names the columns, and which are events from their first line on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use mynah_source::Format;
use reading::read;

fn expect(texts: &[&str], format: Format, records: impl Fn(usize) -> usize) {
    let mut wrong = Vec::new();
    for text in texts {
        let (found, lines) = (read(text.as_bytes()), text.lines().count());
        if found.format != format || found.records.len() != records(lines) || !found.problems.is_empty() {
            wrong.push(format!("{text:?}: {}, {} records, {:?}", found.format, found.records.len(), found.problems));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn events_keep_their_first_line() {
    let leef = "LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|src=192.0.2.0\tdst=172.50.123.1\tsev=5\tusrName=";
    let several = format!("{leef}ana\n{leef}bob\n{leef}cy\n");
    let behind_a_host = format!("gate {leef}ana\ngate {leef}bob\n");
    let cef = "CEF:0|Security|wall|1.0|100|worm stopped|10|src=10.0.0.1 msg=a, b, c";
    expect(
        &[
            leef,
            &several,
            &behind_a_host,
            cef,
            &format!("{cef}\n{cef}\n"),
            // One line, of whatever fields.
            "user,host,action\n",
            "a|b|c",
            "user bob\tlogged in\tfrom 10.0.0.1\n",
            // Sentences.
            "Jan logged in, from 10.0.0.1, ok\nBob logged in, from 10.0.0.2, ok\nZed logged in, from 10.0.0.3, no\n",
            "Jan logged in, all fine\nBob logged in, all fine\n",
            "Jan logged in, all fine\nthe disk is full, nothing helps\n",
            "Dear all, this is no table\nI say it once, and never again\n",
            "the cat sat; on the mat\nthe dog sat; on the sofa\n",
            // Values in the first row as in the others.
            "INFO,login,bob\nWARN,logout,ana\nINFO,login,cy\n",
            "login,bob,first\nlogin,bob,5\nlogin,cy,7\n",
            "user=ana,action=login,ok=1\nuser=bob,action=login,ok=1\n",
            "ana@example.com,login\nbob@example.com,logout\n",
            "ok,true,bob\nno,false,ana\n",
            "INFO,Oct 11 22:14:15,bob\nINFO,Oct 11 22:14:16,ana\n",
            "gate,port 443,open\ngate,port 80,open\n",
        ],
        Format::Text,
        |lines| lines,
    );
}

#[test]
fn names_of_columns_are_no_event() {
    expect(
        &[
            "name,value\nx,y\n",
            "user,host,action\nbob,h1,login\nana,h2,logout\n",
            "First Name,Last Name\nAda,Lovelace\n",
            "user name,login time\nbob,2026-03-14 12:00:00\n",
            "user, host, time\nbob, h1, 2026-03-14T12:00:00Z\nana, h2, 2026-03-14T12:00:01Z\n",
            // A value may be the same as its name, and a column may be empty.
            "time,type,error\n2026-03-14,type,\n2026-03-15,other,\n",
            "@timestamp,event.action,source.ip\n2026-03-14,login,10.0.0.1\n",
            "Date (UTC),Initiated By,Target 1 Name\n2026-03-14,ana,bob\n",
            "_time;_raw\n2026-03-14;\"LEEF:1.0|a|b|c|d|x=1\"\n",
            "host,sum(eval(status==200))\nh1,4\n",
        ],
        Format::Csv,
        |lines| lines - 1,
    );
    // Tables put one behind another.
    expect(&["name,value\nx,y\nname,value\nz,w\n"], Format::Csv, |lines| lines - 1);
}
