//! From signals to a similarity, and from a similarity back to its reasons.

use super::{
    evidence::{self, AskedName, ListedName, Pair, SIGNALS, Signals},
    facts::{CountryFact, Facts},
    hit::{AlignedWords, Feature, FeatureKind},
    model::{Model, logistic},
    similarity::Similarity,
    vocabulary::WordKind,
};
use crate::lists::EntryKind;

/// How alike, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub similarity: Similarity,
    pub features: Vec<Feature>,
    pub alignment: Vec<AlignedWords>,
}

/// An equal identifier is decisive evidence of its own.
const IDENTIFIER: f64 = 0.99;
/// Words that many organizations share make no hit: below the low queue.
const GENERIC_ONLY: f64 = 0.65;
/// A given name or a surname alone makes no hit.
const PART_OF_PERSON: f64 = 0.65;
/// Ships share names: without an IMO number a person has to look.
const VESSEL_BY_NAME: f64 = 0.90;
/// What a word must say to name somebody, in nats.
const TELLING_WORD: f32 = 5.5;
/// What common words, places aside, must say together to be told apart from
/// chance, in nats,
const TELLING_TOGETHER: f32 = 11.0;
/// and how much of both names they must be.
const NEARLY_ALL: f32 = 0.86;

/// What holds a similarity down whatever the signals say.
fn ceiling(
    asked: &AskedName,
    listed: &ListedName,
    pairs: &[Pair],
    kind: EntryKind,
    signals: &Signals,
) -> Option<(FeatureKind, f64, &'static str)> {
    if asked.only_legal || listed.only_legal {
        return Some((
            FeatureKind::GenericOnly,
            GENERIC_ONLY,
            "one of the names is nothing but a legal form",
        ));
    }
    let coverage = signals.get(COVERAGE).copied().unwrap_or(0.0);
    let mut together = 0.0;
    let mut telling = false;
    for pair in pairs {
        for known in listed
            .words
            .get(pair.listed..pair.listed_until)
            .unwrap_or_default()
        {
            if known.kind != WordKind::Place {
                together += known.weight * pair.alike;
            }
            telling |= matches!(known.kind, WordKind::Brand | WordKind::Number)
                && known.weight >= TELLING_WORD;
        }
    }
    let nearly_all = coverage >= NEARLY_ALL && together >= TELLING_TOGETHER;
    if !(telling || nearly_all || is_complete(asked, listed, pairs)) {
        return Some((
            FeatureKind::GenericOnly,
            GENERIC_ONLY,
            "only words that many names share agree",
        ));
    }
    match kind {
        EntryKind::Person if pairs.len() < 2 || !surname_agrees(listed, pairs) => Some((
            FeatureKind::UnmatchedWord,
            PART_OF_PERSON,
            "a surname or given names alone do not tell a person",
        )),
        EntryKind::Vessel => Some((
            FeatureKind::UnmatchedWord,
            VESSEL_BY_NAME,
            "ships share names, and no IMO number agrees",
        )),
        _ => None,
    }
}

/// Whether several words agree and none is left over on either side.
fn is_complete(asked: &AskedName, listed: &ListedName, pairs: &[Pair]) -> bool {
    let of_query: usize = pairs.iter().map(|pair| pair.query_until - pair.query).sum();
    let of_listed: usize = pairs
        .iter()
        .map(|pair| pair.listed_until - pair.listed)
        .sum();
    pairs.len() > 1 && of_query == asked.words.len() && of_listed == listed.words.len()
}

/// Whether a word of the surname, where the list says which it is, is paired.
fn surname_agrees(listed: &ListedName, pairs: &[Pair]) -> bool {
    match listed.person {
        Some(surname @ 1..) => pairs.iter().any(|pair| pair.listed < surname),
        _ => true,
    }
}

/// The similarity for signals: no reasons, for the many that are not shown.
pub fn similarity(
    model: &Model,
    signals: &Signals,
    asked: &AskedName,
    listed: &ListedName,
    pairs: &[Pair],
    facts: &Facts,
    kind: EntryKind,
) -> f64 {
    let mut value = logistic(model.log_odds(signals));
    if pairs.is_empty() {
        value = value.min(0.4);
    }
    if let Some((_, ceiling, _)) = ceiling(asked, listed, pairs, kind, signals) {
        value = below(value, ceiling);
    }
    if facts.same_identifier {
        with_identifier(value)
    } else {
        value
    }
}

const COVERAGE: usize = 1;

/// Squeezed under the ceiling with its order kept.
fn below(value: f64, ceiling: f64) -> f64 {
    value * ceiling
}

fn with_identifier(value: f64) -> f64 {
    IDENTIFIER + (1.0 - IDENTIFIER) * value
}

/// Which signals make up a feature. The name first; what it leaves out is the
/// name's own.
fn kind_of(signal: &str, facts: Facts) -> FeatureKind {
    match signal {
        "unmatched_query" | "unmatched_listed" | "word_swapped" | "place_conflict"
        | "place_missing" => FeatureKind::UnmatchedWord,
        "number_conflict" | "number_missing" => FeatureKind::NumberConflict,
        "legal_conflict" => FeatureKind::LegalFormConflict,
        "country_agrees"
        | "country_conflict"
        | "country_agrees_by_words"
        | "country_conflict_by_words"
        | "same_words_abroad" => {
            if matches!(
                facts.country,
                CountryFact::Conflicts | CountryFact::ConflictsByWords
            ) {
                FeatureKind::CountryConflict
            } else {
                FeatureKind::CountryAgrees
            }
        }
        "address" => FeatureKind::AddressAgrees,
        "other_identifier" => FeatureKind::IdentifierConflict,
        _ => FeatureKind::NameSimilarity,
    }
}

/// The order in which features are added up.
const ORDER: [FeatureKind; 8] = [
    FeatureKind::NameSimilarity,
    FeatureKind::UnmatchedWord,
    FeatureKind::NumberConflict,
    FeatureKind::LegalFormConflict,
    FeatureKind::CountryAgrees,
    FeatureKind::CountryConflict,
    FeatureKind::AddressAgrees,
    FeatureKind::IdentifierConflict,
];

/// The similarity with its reasons. Contributions are what each feature adds
/// to or takes from the similarity when they are taken in order, so they sum to
/// it (but for rounding).
pub fn explain(
    model: &Model,
    signals: &Signals,
    asked: &AskedName,
    listed: &ListedName,
    pairs: &[Pair],
    facts: &Facts,
    kind: EntryKind,
) -> Comparison {
    let mut features = Vec::new();
    let mut log_odds = 0.0;
    let mut value = 0.0;
    for feature in ORDER {
        let mut present = feature == FeatureKind::NameSimilarity;
        for (place, (name, signal)) in SIGNALS.iter().zip(signals).enumerate() {
            if kind_of(name, *facts) == feature && *signal != 0.0 {
                log_odds += model.weight(place) * signal;
                present = true;
            }
        }
        let after = logistic(log_odds);
        if present {
            features.push(Feature {
                kind: feature,
                contribution: thousandths(after - value),
                detail: detail(feature, signals, asked, listed, pairs, *facts),
            });
        }
        value = after;
    }
    let settled = similarity(
        model,
        signals,
        asked,
        listed,
        pairs,
        &Facts {
            same_identifier: false,
            ..*facts
        },
        kind,
    );
    if (settled - value).abs() > 1e-9 {
        let (kind, detail) = ceiling(asked, listed, pairs, kind, signals).map_or(
            (FeatureKind::UnmatchedWord, "no word agrees"),
            |(kind, _, detail)| (kind, detail),
        );
        features.push(Feature {
            kind,
            contribution: thousandths(settled - value),
            detail: detail.to_owned(),
        });
        value = settled;
    }
    if facts.same_identifier {
        let after = with_identifier(value);
        features.push(Feature {
            kind: FeatureKind::IdentifierEqual,
            contribution: thousandths(after - value),
            detail: "the same identifier".to_owned(),
        });
        value = after;
    }
    features.sort_by_key(|feature| std::cmp::Reverse(feature.contribution.abs()));
    Comparison {
        similarity: Similarity::from_unit(value),
        features,
        alignment: aligned(asked, listed, pairs),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "between -1000 and 1000")]
fn thousandths(worth: f64) -> i32 {
    (worth * 1_000.0).round() as i32
}

fn aligned(asked: &AskedName, listed: &ListedName, pairs: &[Pair]) -> Vec<AlignedWords> {
    let mut pairs = pairs.to_vec();
    pairs.sort_by_key(|pair| pair.query);
    pairs
        .iter()
        .map(|pair| AlignedWords {
            supplier: query_text(asked, pair),
            listed: listed_text(listed, pair),
            similarity: Similarity::from_unit(f64::from(pair.alike)),
        })
        .collect()
}

fn query_text(asked: &AskedName, pair: &Pair) -> String {
    let words = asked
        .words
        .get(pair.query..pair.query_until)
        .unwrap_or_default();
    words
        .iter()
        .map(|word| word.known.word.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn listed_text(listed: &ListedName, pair: &Pair) -> String {
    let words = listed
        .words
        .get(pair.listed..pair.listed_until)
        .unwrap_or_default();
    words
        .iter()
        .map(|known| known.word.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn detail(
    feature: FeatureKind,
    signals: &Signals,
    asked: &AskedName,
    listed: &ListedName,
    pairs: &[Pair],
    facts: Facts,
) -> String {
    let signal = |name: &str| {
        SIGNALS
            .iter()
            .position(|signal| *signal == name)
            .and_then(|place| signals.get(place))
            .copied()
            .unwrap_or(0.0)
    };
    match feature {
        FeatureKind::NameSimilarity if signal("same_words") > 0.0 => "every word agrees".to_owned(),
        FeatureKind::NameSimilarity => {
            format!(
                "{:.0}% of what the words of both names say agrees",
                f64::from(signal("coverage")) * 100.0
            )
        }
        FeatureKind::UnmatchedWord => {
            let mine = asked
                .words
                .iter()
                .enumerate()
                .filter(|(place, _)| {
                    !pairs
                        .iter()
                        .any(|pair| (pair.query..pair.query_until).contains(place))
                })
                .map(|(_, word)| word.known.word.text.as_str());
            let theirs = listed
                .words
                .iter()
                .enumerate()
                .filter(|(place, _)| {
                    !pairs
                        .iter()
                        .any(|pair| (pair.listed..pair.listed_until).contains(place))
                })
                .map(|(_, known)| known.word.text.as_str());
            let (mine, theirs) = (
                mine.collect::<Vec<_>>().join(", "),
                theirs.collect::<Vec<_>>().join(", "),
            );
            match (mine.is_empty(), theirs.is_empty()) {
                (true, true) => "words agree only in part".to_owned(),
                (true, false) => format!("only in the listed name: {theirs}"),
                (false, true) => format!("only in the supplier's name: {mine}"),
                (false, false) => format!(
                    "only in the supplier's name: {mine}; only in the listed name: {theirs}"
                ),
            }
        }
        FeatureKind::NumberConflict if signal("number_conflict") > 0.0 => {
            "the numbers differ".to_owned()
        }
        FeatureKind::NumberConflict => "only one of the names has the number".to_owned(),
        FeatureKind::LegalFormConflict => "the legal forms are of different kinds".to_owned(),
        FeatureKind::CountryAgrees if facts.country == CountryFact::Agrees => {
            "in the same country".to_owned()
        }
        FeatureKind::CountryAgrees => "the same country by address or name".to_owned(),
        FeatureKind::CountryConflict if facts.country == CountryFact::Conflicts => {
            "in different countries".to_owned()
        }
        FeatureKind::CountryConflict => "different countries by address or name".to_owned(),
        FeatureKind::AddressAgrees => format!(
            "{:.0}% of the address agrees",
            f64::from(facts.address) * 100.0
        ),
        FeatureKind::IdentifierConflict => "identifiers of one scheme differ".to_owned(),
        FeatureKind::IdentifierEqual
        | FeatureKind::GenericOnly
        | FeatureKind::ParentName
        | FeatureKind::WeakAlias
        | FeatureKind::CrossReference => String::new(),
    }
}

/// The pairs and signals of a comparison.
pub fn weigh(
    asked: &AskedName,
    listed: &ListedName,
    facts: &Facts,
    pairs: &mut Vec<Pair>,
) -> Signals {
    evidence::align(asked, listed, pairs);
    evidence::signals(asked, listed, pairs, facts)
}
