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

use super::name_list::{bare, clean_name, split_announced_list, split_names, starts_with_word};
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
fn number(word: &str) -> Option<usize> {
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
            {
                return Some((index, word.len(), *kind));
            }
        }
        at_word_start = !letter.is_alphanumeric();
    }
    None
}

/// The list behind "which includes" or "including", before which nothing stands.
fn after_introduction(text: &str) -> Option<&str> {
    const INTRODUCTIONS: [&str; 8] = [
        "which includes",
        "which include",
        "which are",
        "including",
        "consisting of",
        "comprised of",
        "comprising",
        "namely",
    ];
    INTRODUCTIONS
        .iter()
        .find(|words| starts_with_word(text, words))
        .and_then(|words| text.get(words.len()..))
        .map(|list| list.trim_start_matches([' ', ',', ':']))
}

/// `X Group, which includes A; B`: cuts the list of members off the name.
fn take_members(name: &mut String, party: &mut PartyName) {
    let found = name.match_indices(", ").find_map(|(at, comma)| {
        let list = after_introduction(name.get(at + comma.len()..)?)?;
        Some((at, split_announced_list(list, None)))
    });
    if let Some((at, members)) = found {
        party.subsidiaries.extend(members);
        name.truncate(at);
    }
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

/// Cuts the scope off the end of the name and reads the subsidiaries it names.
fn take_scope(name: &mut String, party: &mut PartyName) {
    let mut from = 0;
    while let Some(offset) = name.get(from..).and_then(find_and) {
        let at = from + offset;
        let clause = name
            .get(at..)
            .unwrap_or_default()
            .trim_start_matches([' ', ',']);
        if let Some((wording, announced, list)) = read_scope(clause) {
            party
                .subsidiaries
                .extend(split_announced_list(list, announced));
            if let Some(count) = announced
                && !party.subsidiaries.is_empty()
                && count != party.subsidiaries.len()
            {
                party.doubts.push(format!(
                    "the cell announces {count} subsidiaries and {} were read",
                    party.subsidiaries.len()
                ));
            }
            party.scope = Some(wording);
            name.truncate(at);
            return;
        }
        from = at + 1;
    }
}

/// The next ` and `, `, and ` or `, including ` in the text.
fn find_and(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    [" and ", ", its ", ", including ", " with its "]
        .iter()
        .filter_map(|joint| lower.find(joint))
        .min()
}

/// Words that a scope may be made of, once it has begun.
const SCOPE_WORDS: &[&str] = &[
    "subsidiary",
    "subsidiaries",
    "affiliate",
    "affiliates",
    "affiliated",
    "subordinate",
    "subordinates",
    "entities",
    "joint",
    "ventures",
    "companies",
    "divisions",
    "branches",
    "units",
    "and",
    "or",
    "wholly",
    "owned",
    "wholly-owned",
    "majority-owned",
    "controlled",
    "its",
    "their",
];

/// `and its eight Zhuhai-based subsidiaries, which include A, B`: the wording
/// up to the list, the count it states, and the list.
fn read_scope(clause: &str) -> Option<(String, Option<usize>, &str)> {
    const LEAD: &[&str] = &["its", "their", "all", "any", "the", "other", "of"];
    const REACH: &[&str] = &[
        "subsidiary",
        "subsidiaries",
        "affiliate",
        "affiliates",
        "affiliated",
        "subordinate",
        "subordinates",
    ];
    let mut end = 0;
    let mut announced = None;
    let mut reaches = false;
    let mut led = false;
    for (position, word) in clause.split(' ').enumerate() {
        let plain = word.trim_matches([',', '.', ';', ':']).to_ascii_lowercase();
        let plain = plain.as_str();
        let known = if position == 0 {
            matches!(plain, "and" | "its" | "including" | "with")
        } else if reaches {
            SCOPE_WORDS.contains(&plain)
        } else {
            let leads = LEAD.contains(&plain);
            let counts = number(plain);
            announced = counts.or(announced);
            led |= leads || counts.is_some();
            leads
                || counts.is_some()
                || SCOPE_WORDS.contains(&plain)
                || (led && plain.ends_with("-based"))
        };
        if !known {
            break;
        }
        reaches |= REACH.contains(&plain);
        end += word.len() + usize::from(position > 0);
        if reaches && word.ends_with([',', ':', ';', '.']) {
            break;
        }
    }
    if !reaches {
        return None;
    }
    let (wording, rest) = clause.split_at(end);
    // "and Subsidiaries Trading Co." is a name, "and its subsidiary X" is not.
    let (more, list) = named_list(rest, wording)?;
    let wording = format!("{wording}{more}")
        .trim_end_matches([' ', ',', ':', ';', '.'])
        .to_owned();
    Some((wording, announced, list))
}

/// After the scope's own words: further words up to the list, and the list.
fn named_list<'text>(rest: &'text str, wording: &str) -> Option<(&'text str, &'text str)> {
    let says_no_more = rest
        .split(' ')
        .map(|word| word.trim_matches([',', '.', ';', ':']))
        .all(|word| word.is_empty() || SCOPE_WORDS.contains(&word));
    if says_no_more {
        return Some((rest, ""));
    }
    let trimmed = rest.trim_start_matches([' ', ',', ':']);
    if let Some(list) = after_introduction(trimmed) {
        return Some(("", list));
    }
    if wording.ends_with([',', ':']) {
        return Some(("", trimmed));
    }
    let starts_a_name = trimmed.starts_with(char::is_uppercase);
    if starts_a_name {
        let says_whose = wording.contains("its ") || wording.contains("their ");
        let in_running_text = wording
            .rsplit(' ')
            .next()
            .is_some_and(|last| last.starts_with(char::is_lowercase));
        return (says_whose || in_running_text).then_some(("", trimmed));
    }
    // "and its two subsidiaries from China, A and B"
    match rest.find(", ") {
        Some(comma) => {
            let (more, list) = rest.split_at(comma);
            Some((more, list.trim_start_matches([' ', ','])))
        }
        None => Some((rest, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, also-known-as, formerly, scope, subsidiaries, number of doubts.
    type Reading<'text> = (
        &'text str,
        Vec<&'text str>,
        Vec<&'text str>,
        Option<&'text str>,
        Vec<&'text str>,
        usize,
    );

    fn read(cell: &str) -> PartyName {
        parse_party(cell)
    }

    #[track_caller]
    fn assert_reads(cell: &str, (name, also, formerly, scope, subsidiaries, doubts): Reading) {
        let party = read(cell);
        let of_kind = |kind| {
            party
                .aliases
                .iter()
                .filter(|alias| alias.kind == kind)
                .map(|alias| alias.name.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(party.name, name, "{cell}");
        assert_eq!(of_kind(AliasKind::AlsoKnownAs), also, "{cell}");
        assert_eq!(of_kind(AliasKind::FormerlyKnownAs), formerly, "{cell}");
        assert_eq!(party.scope.as_deref(), scope, "{cell}");
        assert_eq!(party.subsidiaries, subsidiaries, "{cell}");
        assert_eq!(party.doubts.len(), doubts, "{cell}: {:?}", party.doubts);
    }

    #[test]
    fn reads_every_published_form() {
        assert_reads(
            "Camel Group Co., Ltd.",
            ("Camel Group Co., Ltd.", vec![], vec![], None, vec![], 0),
        );
        assert_reads(
            "Hetian Haolin Hair Accessories Co. Ltd. (and two aliases: Hotan Haolin Hair Accessories; and Hollin Hair Accessories)",
            (
                "Hetian Haolin Hair Accessories Co. Ltd.",
                vec!["Hotan Haolin Hair Accessories", "Hollin Hair Accessories"],
                vec![],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "Hoshine Silicon Industry (Shanshan) Co., Ltd (including one alias: Hesheng Silicon Industry (Shanshan) Co.) and subsidiaries",
            (
                "Hoshine Silicon Industry (Shanshan) Co., Ltd",
                vec!["Hesheng Silicon Industry (Shanshan) Co."],
                vec![],
                Some("and subsidiaries"),
                vec![],
                0,
            ),
        );
        assert_reads(
            "Tianjin Tianwei Food Co., Ltd. (also known as Tianwei Fruit and Vegetable Co., Ltd.; and formerly known as Tianjin Sanhe Fruit and Vegetable Co., Ltd.)",
            (
                "Tianjin Tianwei Food Co., Ltd.",
                vec!["Tianwei Fruit and Vegetable Co., Ltd."],
                vec!["Tianjin Sanhe Fruit and Vegetable Co., Ltd."],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "X Energy Co., Ltd. (formerly known as X GCL Co., Ltd.; and X GCL Materials Co., Ltd.)",
            (
                "X Energy Co., Ltd.",
                vec![],
                vec!["X GCL Co., Ltd.", "X GCL Materials Co., Ltd."],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "Ninestar Corporation and its eight Zhuhai-based subsidiaries, which include Zhuhai Ninestar Information Technology Co. Ltd., Zhuhai Pantum Electronics Co. Ltd., Zhuhai Apex Microelectronics Co., Ltd., Geehy Semiconductor Co., Ltd., Zhuhai Pu-Tech Industrial Co., Ltd., Zhuhai G&G Digital Technology Co., Ltd., Zhuhai Seine Printing Technology Co., Ltd., and Zhuhai Ninestar Management Co., Ltd.",
            (
                "Ninestar Corporation",
                vec![],
                vec![],
                Some("and its eight Zhuhai-based subsidiaries"),
                vec![
                    "Zhuhai Ninestar Information Technology Co. Ltd.",
                    "Zhuhai Pantum Electronics Co. Ltd.",
                    "Zhuhai Apex Microelectronics Co., Ltd.",
                    "Geehy Semiconductor Co., Ltd.",
                    "Zhuhai Pu-Tech Industrial Co., Ltd.",
                    "Zhuhai G&G Digital Technology Co., Ltd.",
                    "Zhuhai Seine Printing Technology Co., Ltd.",
                    "Zhuhai Ninestar Management Co., Ltd.",
                ],
                0,
            ),
        );
        assert_reads(
            "Xinjiang Production and Construction Corps (including three aliases: XPCC; Xinjiang Corps; and Bingtuan) and its subordinate and affiliated entities",
            (
                "Xinjiang Production and Construction Corps",
                vec!["XPCC", "Xinjiang Corps", "Bingtuan"],
                vec![],
                Some("and its subordinate and affiliated entities"),
                vec![],
                0,
            ),
        );
        assert_reads(
            "Chenguang Biotech Group Co., Ltd. and its subsidiary Chenguang Biotechnology Group Yanqi Co. Ltd.",
            (
                "Chenguang Biotech Group Co., Ltd.",
                vec![],
                vec![],
                Some("and its subsidiary"),
                vec!["Chenguang Biotechnology Group Yanqi Co. Ltd."],
                0,
            ),
        );
        assert_reads(
            "X Silicon Co., Ltd., and Subsidiaries",
            (
                "X Silicon Co., Ltd.",
                vec![],
                vec![],
                Some("and Subsidiaries"),
                vec![],
                0,
            ),
        );
        assert_reads(
            "X Co. (including two aliases: Alpha Trade and Beta Trade)",
            (
                "X Co.",
                vec!["Alpha Trade", "Beta Trade"],
                vec![],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "Shanghai Select Safety Products Company, Limited and its two subsidiaries from China, Select (Nantong) Safety Products Co. Limited and Select Protective Technology (HK) Limited.",
            (
                "Shanghai Select Safety Products Company, Limited",
                vec![],
                vec![],
                Some("and its two subsidiaries from China"),
                vec![
                    "Select (Nantong) Safety Products Co. Limited",
                    "Select Protective Technology (HK) Limited",
                ],
                0,
            ),
        );
        assert_reads(
            "Golden Works, a/k/a Silver (Jin) Works, a/k/a Province 1st Prison",
            (
                "Golden Works",
                vec!["Silver (Jin) Works", "Province 1st Prison"],
                vec![],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "Xinjiang Production and Construction Corporation (XPCC) and its subordinates",
            (
                "Xinjiang Production and Construction Corporation",
                vec!["XPCC"],
                vec![],
                Some("and its subordinates"),
                vec![],
                0,
            ),
        );
        assert_reads(
            "Select Technology (HK) Limited",
            (
                "Select Technology (HK) Limited",
                vec![],
                vec![],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "AKA Textile Group",
            ("AKA Textile Group", vec![], vec![], None, vec![], 0),
        );
    }

    #[test]
    fn reads_forms_that_nest_and_lists_of_members() {
        assert_reads(
            "X Co. (also known as A One (formerly known as B Two; and C (HK) Three); and D Four)",
            (
                "X Co.",
                vec!["A One", "D Four"],
                vec!["B Two", "C (HK) Three"],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "Hero Vast Group, which includes Henan Hero Vast Garment and Hero Vast Canada Inc.",
            (
                "Hero Vast Group",
                vec![],
                vec![],
                None,
                vec!["Henan Hero Vast Garment and Hero Vast Canada Inc."],
                0,
            ),
        );
        assert_reads(
            "Hero Group (including Alpha Garment Co., Ltd., Beta Garment, and Gamma Inc.)",
            (
                "Hero Group",
                vec![],
                vec![],
                None,
                vec!["Alpha Garment Co., Ltd.", "Beta Garment", "Gamma Inc."],
                0,
            ),
        );
        assert_reads(
            "YTY Industry Holdings Sdn Bhd (YTY Group)",
            (
                "YTY Industry Holdings Sdn Bhd",
                vec!["YTY Group"],
                vec![],
                None,
                vec![],
                0,
            ),
        );
        assert_reads(
            "Sime Darby Plantation Berhad, its subsidiaries, and joint ventures",
            (
                "Sime Darby Plantation Berhad",
                vec![],
                vec![],
                Some("its subsidiaries, and joint ventures"),
                vec![],
                0,
            ),
        );
        assert_reads(
            "Supermax Corporation Bhd. and its wholly-owned subsidiaries Maxter Glove Manufacturing Sdn. Bhd., Maxwell Glove Manufacturing Bhd., and Supermax Glove Manufacturing",
            (
                "Supermax Corporation Bhd.",
                vec![],
                vec![],
                Some("and its wholly-owned subsidiaries"),
                vec![
                    "Maxter Glove Manufacturing Sdn. Bhd.",
                    "Maxwell Glove Manufacturing Bhd.",
                    "Supermax Glove Manufacturing",
                ],
                0,
            ),
        );
        assert_reads(
            "Nanjing Synergy Textiles Co., Ltd. (including two aliases: Nanjing Xinyi Cotton Textile Printing and Dyeing; and Nanjing Xinyi Cotton Textile.)",
            (
                "Nanjing Synergy Textiles Co., Ltd.",
                vec![
                    "Nanjing Xinyi Cotton Textile Printing and Dyeing",
                    "Nanjing Xinyi Cotton Textile",
                ],
                vec![],
                None,
                vec![],
                0,
            ),
        );
        // Unbounded nesting ends at the bound, not on the stack.
        let deep = format!("X {}", "(also known as A ".repeat(50_000));
        assert_eq!(read(&deep).name, "X");
    }

    #[test]
    fn says_what_looks_wrong_and_drops_nothing() {
        assert_reads(
            "X Co. (and three aliases: A One; and B Two)",
            ("X Co.", vec!["A One", "B Two"], vec![], None, vec![], 1),
        );
        assert_reads(
            "X Co. (also known as A One; and B (C) Two",
            ("X Co.", vec!["A One", "B (C) Two"], vec![], None, vec![], 1),
        );
        assert_reads(
            "X Co. (also known as)",
            ("X Co.", vec![], vec![], None, vec![], 1),
        );
        assert_reads(
            "(also known as A One)",
            (
                "(also known as A One)",
                vec!["A One"],
                vec![],
                None,
                vec![],
                1,
            ),
        );
        assert_reads(
            "X Co. and its two subsidiaries, A One",
            (
                "X Co.",
                vec![],
                vec![],
                Some("and its two subsidiaries"),
                vec!["A One"],
                1,
            ),
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_always_names_a_party(cell in "[ (),;:a-c]{0,12}(aka |also known as |and its two subsidiaries, |formerly |aliases: |A Co., Ltd\\. |\u{65b0}){0,4}[ (),;a-c\u{65b0}]{0,12}") {
            let cell = super::super::text::tidy(&cell);
            let party = parse_party(&cell);
            let letters = cell.chars().any(char::is_alphanumeric);
            proptest::prop_assert!(!letters || !party.name.is_empty());
        }
    }
}
