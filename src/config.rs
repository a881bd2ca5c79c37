//! Settings, one struct a concern. The only reader of the environment.

use std::{collections::HashMap, path::Path};

use serde::{Deserialize, Serialize};

mod edge;
mod lists;

pub use edge::{LimitSettings, LogFormat, LogSettings, Network, OidcSettings, ServeSettings};
pub use lists::{ApiKey, ListSettings, PublisherSettings};

/// All settings. Later wins: built-in values, `plimsoll.toml` beside the work,
/// `PLIMSOLL_<CONCERN>__<SETTING>`, and `DATABASE_URL` for the database.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub database: DatabaseSettings,
    pub serve: ServeSettings,
    pub limits: LimitSettings,
    pub log: LogSettings,
    pub worker: WorkerSettings,
    pub webhooks: WebhookSettings,
    pub tokens: TokenSettings,
    pub oidc: OidcSettings,
    pub fetch: FetchSettings,
    pub lists: ListSettings,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// `sqlite://FILE?mode=rwc` or `postgres://user@host/name`.
    pub url: String,
    /// Connections held at most.
    pub max_connections: u32,
    /// How long a write waits for others to end (SQLite), and a request for a
    /// connection, at most 10.
    pub patience_seconds: u32,
    /// A connection to PostgreSQL is made anew after so long: what the server
    /// says when one is made, read-only among it, counts no longer.
    pub connection_seconds: u32,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: "sqlite://plimsoll.db?mode=rwc".to_owned(),
            max_connections: 8,
            patience_seconds: 30,
            connection_seconds: 60,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkerSettings {
    /// Suppliers recorded in one transaction: what a crash costs at most.
    pub chunk: usize,
    /// A worker that has not been heard of for so long has lost its job.
    pub lease_seconds: u32,
    /// How often an idle worker looks for work.
    pub poll_milliseconds: u32,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            chunk: 1_000,
            lease_seconds: 60,
            poll_milliseconds: 500,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookSettings {
    /// What was delivered or given up is shown, and can be replayed, for so many
    /// days; 0: for ever.
    pub keep_days: u32,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { keep_days: 90 }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TokenSettings {
    /// Who signs access tokens, and whom they are for.
    pub issuer: String,
    pub audience: String,
    /// How long an access token holds.
    pub minutes: u32,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            issuer: "plimsoll".to_owned(),
            audience: "plimsoll".to_owned(),
            minutes: 60,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FetchSettings {
    /// Hosts that the operator's own requests may reach although they are
    /// inside: a mirror of a list, an issuer of tokens. Names or addresses,
    /// without port.
    pub allow: Vec<String>,
    /// Hosts inside that anybody's requests may reach, on any port: receivers of
    /// webhooks, sites with statements.
    pub allow_for_all: Vec<String>,
    /// `http://`, `https://` or `socks5h://` proxy for every request.
    pub proxy: Option<String>,
    /// Said to the servers asked: an address where they find who asks.
    pub contact: Option<String>,
    /// How often a request is tried before it has failed.
    pub tries: usize,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            allow_for_all: Vec::new(),
            proxy: None,
            contact: None,
            tries: 4,
        }
    }
}

impl FetchSettings {
    /// For requests to addresses that organizations name.
    #[must_use]
    pub fn for_all(&self) -> Self {
        Self {
            allow: self.allow_for_all.clone(),
            ..self.clone()
        }
    }
}

/// A setting could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the settings cannot be read (plimsoll.toml, PLIMSOLL_* or DATABASE_URL)")]
pub struct BadSettings(#[source] Box<config::ConfigError>);

impl Settings {
    /// Reads `plimsoll.toml` in `folder`, if any, and the environment.
    pub fn load(folder: &Path) -> Result<Self, BadSettings> {
        let wrap = |error| BadSettings(Box::new(error));
        let mut settings: Self = config::Config::builder()
            .add_source(
                config::File::from(folder.join("plimsoll.toml"))
                    .format(config::FileFormat::Toml)
                    .required(false),
            )
            .add_source(
                config::Environment::with_prefix("PLIMSOLL")
                    .prefix_separator("_")
                    .separator("__")
                    .try_parsing(true)
                    .list_separator(",")
                    .with_list_parse_key("serve.trusted_proxies")
                    .with_list_parse_key("fetch.allow")
                    .with_list_parse_key("fetch.allow_for_all")
                    .source(Some(settings_of_the_environment())),
            )
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(wrap)?;
        if let Some(url) = from_environment("DATABASE_URL") {
            settings.database.url = url;
        }
        Ok(settings)
    }
}

/// What `RUST_LOG` says, for the telemetry.
pub fn log_filter() -> Option<String> {
    from_environment("RUST_LOG")
}

/// `PLIMSOLL_SERVE__BIND` is a setting; `PLIMSOLL_HOME` is somebody else's.
fn settings_of_the_environment() -> HashMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("PLIMSOLL_") && name.contains("__"))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
