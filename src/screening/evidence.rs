//! Two names beside each other: which words go together, and what that says.

use super::{
    facts::{CountryFact, Facts},
    lexicon::{LegalKind, lexicon},
    vocabulary::{Asked, Known, WordKind, grid},
};

/// Signals of one comparison, by [`SIGNALS`].
pub type Signals = [f32; SIGNALS.len()];

/// What each signal is called in the model file. Shares are 0 to 1 of weight.
pub const SIGNALS: [&str; 33] = [
    "bias",
    "coverage",
    "coverage_above_60",
    "coverage_above_80",
    "coverage_above_92",
    "query_coverage",
    "listed_coverage",
    "evidence",
    "evidence_first",
    "unmatched_query",
    "unmatched_listed",
    "brand_coverage",
    "brand_none",
    "number_conflict",
    "number_missing",
    "place_conflict",
    "place_missing",
    "legal_agrees",
    "legal_conflict",
    "country_agrees",
    "country_conflict",
    "country_agrees_by_words",
    "country_conflict_by_words",
    "address",
    "same_words",
    "translated",
    "word_swapped",
    "contained",
    "short_name",
    "least_alike",
    "other_identifier",
    "consonantal",
    "same_words_abroad",
];

/// One pair of words, or of a word and two written as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Places in the query's name; `query_until` is past the last.
    pub query: usize,
    pub query_until: usize,
    pub listed: usize,
    pub listed_until: usize,
    pub alike: f32,
}

/// A query's name, prepared.
#[derive(Debug, Clone, Default)]
pub struct AskedName {
    pub words: Vec<Asked>,
    pub legal: Vec<u16>,
    pub only_legal: bool,
}

/// A listed name.
#[derive(Debug, Clone, Copy)]
pub struct ListedName<'index> {
    pub words: &'index [&'index Known],
    pub legal: &'index [u16],
    pub only_legal: bool,
    /// For a person: how many of the first words are the surname, 0 if unknown.
    pub person: Option<usize>,
}

/// Which words go together, the most alike and rarest first.
pub fn align(asked: &AskedName, listed: &ListedName, pairs: &mut Vec<Pair>) {
    pairs.clear();
    let mut possible: Vec<(f32, usize, usize)> = Vec::with_capacity(16);
    for (query, word) in asked.words.iter().enumerate() {
        for (place, known) in listed.words.iter().enumerate() {
            let alike = word.alike(known);
            if alike > 0.0 {
                possible.push((alike, query, place));
            }
        }
    }
    possible.sort_unstable_by(|one, two| {
        two.0
            .total_cmp(&one.0)
            .then((one.1, one.2).cmp(&(two.1, two.2)))
    });
    let (mut asked_free, mut listed_free) = (u64::MAX, u64::MAX);
    // Two words that are another word when written as one come before words
    // that only resemble each other.
    let sure = possible.partition_point(|(alike, _, _)| *alike >= JOINED);
    let (sure, likely) = possible.split_at(sure);
    take_free(sure, &mut asked_free, &mut listed_free, pairs);
    join_neighbors(asked, listed, &mut asked_free, &mut listed_free, pairs);
    take_free(likely, &mut asked_free, &mut listed_free, pairs);
}

fn take_free(
    possible: &[(f32, usize, usize)],
    asked_free: &mut u64,
    listed_free: &mut u64,
    pairs: &mut Vec<Pair>,
) {
    for (alike, query, place) in possible {
        if *asked_free & bit(*query) != 0 && *listed_free & bit(*place) != 0 {
            *asked_free &= !bit(*query);
            *listed_free &= !bit(*place);
            pairs.push(Pair {
                query: *query,
                query_until: query + 1,
                listed: *place,
                listed_until: place + 1,
                alike: *alike,
            });
        }
    }
}

fn bit(place: usize) -> u64 {
    1_u64 << (place % 64)
}

/// Likeness of one word with two written as one.
const JOINED: f32 = 0.96;

/// "Azerbaijanconstruction" and "Azerbaijan Construction": free words that are
/// free neighbors on the other side, written as one.
fn join_neighbors(
    asked: &AskedName,
    listed: &ListedName,
    asked_free: &mut u64,
    listed_free: &mut u64,
    pairs: &mut Vec<Pair>,
) {
    for count in [2_usize, 3] {
        for (query, word) in asked.words.iter().enumerate() {
            if *asked_free & bit(query) == 0 {
                continue;
            }
            for (place, window) in listed.words.windows(count).enumerate() {
                let run = run_of_bits(place, count);
                let texts = window.iter().map(|known| known.word.text.as_str());
                if *listed_free & run == run
                    && let Some(alike) = alike_joined(&word.known.word.text, texts)
                {
                    *asked_free &= !bit(query);
                    *listed_free &= !run;
                    pairs.push(Pair {
                        query,
                        query_until: query + 1,
                        listed: place,
                        listed_until: place + count,
                        alike,
                    });
                    break;
                }
            }
        }
        for (place, known) in listed.words.iter().enumerate() {
            if *listed_free & bit(place) == 0 {
                continue;
            }
            for (query, window) in asked.words.windows(count).enumerate() {
                let run = run_of_bits(query, count);
                let texts = window.iter().map(|word| word.known.word.text.as_str());
                if *asked_free & run == run
                    && let Some(alike) = alike_joined(&known.word.text, texts)
                {
                    *listed_free &= !bit(place);
                    *asked_free &= !run;
                    pairs.push(Pair {
                        query,
                        query_until: query + count,
                        listed: place,
                        listed_until: place + 1,
                        alike,
                    });
                    break;
                }
            }
        }
    }
}

fn run_of_bits(from: usize, count: usize) -> u64 {
    (from..from + count).fold(0, |run, place| run | bit(place))
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn alike_joined<'word>(one: &str, parts: impl Iterator<Item = &'word str> + Clone) -> Option<f32> {
    let length: usize = parts.clone().map(str::len).sum();
    let opening = parts.clone().next().and_then(|part| part.bytes().next());
    if one.len().abs_diff(length) > 3 || one.bytes().next() != opening {
        return None;
    }
    let joined: String = parts.collect();
    if one == joined {
        return Some(grid(JOINED));
    }
    if one.len() < 5 {
        return None;
    }
    let (one, joined) = (super::sound::sound(one), super::sound::sound(&joined));
    let longer = one.len().max(joined.len());
    let mistakes = super::edit::distance(one.as_bytes(), joined.as_bytes());
    (mistakes * 6 <= longer).then(|| grid(JOINED - 0.03 - 1.25 * mistakes as f32 / longer as f32))
}

/// Sums over the words of one name. Weights and likenesses are multiples of
/// 2^-12, so that a sum in `f64` is exact and the order of words says nothing.
#[derive(Debug, Default)]
struct Side {
    total: f64,
    matched: f64,
    brand: f64,
    brand_matched: f64,
    heaviest_free: f64,
    free_numbers: u32,
    free_places: u32,
    /// Of the words without any counterpart.
    heaviest_missing: f64,
}

impl Side {
    fn add(&mut self, known: &Known, alike: f32, lenience: f64) {
        let alike = f64::from(alike);
        let weight = f64::from(known.weight)
            * if known.kind == WordKind::Place {
                PLACE
            } else {
                1.0
            }
            * if alike > 0.0 { 1.0 } else { lenience };
        self.total += weight;
        self.matched += weight * alike;
        if known.kind == WordKind::Brand {
            self.brand += weight;
            self.brand_matched += weight * alike;
        }
        self.heaviest_free = self.heaviest_free.max(weight * (1.0 - alike));
        if alike < 0.3 {
            match known.kind {
                WordKind::Number => self.free_numbers += 1,
                WordKind::Place => self.free_places += 1,
                WordKind::Brand | WordKind::Business => {
                    self.heaviest_missing = self.heaviest_missing.max(weight);
                }
            }
        }
    }
}

/// A place says less than its rarity: the same firm leaves it out.
const PLACE: f64 = 0.625;
/// A patronymic or a second given name that only the list has says little
/// against a person whose given name and surname agree.
const PATRONYMIC: f64 = 0.25;

/// The signals of a comparison whose words are already paired.
pub fn signals(asked: &AskedName, listed: &ListedName, pairs: &[Pair], facts: &Facts) -> Signals {
    let mut query_alike = [0.0_f32; 64];
    let mut listed_alike = [0.0_f32; 64];
    let (mut evidence, mut translated, mut least, mut same) = (0.0_f64, 0.0_f64, 1.0_f32, true);
    for pair in pairs {
        let mut weight = 0.0_f64;
        for place in pair.query..pair.query_until {
            if let (Some(slot), Some(word)) = (query_alike.get_mut(place), asked.words.get(place)) {
                *slot = pair.alike;
                weight += f64::from(word.known.weight);
            }
        }
        let mut listed_weight = 0.0_f64;
        for place in pair.listed..pair.listed_until {
            if let (Some(slot), Some(known)) =
                (listed_alike.get_mut(place), listed.words.get(place))
            {
                *slot = pair.alike;
                listed_weight += f64::from(known.weight);
            }
        }
        let weight = weight.min(listed_weight);
        evidence += weight * f64::from(pair.alike) * f64::from(pair.alike);
        same &= pair.alike >= 1.0;
        if pair.alike < 1.0
            && pair.query_until - pair.query == 1
            && pair.listed_until - pair.listed == 1
        {
            let (word, known) = (asked.words.get(pair.query), listed.words.get(pair.listed));
            if let (Some(word), Some(known)) = (word, known) {
                if word.known.word.concept.is_some()
                    && word.known.word.concept == known.word.concept
                {
                    translated += weight;
                } else if word.known.kind == WordKind::Brand {
                    least = least.min(pair.alike);
                }
            }
        }
    }
    let mut query = Side::default();
    for (word, alike) in asked.words.iter().zip(query_alike) {
        query.add(&word.known, alike, 1.0);
    }
    let mut other = Side::default();
    let lenience = if listed.person.is_some() && pairs.len() > 1 {
        PATRONYMIC
    } else {
        1.0
    };
    for (known, alike) in listed.words.iter().zip(listed_alike) {
        other.add(known, alike, lenience);
    }
    same &= query.matched >= query.total && other.matched >= other.total;
    let is_same = same && !asked.only_legal && !listed.only_legal;
    let share = |part: f64, whole: f64| {
        single(if whole > 0.0 {
            (part / whole).min(1.0)
        } else {
            0.0
        })
    };
    let coverage = share(query.matched + other.matched, query.total + other.total);
    let brand = query.brand + other.brand;
    let flag = |condition: bool| if condition { 1.0 } else { 0.0 };
    let (legal_agrees, legal_conflict) = legal(&asked.legal, listed.legal);
    let is_other_script = asked
        .words
        .iter()
        .any(|word| word.known.word.is_consonantal)
        || listed.words.iter().any(|known| known.word.is_consonantal);
    [
        1.0,
        coverage,
        (coverage - 0.6).max(0.0),
        (coverage - 0.8).max(0.0),
        (coverage - 0.92).max(0.0),
        share(query.matched, query.total),
        share(other.matched, other.total),
        single(evidence.min(45.0) / 15.0),
        single(evidence.min(9.0) / 9.0),
        single(query.heaviest_free / 10.0),
        single(other.heaviest_free / 10.0),
        if brand > 0.0 {
            share(query.brand_matched + other.brand_matched, brand)
        } else {
            coverage
        },
        flag(brand <= 0.0),
        flag(query.free_numbers > 0 && other.free_numbers > 0),
        flag((query.free_numbers > 0) != (other.free_numbers > 0)),
        flag(query.free_places > 0 && other.free_places > 0),
        flag((query.free_places > 0) != (other.free_places > 0)),
        legal_agrees,
        legal_conflict,
        flag(facts.country == CountryFact::Agrees),
        flag(facts.country == CountryFact::Conflicts),
        flag(facts.country == CountryFact::AgreesByWords),
        flag(facts.country == CountryFact::ConflictsByWords),
        facts.address,
        flag(is_same),
        if is_other_script {
            0.0
        } else {
            share(translated, query.total.min(other.total))
        },
        single(query.heaviest_missing.min(other.heaviest_missing) / 10.0),
        flag(is_contained(asked, &query, &other)),
        flag(is_short(asked, listed)),
        1.0 - least,
        flag(facts.other_identifier),
        flag(is_other_script),
        flag(is_same && facts.country == CountryFact::Conflicts),
    ]
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a signal needs no more digits"
)]
fn single(value: f64) -> f32 {
    value as f32
}

/// Whether one name is a few letters that may stand for anything, and the other
/// has more to say.
fn is_short(asked: &AskedName, listed: &ListedName) -> bool {
    const FEW: usize = 4;
    match (asked.words.as_slice(), listed.words) {
        ([only], [_, _, ..]) => only.known.word.text.len() <= FEW,
        ([_, _, ..], [only]) => only.word.text.len() <= FEW,
        _ => false,
    }
}

/// Whether the query's name has much to say and all of it is in the listed one,
/// which says more: fields cut names short, and people do.
fn is_contained(asked: &AskedName, query: &Side, other: &Side) -> bool {
    const WORDS: usize = 3;
    const LETTERS: usize = 18;
    let letters: usize = asked
        .words
        .iter()
        .map(|word| word.known.word.text.len())
        .sum();
    asked.words.len() >= WORDS
        && letters >= LETTERS
        && query.matched >= query.total * 0.95
        && other.matched < other.total * 0.95
}

/// Whether the legal forms are of one kind or of two. A plain "company" goes
/// with every kind.
fn legal(query: &[u16], listed: &[u16]) -> (f32, f32) {
    let kinds = |forms: &[u16]| -> u16 {
        forms
            .iter()
            .filter_map(|form| lexicon().legal_form(*form))
            .filter(|form| form.kind != LegalKind::Company)
            .fold(0, |kinds, form| kinds | (1 << form.kind as u16))
    };
    let (mine, theirs) = (kinds(query), kinds(listed));
    if mine == 0 || theirs == 0 {
        (0.0, 0.0)
    } else if mine & theirs != 0 {
        (1.0, 0.0)
    } else {
        (0.0, 1.0)
    }
}
