//! Records as the Management Activity API of Microsoft 365 gives them:
//! <https://learn.microsoft.com/en-us/office/office-365-management-api/office-365-management-activity-api-schema>.
use crate::attack::Attack;
use crate::context::Context;
use serde_json::{Value, json};

const TENANT: &str = "00000000-1111-2222-3333-444444444444";
const SITE: &str = "https://example.sharepoint.com/sites/";

pub(super) const ATTACKS: [Attack; 5] = [
    Attack {
        name: "mail forwarded out by an inbox rule",
        technique: "T1114.003",
        sign: "\"Operation\":\"New-InboxRule\"",
        record: |context| {
            cmdlet(
                context,
                "New-InboxRule",
                &[("Name", "."), ("ForwardTo", "collect@example.net"), ("DeleteMessage", "True")],
            )
        },
    },
    Attack {
        name: "mailbox forwarded out",
        technique: "T1114.003",
        sign: "ForwardingSmtpAddress",
        record: |context| {
            let target = context.person();
            cmdlet(
                context,
                "Set-Mailbox",
                &[("Identity", target.as_str()), ("ForwardingSmtpAddress", "smtp:collect@example.net")],
            )
        },
    },
    Attack {
        name: "full access to somebody else's mailbox",
        technique: "T1098.002",
        sign: "\"Operation\":\"Add-MailboxPermission\"",
        record: |context| {
            let (target, user) = (context.person(), context.person());
            cmdlet(
                context,
                "Add-MailboxPermission",
                &[("Identity", target.as_str()), ("User", user.as_str()), ("AccessRights", "FullAccess")],
            )
        },
    },
    Attack {
        name: "audit log switched off",
        technique: "T1562.008",
        sign: "\"Operation\":\"Set-AdminAuditLogConfig\"",
        record: |context| cmdlet(context, "Set-AdminAuditLogConfig", &[("UnifiedAuditLogIngestionEnabled", "False")]),
    },
    Attack {
        name: "consent to a program that reads mail",
        technique: "T1528",
        sign: "Consent to application.",
        record: |context| {
            let person = context.person();
            let address = context.attacker_address();
            let mut record = common(context, "Consent to application.", 8, "AzureActiveDirectory", &person, &address);
            record["AzureActiveDirectoryEventType"] = json!(1);
            record["ModifiedProperties"] = json!([
                { "Name": "ConsentContext.IsAdminConsent", "NewValue": "False", "OldValue": "" },
                { "Name": "ConsentAction.Permissions", "NewValue": "Scope: Mail.Read offline_access", "OldValue": "" },
            ]);
            let id = context.uuid();
            record["Target"] = json!([{ "ID": format!("ServicePrincipal_{id}"), "Type": 2 }]);
            record
        },
    },
];

pub(super) fn ordinary(context: &mut Context) -> Value {
    let (person, address) = (context.person(), context.public_address());
    match context.random.below(100) {
        0..35 => sign_in(context, &person, &address),
        35..75 => file(context, &person, &address),
        75..93 => mail(context, &person, &address),
        _ => {
            let name = context.random.pick(&["MessageSent", "MeetingParticipantDetail", "TeamsSessionStarted"]);
            let mut record = common(context, name, 25, "MicrosoftTeams", &person, &address);
            record["CommunicationType"] = json!("GroupChat");
            record["ChatThreadId"] = json!(format!("19:{}@thread.v2", context.hex(32).to_lowercase()));
            record["ExtraProperties"] = json!([
                { "Key": "TimeZone", "Value": "Europe/Berlin" }, { "Key": "OsName", "Value": "windows" },
                { "Key": "Country", "Value": "de" }, { "Key": "ClientName", "Value": "skypeteams" },
            ]);
            record
        }
    }
}

/// The members that every record has.
fn common(
    context: &mut Context,
    operation: &str,
    record_type: u64,
    workload: &str,
    person: &str,
    address: &str,
) -> Value {
    json!({
        "CreationTime": context.at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "Id": context.uuid(),
        "Operation": operation,
        "OrganizationId": TENANT,
        "RecordType": record_type,
        "ResultStatus": "Success",
        "UserKey": Context::uuid_of(person),
        "UserType": 0,
        "Version": 1,
        "Workload": workload,
        "ClientIP": address,
        "ObjectId": "00000003-0000-0000-c000-000000000000",
        "UserId": format!("{person}@example.com"),
    })
}

fn sign_in(context: &mut Context, person: &str, address: &str) -> Value {
    let failed = context.random.chance(60);
    let operation = if failed { "UserLoginFailed" } else { "UserLoggedIn" };
    let mut record = common(context, operation, 15, "AzureActiveDirectory", person, address);
    record["ActorContextId"] = json!(TENANT);
    record["ActorIpAddress"] = json!(address);
    record["AzureActiveDirectoryEventType"] = json!(1);
    record["Actor"] =
        json!([{ "ID": Context::uuid_of(person), "Type": 0 }, { "ID": format!("{person}@example.com"), "Type": 5 }]);
    record["ExtendedProperties"] = json!([
        { "Name": "ResultStatusDetail", "Value": if failed { "UserError" } else { "Success" } },
        { "Name": "UserAgent", "Value": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36" },
        { "Name": "RequestType", "Value": "OAuth2:Authorize" },
    ]);
    if failed {
        record["ResultStatus"] = json!("Failed");
        record["ErrorNumber"] = json!("50126");
        record["LogonError"] = json!("InvalidUserNameOrPassword");
    }
    record["InterSystemsId"] = json!(context.uuid());
    record["IntraSystemId"] = json!(context.uuid());
    record["ModifiedProperties"] = json!([]);
    record["SupportTicketId"] = json!("");
    record["Target"] = json!([{ "ID": "00000003-0000-0000-c000-000000000000", "Type": 0 }]);
    record["TargetContextId"] = json!(TENANT);
    record["ApplicationId"] = json!(Context::uuid_of("the portal"));
    record["DeviceProperties"] = json!([
        { "Name": "OS", "Value": "Windows10" }, { "Name": "BrowserType", "Value": "Chrome" },
        { "Name": "IsCompliantAndManaged", "Value": "False" }, { "Name": "SessionId", "Value": context.uuid() },
    ]);
    record
}

fn file(context: &mut Context, person: &str, address: &str) -> Value {
    let operation = context.random.weighted(&[
        (40, "FileAccessed"),
        (20, "FilePreviewed"),
        (14, "FileModified"),
        (12, "FileDownloaded"),
        (8, "FileUploaded"),
        (4, "SharingSet"),
        (2, "FileDeleted"),
    ]);
    let site = context.random.pick(&["finance", "legal", "marketing", "people", "research", "sales"]);
    let folder = "Shared Documents/2026";
    let name = format!("{}-{}.xlsx", context.random.pick(&["budget", "plan", "report"]), context.random.below(4000));
    let mut record = common(context, operation, 6, "SharePoint", person, address);
    record["ObjectId"] = json!(format!("{SITE}{site}/{folder}/{name}"));
    record["CorrelationId"] = json!(context.uuid());
    record["EventSource"] = json!("SharePoint");
    record["ItemType"] = json!("File");
    record["ListId"] = json!(Context::uuid_of(site));
    record["ListItemUniqueId"] = json!(Context::uuid_of(&name));
    record["Site"] = json!(Context::uuid_of(&format!("site {site}")));
    record["WebId"] = json!(Context::uuid_of(&format!("web {site}")));
    record["UserAgent"] = json!(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    );
    record["SourceFileExtension"] = json!("xlsx");
    record["SiteUrl"] = json!(format!("{SITE}{site}/"));
    record["SourceFileName"] = json!(name);
    record["SourceRelativeUrl"] = json!(folder);
    record["HighPriorityMediaProcessing"] = json!(false);
    record
}

fn mail(context: &mut Context, person: &str, address: &str) -> Value {
    let operation = context.random.weighted(&[(70, "MailItemsAccessed"), (20, "Send"), (10, "SoftDelete")]);
    let mut record = common(context, operation, 50, "Exchange", person, address);
    record["ClientIPAddress"] = json!(address);
    record["ClientInfoString"] = json!("Client=OWA;Action=ViaProxy");
    record["ExternalAccess"] = json!(false);
    record["InternalLogonType"] = json!(0);
    record["LogonType"] = json!(0);
    record["LogonUserSid"] = json!(format!("S-1-5-21-1111111111-2222222222-3333333333-{}", context.random.below(9000)));
    record["MailboxGuid"] = json!(Context::uuid_of(&format!("mailbox {person}")));
    record["MailboxOwnerUPN"] = json!(format!("{person}@example.com"));
    record["OrganizationName"] = json!("example.onmicrosoft.com");
    record["OriginatingServer"] = json!("AM0PR01MB0000 (15.20.7677.026)");
    record["SessionId"] = json!(context.uuid());
    let (item, message) = (context.hex(64), context.uuid());
    record["Folders"] = json!([{
        "FolderItems": [{ "Id": item, "InternetMessageId": format!("<{message}@example.com>") }],
        "Id": "LgAAAAAAAAAAAAAA", "Path": "\\Inbox",
    }]);
    record
}

/// What an attacker does with PowerShell.
fn cmdlet(context: &mut Context, operation: &str, parameters: &[(&str, &str)]) -> Value {
    let (person, address) = (context.person(), context.attacker_address());
    let mut record = common(context, operation, 1, "Exchange", &person, &format!("{address}:50522"));
    record["ResultStatus"] = json!("True");
    record["ExternalAccess"] = json!(false);
    record["OrganizationName"] = json!("example.onmicrosoft.com");
    record["OriginatingServer"] = json!("AM0PR01MB0000 (15.20.7677.026)");
    let parameters = parameters.iter().map(|(name, value)| json!({ "Name": name, "Value": value }));
    record["Parameters"] = Value::Array(parameters.collect());
    record["SessionId"] = json!(context.uuid());
    record
}
