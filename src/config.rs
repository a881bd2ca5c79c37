//! Settings, one struct a concern. The only reader of the environment.

use std::{collections::HashMap, net::SocketAddr, path::Path};

use serde::Deserialize;

/// All settings. Later wins: built-in values, `plimsoll.toml` beside the work,
/// `PLIMSOLL_<CONCERN>__<SETTING>`, and `DATABASE_URL` for the database.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    pub database: DatabaseSettings,
    pub serve: ServeSettings,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// `sqlite://FILE?mode=rwc` or `postgres://user@host/name`.
    pub url: String,
    /// Connections held at most.
    pub max_connections: u32,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: "sqlite://plimsoll.db?mode=rwc".to_owned(),
            max_connections: 8,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServeSettings {
    /// Loopback unless told otherwise: there is no sign-in yet.
    pub bind: SocketAddr,
}

impl Default for ServeSettings {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8650)),
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
