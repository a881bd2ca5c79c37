//! The grammar of a name cell: a name, its aliases in brackets or after
//! "a/k/a", whom the listing reaches besides, and subsidiaries it names.
//!
//! ```text
//! X (and two aliases: A; and B)
//! X (including one alias: A) and subsidiaries
//! X (also known as A; and formerly known as B)
//! X and its eight Zhuhai-based subsidiaries, which include A, B, and C
//! X and its subordinate and affiliated entities
//! X, a/k/a A, a/k/a B
//! ```

use super::{
    name_list::{bare, clean_name, split_announced_list, split_names, starts_with_word},
    party_scope::{after_introduction, take_members, take_scope},
};
use crate::supplier::{Alias, AliasKind};

/// A name cell, taken apart. Nothing of the cell is dropped: what the grammar
/// does not know stays in the name, and `doubts` says what looks wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PartyName {
    /// What stands before aliases and scope. It may still hold several firms.
    pub(super) name: String,
    pub(super) aliases: Vec<Alias>,
    /// The words that reach further ("and subsidiaries").
    pub(super) scope: Option<String>,
    pub(super) subsidiaries: Vec<String>,
    /// From "(of Nagoya, Japan)".
    pub(super) places: Vec<String>,
    pub(super) doubts: Vec<String>,
}

/// Takes a tidied cell apart.
pub(super) fn parse_party(cell: &str) -> PartyName {
    let mut party = PartyName::default();
    let mut rest = take_brackets(cell, &mut party);
    take_scope(&mut rest, &mut party);
    take_members(&mut rest, &mut party);
    // A name may begin with "AKA"; an alias word never does.
    if let Some((start, length, kind)) = find_alias_word(&rest, 1) {
        let tail = rest.split_off(start);
        take_aliases(
            tail.get(length..).unwrap_or_default(),
            kind,
            None,
            &mut party,
        );
    }
    party.name = clean_name(&rest);
    if party.name.is_empty() {
        cell.clone_into(&mut party.name);
        party.doubts.push("the cell names no main party".to_owned());
    }
    party
}

/// Reads the bracketed groups that the grammar knows and returns the cell
/// without them; other brackets are part of a name.
fn take_brackets(cell: &str, party: &mut PartyName) -> String {
    let mut kept = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(open) = rest.find('(') {
        let (before, group) = rest.split_at(open);
        kept.push_str(before);
        let (inside, after) = if let Some(close) = closing_bracket(group) {
            (
                group.get(1..close).unwrap_or_default(),
                group.get(close + 1..).unwrap_or_default(),
            )
        } else {
            party.doubts.push("a bracket is not closed".to_owned());
            (group.get(1..).unwrap_or_default(), "")
        };
        let name_so_far = clean_name(&kept);
        if take_group(inside, &name_so_far, party) {
            kept = kept.trim_end().to_owned();
            if !after.is_empty() && !after.starts_with([' ', ',', ';', '.']) {
                kept.push(' ');
            }
        } else {
            kept.push_str(group.get(..group.len() - after.len()).unwrap_or_default());
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// The byte of the bracket that closes the one at byte 0.
fn closing_bracket(group: &str) -> Option<usize> {
    let mut depth = 0_usize;
    group.char_indices().find_map(|(index, letter)| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(index)
    })
}

/// Whether the text inside a bracket was one that the grammar knows.
fn take_group(inside: &str, name_so_far: &str, party: &mut PartyName) -> bool {
    let inside = inside.trim();
    let inside = inside.strip_prefix("and ").unwrap_or(inside);
    if let Some((announced, list)) = announced_aliases(inside) {
        take_aliases(list, AliasKind::AlsoKnownAs, announced, party);
        return true;
    }
    if let Some((0, length, kind)) = find_alias_word(inside, 0) {
        take_aliases(inside.get(length..).unwrap_or_default(), kind, None, party);
        return true;
    }
    if starts_with_word(inside, "of") {
        party
            .places
            .push(inside.get(2..).unwrap_or_default().trim().to_owned());
        return true;
    }
    if let Some(list) = after_introduction(inside) {
        party.subsidiaries.extend(split_announced_list(list, None));
        return true;
    }
    let is_group = inside.contains(' ') && bare(inside).ends_with("group");
    if is_group || is_acronym_of(inside, name_so_far) {
        party.aliases.push(Alias {
            name: inside.to_owned(),
            kind: AliasKind::AlsoKnownAs,
        });
        return true;
    }
    false
}

/// `and two aliases: ...`, `including one alias: ...`: count and list.
fn announced_aliases(inside: &str) -> Option<(Option<usize>, &str)> {
    let mut announced = None;
    let mut end = 0;
    for (position, word) in inside.split(' ').take(6).enumerate() {
        end += word.len() + usize::from(position > 0);
        match bare(word).as_str() {
            "alias" | "aliases" => {
                let list = inside.get(end..).unwrap_or_default();
                return Some((announced, list.trim_start_matches([' ', ':', ','])));
            }
            "and" | "including" | "includes" | "with" | "the" | "following" | "its" | "also"
            | "known" | "by" => {}
            count => announced = Some(number(count)?),
        }
    }
    None
}

/// Number words as far as lists use them, and digits.
pub(super) fn number(word: &str) -> Option<usize> {
    const WORDS: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    WORDS
        .iter()
        .position(|known| *known == word)
        .or_else(|| word.parse().ok())
}

/// Deeper brackets are left as they stand.
const DEEPEST_BRACKETS: usize = 4;

fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Reads a list of aliases in which the kind may change midway.
fn take_aliases(list: &str, kind: AliasKind, announced: Option<usize>, party: &mut PartyName) {
    let mut found = 0;
    let mut rest = list;
    let mut kind = kind;
    let mut mixed = false;
    loop {
        let next = find_alias_word(rest, 0);
        let piece = rest
            .get(..next.map_or(rest.len(), |(start, ..)| start))
            .unwrap_or_default();
        let count = announced.filter(|_| next.is_none() && !mixed);
        for name in split_names(piece, count) {
            found += 1;
            // An alias may have aliases of its own in brackets.
            let at = party.aliases.len();
            let name = if nesting(&name) <= DEEPEST_BRACKETS {
                clean_name(&take_brackets(&name, party))
            } else {
                name
            };
            party.aliases.insert(at, Alias { name, kind });
        }
        let Some((start, length, next_kind)) = next else {
            break;
        };
        mixed = true;
        kind = next_kind;
        rest = rest.get(start + length..).unwrap_or_default();
    }
    match announced {
        Some(count) if count != found => party.doubts.push(format!(
            "the cell announces {count} aliases and {found} were read"
        )),
        None if found == 0 => party.doubts.push("no alias follows".to_owned()),
        _ => {}
    }
}

/// The first alias word outside brackets from `from` on: where, how long, and
/// what kind of alias follows it.
fn find_alias_word(text: &str, from: usize) -> Option<(usize, usize, AliasKind)> {
    const WORDS: &[(&str, AliasKind)] = &[
        ("also known as", AliasKind::AlsoKnownAs),
        ("also known by", AliasKind::AlsoKnownAs),
        ("also referred to as", AliasKind::AlsoKnownAs),
        ("doing business as", AliasKind::AlsoKnownAs),
        ("a/k/a", AliasKind::AlsoKnownAs),
        ("a.k.a.", AliasKind::AlsoKnownAs),
        ("aka", AliasKind::AlsoKnownAs),
        ("d/b/a", AliasKind::AlsoKnownAs),
        ("formerly known as", AliasKind::FormerlyKnownAs),
        ("previously known as", AliasKind::FormerlyKnownAs),
        ("formerly", AliasKind::FormerlyKnownAs),
        ("previously", AliasKind::FormerlyKnownAs),
        ("f/k/a", AliasKind::FormerlyKnownAs),
        ("f.k.a.", AliasKind::FormerlyKnownAs),
        ("fka", AliasKind::FormerlyKnownAs),
    ];
    let mut depth = 0_usize;
    let mut at_word_start = true;
    for (index, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && at_word_start && index >= from {
            let here = text.get(index..).unwrap_or_default();
            if let Some((word, kind)) = WORDS.iter().find(|(word, _)| starts_with_word(here, word))
                && !is_name_word(here)
            {
                return Some((index, word.len(), *kind));
            }
        }
        at_word_start = !letter.is_alphanumeric();
    }
    None
}

/// Lists write `aka` or `AKA`; `Aka` is a word of a name.
fn is_name_word(text: &str) -> bool {
    ["Aka", "Fka"].iter().any(|word| text.starts_with(word))
}

/// `(XPCC)` after "Xinjiang Production and Construction Corps": capitals that
/// are the initials of the last words before it.
fn is_acronym_of(inside: &str, name: &str) -> bool {
    let letters: Vec<char> = inside.chars().collect();
    if letters.len() < 3 || !letters.iter().all(char::is_ascii_uppercase) {
        return false;
    }
    let initials: Vec<char> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !matches!(*word, "" | "and" | "of" | "the" | "for" | "in"))
        .filter_map(|word| word.chars().next())
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    initials.ends_with(&letters)
}

#[cfg(test)]
mod tests;
