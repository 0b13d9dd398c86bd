//! Audit lines become events.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use reading::read;
use serde_json::{Value, json};

fn events(text: &str) -> Vec<(Value, String)> {
    let read = read(text.as_bytes());
    assert_eq!(read.problems, Vec::<String>::new());
    assert_eq!(read.format, mynah_source::Format::Auditd);
    read.records.iter().map(|record| (serde_json::from_str(&record.document).unwrap(), record.raw.clone())).collect()
}

#[test]
fn the_lines_of_one_event() {
    let text = "type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 comm=\"cat\" exe=\"/usr/bin/cat\" key=(null)\n\
                type=EXECVE msg=audit(1700000000.123:42): argc=3 a0=\"cat\" a1=2F746D702F6120622E747874 a2=\"-n\"\n\
                type=CWD msg=audit(1700000000.123:42): cwd=\"/root\"\n\
                type=PATH msg=audit(1700000000.123:42): item=0 name=\"/usr/bin/cat\" inode=9 nametype=NORMAL\n\
                type=PATH msg=audit(1700000000.123:42): item=1 name=2F612062 nametype=NORMAL\n\
                type=PROCTITLE msg=audit(1700000000.123:42): proctitle=636174002F746D702F6120622E747874002D6E\n";
    let events = events(text);
    let wanted = json!({"audit": {
        "time": "1700000000.123", "serial": "42",
        "types": ["SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE"],
        "syscall": {"arch": "c000003e", "syscall": "59", "success": "yes", "exit": "0", "ppid": "1", "pid": "2",
                    "comm": "cat", "exe": "/usr/bin/cat", "key": "(null)"},
        "cwd": "/root",
        "path": [{"item": "0", "name": "/usr/bin/cat", "inode": "9", "nametype": "NORMAL"},
                 {"item": "1", "name": "/a b", "nametype": "NORMAL"}],
        "proctitle": "cat /tmp/a b.txt -n",
        "execve": {"argc": "3", "args": ["cat", "/tmp/a b.txt", "-n"], "command_line": "cat /tmp/a b.txt -n"},
    }});
    assert_eq!(events, [(wanted, text.trim_end().to_owned())]);
}

#[test]
fn interleaved_events_come_in_the_order_of_their_first_lines() {
    let line = |kind: &str, serial: u32, rest: &str| format!("type={kind} msg=audit(1700000000.5:{serial}): {rest}\n");
    let text = [
        line("SYSCALL", 1, "pid=1"),
        line("SYSCALL", 2, "pid=2"),
        line("EXECVE", 2, "argc=1 a0=\"two\""),
        line("EXECVE", 1, "argc=1 a0=\"one\""),
        line("EOE", 2, ""),
        line("EOE", 1, ""),
        line(
            "USER_LOGIN",
            3,
            "pid=3 uid=0 msg='op=login acct=\"eve\" exe=\"/usr/sbin/sshd\" addr=10.0.0.9 res=failed'",
        ),
    ]
    .concat();
    let events = events(&text);
    let lines: Vec<&Value> = events.iter().map(|(event, _)| &event["audit"]["execve"]["command_line"]).collect();
    assert_eq!(lines, [&json!("one"), &json!("two"), &Value::Null]);
    assert_eq!(
        events[2].0["audit"]["user_login"],
        json!({"pid": "3", "uid": "0", "op": "login", "acct": "eve", "exe": "/usr/sbin/sshd", "addr": "10.0.0.9", "res": "failed"})
    );
    assert_eq!(events[0].1.lines().count(), 3);
}

#[test]
fn long_arguments_come_in_parts() {
    let text = "type=EXECVE msg=audit(1.0:7): argc=3 a0=\"sh\" a1=\"-c\" a2_len=12 a2[0]=6563686F\n\
                type=EXECVE msg=audit(1.0:7): a2[1]=20226822\n";
    let events = events(text);
    assert_eq!(
        events[0].0["audit"]["execve"],
        json!({"argc": "3", "args": ["sh", "-c", "echo \"h\""], "command_line": "sh -c echo \"h\""})
    );
}

#[test]
fn enriched_records_and_nodes() {
    let text = "node=web-1 type=SYSCALL msg=audit(1.0:7): arch=c000003e syscall=42 auid=1000 uid=0 key=6E65740165786563\u{1d}ARCH=x86_64 SYSCALL=connect AUID=\"ann\" UID=\"root\"\n\
                node=web-2 type=SYSCALL msg=audit(1.0:7): syscall=1\n\
                node=web-1 type=SOCKADDR msg=audit(1.0:7): saddr=020001BB0A0000050000000000000000\u{1d}SADDR={ saddr_fam=inet laddr=10.0.0.5 lport=443 }\n";
    let events = events(text);
    assert_eq!(events.len(), 2);
    let audit = &events[0].0["audit"];
    assert_eq!((&audit["node"], &audit["keys"]), (&json!("web-1"), &json!(["net", "exec"])));
    assert_eq!((&audit["syscall"]["SYSCALL"], &audit["syscall"]["AUID"]), (&json!("connect"), &json!("ann")));
    assert_eq!(
        (&audit["sockaddr"]["addr"], &audit["sockaddr"]["port"], &audit["sockaddr"]["laddr"]),
        (&json!("10.0.0.5"), &json!("443"), &json!("10.0.0.5"))
    );
}

#[test]
fn other_ways_to_say_things() {
    let text = "type=AVC msg=audit(1.0:1): avc:  denied  { read write } for  pid=5 comm=\"x\" scontext=a:b:c tclass=file permissive=0\n\
                type=LOGIN msg=audit(1.0:2): pid=9 uid=0 old auid=4294967295 new auid=1000 old ses=1 new ses=2\n\
                type=USER_CMD msg=audit(1.0:3): pid=1 msg='cwd=\"/\" cmd=6C73202D6C61 terminal=pts/0 res=success'\n";
    let events = events(text);
    assert_eq!(events[0].0["audit"]["avc"]["seresult"], "denied");
    assert_eq!(events[0].0["audit"]["avc"]["seperms"], "read,write");
    assert_eq!(events[0].0["audit"]["avc"]["tclass"], "file");
    assert_eq!(events[1].0["audit"]["login"]["new_auid"], "1000");
    assert_eq!(events[2].0["audit"]["user_cmd"]["cmd"], "ls -la");
}
