//! Functions whose answer only a QRadar server has, and why. Each is an error that names it.
use super::{FunctionCode, RETRIEVAL};
use mynah_dialect::{Arity, Entry};

const fn refused(name: &'static str, why: &'static str) -> Entry<FunctionCode> {
    Entry::new(name, name, why, RETRIEVAL, &[], Arity::AtLeast(0), FunctionCode::Refused(why))
}

pub(super) static FUNCTIONS: [Entry<FunctionCode>; 25] = [
    refused("APPLICATIONNAME", "applications are of flows, and logs hold events"),
    refused("ARIELSERVERS4EPID", "there are no QRadar servers here"),
    refused("ARIELSERVERS4EPNAME", "there are no QRadar servers here"),
    refused("ASSETHOSTNAME", "it asks QRadar for its asset database"),
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
    refused("NETWORKNAME", "the network hierarchy is set up on a QRadar server; write INCIDR"),
    refused("FULLNETWORKNAME", "the network hierarchy is set up on a QRadar server; write INCIDR"),
    refused("OFFENSE_TIME", "offenses are made by a QRadar server"),
    refused("PROCESSORNAME", "there are no QRadar servers here"),
    refused("REFERENCEMAPSETCONTAINS", "a site has reference sets and maps, not maps of sets"),
    refused("REFERENCETABLE", "a site has reference sets and maps, not tables"),
    refused("RULENAME", "rules are matched by a QRadar server"),
];
