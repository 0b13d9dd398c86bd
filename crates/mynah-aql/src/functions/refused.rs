//! Functions whose answer only a QRadar server has, and why: no value, and a warning that names it; where a condition rests
//! on it, an error.
use super::{FunctionCode, RETRIEVAL};
use mynah_dialect::{Arity, Entry};

const fn refused(name: &'static str, why: &'static str) -> Entry<FunctionCode> {
    Entry::new(name, name, why, RETRIEVAL, &[], Arity::AtLeast(0), FunctionCode::Refused(why))
}

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 23] = [
    refused("APPLICATIONNAME", "applications are of flows, and logs hold events"),
    refused("ARIELSERVERS4EPID", "there are no QRadar servers here"),
    refused("ARIELSERVERS4EPNAME", "there are no QRadar servers here"),
    refused("ASSETPROPERTY", "it asks QRadar for its asset database"),
    refused("ASSETUSER", "it asks QRadar for its asset database"),
    refused("COMPONENTID", "there are no QRadar servers here"),
    refused("DOMAINNAME", "domains are set up on a QRadar server"),
    refused("GLOBALVIEW", "it reads the saved results of a QRadar server"),
    refused("GEO::LOOKUP", "it needs a database of places"),
    refused("GEO::LOOKUP_BY_DOMAIN", "it needs a database of places"),
    refused("GEO::LOOKUP_TEXT", "it needs a database of places"),
    refused("GEO::LOOKUP_TEXT_BY_DOMAIN", "it needs a database of places"),
    refused("GEO::DISTANCE", "it needs a database of places"),
    refused("GEO::DISTANCE_BY_DOMAIN", "it needs a database of places"),
    refused("HOSTNAME", "it names the QRadar server that stored an event"),
    refused("INOFFENSE", "offenses are made by a QRadar server"),
    refused("MATCHESASSETSEARCH", "it asks QRadar for its asset database"),
    refused("OFFENSE_TIME", "offenses are made by a QRadar server"),
    refused("PROCESSORNAME", "there are no QRadar servers here"),
    refused("RULENAME", "rules are matched by a QRadar server"),
    refused("XFORCE_IP_CATEGORY", "it asks IBM X-Force"),
    refused("XFORCE_IP_CONFIDENCE", "it asks IBM X-Force"),
    refused("XFORCE_URL_CATEGORY", "it asks IBM X-Force"),
];
