//! Identifiers of legal entities, with their check digits.

mod cage;
mod cnpj;
mod duns;
mod imo;
mod lei;
mod uei;
mod uscc;

use serde::{Deserialize, Serialize};

/// Who issues the identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Scheme {
    /// SAM.gov Unique Entity Identifier.
    Uei,
    /// Commercial and Government Entity code (or NCAGE).
    Cage,
    /// ISO 17442 Legal Entity Identifier.
    Lei,
    /// Data Universal Numbering System, the federal key until April 2022.
    Duns,
    /// China's unified social credit code, GB 32100-2015.
    Uscc,
    /// Brazil's Cadastro Nacional da Pessoa Jurídica.
    Cnpj,
    /// International Maritime Organization ship number.
    Imo,
    /// An identifier of a scheme that we keep but do not verify.
    Other,
}

/// One identifier as given and in its normalized form (upper case, no
/// separators), with what its check digit says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    pub scheme: Scheme,
    pub value: String,
    pub check: Check,
}

/// What verification found. A failed check is kept and warned of, because a
/// typing error must not make a listed party disappear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Valid,
    Invalid,
    /// The scheme has no check digit; only the form was verified.
    FormOnly,
}

impl Identifier {
    /// Normalizes and verifies. What fails its check is kept with
    /// [`Check::Invalid`]; `None` only when the text holds no letter or digit.
    pub fn parse(scheme: Scheme, text: &str) -> Option<Self> {
        let value = normalize(text);
        if value.is_empty() {
            return None;
        }
        let (value, check) = match scheme {
            Scheme::Uei => (value.clone(), uei::check(&value)),
            Scheme::Cage => (value.clone(), cage::check(&value)),
            Scheme::Lei => (value.clone(), lei::check(&value)),
            Scheme::Duns => duns::check(&value),
            Scheme::Uscc => (value.clone(), uscc::check(&value)),
            Scheme::Cnpj => cnpj::check(&value),
            Scheme::Imo => imo::check(&value),
            Scheme::Other => (value, Check::FormOnly),
        };
        Some(Self {
            scheme,
            value,
            check,
        })
    }

    /// For a column that does not say whose identifiers it holds: the scheme
    /// whose check digit the text passes, otherwise [`Scheme::Other`].
    pub fn recognize(text: &str) -> Option<Self> {
        let by_prefix = [
            ("UEI", Scheme::Uei),
            ("CAGE", Scheme::Cage),
            ("LEI", Scheme::Lei),
            ("DUNS", Scheme::Duns),
            ("D-U-N-S", Scheme::Duns),
            ("USCC", Scheme::Uscc),
            ("CNPJ", Scheme::Cnpj),
            ("IMO", Scheme::Imo),
        ];
        let upper = text.trim().to_uppercase();
        for (prefix, scheme) in by_prefix {
            if let Some(rest) = upper.strip_prefix(prefix)
                && rest.starts_with([':', ' ', '#', '-'])
            {
                return Self::parse(scheme, rest);
            }
        }
        // Only schemes with a check digit are sure enough to be read off the form.
        [Scheme::Lei, Scheme::Uscc, Scheme::Cnpj, Scheme::Uei]
            .into_iter()
            .filter_map(|scheme| Self::parse(scheme, text))
            .find(|identifier| identifier.check == Check::Valid)
            .or_else(|| Self::parse(Scheme::Other, text))
    }
}

/// Upper case, letters and digits only, full-width forms made plain.
fn normalize(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;

    text.nfkc()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// 0-9 as 0-9, A-Z as 10-35.
fn base36(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(36)
}

fn valid_if(holds: bool) -> Check {
    if holds { Check::Valid } else { Check::Invalid }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(scheme: Scheme, text: &str) -> Check {
        Identifier::parse(scheme, text).unwrap().check
    }

    #[test]
    fn check_digits_of_published_examples() {
        let valid = [
            (Scheme::Uei, "J58ME6A75BU9"),
            (Scheme::Uei, "h2xfnnkk2nz9"),
            (Scheme::Uei, "DE95TS6Y5XR6"),
            (Scheme::Uei, "JR6JAB4DSUK8"),
            (Scheme::Uei, "VN1AJFAD19J9"),
            (Scheme::Lei, "213800KUD8LAJWSQ9D15"),
            (Scheme::Lei, "2138 00KU D8LA JWSQ 9D15"),
            (Scheme::Uscc, "91110000600037341L"),
            (Scheme::Cnpj, "33.000.167/0001-01"),
            (Scheme::Cnpj, "11222333000181"),
            (Scheme::Cnpj, "12.ABC.345/01DE-35"),
            (Scheme::Imo, "IMO 9074729"),
        ];
        for (scheme, text) in valid {
            assert_eq!(check(scheme, text), Check::Valid, "{scheme:?} {text}");
        }
        let invalid = [
            (Scheme::Uei, "ABC123DEF456"),
            (Scheme::Uei, "J58ME6A75BU8"),
            (Scheme::Uei, "IO8ME6A75BU9"),
            (Scheme::Lei, "213800KUD8LXJWSQ9D15"),
            (Scheme::Uscc, "91110000600037341M"),
            (Scheme::Uscc, "9111000060003734IL"),
            (Scheme::Cnpj, "11222333000182"),
            (Scheme::Cnpj, "00000000000000"),
            (Scheme::Imo, "9074728"),
            (Scheme::Duns, "12345"),
            (Scheme::Cage, "7LBF"),
        ];
        for (scheme, text) in invalid {
            assert_eq!(check(scheme, text), Check::Invalid, "{scheme:?} {text}");
        }
        assert_eq!(check(Scheme::Cage, "7lbf7"), Check::FormOnly);
        assert_eq!(check(Scheme::Duns, "08-146-6849"), Check::FormOnly);
    }

    #[test]
    fn restores_zeros_that_a_spreadsheet_ate() {
        let duns = Identifier::parse(Scheme::Duns, "81466849").unwrap();
        assert_eq!(
            (duns.value.as_str(), duns.check),
            ("081466849", Check::FormOnly)
        );
        let cnpj = Identifier::parse(Scheme::Cnpj, "191").unwrap();
        assert_eq!(cnpj.check, Check::Invalid);
        let cnpj = Identifier::parse(Scheme::Cnpj, "2558157000162").unwrap();
        assert_eq!(
            (cnpj.value.as_str(), cnpj.check),
            ("02558157000162", Check::Valid)
        );
    }

    #[test]
    fn recognizes_the_scheme_by_check_digit_or_prefix() {
        let scheme = |text| Identifier::recognize(text).unwrap().scheme;
        assert_eq!(scheme("213800KUD8LAJWSQ9D15"), Scheme::Lei);
        assert_eq!(scheme("91110000600037341L"), Scheme::Uscc);
        assert_eq!(scheme("33.000.167/0001-01"), Scheme::Cnpj);
        assert_eq!(scheme("DUNS: 081466849"), Scheme::Duns);
        assert_eq!(scheme("CN2019072X46HPM"), Scheme::Other);
        assert!(Identifier::recognize(" - ").is_none());
    }

    proptest! {
        /// A single wrong character never passes the schemes that promise so.
        #[test]
        fn one_typing_error_is_caught(position in 0usize..20, digit in 0u8..10) {
            for (scheme, good) in [
                (Scheme::Lei, "213800KUD8LAJWSQ9D15"),
                (Scheme::Uscc, "91110000600037341L"),
                (Scheme::Imo, "9074729"),
            ] {
                let mut bytes = good.as_bytes().to_vec();
                let at = position % bytes.len();
                let wrong = b'0' + digit;
                prop_assume!(bytes[at] != wrong);
                // MOD 97-10 sees letters as two digits: digit for digit only.
                prop_assume!(bytes[at].is_ascii_digit());
                bytes[at] = wrong;
                let text = String::from_utf8(bytes).unwrap();
                if !(scheme == Scheme::Imo && at < 6) {
                    prop_assert_eq!(check(scheme, &text), Check::Invalid);
                }
            }
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            for scheme in [Scheme::Uei, Scheme::Cage, Scheme::Lei, Scheme::Duns, Scheme::Uscc, Scheme::Cnpj, Scheme::Imo, Scheme::Other] {
                let _ = Identifier::parse(scheme, &text);
            }
            let _ = Identifier::recognize(&text);
        }
    }
}
