//! Where lists are fetched from, how often, and with what key.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize, Serializer};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListSettings {
    /// Whether `serve` brings the lists up to date on its own.
    pub schedule: bool,
    /// How often an idle service looks for what is due.
    pub look_seconds: u32,
    /// The longest that one document may take to arrive.
    pub fetch_seconds: u32,
    pub uflpa: PublisherSettings,
    pub cbp: PublisherSettings,
    #[serde(alias = "dol-goods")]
    pub dol_goods: PublisherSettings,
    #[serde(alias = "dol-child-labor")]
    pub dol_child_labor: PublisherSettings,
    #[serde(alias = "ofac-sdn")]
    pub ofac_sdn: PublisherSettings,
    pub csl: PublisherSettings,
    #[serde(alias = "sam-exclusions")]
    pub sam_exclusions: PublisherSettings,
    #[serde(alias = "brazil-register")]
    pub brazil_register: PublisherSettings,
    /// Lists of the operator's own that stand at an address, by their name
    /// without `custom:`. They belong to the organization that runs the service.
    pub custom: BTreeMap<String, PublisherSettings>,
}

impl Default for ListSettings {
    fn default() -> Self {
        Self {
            schedule: true,
            look_seconds: 60,
            fetch_seconds: 300,
            uflpa: PublisherSettings::default(),
            cbp: PublisherSettings::default(),
            dol_goods: PublisherSettings::default(),
            dol_child_labor: PublisherSettings::default(),
            ofac_sdn: PublisherSettings::default(),
            csl: PublisherSettings::default(),
            sam_exclusions: PublisherSettings::default(),
            brazil_register: PublisherSettings::default(),
            custom: BTreeMap::new(),
        }
    }
}

/// One publisher. What is not set is as the publisher has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublisherSettings {
    /// Of the list, or of the page that leads to it.
    pub url: Option<String>,
    /// The form in which it is published there: `sdn-csv`, `dol-json`.
    pub form: Option<String>,
    /// Between two looks of the schedule; 0: never.
    pub every_hours: Option<u32>,
    /// Where redirects and links may lead besides the address's own host.
    pub hosts: Vec<String>,
    /// Sent as `X-API-KEY`, to the host of the address only.
    pub api_key: Option<ApiKey>,
}

/// A key that never shows.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ApiKey(pub String);

impl Serialize for ApiKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(set)")
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(..)")
    }
}
