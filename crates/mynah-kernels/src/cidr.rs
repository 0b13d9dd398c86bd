use crate::texts::try_test_texts;
use crate::{Code, Function, Resources, call};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::utils::take_function_args;
use datafusion::prelude::Expr;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::str::FromStr;

/// A range of IP addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
///
/// ```
/// use mynah_kernels::Network;
/// let network: Network = "10.1.0.0/16".parse().unwrap();
/// assert!(network.contains("10.1.255.3".parse().unwrap()));
/// assert!(!network.contains("10.2.0.1".parse().unwrap()));
/// assert!("10.1.0.0/33".parse::<Network>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Network(IpNet);

impl Network {
    /// Whether an address is in the range; an IPv4 address mapped into IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// The network with nothing behind its mask.
    ///
    /// ```
    /// use mynah_kernels::Network;
    /// let within: Network = "10.1.2.3/8".parse().unwrap();
    /// assert_eq!(within.truncated().to_string(), "10.0.0.0/8");
    /// ```
    pub fn truncated(&self) -> Network {
        Network(self.0.trunc())
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Network).map_err(|_| format!("`{text}` is no network: 10.0.0.0/8, 2001:db8::/32 or an address"))
    }
}

/// The function behind [`cidr_match`].
#[derive(Debug, Serialize, Deserialize)]
pub struct CidrMatch {
    networks: Vec<Network>,
}

/// Whether a column's text is an address in one of the networks; of a list, whether any is. Null gives null, a
/// text that is no address gives false.
pub fn cidr_match(networks: Vec<Network>, column: Expr) -> Expr {
    call(CidrMatch { networks }, vec![column])
}

impl Function for CidrMatch {
    const NAME: &'static str = "cidr_match";

    fn returns(&self) -> DataType {
        DataType::Boolean
    }

    fn code(&self, _: &Resources) -> Result<Code> {
        let networks = self.networks.clone();
        Ok(Code::columns(move |args| {
            let [column] = take_function_args(Self::NAME, args.args)?;
            try_test_texts(&column, |text| {
                let address = text.trim().parse();
                Ok(address.is_ok_and(|address| networks.iter().any(|network| network.contains(address))))
            })
        }))
    }

    fn display(&self, arguments: &[Expr]) -> Option<String> {
        let networks: Vec<String> = self.networks.iter().map(|network| network.0.to_string()).collect();
        Some(format!("{} in {networks:?}", arguments.first()?))
    }
}
