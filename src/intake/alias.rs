//! One name cell to a name and its aliases: "X (formerly Y)", "X d/b/a Y",
//! "X Co., Ltd. 某某有限公司".

use crate::supplier::{Alias, AliasKind};

/// Words before another name. Those in capitals or without strokes also occur
/// inside names ("PT Aka Jaya"), so they need a name of two words before them.
const MARKERS: [(&str, AliasKind, bool); 30] = [
    ("formerly known as", AliasKind::FormerlyKnownAs, true),
    ("previously known as", AliasKind::FormerlyKnownAs, true),
    ("formerly", AliasKind::FormerlyKnownAs, true),
    ("previously", AliasKind::FormerlyKnownAs, true),
    ("f/k/a", AliasKind::FormerlyKnownAs, true),
    ("f.k.a.", AliasKind::FormerlyKnownAs, true),
    ("f.k.a", AliasKind::FormerlyKnownAs, true),
    ("fka", AliasKind::FormerlyKnownAs, false),
    ("anteriormente", AliasKind::FormerlyKnownAs, true),
    ("antigua denominación", AliasKind::FormerlyKnownAs, true),
    ("antigamente", AliasKind::FormerlyKnownAs, true),
    ("anciennement", AliasKind::FormerlyKnownAs, true),
    ("ehemals", AliasKind::FormerlyKnownAs, true),
    ("vormals", AliasKind::FormerlyKnownAs, true),
    ("曾用名", AliasKind::FormerlyKnownAs, true),
    ("原名", AliasKind::FormerlyKnownAs, true),
    ("now known as", AliasKind::AlsoKnownAs, true),
    ("also known as", AliasKind::AlsoKnownAs, true),
    ("a/k/a", AliasKind::AlsoKnownAs, true),
    ("a.k.a.", AliasKind::AlsoKnownAs, true),
    ("a.k.a", AliasKind::AlsoKnownAs, true),
    ("aka", AliasKind::AlsoKnownAs, false),
    ("doing business as", AliasKind::AlsoKnownAs, true),
    ("d/b/a", AliasKind::AlsoKnownAs, true),
    ("d.b.a.", AliasKind::AlsoKnownAs, true),
    ("d.b.a", AliasKind::AlsoKnownAs, true),
    ("dba", AliasKind::AlsoKnownAs, false),
    ("trading as", AliasKind::AlsoKnownAs, true),
    ("t/a", AliasKind::AlsoKnownAs, true),
    ("nome fantasia", AliasKind::AlsoKnownAs, true),
];

/// The name and the aliases its cell holds. The name is never empty when the
/// text is not.
pub(super) fn split_name(text: &str) -> (String, Vec<Alias>) {
    let mut aliases = Vec::new();
    let mut name = text.replace('\n', " ");
    // A cell of many markers is prose; the rest then stays in the name.
    for _ in 0..4 {
        let Some(split) = at_marker(&name) else { break };
        // The last marker comes off first.
        let mut peeled = Vec::new();
        for part in split.other.split(';') {
            push(&mut peeled, part, split.kind);
        }
        peeled.append(&mut aliases);
        aliases = peeled;
        name = split.name;
    }
    if let Some((latin, local)) = split_scripts(&name) {
        push(&mut aliases, &local, AliasKind::LocalScript);
        name = latin;
    }
    for part in slash_parts(&name).into_iter().chain(bracketed_name(&name)) {
        push(&mut aliases, part, AliasKind::AlsoKnownAs);
    }
    (name, aliases)
}

fn push(aliases: &mut Vec<Alias>, text: &str, kind: AliasKind) {
    let name = text.trim_matches(|letter: char| {
        letter.is_whitespace() || matches!(letter, ',' | ';' | ':' | '：' | '"' | '“' | '”')
    });
    if name
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
        >= 2
    {
        aliases.push(Alias {
            name: name.to_owned(),
            kind,
        });
    }
}

struct Split {
    name: String,
    other: String,
    kind: AliasKind,
}

/// Splits at the last marker, so that several peel off one by one.
fn at_marker(text: &str) -> Option<Split> {
    let lower = text.to_lowercase();
    // Lower-casing moved the letters: the places would not fit the text.
    if lower.len() != text.len() {
        return None;
    }
    let (at, marker, kind, sure) = MARKERS
        .iter()
        .filter_map(|(marker, kind, sure)| {
            lower
                .rmatch_indices(marker)
                .map(|(at, _)| at)
                .find(|at| stands_alone(text, *at, marker.len()))
                .map(|at| (at, *marker, *kind, *sure))
        })
        .max_by_key(|(at, marker, _, _)| (at + marker.len(), marker.len()))?;
    let head = text.get(..at)?;
    let tail = text.get(at + marker.len()..)?;
    let bracket = head
        .trim_end()
        .chars()
        .next_back()
        .filter(|letter| matches!(letter, '(' | '[' | '（'));
    let (name, other) = match bracket {
        Some(open) => {
            let close = match open {
                '[' => ']',
                '（' => '）',
                _ => ')',
            };
            let before = head.trim_end().trim_end_matches(open);
            let (inside, after) = close_bracket(tail, open, close);
            (
                format!("{} {}", before.trim(), after.trim()),
                inside.to_owned(),
            )
        }
        None => (head.to_owned(), tail.to_owned()),
    };
    let name = name
        .trim_matches(|letter: char| {
            letter.is_whitespace() || matches!(letter, ',' | ';' | '-' | '–')
        })
        .to_owned();
    let words = name.split_whitespace().count();
    let usual = text.get(at..at + marker.len()) == Some(marker);
    let enough = if sure || bracket.is_some() || usual {
        words >= 1
    } else {
        words >= 2 && other.split_whitespace().count() >= 2
    };
    let named = |text: &str| {
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .count()
            >= 2
    };
    (enough && named(&name) && named(&other) && !is_legal_form(&name)).then_some(Split {
        name,
        other,
        kind,
    })
}

/// "Inc. dba Foo" names nobody before its marker.
fn is_legal_form(name: &str) -> bool {
    let letters: String = name
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    LEGAL_FORMS.contains(&letters.to_lowercase().as_str())
}

/// Forms that close a company's name, letters only.
const LEGAL_FORMS: [&str; 22] = [
    "inc",
    "ltd",
    "limited",
    "llc",
    "co",
    "coltd",
    "corp",
    "corporation",
    "company",
    "gmbh",
    "ag",
    "sa",
    "sas",
    "srl",
    "spa",
    "bv",
    "nv",
    "pt",
    "jsc",
    "sdnbhd",
    "pvtltd",
    "plc",
];

/// The text to the bracket that closes the one already open, and what follows.
fn close_bracket(tail: &str, open: char, close: char) -> (&str, &str) {
    let mut depth = 1;
    for (at, letter) in tail.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
        }
        if depth == 0 {
            let after = tail.get(at + letter.len_utf8()..).unwrap_or_default();
            return (tail.get(..at).unwrap_or_default(), after);
        }
    }
    (tail, "")
}

fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    let after = text.get(at + length..).and_then(|tail| tail.chars().next());
    let script = |letter: char| letter > '\u{2fff}';
    before.is_some_and(|letter| {
        letter.is_whitespace() || matches!(letter, '(' | '[' | '（' | ',' | ';') || script(letter)
    }) && after.is_some_and(|letter| {
        letter.is_whitespace() || matches!(letter, ':' | '.' | '：' | ',') || script(letter)
    })
}

/// A Latin name and a name in another script, one after the other.
fn split_scripts(text: &str) -> Option<(String, String)> {
    let is_local =
        |letter: char| letter.is_alphabetic() && letter > '\u{36f}' && !is_latin_extra(letter);
    let is_latin = |letter: char| letter.is_alphabetic() && !is_local(letter);
    let first = text.find(is_local)?;
    let last = text.rfind(is_local)?;
    let before = text.get(..first)?;
    let end = last + text.get(last..)?.chars().next()?.len_utf8();
    let inside = text.get(first..end)?;
    let after = text.get(end..)?;
    let latin = |part: &str| part.chars().filter(|letter| is_latin(*letter)).count();
    // A Latin letter inside is part of the local name ("某某A有限公司") unless
    // there are many.
    if inside.chars().filter(|letter| is_local(*letter)).count() < 2 || latin(inside) > 3 {
        return None;
    }
    let (name, local_is_last) = match (latin(before) >= 3, latin(after) >= 3) {
        (true, false) => (before, true),
        (false, true) => (after, false),
        _ => return None,
    };
    let brackets = |letter: char| {
        letter.is_whitespace()
            || matches!(
                letter,
                '/' | '|' | '-' | '–' | ',' | '，' | ';' | ':' | '：'
            )
    };
    let mut name = name.trim_matches(brackets);
    // The bracket that held the local name.
    name = if local_is_last {
        name.trim_end_matches(['(', '（', '[', '【'])
    } else {
        name.trim_start_matches([')', '）', ']', '】'])
    };
    if let (true, Some(inner)) = (
        !local_is_last,
        name.strip_prefix(['(', '（'])
            .and_then(|rest| rest.strip_suffix([')', '）'])),
    ) {
        name = inner;
    }
    let tail = if local_is_last { after } else { before };
    // Whatever stands around the local name, a branch number say, stays with it.
    let local = if local_is_last {
        format!("{inside}{}", trimmed_tail(tail, inside))
    } else {
        format!("{}{inside}", tail.trim_start_matches(['(', '（']))
    };
    Some((
        name.trim_matches(brackets).to_owned(),
        local.trim().to_owned(),
    ))
}

/// What follows the local name, less the bracket that closed around it.
fn trimmed_tail<'tail>(tail: &'tail str, inside: &str) -> &'tail str {
    let opened = inside.contains(['(', '（']) && !inside.contains([')', '）']);
    if opened {
        tail
    } else {
        tail.trim_start_matches([')', '）', ']', '】'])
    }
}

/// Latin beyond the accents of Europe: Vietnamese, full-width.
const fn is_latin_extra(letter: char) -> bool {
    matches!(letter, '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{ff21}'..='\u{ff5a}')
}

/// "Foo Textile Ltd / Bar Garment Ltd": each side may be a name of its own. The
/// whole stays the name, since the stroke may also just part a unit from it.
fn slash_parts(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split(" / ").map(str::trim).collect();
    let like_name = |part: &&str| {
        let mut words = part.split_whitespace();
        let first = words.next().unwrap_or_default().to_lowercase();
        words.next().is_some()
            && part.chars().filter(|letter| letter.is_alphabetic()).count() >= 5
            && ![
                "unit", "plant", "factory", "no", "no.", "building", "phase", "branch", "floor",
            ]
            .contains(&first.as_str())
    };
    if (2..=3).contains(&parts.len()) && parts.iter().all(like_name) {
        parts
    } else {
        Vec::new()
    }
}

/// "Công ty Foo (Foo Vietnam Co., Ltd)": a whole company name in brackets at
/// the end. The cell stays the name, since "(I)" or "(China)" may be part of it.
fn bracketed_name(text: &str) -> Option<&str> {
    let inside = text.trim_end().strip_suffix(')')?;
    let mut depth = 1;
    let open = inside.char_indices().rev().find_map(|(at, letter)| {
        match letter {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let name = inside.get(open + 1..)?.trim();
    let words: Vec<&str> = name.split_whitespace().collect();
    let formed = words.iter().skip(1).any(|word| is_legal_form(word));
    (words.len() >= 3 && formed && open > 0).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use AliasKind::{AlsoKnownAs, FormerlyKnownAs, LocalScript};

    fn split(text: &str) -> (String, Vec<(String, AliasKind)>) {
        let (name, aliases) = split_name(text);
        (
            name,
            aliases
                .into_iter()
                .map(|alias| (alias.name, alias.kind))
                .collect(),
        )
    }

    #[test]
    fn names_with_other_names_in_them() {
        for (text, name, aliases) in [
            (
                "Foo Textile (formerly Bar Cotton Ltd.)",
                "Foo Textile",
                vec![("Bar Cotton Ltd.", FormerlyKnownAs)],
            ),
            (
                "Foo (f/k/a Bar (Shanghai) Co.) Ltd",
                "Foo Ltd",
                vec![("Bar (Shanghai) Co.", FormerlyKnownAs)],
            ),
            (
                "Foo Trading LLC dba Bar Foods",
                "Foo Trading LLC",
                vec![("Bar Foods", AlsoKnownAs)],
            ),
            (
                "Foo Trading LLC DBA Bar Foods",
                "Foo Trading LLC",
                vec![("Bar Foods", AlsoKnownAs)],
            ),
            (
                "Foo Ltd. a/k/a Bar Ltd.; Baz Ltd.",
                "Foo Ltd.",
                vec![("Bar Ltd.", AlsoKnownAs), ("Baz Ltd.", AlsoKnownAs)],
            ),
            (
                "Foo Ltd, also known as Bar, formerly Baz Co",
                "Foo Ltd",
                vec![("Bar", AlsoKnownAs), ("Baz Co", FormerlyKnownAs)],
            ),
            (
                "Xinjiang Foo Co., Ltd. 新疆富有限公司",
                "Xinjiang Foo Co., Ltd.",
                vec![("新疆富有限公司", LocalScript)],
            ),
            (
                "Xinjiang Foo Co., Ltd. (新疆富有限公司)",
                "Xinjiang Foo Co., Ltd.",
                vec![("新疆富有限公司", LocalScript)],
            ),
            (
                "新疆富(集团)有限公司 Xinjiang Foo Group",
                "Xinjiang Foo Group",
                vec![("新疆富(集团)有限公司", LocalScript)],
            ),
            (
                "新疆富有限公司（原名：新疆贵有限公司）",
                "新疆富有限公司",
                vec![("新疆贵有限公司", FormerlyKnownAs)],
            ),
            (
                "ООО Ромашка / Romashka LLC",
                "Romashka LLC",
                vec![("ООО Ромашка", LocalScript)],
            ),
        ] {
            let wanted: Vec<(String, AliasKind)> = aliases
                .into_iter()
                .map(|(name, kind)| (name.to_owned(), kind))
                .collect();
            assert_eq!(split(text), (name.to_owned(), wanted), "{text}");
        }
    }

    #[test]
    fn names_that_only_look_like_it() {
        for text in [
            "PT AKA Garment",
            "Tanaka Dyeing",
            "Aka Textile Mills",
            "SHREE AKA TEXTILE MILLS",
            "DBA Ltd",
            "Formerly Ltd",
            "A/S Foo",
            "Foo Garments / Unit 2",
            "富有限公司",
            "Công ty Đồng Nai",
            "Łódź S.A.",
            "Foo (China) Co., Ltd.",
            "Foo Apparel (Shenzhen Ltd.)",
            "Inc. dba Foo Sourcing",
            "上海A有限公司",
        ] {
            assert_eq!(split(text), (text.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn a_company_in_brackets_is_another_name() {
        let (name, aliases) = split("Texport Syndicate (Texport Syndicate (I) Ltd. - 4)");
        assert_eq!(name, "Texport Syndicate (Texport Syndicate (I) Ltd. - 4)");
        assert_eq!(
            aliases,
            [("Texport Syndicate (I) Ltd. - 4".to_owned(), AlsoKnownAs)]
        );
    }

    #[test]
    fn a_stroke_adds_names_and_takes_none() {
        let (name, aliases) = split("Foo Textile Ltd / Bar Garment Ltd");
        assert_eq!(name, "Foo Textile Ltd / Bar Garment Ltd");
        assert_eq!(aliases.len(), 2);
    }

    proptest! {
        #[test]
        fn a_name_stays_a_name(text in "(Foo|Bar|aka|dba|\\(|\\)|formerly|新疆|富|Ltd|/| |;|İ){1,12}") {
            prop_assume!(!text.trim().is_empty());
            prop_assert!(!split_name(&text).0.trim().is_empty());
        }
    }
}
