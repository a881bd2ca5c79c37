//! Where each list is published, as far as settings do not say otherwise.

use chrono::TimeDelta;
use url::Url;

use crate::{
    config::{ListSettings, PublisherSettings},
    lists::{CustomName, Form, Source},
};

/// Where and how one list is fetched.
#[derive(Debug, Clone)]
pub struct Publisher {
    pub source: Source,
    /// Of the list, or of the page that leads to it.
    pub url: Url,
    pub form: Form,
    /// Where redirects and links may lead.
    pub hosts: Vec<String>,
    pub api_key: Option<String>,
    /// Between two looks; `None`: only when asked.
    pub every: Option<TimeDelta>,
}

/// The settings of a list do not name a place to fetch it from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPublisher {
    #[error("lists.{setting}.url {url:?} is no http or https address")]
    Url { setting: String, url: String },
    #[error("lists.{setting}.form {form:?} is no form of that list; it comes as {known}")]
    Form {
        setting: String,
        form: String,
        known: String,
    },
    #[error(
        "{source_list} is published in print only, or at no address that is known: bring it as a file with `plimsoll lists import FILE --official {source_list}`, or set lists.{setting}.url"
    )]
    NoAddress {
        source_list: Source,
        setting: String,
    },
    #[error("custom:{name} has no address: set lists.custom.{name}.url")]
    NoCustomAddress { name: String },
    #[error("lists.custom.{name}: a name has 1 to 32 lower-case letters, digits and hyphens")]
    Name { name: String },
}

struct Usual {
    url: &'static str,
    form: Form,
    hosts: &'static [&'static str],
    hours: u32,
}

fn usual(source: Source) -> Option<Usual> {
    let (url, form, hosts, hours): (_, _, &[&str], _) = match source {
        Source::Uflpa => (
            "https://www.dhs.gov/uflpa-entity-list",
            Form::UflpaHtml,
            &["dhs.gov"],
            24,
        ),
        Source::Cbp => (
            "https://www.cbp.gov/document/stats/withhold-release-orders-findings",
            Form::CbpCsv,
            &["cbp.gov"],
            24,
        ),
        Source::DolGoods => (
            "https://www.dol.gov/agencies/ilab/reports/child-labor/list-of-goods",
            Form::DolHtml,
            &["dol.gov"],
            168,
        ),
        // Redirects to a signed address of the storage that it is kept in.
        Source::OfacSdn => (
            "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/SDN.XML",
            Form::SdnXml,
            &["treas.gov", "amazonaws.com"],
            24,
        ),
        Source::Csl => (
            "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv",
            Form::CslCsv,
            &["trade.gov"],
            24,
        ),
        // The listing; the file itself redirects to storage.
        Source::SamExclusions => (
            "https://sam.gov/api/prod/fileextractservices/v1/api/listfiles?domain=Exclusions/Public%20V2&privacy=Public",
            Form::SamZip,
            &["sam.gov", "amazonaws.com"],
            24,
        ),
        Source::BrazilRegister => (
            "https://www.gov.br/trabalho-e-emprego/pt-br/assuntos/inspecao-do-trabalho/areas-de-atuacao/cadastro_de_empregadores.csv",
            Form::BrazilCsv,
            &["gov.br"],
            24,
        ),
        Source::DolChildLabor
        | Source::Eo13126
        | Source::Tip
        | Source::UflpaSectors
        | Source::Custom(_) => return None,
    };
    Some(Usual {
        url,
        form,
        hosts,
        hours,
    })
}

/// Where the list is fetched from.
pub fn publisher(settings: &ListSettings, source: Source) -> Result<Publisher, BadPublisher> {
    let name = setting_name(source);
    let unset = PublisherSettings::default();
    let set = settings_of(settings, source).unwrap_or(&unset);
    let usual = usual(source);
    let address = match (&set.url, &usual) {
        (Some(url), _) => url.as_str(),
        (None, Some(usual)) => usual.url,
        (None, None) => {
            return Err(match source {
                Source::Custom(custom) => BadPublisher::NoCustomAddress {
                    name: custom.name().to_owned(),
                },
                _ => BadPublisher::NoAddress {
                    source_list: source,
                    setting: name,
                },
            });
        }
    };
    let url = Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
        .ok_or_else(|| BadPublisher::Url {
            setting: name.clone(),
            url: address.to_owned(),
        })?;
    let form = match &set.form {
        None => usual
            .as_ref()
            .map(|usual| usual.form)
            .or_else(|| usual_custom_form(source, &url))
            .unwrap_or(Form::Reference),
        Some(text) => text
            .parse()
            .ok()
            .filter(|form| source.forms().contains(form))
            .ok_or_else(|| BadPublisher::Form {
                setting: name,
                form: text.clone(),
                known: source
                    .forms()
                    .iter()
                    .map(|form| form.code())
                    .collect::<Vec<_>>()
                    .join(", "),
            })?,
    };
    // Another address brings its own host; the publisher's no longer count.
    let mut hosts: Vec<String> = url.host_str().map(str::to_owned).into_iter().collect();
    if set.url.is_none()
        && let Some(usual) = &usual
    {
        hosts.extend(usual.hosts.iter().map(|host| (*host).to_owned()));
    }
    hosts.extend(set.hosts.iter().cloned());
    let hours = set
        .every_hours
        .unwrap_or_else(|| usual.as_ref().map_or(24, |usual| usual.hours));
    Ok(Publisher {
        source,
        url,
        form,
        hosts,
        api_key: set.api_key.as_ref().map(|key| key.0.clone()),
        every: (hours > 0).then(|| TimeDelta::hours(hours.into())),
    })
}

/// Every list that has an address; what is wrong with the others that should.
pub fn publishers(settings: &ListSettings) -> (Vec<Publisher>, Vec<BadPublisher>) {
    let mut sources = Source::ALL.to_vec();
    let mut bad = Vec::new();
    for name in settings.custom.keys() {
        match CustomName::new(name) {
            Some(name) => sources.push(Source::Custom(name)),
            None => bad.push(BadPublisher::Name { name: name.clone() }),
        }
    }
    let mut good = Vec::new();
    for source in sources {
        match publisher(settings, source) {
            Ok(publisher) => good.push(publisher),
            Err(BadPublisher::NoAddress { .. }) => {}
            Err(error) => bad.push(error),
        }
    }
    (good, bad)
}

fn settings_of(settings: &ListSettings, source: Source) -> Option<&PublisherSettings> {
    match source {
        Source::Uflpa => Some(&settings.uflpa),
        Source::Cbp => Some(&settings.cbp),
        Source::DolGoods => Some(&settings.dol_goods),
        Source::DolChildLabor => Some(&settings.dol_child_labor),
        Source::OfacSdn => Some(&settings.ofac_sdn),
        Source::Csl => Some(&settings.csl),
        Source::SamExclusions => Some(&settings.sam_exclusions),
        Source::BrazilRegister => Some(&settings.brazil_register),
        Source::Custom(name) => settings.custom.get(name.name()),
        Source::Eo13126 | Source::Tip | Source::UflpaSectors => None,
    }
}

fn setting_name(source: Source) -> String {
    match source {
        Source::Custom(name) => format!("custom.{}", name.name()),
        _ => source.code().replace('-', "_"),
    }
}

/// By the ending of the address; `OpenSanctions` names its files `.ftm.json`.
fn usual_custom_form(source: Source, url: &Url) -> Option<Form> {
    if !matches!(source, Source::Custom(_)) {
        return source.forms().first().copied();
    }
    let path = url.path().to_ascii_lowercase();
    let mut endings = path.rsplit('.');
    Some(match (endings.next(), endings.next()) {
        (Some("json"), Some("ftm")) => Form::FtmJsonl,
        (Some("json" | "jsonl"), _) => Form::CustomJsonl,
        _ => Form::CustomCsv,
    })
}

/// Who publishes the list, for its head.
pub fn publisher_name(source: Source) -> &'static str {
    match source {
        Source::Uflpa | Source::UflpaSectors => "U.S. Department of Homeland Security",
        Source::Cbp => "U.S. Customs and Border Protection",
        Source::DolGoods | Source::DolChildLabor | Source::Eo13126 => {
            "U.S. Department of Labor, Bureau of International Labor Affairs"
        }
        Source::Tip => "U.S. Department of State",
        Source::OfacSdn => "U.S. Department of the Treasury, Office of Foreign Assets Control",
        Source::Csl => "U.S. Department of Commerce, International Trade Administration",
        Source::SamExclusions => "U.S. General Services Administration",
        Source::BrazilRegister => "Ministério do Trabalho e Emprego",
        Source::Custom(_) => "a list of the organization's own",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_https_and_of_its_publisher() {
        let settings = ListSettings::default();
        let (good, bad) = publishers(&settings);
        assert!(bad.is_empty(), "{bad:?}");
        assert_eq!(good.len(), 7);
        for publisher in good {
            assert_eq!(publisher.url.scheme(), "https");
            assert!(publisher.source.forms().contains(&publisher.form));
            assert!(publisher.every.is_some());
        }
        let printed = super::publisher(&settings, Source::Tip).unwrap_err();
        assert!(printed.to_string().contains("--official tip"));
    }

    #[test]
    fn a_mirror_stands_in_and_a_wrong_setting_is_named() {
        let settings: ListSettings = toml::from_str(
            r#"
            [uflpa]
            url = "http://mirror.example/uflpa.html"
            every_hours = 0
            [dol-goods]
            form = "dol-json"
            url = "https://apiprod.dol.gov/v4/get/ILAB/goods/json"
            api_key = "s3cret"
            [ofac_sdn]
            form = "csl-csv"
            [csl]
            url = "ftp://x"
            [custom.acme]
            url = "https://data.example/entities.ftm.json"
            [custom."Not A Name"]
            url = "https://data.example/"
            "#,
        )
        .unwrap();
        let mirror = publisher(&settings, Source::Uflpa).unwrap();
        assert_eq!(mirror.hosts, ["mirror.example"]);
        assert!(mirror.every.is_none());
        let goods = publisher(&settings, Source::DolGoods).unwrap();
        assert_eq!(goods.form, Form::DolJson);
        assert_eq!(goods.api_key.as_deref(), Some("s3cret"));
        assert!(!format!("{settings:?}").contains("s3cret"));
        assert!(matches!(
            publisher(&settings, Source::OfacSdn),
            Err(BadPublisher::Form { .. })
        ));
        assert!(matches!(
            publisher(&settings, Source::Csl),
            Err(BadPublisher::Url { .. })
        ));
        let acme = publisher(&settings, "custom:acme".parse().unwrap()).unwrap();
        assert_eq!(acme.form, Form::FtmJsonl);
        let (_, bad) = publishers(&settings);
        assert_eq!(bad.len(), 3, "{bad:?}");
    }
}
