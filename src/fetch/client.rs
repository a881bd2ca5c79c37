//! The client that every request goes through.

use std::{collections::BTreeSet, net::IpAddr, sync::Arc, time::Duration};

use reqwest::{
    Client, Proxy,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use url::{Host, Url};

use super::{
    error::{FetchError, InsideAddress, all_public},
    public::is_public,
};
use crate::config::FetchSettings;

const CONNECT_SECONDS: u64 = 10;

/// Makes requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Fetcher {
    pub(super) client: Client,
    inside: Arc<Inside>,
    /// A proxy resolves names itself: they are looked at before it is asked.
    proxied: bool,
    pub(super) tries: usize,
}

/// The settings do not make a client.
#[derive(Debug, thiserror::Error)]
pub enum BadFetchSettings {
    #[error("fetch.proxy is not the address of a proxy")]
    Proxy {
        #[source]
        source: reqwest::Error,
    },
    #[error("fetch.contact {0:?} does not fit into a header: use an address or a mail address")]
    Contact(String),
    #[error("the client for requests cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl Fetcher {
    pub fn new(settings: &FetchSettings) -> Result<Self, BadFetchSettings> {
        // The second caller in a process finds it installed.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let inside = Inside(settings.allow.iter().map(|host| host_key(host)).collect());
        let mut connected = Inside(inside.0.clone());
        let mut builder = Client::builder()
            .user_agent(user_agent(settings)?)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(Duration::from_secs(CONNECT_SECONDS));
        if let Some(proxy) = &settings.proxy {
            let wrong = |source| BadFetchSettings::Proxy { source };
            builder = builder.proxy(Proxy::all(proxy).map_err(wrong)?);
            // A proxy usually stands inside; it is the operator's own word.
            if let Some(host) = Url::parse(proxy).ok().and_then(|url| own_host(&url)) {
                connected.0.insert(host);
            }
        }
        let client = builder
            .dns_resolver(Arc::new(PublicOnly(Arc::new(connected))))
            .build()
            .map_err(BadFetchSettings::Client)?;
        Ok(Self {
            client,
            inside: Arc::new(inside),
            proxied: settings.proxy.is_some(),
            tries: settings.tries.max(1),
        })
    }

    /// Refuses what is never fetched. Names are looked at again when they have
    /// been resolved.
    pub(super) async fn check(&self, url: &Url) -> Result<(), FetchError> {
        let bad = |reason| FetchError::BadAddress {
            url: url.to_string(),
            reason,
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("only http and https are"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("an address may not carry a password"));
        }
        let address: IpAddr = match url.host() {
            None => return Err(bad("it names no host")),
            Some(Host::Domain(name)) => return self.check_name(name).await,
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
        };
        if is_public(address) || own_host(url).is_some_and(|host| self.inside.0.contains(&host)) {
            return Ok(());
        }
        Err(FetchError::Inside {
            host: address.to_string(),
        })
    }
}

impl Fetcher {
    /// Behind a proxy: what the name leads to from here. A name that only the
    /// proxy knows is the proxy's to judge.
    async fn check_name(&self, name: &str) -> Result<(), FetchError> {
        if !self.proxied || self.inside.0.contains(&host_key(name)) {
            return Ok(());
        }
        let Ok(found) = tokio::net::lookup_host((name, 0)).await else {
            return Ok(());
        };
        if all_public(&found.collect::<Vec<_>>()) {
            return Ok(());
        }
        Err(FetchError::Inside {
            host: name.to_owned(),
        })
    }
}

fn user_agent(settings: &FetchSettings) -> Result<String, BadFetchSettings> {
    let program = concat!("Plimsoll/", env!("CARGO_PKG_VERSION"));
    let Some(contact) = &settings.contact else {
        return Ok(format!("{program} (forced-labor due diligence)"));
    };
    if contact.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        Ok(format!("{program} (forced-labor due diligence; {contact})"))
    } else {
        Err(BadFetchSettings::Contact(contact.clone()))
    }
}

/// Hosts inside that may be fetched from.
#[derive(Debug)]
struct Inside(BTreeSet<String>);

fn host_key(host: &str) -> String {
    host.trim_matches(['[', ']']).to_ascii_lowercase()
}

fn own_host(url: &Url) -> Option<String> {
    url.host_str().map(host_key)
}

/// Resolves names and gives public addresses only, so that the address that
/// was checked is the one that is connected to.
#[derive(Debug)]
struct PublicOnly(Arc<Inside>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let inside = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<_> = tokio::net::lookup_host((host, 0)).await?.collect();
            if !all_public(&found) && !inside.0.contains(&host_key(host)) {
                return Err(InsideAddress(host.to_owned()).into());
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}
