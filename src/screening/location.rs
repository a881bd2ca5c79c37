//! Signs that a supplier is in Xinjiang or belongs to its Production and
//! Construction Corps (XPCC). The UFLPA presumption reaches goods made there,
//! listed maker or not (Pub. L. 117-78, sec. 3), so a place is a lead of its own.

use serde::{Deserialize, Serialize};

use super::{
    fold::{self, Script},
    place::{Context, places_in},
};
use crate::{identifier::Scheme, supplier::Supplier};

/// A sign that the supplier is in Xinjiang. A lead for a person, not a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocationLead {
    /// The place as we name it: "Changji", "Xinjiang", "XPCC".
    pub place: String,
    pub kind: PlaceKind,
    /// The words of the supplier's record that say so.
    pub cue: String,
    pub field: LocationField,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// In the region.
    Region,
    /// Part of the Corps, wherever it is.
    Corps,
}

/// Where in the supplier's record the sign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationField {
    Name,
    Alias,
    Parent,
    Street,
    City,
    Province,
    PostalCode,
    Identifier,
}

impl LocationLead {
    /// "Shihezi in Xinjiang", "Xinjiang", "the XPCC".
    pub fn place_in_words(&self) -> String {
        match self.kind {
            PlaceKind::Corps => "the XPCC".to_owned(),
            PlaceKind::Region if self.place == "Xinjiang" => self.place.clone(),
            PlaceKind::Region => format!("{} in Xinjiang", self.place),
        }
    }

    /// Whether the record states where the supplier is, or that it belongs to
    /// the Corps; a place in a name alone states neither.
    pub fn states_a_place(&self) -> bool {
        self.kind == PlaceKind::Corps
            || !matches!(
                self.field,
                LocationField::Name | LocationField::Alias | LocationField::Parent
            )
    }
}

impl LocationField {
    /// For a sentence: "postal code".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::PostalCode => "postal code",
            other => other.code(),
        }
    }

    /// As serialized.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Parent => "parent",
            Self::Street => "street",
            Self::City => "city",
            Self::Province => "province",
            Self::PostalCode => "postal_code",
            Self::Identifier => "identifier",
        }
    }
}

/// Every sign, at most one of a place and a field, in the order of the fields.
pub fn leads(supplier: &Supplier) -> Vec<LocationLead> {
    let mut leads = Vec::new();
    let address = &supplier.address;
    let context = Context::of(supplier);
    let texts = std::iter::once((LocationField::Name, supplier.name.as_str()))
        .chain(
            supplier
                .aliases
                .iter()
                .map(|alias| (LocationField::Alias, alias.name.as_str())),
        )
        .chain(
            supplier
                .parent
                .iter()
                .map(|parent| (LocationField::Parent, parent.as_str())),
        )
        .chain(
            address
                .street
                .iter()
                .map(|street| (LocationField::Street, street.as_str())),
        )
        .chain(
            address
                .city
                .iter()
                .map(|city| (LocationField::City, city.as_str())),
        )
        .chain(
            address
                .province
                .iter()
                .map(|province| (LocationField::Province, province.as_str())),
        );
    for (field, text) in texts {
        for (place, kind, cue) in places_in(text, field, context) {
            let lead = LocationLead {
                place,
                kind,
                cue,
                field,
            };
            if !leads.contains(&lead) {
                leads.push(lead);
            }
        }
    }
    leads.extend(postal_lead(supplier, context));
    leads.extend(identifier_lead(supplier));
    leads
}

/// China Post gives Xinjiang the codes 830000 to 849999.
fn postal_lead(supplier: &Supplier, context: Context) -> Option<LocationLead> {
    if !matches!(context, Context::China | Context::OtherProvince) {
        return None;
    }
    let given = supplier
        .address
        .postal_code
        .iter()
        .map(|code| (code.as_str(), LocationField::PostalCode));
    let in_lines = [
        (&supplier.address.street, LocationField::Street),
        (&supplier.address.city, LocationField::City),
    ]
    .into_iter()
    .filter_map(|(text, field)| Some((text.as_deref()?, field)));
    given.chain(in_lines).find_map(|(text, field)| {
        // Six digits elsewhere than in a postal code field may be a telephone number.
        if field != LocationField::PostalCode && context != Context::China {
            return None;
        }
        fold::words(text)
            .into_iter()
            .filter(|word| word.script == Script::Digits && word.text.len() == 6)
            .find(|word| word.text.starts_with("83") || word.text.starts_with("84"))
            .map(|word| LocationLead {
                place: "Xinjiang".to_owned(),
                kind: PlaceKind::Region,
                cue: format!("postal code {}", word.text),
                field,
            })
    })
}

/// Characters 3 to 8 of a unified social credit code are the division code of
/// the registering office (GB 32100-2015); 65 is Xinjiang.
fn identifier_lead(supplier: &Supplier) -> Option<LocationLead> {
    supplier
        .identifiers
        .iter()
        .find(|identifier| {
            identifier.scheme == Scheme::Uscc
                && identifier.value.len() == 18
                && identifier.value.get(2..4) == Some("65")
        })
        .map(|identifier| LocationLead {
            place: "Xinjiang".to_owned(),
            kind: PlaceKind::Region,
            cue: format!("registered under division 65 ({})", identifier.value),
            field: LocationField::Identifier,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        country::Country,
        identifier::{Check, Identifier},
        supplier::Address,
    };

    fn supplier(name: &str, street: &str, country: Option<&str>) -> Supplier {
        Supplier {
            name: name.to_owned(),
            address: Address {
                street: (!street.is_empty()).then(|| street.to_owned()),
                country: country.and_then(Country::from_alpha2),
                ..Address::default()
            },
            ..Supplier::default()
        }
    }

    #[test]
    fn a_place_in_xinjiang_is_a_lead() {
        for (name, street, country, place) in [
            (
                "Some Textile",
                "12 Cotton Rd, Urumqi, Xinjiang",
                Some("CN"),
                "Xinjiang",
            ),
            ("Some Textile", "Kashgar Prefecture", Some("CN"), "Kashgar"),
            ("新疆某纺织有限公司", "", None, "Xinjiang"),
            ("某公司", "喀什地区疏附县", None, "Kashgar"),
            ("某公司", "第八师石河子市", Some("CN"), "XPCC"),
            ("XPCC Cotton", "", None, "XPCC"),
            ("Ürümqi Foods", "", Some("CN"), "Urumqi"),
            ("Xinjiang Foods (HK)", "", Some("HK"), "Xinjiang"),
        ] {
            let found = leads(&supplier(name, street, country));
            assert!(
                found.iter().any(|lead| lead.place == place),
                "{name} {street}: {found:?}"
            );
        }
    }

    #[test]
    fn a_street_or_a_brand_is_not() {
        for (name, street, country) in [
            (
                "Some Textile",
                "100 Xinjiang Road, Jing'an, Shanghai",
                Some("CN"),
            ),
            ("某公司", "上海市静安区新疆路100号", Some("CN")),
            ("某公司", "青岛市新疆西路8号", Some("CN")),
            ("Turpan Restaurant", "5 Main St", Some("DE")),
            ("Altay Tekstil", "Istanbul", Some("TR")),
            ("Hami Trading", "Guangzhou, Guangdong", Some("CN")),
            ("湖南第一师范", "", Some("CN")),
            ("Manas Foods", "Bishkek", Some("KG")),
            ("株式会社和田", "東京都千代田区", Some("JP")),
            ("株式会社和田", "", None),
            ("阿克苏诺贝尔涂料有限公司", "上海市浦东新区", Some("CN")),
            ("哈密瓜商行", "上海市静安区", Some("CN")),
            ("某公司", "上海市新疆小区5号", Some("CN")),
            (
                "Some Textile",
                "Xinjiang S. Road 8, Qingdao, Shandong",
                Some("CN"),
            ),
            ("Some Textile", "8 Xinjiang E. Rd, Tianjin", Some("CN")),
            ("Some Textile", "Xinjiang Nanlu 3, Tianjin", Some("CN")),
            ("Some Textile", "Xinjiang Erlu, Zibo, Shandong", Some("CN")),
            ("Some Textile", "Xinjiang (E) Road, Tianjin", Some("CN")),
            (
                "Some Textile",
                "Hetian Village, Huizhou, Guangdong",
                Some("CN"),
            ),
            ("Some Textile", "Changji Town, Zhejiang", Some("CN")),
            ("第一师附小文具店", "北京市海淀区", Some("CN")),
            ("Some Textile", "Xinjiang Street 4, Ulaanbaatar", Some("MN")),
        ] {
            let found = leads(&supplier(name, street, country));
            assert!(found.is_empty(), "{name} {street}: {found:?}");
        }
    }

    #[test]
    fn a_city_column_outranks_the_streets_it_has() {
        for (city, street) in [
            ("Hami", "Beijing Road 5"),
            ("Altay", "Shanghai Street 12"),
            ("Bole", "Guangdong Rd 3"),
            ("哈密", "北京路5号"),
            ("Urumqi", "Beijing South Road, Shanghai Building"),
        ] {
            let mut found = supplier("Some Textile", street, Some("CN"));
            found.address.city = Some(city.to_owned());
            assert!(!leads(&found).is_empty(), "{city}, {street}");
        }
        for street in [
            "新疆乌鲁木齐市上海工业园",
            "Shanghai Industrial Park, Urumqi, Xinjiang",
        ] {
            assert!(
                !leads(&supplier("某公司", street, Some("CN"))).is_empty(),
                "{street}"
            );
        }
    }

    #[test]
    fn postal_codes_and_social_credit_codes_speak_too() {
        let mut by_post = supplier("Some Foods", "", Some("CN"));
        by_post.address.postal_code = Some("841000".to_owned());
        assert_eq!(leads(&by_post).len(), 1);
        by_post.address.country = Country::from_alpha2("IN");
        assert!(
            leads(&by_post).is_empty(),
            "the same digits in another country"
        );
        let mut by_code = supplier("Some Foods", "", None);
        by_code.identifiers.push(Identifier {
            scheme: Scheme::Uscc,
            value: "916500007123456789".to_owned(),
            check: Check::FormOnly,
        });
        assert_eq!(
            leads(&by_code).first().map(|lead| lead.field),
            Some(LocationField::Identifier)
        );
    }
}
