//! A name as somebody else might write it.

use crate::chance::Chance;

const SHORT: [(&str, &str); 24] = [
    ("INTERNATIONAL", "INTL"),
    ("COMPANY", "CO"),
    ("LIMITED", "LTD"),
    ("CORPORATION", "CORP"),
    ("TECHNOLOGY", "TECH"),
    ("MANUFACTURING", "MFG"),
    ("INDUSTRIES", "IND"),
    ("INDUSTRY", "IND"),
    ("TRADING", "TRDG"),
    ("DEVELOPMENT", "DEV"),
    ("ENGINEERING", "ENGG"),
    ("MANAGEMENT", "MGMT"),
    ("SERVICES", "SVCS"),
    ("GROUP", "GRP"),
    ("SHIPPING", "SHPG"),
    ("IMPORT", "IMP"),
    ("EXPORT", "EXP"),
    ("NATIONAL", "NATL"),
    ("GENERAL", "GEN"),
    ("AND", "&"),
    ("CENTER", "CTR"),
    ("INSTITUTE", "INST"),
    ("RESEARCH", "RES"),
    ("ENTERPRISES", "ENT"),
];

const SPELLED: [(&str, &str); 22] = [
    ("KH", "H"),
    ("OU", "U"),
    ("OO", "U"),
    ("EE", "I"),
    ("Q", "K"),
    ("Y", "I"),
    ("IA", "IYA"),
    ("ZH", "J"),
    ("TS", "C"),
    ("W", "V"),
    ("PH", "F"),
    ("CK", "K"),
    ("SH", "SCH"),
    ("II", "IY"),
    ("YU", "IU"),
    ("NG", "N"),
    ("X", "KS"),
    ("E", "A"),
    ("A", "E"),
    ("I", "E"),
    ("O", "U"),
    ("G", "GH"),
];

const LEGAL: [&str; 14] = [
    "LIMITED", "LTD", "LTD.", "LLC", "CO", "CO.", "COMPANY", "INC", "INC.", "CORP", "CORP.",
    "S.A.", "GMBH", "JSC",
];

const NOISE: [&str; 6] = [
    "M/S {}",
    "{} (GROUP)",
    "{} HEAD OFFICE",
    "{} BRANCH",
    "{} (HOLDING)",
    "THE {}",
];

/// One way at random; `None` when it changes nothing.
pub(crate) fn disturb(name: &str, chance: &mut Chance) -> Option<String> {
    let changed = match chance.below(13) {
        0 => mistyped(name, chance),
        1 => mistyped(&mistyped(name, chance), chance),
        2 => shortened(name),
        3 => respelled(name, chance),
        4 => without_legal(name),
        5 => reordered(name, chance),
        6 => respaced(name, chance),
        7 => name.chars().take(35).collect(),
        8 => chance
            .pick(&NOISE)
            .map(|noise| noise.replace("{}", name))
            .unwrap_or_default(),
        9 => without_place(name),
        10 => mistyped(&without_legal(name), chance),
        11 => respelled(&shortened(name), chance),
        _ => other_legal(name, chance),
    };
    let changed = changed.trim().to_owned();
    (changed != name
        && changed
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .count()
            >= 4)
        .then_some(changed)
}

fn mistyped(name: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (1..letters.len())
        .filter(|place| letters.get(*place).is_some_and(char::is_ascii_alphabetic))
        .collect();
    let Some(place) = chance.pick(&places).copied() else {
        return name.to_owned();
    };
    let other = char::from(b'A' + u8::try_from(chance.below(26)).unwrap_or(0));
    match chance.below(4) {
        0 => {
            letters.remove(place);
        }
        1 => letters.insert(place, other),
        2 => letters.swap(place - 1, place),
        _ => {
            if let Some(letter) = letters.get_mut(place) {
                *letter = other;
            }
        }
    }
    letters.into_iter().collect()
}

fn shortened(name: &str) -> String {
    let words = name.split(' ').map(|word| {
        SHORT
            .iter()
            .find(|(long, _)| *long == word)
            .map_or(word, |(_, short)| short)
    });
    words.collect::<Vec<_>>().join(" ")
}

fn respelled(name: &str, chance: &mut Chance) -> String {
    let start = chance.below(SPELLED.len());
    let rule = SPELLED
        .iter()
        .cycle()
        .skip(start)
        .take(SPELLED.len())
        .find(|(one, _)| name.contains(one));
    rule.map_or_else(
        || name.to_owned(),
        |(one, other)| name.replacen(one, other, 1),
    )
}

fn is_legal(word: &str) -> bool {
    LEGAL.contains(&word.trim_end_matches(','))
}

fn without_legal(name: &str) -> String {
    name.split(' ')
        .filter(|word| !is_legal(word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn other_legal(name: &str, chance: &mut Chance) -> String {
    let other = ["CO., LTD.", "LIMITED", "LLC", "COMPANY LIMITED", "INC."];
    let other = chance.pick(&other).copied().unwrap_or_default();
    format!("{} {other}", without_legal(name))
}

fn reordered(name: &str, chance: &mut Chance) -> String {
    let mut words: Vec<&str> = name.split(' ').collect();
    let (one, two) = (chance.below(words.len()), chance.below(words.len()));
    words.swap(one, two);
    words.join(" ")
}

fn respaced(name: &str, chance: &mut Chance) -> String {
    let spaces: Vec<usize> = name.match_indices(' ').map(|(place, _)| place).collect();
    let mut changed = name.to_owned();
    if chance.one_in(2)
        && let Some(place) = chance.pick(&spaces)
    {
        changed.remove(*place);
    } else {
        let place = 2 + chance.below(name.len().saturating_sub(3));
        if name.is_char_boundary(place) {
            changed.insert(place, ' ');
        }
    }
    changed
}

fn without_place(name: &str) -> String {
    let is_place = |word: &str| {
        !plimsoll::screening::lexicon::lexicon()
            .countries_in(word)
            .is_empty()
    };
    name.split(' ')
        .filter(|word| !is_place(word))
        .collect::<Vec<_>>()
        .join(" ")
}
