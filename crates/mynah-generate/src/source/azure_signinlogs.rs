//! Sign-ins as diagnostic settings export them:
//! <https://learn.microsoft.com/en-us/entra/identity/monitoring-health/concept-sign-in-log-activity-details>; the
//! members of `properties` are those of <https://learn.microsoft.com/en-us/graph/api/resources/signin>.
use crate::attack::Attack;
use crate::context::Context;
use serde_json::{Value, json};

const TENANT: &str = "00000000-1111-2222-3333-444444444444";
const APPS: [(u64, &str); 8] = [
    (30, "Office 365 Exchange Online"),
    (20, "Microsoft Teams"),
    (16, "Office 365 SharePoint Online"),
    (12, "Azure Portal"),
    (8, "Microsoft Office"),
    (6, "Windows Sign In"),
    (5, "My Apps"),
    (3, "Microsoft Azure PowerShell"),
];
/// City, state, country, latitude, longitude.
type Place = (&'static str, &'static str, &'static str, f64, f64);
const PLACES: [(u64, Place); 6] = [
    (50, ("Berlin", "Berlin", "DE", 52.52, 13.405)),
    (20, ("Lyon", "Rhône", "FR", 45.764, 4.8357)),
    (12, ("Madrid", "Madrid", "ES", 40.4168, -3.7038)),
    (8, ("Kraków", "Małopolskie", "PL", 50.0647, 19.945)),
    (6, ("Austin", "Texas", "US", 30.2672, -97.7431)),
    (4, ("Osaka", "Osaka", "JP", 34.6937, 135.5023)),
];
const DEVICES: [(&str, &str); 5] = [
    ("Windows 11", "Edge 126.0.2592"),
    ("Windows 10", "Chrome 126.0.0"),
    ("MacOs", "Safari 17.5"),
    ("Ios 17.5.1", "Mobile Safari 17.5"),
    ("Android", "Chrome Mobile 126.0.0"),
];
/// Code, what went wrong.
const ERRORS: [(u64, (i64, &str)); 5] = [
    (900, (0, "Other.")),
    (45, (50126, "Error validating credentials due to invalid username or password.")),
    (30, (50074, "Strong Authentication is required.")),
    (15, (50140, "This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.")),
    (10, (50055, "The password is expired.")),
];

/// How a sign-in differs from the others.
struct SignIn {
    address: String,
    client: &'static str,
    protocol: &'static str,
    error: (i64, &'static str),
    /// Level, state, kinds of risk.
    risk: (&'static str, &'static str, &'static [&'static str]),
}

pub(super) const ATTACKS: [Attack; 5] = [
    Attack {
        name: "password spray",
        technique: "T1110.003",
        sign: "passwordSpray",
        record: |context| {
            let address = context.attacker_address();
            let error = (50053, "The account is locked because of too many attempts with a wrong password.");
            let risk = ("high", "atRisk", ["passwordSpray"].as_slice());
            record(context, SignIn { address, client: "Browser", protocol: "none", error, risk })
        },
    },
    Attack {
        name: "sign-in with a code for devices",
        technique: "T1528",
        sign: "\"authenticationProtocol\":\"deviceCode\"",
        record: |context| {
            let address = context.attacker_address();
            let (error, risk) = ((0, "Other."), ("none", "none", [].as_slice()));
            let client = "Mobile Apps and Desktop clients";
            record(context, SignIn { address, client, protocol: "deviceCode", error, risk })
        },
    },
    Attack {
        name: "travel faster than anybody can",
        technique: "T1078.004",
        sign: "impossibleTravel",
        record: |context| {
            let address = context.attacker_address();
            let risk = ("medium", "atRisk", ["impossibleTravel"].as_slice());
            record(context, SignIn { address, client: "Browser", protocol: "none", error: (0, "Other."), risk })
        },
    },
    Attack {
        name: "sign-in past the second factor by an old protocol",
        technique: "T1078.004",
        sign: "\"clientAppUsed\":\"IMAP4\"",
        record: |context| {
            let address = context.attacker_address();
            let risk = ("none", "none", [].as_slice());
            record(context, SignIn { address, client: "IMAP4", protocol: "ropc", error: (0, "Other."), risk })
        },
    },
    Attack {
        name: "sign-in through an anonymous network",
        technique: "T1090.003",
        sign: "anonymizedIPAddress",
        record: |context| {
            let address = context.attacker_address();
            let risk = ("high", "atRisk", ["anonymizedIPAddress"].as_slice());
            record(context, SignIn { address, client: "Browser", protocol: "none", error: (0, "Other."), risk })
        },
    },
];

pub(super) fn ordinary(context: &mut Context) -> Value {
    let address = context.public_address();
    let client = context.random.weighted(&[(80, "Browser"), (20, "Mobile Apps and Desktop clients")]);
    let error = context.random.weighted(&ERRORS);
    // Some false alarms, as everywhere.
    let risk = context.random.weighted(&[
        (985, ("none", "none", [].as_slice())),
        (15, ("low", "atRisk", ["unfamiliarFeatures"].as_slice())),
    ]);
    record(context, SignIn { address, client, protocol: "none", error, risk })
}

fn record(context: &mut Context, sign_in: SignIn) -> Value {
    let time = format!("{:.7}", context.at);
    let person = context.person();
    let (id, correlation, device, session) = (context.uuid(), context.uuid(), context.uuid(), context.uuid());
    let app = context.random.weighted(&APPS);
    let (city, state, country, latitude, longitude) = context.random.weighted(&PLACES);
    let (system, browser) = context.random.pick(&DEVICES);
    let (code, reason) = sign_in.error;
    let (level, risk_state, kinds) = sign_in.risk;
    let milliseconds = context.random.between(40, 900);
    let mut status = json!({ "errorCode": code });
    if code != 0 {
        status["failureReason"] = json!(reason);
        status["additionalDetails"] = json!("The user didn't enter the right credentials.");
    }
    let policies: Vec<Value> = ["Require a second factor", "Block old protocols", "Require a managed device"]
        .iter()
        .map(|name| {
            json!({
                "id": Context::uuid_of(name), "displayName": name, "enforcedGrantControls": ["Mfa"],
                "enforcedSessionControls": [], "result": if code == 0 { "success" } else { "notApplied" },
                "conditionsSatisfied": 3, "conditionsNotSatisfied": 0,
            })
        })
        .collect();
    let mut properties = json!({
        "id": id,
        "createdDateTime": time,
        "userDisplayName": person,
        "userPrincipalName": format!("{person}@example.com"),
        "userId": Context::uuid_of(&person),
        "appId": Context::uuid_of(app),
        "appDisplayName": app,
        "ipAddress": sign_in.address,
        "status": status,
        "clientAppUsed": sign_in.client,
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
        "deviceDetail": {
            "deviceId": device, "displayName": "", "operatingSystem": system, "browser": browser,
            "isCompliant": true, "isManaged": true, "trustType": "Azure AD joined",
        },
        "location": {
            "city": city, "state": state, "countryOrRegion": country,
            "geoCoordinates": { "latitude": latitude, "longitude": longitude },
        },
    });
    let more = json!({
        "correlationId": correlation,
        "conditionalAccessStatus": if code == 0 { "success" } else { "notApplied" },
        "appliedConditionalAccessPolicies": policies,
        "originalRequestId": id,
        "isInteractive": true,
        "tokenIssuerName": "",
        "tokenIssuerType": "AzureAD",
        "authenticationProcessingDetails": [
            { "key": "Login Hint Present", "value": "True" },
            { "key": "Oauth Scope Info", "value": "[\"openid\",\"profile\",\"User.Read\"]" },
        ],
        "networkLocationDetails": "[{\"networkType\":\"trustedNamedLocation\",\"networkNames\":[\"Head office\"]}]",
        "processingTimeInMilliseconds": milliseconds,
        "riskDetail": "none",
        "riskLevelAggregated": level,
        "riskLevelDuringSignIn": level,
        "riskState": risk_state,
        "riskEventTypes": kinds,
        "riskEventTypes_v2": kinds,
        "resourceDisplayName": "Microsoft Graph",
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "resourceTenantId": TENANT,
        "homeTenantId": TENANT,
        "authenticationDetails": [{
            "authenticationStepDateTime": time, "authenticationMethod": "Password",
            "authenticationMethodDetail": "Password in the cloud", "succeeded": code == 0,
            "authenticationStepResultDetail": reason, "authenticationStepRequirement": "Primary authentication",
        }],
        "authenticationRequirement": "multiFactorAuthentication",
        "authenticationProtocol": sign_in.protocol,
        "uniqueTokenIdentifier": session,
        "crossTenantAccessType": "none",
        "autonomousSystemNumber": 64496 + i64::from(city.len() as u32),
    });
    // In two parts, as one macro cannot hold so many members.
    if let (Value::Object(properties), Value::Object(more)) = (&mut properties, more) {
        properties.extend(more);
    }
    json!({
        "time": time,
        "resourceId": format!("/tenants/{TENANT}/providers/Microsoft.aadiam"),
        "operationName": "Sign-in activity",
        "operationVersion": "1.0",
        "category": "SignInLogs",
        "tenantId": TENANT,
        "resultType": code.to_string(),
        "resultSignature": "None",
        "resultDescription": if code == 0 { "" } else { reason },
        "durationMs": 0,
        "callerIpAddress": sign_in.address,
        "correlationId": correlation,
        "identity": person,
        "Level": 4,
        "location": country,
        "properties": properties,
    })
}
