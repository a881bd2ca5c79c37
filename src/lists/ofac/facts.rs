//! The facts that OFAC writes beside a name, as phrases ("NIT # 8110469383
//! (Colombia)"): one phrase is one identity document, date, link or note. The
//! CSV files print them in a row, the XML has an element for each.

use crate::identifier::{Identifier, Scheme};

/// What a phrase says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// A name that OFAC calls weak: so broad that it points to many.
    WeakAlias(String),
    /// A nationality or citizenship, as published.
    Country(String),
    /// Of a person's birth: not kept.
    Birth,
    /// Anything else, as published.
    Other(String),
}

/// Reads one phrase of the remarks of the CSV files.
pub(super) fn read(phrase: &str) -> Fact {
    let phrase = plain(phrase);
    for lead in ["a.k.a. '", "f.k.a. '", "n.k.a. '"] {
        if let Some(name) = phrase.strip_prefix(lead) {
            let name = name.strip_suffix('\'').unwrap_or(name);
            return Fact::WeakAlias(name.to_owned());
        }
    }
    for lead in ["nationality ", "citizen ", "Nationality of Registration "] {
        if let Some(country) = phrase.strip_prefix(lead) {
            return Fact::Country(country.to_owned());
        }
    }
    if phrase.starts_with("DOB ") || phrase.starts_with("POB ") {
        return Fact::Birth;
    }
    Fact::Other(phrase)
}

/// Without "alt.", the full stop at the end of the remarks, and a bracket around
/// the whole phrase.
fn plain(phrase: &str) -> String {
    let phrase = without_stop(phrase);
    let phrase = phrase.strip_prefix("alt. ").unwrap_or(phrase);
    let inner = phrase
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .filter(|inner| is_balanced(inner));
    inner.map_or(phrase, without_stop).trim().to_owned()
}

fn without_stop(phrase: &str) -> &str {
    phrase.trim().trim_end_matches('.').trim_end()
}

/// "971) (4" is not.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for letter in text.chars() {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The identifier that a phrase states, if it is one of an organization or a
/// ship that a supplier list may hold too.
pub(super) fn identifier(phrase: &str) -> Option<Identifier> {
    const KNOWN: [(&str, Scheme); 11] = [
        ("D-U-N-S Number", Scheme::Duns),
        ("Unified Social Credit Code", Scheme::Uscc),
        ("United Social Credit Code", Scheme::Uscc),
        ("Legal Entity Number", Scheme::Lei),
        ("Legal Entity Identifier", Scheme::Lei),
        ("LEI", Scheme::Lei),
        ("C.N.P.J.", Scheme::Cnpj),
        ("CNPJ", Scheme::Cnpj),
        ("CAGE", Scheme::Cage),
        ("UEI", Scheme::Uei),
        ("Unique Entity Identifier", Scheme::Uei),
    ];
    /// Kept without verification when long enough to be told from any other.
    const OTHERS: [&str; 24] = [
        "Registration Number",
        "Registration ID",
        "Tax ID No.",
        "NIT #",
        "RUC #",
        "RIF #",
        "Company Number",
        "Commercial Registry Number",
        "Matricula Mercantil No",
        "V.A.T. Number",
        "C.R. No.",
        "Business Registration Number",
        "Business Registration Document #",
        "Business Number",
        "Identification Number",
        "Chamber of Commerce Number",
        "Public Registration Number",
        "UK Company Number",
        "US FEIN",
        "Enterprise Number",
        "Fiscal Code",
        "Central Registration System Number",
        "MMSI",
        "SWIFT/BIC",
    ];
    let (statement, _) = phrase.split_once(" (").unwrap_or((phrase, ""));
    let (statement, _) = statement.split_once(" issued ").unwrap_or((statement, ""));
    let (statement, _) = statement.split_once(" expires ").unwrap_or((statement, ""));
    if let Some((_, number)) = phrase.split_once("IMO ")
        && let Some(imo) = Identifier::parse(Scheme::Imo, leading_digits(number))
    {
        return Some(imo);
    }
    for (label, scheme) in KNOWN {
        if let Some(rest) = phrase.strip_prefix(label) {
            // "Unified Social Credit Code (USCC) 91...", "... Certificate (USCCC) 91..."
            let number = rest
                .split(' ')
                .map(|word| word.trim_matches([',', ';', '.']))
                .find(|word| word.len() >= 5 && word.bytes().any(|byte| byte.is_ascii_digit()));
            return number.and_then(|number| Identifier::parse(scheme, number));
        }
    }
    let number = OTHERS
        .iter()
        .find_map(|label| statement.strip_prefix(label))?;
    let found = Identifier::parse(Scheme::Other, number)?;
    let digits = found.value.chars().filter(char::is_ascii_digit).count();
    (found.value.chars().count() >= 8 && digits >= 6).then_some(found)
}

fn leading_digits(text: &str) -> &str {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_phrases_as_published() {
        assert_eq!(read("a.k.a. 'BNC'."), Fact::WeakAlias("BNC".to_owned()));
        assert_eq!(
            read("alt. citizen China"),
            Fact::Country("China".to_owned())
        );
        assert_eq!(
            read("(B is a subsidiary of A (Angola) Lda.)."),
            Fact::Other("B is a subsidiary of A (Angola) Lda".to_owned())
        );
        assert_eq!(
            read("Telephone Number: (971) (4)"),
            Fact::Other("Telephone Number: (971) (4)".to_owned())
        );
        assert_eq!(read("(971) (4)"), Fact::Other("(971) (4)".to_owned()));
        assert_eq!(read("alt. DOB 13 Apr 1968"), Fact::Birth);
        assert_eq!(
            read(" Linked To: MAHAN AIR."),
            Fact::Other("Linked To: MAHAN AIR".to_owned())
        );
    }

    #[test]
    fn finds_identifiers_that_a_supplier_list_may_hold() {
        let found = |phrase| identifier(phrase).map(|found| (found.scheme, found.value));
        assert_eq!(
            found("Vessel Registration Identification IMO 9404546"),
            Some((Scheme::Imo, "9404546".to_owned()))
        );
        assert_eq!(
            found("Unified Social Credit Code (USCC) 91110000600037341L (China)"),
            Some((Scheme::Uscc, "91110000600037341L".to_owned()))
        );
        assert_eq!(
            found("NIT # 811046938-3 (Colombia)"),
            Some((Scheme::Other, "8110469383".to_owned()))
        );
        assert_eq!(
            found("D-U-N-S Number 56-558-7594"),
            Some((Scheme::Duns, "565587594".to_owned()))
        );
        assert_eq!(
            found("RUC # 1234 (Panama)"),
            None,
            "too short to tell anything"
        );
        assert_eq!(found("Passport A1234567 (Iran)"), None);
        assert_eq!(found("Linked To: LIMOSA IMO"), None);
    }
}
