//! Keys under which spellings of one spoken word fall together.

/// Longest spelling first. What no rule names stands for itself.
const SPELLINGS: &[(&str, &str)] = &[
    ("shch", "x"),
    ("dzh", "j"),
    ("tch", "x"),
    ("sch", "x"),
    ("iya", "a"),
    ("iia", "a"),
    ("yya", "a"),
    ("yiy", "i"),
    ("sh", "x"),
    ("ch", "x"),
    ("kh", "k"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("zh", "j"),
    ("dj", "j"),
    ("ts", "s"),
    ("tz", "s"),
    ("tc", "s"),
    ("ck", "k"),
    ("yu", "u"),
    ("iu", "u"),
    ("ya", "a"),
    ("ia", "a"),
    ("ye", "e"),
    ("ie", "e"),
    ("yo", "o"),
    ("io", "o"),
    ("ii", "i"),
    ("iy", "i"),
    ("yi", "i"),
    ("kij", "ki"),
    ("nij", "ni"),
    ("rij", "ri"),
    ("lij", "li"),
    ("ei", "e"),
    ("ey", "e"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("x", "ks"),
    ("y", "i"),
    ("w", "v"),
    ("c", "k"),
    ("q", "k"),
];

/// A key in which the usual romanizations of a word agree: `Yuzhnyi`, `Iuzhny`
/// and `Juzhniy` all but agree, `Hussein` and `Husein` do. ASCII in, ASCII out;
/// never empty for a word that is not.
pub fn sound(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    let mut rest = word;
    while !rest.is_empty() {
        let (taken, sounds) = spelling_at(rest);
        for sound in sounds.chars() {
            // Doubled letters sound once; doubled digits are another number.
            if sound.is_ascii_digit() || !key.ends_with(sound) {
                key.push(sound);
            }
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    key
}

fn spelling_at(rest: &str) -> (usize, &str) {
    let first = rest.bytes().next().unwrap_or(0);
    if first.is_ascii_digit() || matches!(first, b'a' | b'b' | b'f' | b'm' | b'u' | b'v') {
        return (1, rest.get(..1).unwrap_or(""));
    }
    SPELLINGS
        .iter()
        .find(|(spelling, _)| rest.starts_with(spelling))
        .map_or_else(
            || {
                let one = rest.chars().next().map_or(1, char::len_utf8);
                (one, rest.get(..one).unwrap_or(""))
            },
            |(spelling, sounds)| (spelling.len(), *sounds),
        )
}

/// The consonants of a sound key that Arabic script is sure to write, with
/// those that are romanized in two ways made one. Empty for `Oya`.
pub fn skeleton(sound: &str) -> String {
    let mut key = String::with_capacity(sound.len());
    for letter in sound.chars() {
        let kept = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'h' | 'v' | 'y' => continue,
            'g' => 'k',
            other => other,
        };
        if kept.is_ascii_digit() || !key.ends_with(kept) {
            key.push(kept);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn romanizations_of_one_word_share_a_key() {
        for (one, other) in [
            ("obshchestvo", "obschestvo"),
            ("otvetstvennostyu", "otvetstvennostiu"),
            ("peyvand", "peivand"),
            ("lodzhistik", "lojistik"),
            ("rossiiskaya", "rossiyskaia"),
            ("limmited", "limited"),
        ] {
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
        assert_ne!(sound("711"), sound("71"));
        assert_ne!(sound("changji"), sound("changsha"));
    }

    #[test]
    fn a_skeleton_is_what_arabic_script_writes() {
        assert_eq!(skeleton(&sound("parvaz")), skeleton(&sound("prvaz")));
        assert_eq!(skeleton(&sound("gharchak")), skeleton(&sound("qrchk")));
    }
}
