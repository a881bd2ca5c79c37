//! Which names have a key, and which names share the rarest keys with a query.

use std::hash::Hasher;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};

use super::name::{Name, NameWord};

/// A key of one kind as a number. Two keys that fall on one number only cost a
/// needless comparison. The two lowest bits say how much a key of the kind tells
/// beside its rarity: 0 for those most queries never ask for, 3 for whole words.
pub fn key(kind: u8, bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(bytes);
    let tells = match kind {
        b'K' => 0,
        b'W' | b'k' => 3,
        b'C' | b'P' => 2,
        _ => 1,
    };
    (hasher.finish() & !3) | tells
}

/// What a name is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Listed,
    Query,
}

/// The keys of a name: its words by sound, each two neighbors written as one,
/// what the words mean, three letters in a row of each, and consonants where
/// one side is in Arabic script.
pub fn keys_of(name: &Name, side: Side) -> Vec<u64> {
    let mut keys = Vec::with_capacity(name.words.len() * 10);
    for word in &name.words {
        word_keys(word, side, name.words.len() <= 3, &mut keys);
    }
    for pair in name.words.windows(2) {
        if let [one, other] = pair
            && !(one.is_consonantal || other.is_consonantal)
        {
            let joined = super::sound::sound(&format!("{}{}", one.text, other.text));
            keys.push(key(b'W', joined.as_bytes()));
        }
    }
    pair_keys(name, &mut keys);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Pairs of meanings: a name of common words only is rare by their company.
fn pair_keys(name: &Name, keys: &mut Vec<u64>) {
    const MOST: usize = 6;
    let mut concepts: Vec<u16> = name
        .words
        .iter()
        .filter_map(|word| word.concept)
        .take(MOST)
        .collect();
    concepts.sort_unstable();
    concepts.dedup();
    for (place, one) in concepts.iter().enumerate() {
        for other in concepts.iter().skip(place + 1) {
            let [a, b] = one.to_le_bytes();
            let [c, d] = other.to_le_bytes();
            keys.push(key(b'P', &[a, b, c, d]));
        }
    }
}

/// `is_short`: the name has so few words that letters of common ones count.
fn word_keys(word: &NameWord, side: Side, is_short: bool, keys: &mut Vec<u64>) {
    if let Some(concept) = word.concept {
        keys.push(key(b'C', &concept.to_le_bytes()));
    }
    // Consonants of a word without vowels are looked for in all words, those of
    // other words only in words without vowels.
    let skeleton = word.skeleton.as_bytes();
    if skeleton.len() > 1 {
        let (own, looked_for) = if word.is_consonantal {
            (b'k', [b'K', b'k'])
        } else {
            (b'K', [b'k', b'k'])
        };
        match side {
            Side::Listed => keys.push(key(own, skeleton)),
            Side::Query => keys.extend(looked_for.map(|kind| key(kind, skeleton))),
        }
    }
    if word.is_consonantal {
        return;
    }
    keys.push(key(b'W', word.sound.as_bytes()));
    if let Some(joined) = &word.with_article {
        keys.push(key(b'W', super::sound::sound(joined).as_bytes()));
    }
    if word.concept.is_some() && !is_short {
        return;
    }
    let sound = word.sound.as_bytes();
    if let Some(opening) = sound.get(..2) {
        keys.push(key(b'O', opening));
    }
    keys.extend(sound.windows(3).map(|letters| key(b'T', letters)));
}

/// Names by key.
#[derive(Debug, Default)]
pub struct Postings {
    ranges: FxHashMap<u64, (u32, u32)>,
    names: Vec<u32>,
    /// For each name the weight of its keys.
    totals: Vec<u32>,
    size: usize,
}

/// Accumulators of one thread, empty between searches.
#[derive(Debug, Default)]
pub struct Scratch {
    shared: Vec<u32>,
    touched: Vec<u32>,
}

impl Postings {
    /// `keys`: those of each name, in the order of the names.
    pub fn build(keys: &[Vec<u64>]) -> Self {
        // Counted, then laid out: names of one key stand together, in their order.
        let mut slots: FxHashMap<u64, u32> = FxHashMap::default();
        let mut counts: Vec<u32> = Vec::new();
        let numbered: Vec<u32> = keys
            .iter()
            .flatten()
            .map(|key| {
                let next = u32::try_from(counts.len()).unwrap_or(u32::MAX);
                let slot = *slots.entry(*key).or_insert(next);
                if slot == next {
                    counts.push(0);
                }
                if let Some(count) = counts.get_mut(slot as usize) {
                    *count += 1;
                }
                slot
            })
            .collect();
        let mut starts = Vec::with_capacity(counts.len());
        let mut end = 0_u32;
        for count in &counts {
            starts.push(end);
            end += count;
        }
        let ranges = slots
            .into_iter()
            .filter_map(|(key, slot)| {
                let from = *starts.get(slot as usize)?;
                Some((key, (from, from + counts.get(slot as usize)?)))
            })
            .collect();
        let mut names = vec![0_u32; numbered.len()];
        let mut slots = numbered.into_iter();
        for (of_name, name) in keys.iter().zip(0_u32..) {
            for slot in slots.by_ref().take(of_name.len()) {
                if let Some(next) = starts.get_mut(slot as usize) {
                    if let Some(place) = names.get_mut(*next as usize) {
                        *place = name;
                    }
                    *next += 1;
                }
            }
        }
        let mut postings = Self {
            ranges,
            names,
            totals: Vec::new(),
            size: keys.len(),
        };
        postings.totals = keys
            .par_iter()
            .map(|keys| {
                keys.iter()
                    .map(|key| postings.weight(*key, postings.count(*key)))
                    .sum()
            })
            .collect();
        postings
    }

    fn count(&self, key: u64) -> usize {
        self.ranges
            .get(&key)
            .map_or(0, |(from, to)| (*to - *from) as usize)
    }

    /// Rarity of a key in hundredths of a nat.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a logarithm of a count, at most a few thousand hundredths"
    )]
    fn weight(&self, key: u64, count: usize) -> u32 {
        ((key & 3) as f32
            * ((self.size as f32 + 1.0) / (count as f32 + 0.5))
                .ln()
                .max(0.05)
            * 100.0) as u32
    }

    /// The names that share most of the rarer keys, at most `limit`, best first.
    /// Reads the rarest keys first and stops after `budget` names read: what
    /// the commonest keys could still add seldom changes who is first.
    pub fn search(
        &self,
        keys: &[u64],
        budget: usize,
        limit: usize,
        scratch: &mut Scratch,
    ) -> Vec<u32> {
        let mut lists: Vec<(u32, u32, u64)> = keys
            .iter()
            .filter_map(|key| self.ranges.get(key).map(|(from, to)| (*from, *to, *key)))
            .collect();
        lists.sort_unstable_by_key(|(from, to, _)| (to - from, *from));
        scratch.shared.resize(self.totals.len(), 0);
        let mut read = 0;
        let mut asked = 0;
        for (from, to, key) in lists {
            let count = (to - from) as usize;
            read += count;
            let weight = self.weight(key, count);
            asked += weight;
            if read > budget && !scratch.touched.is_empty() {
                continue;
            }
            for name in self
                .names
                .get(from as usize..to as usize)
                .unwrap_or_default()
            {
                if let Some(shared) = scratch.shared.get_mut(*name as usize) {
                    if *shared == 0 {
                        scratch.touched.push(*name);
                    }
                    *shared += weight;
                }
            }
        }
        let mut ranked: Vec<(u64, u32)> = scratch
            .touched
            .drain(..)
            .map(|name| {
                let shared = scratch
                    .shared
                    .get_mut(name as usize)
                    .map_or(0, std::mem::take);
                let total = self.totals.get(name as usize).copied().unwrap_or(1);
                (
                    u64::from(shared) * 1_000_000 / u64::from(asked + total + 1),
                    name,
                )
            })
            .collect();
        let best_first =
            |one: &(u64, u32), other: &(u64, u32)| other.0.cmp(&one.0).then(one.1.cmp(&other.1));
        if ranked.len() > limit {
            ranked.select_nth_unstable_by(limit, best_first);
            ranked.truncate(limit);
        }
        ranked.sort_unstable_by(best_first);
        ranked.into_iter().map(|(_, name)| name).collect()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.names.len() * 4 + self.totals.len() * 4 + self.ranges.capacity() * 17
    }
}
