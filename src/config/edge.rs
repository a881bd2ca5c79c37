//! Settings of the service's edge: addresses, TLS, limits.

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServeSettings {
    /// Loopback unless told otherwise.
    pub bind: SocketAddr,
    /// Whether this process works through the queue too. Turn it off where
    /// `plimsoll worker` runs beside it.
    pub work: bool,
    /// Where metrics are served, to whoever reaches it: an address that the
    /// public does not. Unset: nowhere.
    pub metrics_bind: Option<SocketAddr>,
    /// PEM files of the certificate chain and its key. Set both or neither;
    /// without them a proxy does TLS.
    pub tls_certificate: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    /// Proxies whose `X-Forwarded-For` is believed, as addresses or networks.
    pub trusted_proxies: Vec<Network>,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8650)),
            work: true,
            metrics_bind: None,
            tls_certificate: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
        }
    }
}

/// An address or a network in CIDR form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network(pub IpNet);

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        text.parse::<IpNet>()
            .or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()))
            .map(Self)
            .map_err(|_| format!("\"{text}\" is neither an address nor a network (10.0.0.0/8)"))
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.0.to_string()
    }
}

/// Bounds on what callers may ask for. Rates hold over all servers of one
/// database together.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// Requests a second of one person or API key, in the long run.
    pub per_caller: u32,
    /// How many of them may come at once.
    pub per_caller_burst: u32,
    /// Requests a second of one address without a valid sign-in.
    pub per_address: u32,
    pub per_address_burst: u32,
    /// Tries to sign in or to accept an invitation from one address.
    pub sign_ins_per_minute: u32,
    /// Tries to sign in as one person; starts anew when one succeeds.
    pub sign_ins_per_email_per_hour: u32,
    /// Requests that one server works on at once.
    pub concurrent: u32,
    /// Uploads that one server receives at once: each is held in memory.
    pub concurrent_uploads: u32,
    /// A request's head must have arrived after so long.
    pub head_seconds: u32,
    /// So must a body of JSON, and every next piece of an upload.
    pub body_seconds: u32,
    /// So must an upload as a whole.
    pub upload_seconds: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            per_caller: 500,
            per_caller_burst: 2_000,
            per_address: 100,
            per_address_burst: 400,
            sign_ins_per_minute: 30,
            sign_ins_per_email_per_hour: 10,
            concurrent: 256,
            concurrent_uploads: 8,
            head_seconds: 10,
            body_seconds: 30,
            upload_seconds: 600,
        }
    }
}

/// An outside `OpenID` Connect issuer whose tokens are taken beside our own.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OidcSettings {
    /// As its tokens and its discovery document write it.
    pub issuer: Option<String>,
    /// Tokens for others are not taken.
    pub audience: String,
    /// For whose people it speaks; the local organization by default.
    pub organization: Option<Uuid>,
}

/// How the program tells what it does, on stderr.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for (text, shown) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            (" 127.0.0.1 ", "127.0.0.1/32"),
            ("fd00::/8", "fd00::/8"),
        ] {
            assert_eq!(
                Network::try_from(text.to_owned()).map(String::from),
                Ok(shown.to_owned())
            );
        }
        for text in ["", "proxy.example", "10.0.0.0/33"] {
            assert!(Network::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
