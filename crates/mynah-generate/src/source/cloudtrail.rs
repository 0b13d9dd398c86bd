//! Records as the user guide of CloudTrail describes them:
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>.
use crate::attack::Attack;
use crate::context::Context;
use serde_json::{Value, json};

const ACCOUNTS: [(u64, &str); 4] =
    [(60, "111122223333"), (25, "444455556666"), (10, "777788889999"), (5, "123456789012")];
const REGIONS: [(u64, &str); 8] = [
    (40, "us-east-1"),
    (25, "eu-central-1"),
    (12, "eu-west-1"),
    (8, "us-west-2"),
    (6, "ap-southeast-1"),
    (5, "us-east-2"),
    (2, "ap-northeast-1"),
    (2, "sa-east-1"),
];
const ROLES: [&str; 12] = [
    "app-server",
    "batch-worker",
    "ci-deploy",
    "data-pipeline",
    "ecs-task",
    "eks-node",
    "lambda-orders",
    "lambda-thumbnails",
    "log-shipper",
    "monitoring",
    "read-only",
    "terraform",
];
const AGENTS: [&str; 6] = [
    "aws-cli/2.17.9 md/awscrt#0.20.11 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#standard",
    "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.15.0 md/arch#aarch64 lang/python#3.12.3 md/pyimpl#CPython",
    "aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22.4 md/GOOS#linux md/GOARCH#arm64 api/ec2#1.166.0",
    "APN/1.0 HashiCorp/1.0 Terraform/1.8.5 (+https://www.terraform.io) terraform-provider-aws/5.54.1 aws-sdk-go-v2/1.27.2",
    "aws-sdk-java/2.26.7 Linux/5.10.219 OpenJDK_64-Bit_Server_VM/21.0.3 Java/21.0.3 vendor/Amazon.com_Inc. io/sync http/Apache",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
];

/// What a call is about, which decides its parameters and its resources.
#[derive(Debug, Clone, Copy)]
enum About {
    Nothing,
    Instances,
    Filters,
    Bucket,
    Object,
    Key,
    Secret,
    Parameter,
    Role,
    User,
    Function,
    LogStream,
    Table,
    Assume,
}

#[derive(Debug, Clone, Copy)]
struct Call {
    service: &'static str,
    name: &'static str,
    read_only: bool,
    about: About,
}

const fn read(service: &'static str, name: &'static str, about: About) -> Call {
    Call { service, name, read_only: true, about }
}

const fn write(service: &'static str, name: &'static str, about: About) -> Call {
    Call { service, name, read_only: false, about }
}

const CALLS: [(u64, Call); 52] = [
    (95, read("kms", "Decrypt", About::Key)),
    (90, read("sts", "AssumeRole", About::Assume)),
    (70, read("s3", "GetObject", About::Object)),
    (60, read("ec2", "DescribeInstances", About::Instances)),
    (45, read("kms", "GenerateDataKey", About::Key)),
    (42, write("logs", "CreateLogStream", About::LogStream)),
    (40, read("ec2", "DescribeRouteTables", About::Filters)),
    (36, read("s3", "GetBucketAcl", About::Bucket)),
    (34, read("ssm", "GetParameter", About::Parameter)),
    (32, read("secretsmanager", "GetSecretValue", About::Secret)),
    (30, read("sts", "GetCallerIdentity", About::Nothing)),
    (28, read("iam", "GetRole", About::Role)),
    (26, read("ec2", "DescribeSecurityGroups", About::Filters)),
    (25, read("ec2", "DescribeVolumes", About::Filters)),
    (24, read("ec2", "DescribeNetworkInterfaces", About::Filters)),
    (24, read("dynamodb", "DescribeTable", About::Table)),
    (22, read("iam", "ListAttachedRolePolicies", About::Role)),
    (22, read("s3", "ListObjects", About::Bucket)),
    (20, read("ec2", "DescribeSubnets", About::Filters)),
    (20, read("elasticloadbalancing", "DescribeTargetHealth", About::Nothing)),
    (18, read("autoscaling", "DescribeAutoScalingGroups", About::Nothing)),
    (18, read("iam", "GetUser", About::User)),
    (16, read("lambda", "GetFunction20150331v2", About::Function)),
    (16, read("s3", "GetBucketPolicy", About::Bucket)),
    (15, read("ssm", "DescribeParameters", About::Nothing)),
    (14, read("ec2", "DescribeVpcs", About::Filters)),
    (14, write("s3", "PutObject", About::Object)),
    (14, write("ssm", "UpdateInstanceInformation", About::Instances)),
    (12, read("cloudformation", "DescribeStacks", About::Nothing)),
    (12, read("rds", "DescribeDBInstances", About::Nothing)),
    (12, read("ecr", "BatchGetImage", About::Nothing)),
    (10, read("s3", "GetBucketPublicAccessBlock", About::Bucket)),
    (10, read("ec2", "DescribeImages", About::Filters)),
    (10, read("health", "DescribeEventAggregates", About::Nothing)),
    (9, read("iam", "ListRolePolicies", About::Role)),
    (9, read("secretsmanager", "DescribeSecret", About::Secret)),
    (8, read("cloudwatch", "DescribeAlarms", About::Nothing)),
    (8, read("s3", "GetBucketLogging", About::Bucket)),
    (7, read("ec2", "DescribeAvailabilityZones", About::Nothing)),
    (6, write("kms", "Encrypt", About::Key)),
    (6, write("logs", "PutRetentionPolicy", About::LogStream)),
    (5, write("ec2", "CreateTags", About::Instances)),
    (5, read("cloudtrail", "LookupEvents", About::Nothing)),
    (4, read("cloudtrail", "DescribeTrails", About::Nothing)),
    (4, write("ec2", "RunInstances", About::Instances)),
    (4, write("ec2", "TerminateInstances", About::Instances)),
    (3, write("lambda", "UpdateFunctionCode20150331v2", About::Function)),
    (3, write("ssm", "PutParameter", About::Parameter)),
    (2, write("secretsmanager", "PutSecretValue", About::Secret)),
    (2, write("iam", "CreateRole", About::Role)),
    (2, read("guardduty", "ListFindings", About::Nothing)),
    (1, write("iam", "UpdateRole", About::Role)),
];

pub(super) const ATTACKS: [Attack; 8] = [
    Attack {
        name: "logging stopped",
        technique: "T1562.008",
        sign: "\"eventName\":\"StopLogging\"",
        record: |context| {
            let trail = format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/audit-{}", context.random.below(4));
            by_attacker(context, "cloudtrail", "StopLogging", json!({ "name": trail }), Value::Null)
        },
    },
    Attack {
        name: "trail deleted",
        technique: "T1562.008",
        sign: "\"eventName\":\"DeleteTrail\"",
        record: |context| {
            let trail = format!("audit-{}", context.random.below(4));
            by_attacker(context, "cloudtrail", "DeleteTrail", json!({ "name": trail }), Value::Null)
        },
    },
    Attack {
        name: "threat detection switched off",
        technique: "T1562.001",
        sign: "\"eventName\":\"DeleteDetector\"",
        record: |context| {
            let detector = context.hex(32).to_lowercase();
            by_attacker(context, "guardduty", "DeleteDetector", json!({ "detectorId": detector }), Value::Null)
        },
    },
    Attack {
        name: "access key for somebody else",
        technique: "T1098.001",
        sign: "\"eventName\":\"CreateAccessKey\"",
        record: |context| {
            let (user, key) = (context.person(), context.code(16));
            let created = context.at.strftime("%b %-d, %Y %-I:%M:%S %p").to_string();
            by_attacker(
                context,
                "iam",
                "CreateAccessKey",
                json!({ "userName": user }),
                json!({ "accessKey": {
                    "userName": user, "accessKeyId": format!("AKIA{key}"), "status": "Active", "createDate": created,
                } }),
            )
        },
    },
    Attack {
        name: "administrator's rights for a user",
        technique: "T1098.003",
        sign: "arn:aws:iam::aws:policy/AdministratorAccess",
        record: |context| {
            let user = context.person();
            let policy = "arn:aws:iam::aws:policy/AdministratorAccess";
            let parameters = json!({ "userName": user, "policyArn": policy });
            by_attacker(context, "iam", "AttachUserPolicy", parameters, Value::Null)
        },
    },
    Attack {
        name: "remote desktop opened to everyone",
        technique: "T1562.007",
        sign: "\"eventName\":\"AuthorizeSecurityGroupIngress\"",
        record: |context| {
            let group = format!("sg-{}", context.hex(17).to_lowercase());
            let parameters = json!({
                "groupId": group,
                "ipPermissions": { "items": [{
                    "ipProtocol": "tcp", "fromPort": 3389, "toPort": 3389, "groups": {},
                    "ipRanges": { "items": [{ "cidrIp": "0.0.0.0/0" }] }, "ipv6Ranges": {}, "prefixListIds": {},
                }] },
            });
            let id = context.uuid();
            let answer = json!({ "requestId": id, "_return": true });
            by_attacker(context, "ec2", "AuthorizeSecurityGroupIngress", parameters, answer)
        },
    },
    Attack {
        name: "snapshot shared with another account",
        technique: "T1537",
        sign: "\"eventName\":\"ModifySnapshotAttribute\"",
        record: |context| {
            let snapshot = format!("snap-{}", context.hex(17).to_lowercase());
            let parameters = json!({
                "snapshotId": snapshot,
                "createVolumePermission": { "add": { "items": [{ "userId": "999900001111" }] } },
                "attributeType": "CREATE_VOLUME_PERMISSION",
            });
            let id = context.uuid();
            let answer = json!({ "requestId": id, "_return": true });
            by_attacker(context, "ec2", "ModifySnapshotAttribute", parameters, answer)
        },
    },
    Attack {
        name: "console sign-in of root without a second factor",
        technique: "T1078.004",
        sign: "\"type\":\"Root\"",
        record: |context| {
            let (address, id) = (context.attacker_address(), context.uuid());
            json!({
                "eventVersion": "1.10",
                "userIdentity": {
                    "type": "Root", "principalId": "111122223333", "arn": "arn:aws:iam::111122223333:root",
                    "accountId": "111122223333", "accessKeyId": "",
                },
                "eventTime": seconds(context),
                "eventSource": "signin.amazonaws.com",
                "eventName": "ConsoleLogin",
                "awsRegion": "us-east-1",
                "sourceIPAddress": address,
                "userAgent": AGENTS[5],
                "requestParameters": null,
                "responseElements": { "ConsoleLogin": "Success" },
                "additionalEventData": {
                    "LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": "No",
                },
                "eventID": id,
                "readOnly": false,
                "eventType": "AwsConsoleSignIn",
                "managementEvent": true,
                "recipientAccountId": "111122223333",
                "eventCategory": "Management",
                "tlsDetails": {
                    "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                    "clientProvidedHostHeader": "us-east-1.signin.aws.amazon.com",
                },
            })
        },
    },
];

pub(super) fn ordinary(context: &mut Context) -> Value {
    let call = context.random.weighted(&CALLS);
    let account = context.random.weighted(&ACCOUNTS);
    let region = context.random.weighted(&REGIONS);
    let (parameters, resource) = subject(context, call.about, account, region);
    let (identity, address, agent) = match context.random.below(100) {
        0..60 => (role(context, account), context.private_address(), context.random.pick(&AGENTS).to_owned()),
        60..80 => (user(context, account), context.public_address(), context.random.pick(&AGENTS).to_owned()),
        _ => {
            let service = format!("{}.amazonaws.com", context.random.pick(&["ec2", "lambda", "config", "autoscaling"]));
            (json!({ "type": "AWSService", "invokedBy": service }), service.clone(), service)
        }
    };
    let refused = context.random.chance(25);
    let answer = answer(context, call, account, refused);
    let mut record = json!({
        "eventVersion": "1.10",
        "userIdentity": identity,
        "eventTime": seconds(context),
        "eventSource": format!("{}.amazonaws.com", call.service),
        "eventName": call.name,
        "awsRegion": region,
        "sourceIPAddress": address,
        "userAgent": agent,
    });
    if refused {
        let who = record["userIdentity"]["arn"].as_str().unwrap_or("a service").to_owned();
        record["errorCode"] = json!("AccessDenied");
        record["errorMessage"] = json!(format!(
            "User: {who} is not authorized to perform: {}:{} because no identity-based policy allows the {}:{} action",
            call.service, call.name, call.service, call.name
        ));
    }
    record["requestParameters"] = parameters;
    record["responseElements"] = answer;
    if matches!(call.about, About::Bucket | About::Object) {
        let id = context.hex(76).to_lowercase();
        record["additionalEventData"] = json!({
            "SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn": 0, "AuthenticationMethod": "AuthHeader", "x-amz-id-2": id,
            "bytesTransferredOut": context.random.below(100_000),
        });
    }
    record["requestID"] = json!(context.uuid());
    record["eventID"] = json!(context.uuid());
    record["readOnly"] = json!(call.read_only);
    if let Some((kind, arn)) = resource {
        record["resources"] = json!([{ "accountId": account, "type": kind, "ARN": arn }]);
    }
    close(&mut record, call.service, account, region, !matches!(call.about, About::Object));
    record
}

/// The members that every record ends with.
fn close(record: &mut Value, service: &str, account: &str, region: &str, management: bool) {
    record["eventType"] = json!("AwsApiCall");
    record["managementEvent"] = json!(management);
    record["recipientAccountId"] = json!(account);
    record["eventCategory"] = json!(if management { "Management" } else { "Data" });
    record["tlsDetails"] = json!({
        "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
        "clientProvidedHostHeader": format!("{service}.{region}.amazonaws.com"),
    });
}

/// What a stolen access key is used for.
fn by_attacker(context: &mut Context, service: &str, name: &str, parameters: Value, answer: Value) -> Value {
    let account = "111122223333";
    let mut record = json!({
        "eventVersion": "1.10",
        "userIdentity": user(context, account),
        "eventTime": seconds(context),
        "eventSource": format!("{service}.amazonaws.com"),
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": context.attacker_address(),
        "userAgent": AGENTS[0],
        "requestParameters": parameters,
        "responseElements": answer,
        "requestID": context.uuid(),
        "eventID": context.uuid(),
        "readOnly": false,
    });
    close(&mut record, service, account, "us-east-1", true);
    record
}

fn seconds(context: &Context) -> String {
    format!("{:.0}", context.at)
}

fn user(context: &mut Context, account: &str) -> Value {
    let name = context.person();
    json!({
        "type": "IAMUser",
        "principalId": format!("AIDA{}", Context::code_of(&name, 17)),
        "arn": format!("arn:aws:iam::{account}:user/{name}"),
        "accountId": account,
        "accessKeyId": format!("AKIA{}", Context::code_of(&format!("key of {name}"), 16)),
        "userName": name,
    })
}

fn role(context: &mut Context, account: &str) -> Value {
    let name = context.random.pick(&ROLES);
    let principal = format!("AROA{}", Context::code_of(name, 17));
    let session = format!("i-{}", Context::code_of(&format!("{name}{}", context.random.below(30)), 17).to_lowercase());
    let key = context.code(16);
    json!({
        "type": "AssumedRole",
        "principalId": format!("{principal}:{session}"),
        "arn": format!("arn:aws:sts::{account}:assumed-role/{name}/{session}"),
        "accountId": account,
        "accessKeyId": format!("ASIA{key}"),
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": principal,
                "arn": format!("arn:aws:iam::{account}:role/{name}"),
                "accountId": account,
                "userName": name,
            },
            "attributes": { "creationDate": seconds(context), "mfaAuthenticated": "false" },
        },
    })
}

/// A call's parameters, and the kind and the name of the resource it is about.
fn subject(
    context: &mut Context,
    about: About,
    account: &str,
    region: &str,
) -> (Value, Option<(&'static str, String)>) {
    let part = context.random.pick(&["orders", "billing", "media", "reports", "search", "shop", "stock", "users"]);
    let stage = context.random.pick(&["prod", "prod", "staging", "dev"]);
    let name = format!("{part}-{stage}");
    match about {
        About::Nothing => (Value::Null, None),
        About::Instances => {
            let id = format!("i-{}", context.hex(17).to_lowercase());
            (json!({ "instancesSet": { "items": [{ "instanceId": id }] }, "filterSet": {} }), None)
        }
        About::Filters => {
            let vpc = format!("vpc-{}", Context::code_of(&name, 17).to_lowercase());
            let values = json!({ "items": [{ "value": vpc }] });
            (json!({ "filterSet": { "items": [{ "name": "vpc-id", "valueSet": values }] } }), None)
        }
        About::Bucket => (
            json!({ "bucketName": name, "Host": format!("{name}.s3.{region}.amazonaws.com"), "acl": "" }),
            Some(("AWS::S3::Bucket", format!("arn:aws:s3:::{name}"))),
        ),
        About::Object => {
            let key = format!("{part}/{:.10}/{}.parquet", context.at.to_string(), context.uuid());
            let arn = format!("arn:aws:s3:::{name}/{key}");
            let host = format!("{name}.s3.{region}.amazonaws.com");
            (json!({ "bucketName": name, "Host": host, "key": key }), Some(("AWS::S3::Object", arn)))
        }
        About::Key => {
            let key = format!("arn:aws:kms:{region}:{account}:key/{}", Context::uuid_of(&name));
            let secret = format!("arn:aws:secretsmanager:{region}:{account}:secret:{name}/database");
            (
                json!({
                    "encryptionContext": { "SecretARN": secret, "SecretVersionId": context.uuid() },
                    "encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": key,
                }),
                Some(("AWS::KMS::Key", key)),
            )
        }
        About::Secret => (json!({ "secretId": format!("{name}/database"), "versionStage": "AWSCURRENT" }), None),
        About::Parameter => (json!({ "name": format!("/{stage}/{part}/endpoint"), "withDecryption": true }), None),
        About::Role => (json!({ "roleName": context.random.pick(&ROLES) }), None),
        About::User => (json!({ "userName": context.person() }), None),
        About::Function => (
            json!({ "functionName": format!("arn:aws:lambda:{region}:{account}:function:{name}") }),
            Some(("AWS::Lambda::Function", format!("arn:aws:lambda:{region}:{account}:function:{name}"))),
        ),
        About::LogStream => {
            let stream = format!("{:.10}/[$LATEST]{}", context.at.to_string(), context.hex(32).to_lowercase());
            (json!({ "logGroupName": format!("/aws/lambda/{name}"), "logStreamName": stream }), None)
        }
        About::Table => (
            json!({ "tableName": name }),
            Some(("AWS::DynamoDB::Table", format!("arn:aws:dynamodb:{region}:{account}:table/{name}"))),
        ),
        About::Assume => {
            let role = format!("arn:aws:iam::{account}:role/{}", context.random.pick(&ROLES));
            let session = context.hex(20).to_lowercase();
            (
                json!({ "roleArn": role, "roleSessionName": session, "durationSeconds": 3600 }),
                Some(("AWS::IAM::Role", role)),
            )
        }
    }
}

fn answer(context: &mut Context, call: Call, account: &str, refused: bool) -> Value {
    match call.about {
        _ if refused => Value::Null,
        About::Assume => {
            let (key, token) = (context.code(16), context.hex(160));
            let role = context.random.pick(&ROLES);
            json!({
                "credentials": {
                    "accessKeyId": format!("ASIA{key}"), "sessionToken": token, "expiration": seconds(context),
                },
                "assumedRoleUser": {
                    "assumedRoleId": format!("AROA{}:{key}", Context::code_of(role, 17)),
                    "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{key}"),
                },
            })
        }
        About::Instances if !call.read_only => {
            let id = context.uuid();
            json!({ "requestId": id, "_return": true })
        }
        _ => Value::Null,
    }
}
