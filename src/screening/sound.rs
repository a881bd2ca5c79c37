//! Keys under which spellings of one spoken word fall together.

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

/// The spelling the rest of a word begins with, longest first, as letters taken
/// and the sound they make; what no rule names stands for itself.
fn spelling_at(rest: &str) -> (usize, &str) {
    match rest.as_bytes() {
        [b's', b'h', b'c', b'h', ..] => (4, "x"),
        [b's' | b't', b'c', b'h', ..] => (3, "x"),
        [b's' | b'c', b'h', ..] => (2, "x"),
        [b'd', b'z', b'h', ..] => (3, "j"),
        [b'd', b'j', ..] | [b'z', b'h', ..] => (2, "j"),
        [b't', b's' | b'z' | b'c', ..] => (2, "s"),
        [b't', b'h', ..] => (2, "t"),
        [b'k', b'i', b'j', ..] => (3, "ki"),
        [b'n', b'i', b'j', ..] => (3, "ni"),
        [b'r', b'i', b'j', ..] => (3, "ri"),
        [b'l', b'i', b'j', ..] => (3, "li"),
        [b'k', b'h', ..] | [b'c', b'k', ..] => (2, "k"),
        [b'g', b'h', ..] => (2, "g"),
        [b'p', b'h', ..] => (2, "f"),
        [b'i', b'y' | b'i', b'a', ..] | [b'y', b'y', b'a', ..] => (3, "a"),
        [b'y', b'i', b'y', ..] => (3, "i"),
        [b'y' | b'i', b'u', ..] | [b'o', b'u' | b'o', ..] => (2, "u"),
        [b'y' | b'i', b'a', ..] => (2, "a"),
        [b'y' | b'i', b'e', ..] | [b'e', b'i' | b'y', ..] => (2, "e"),
        [b'y' | b'i', b'o', ..] => (2, "o"),
        [b'i', b'i' | b'y', ..] | [b'y', b'i', ..] | [b'e', b'e', ..] => (2, "i"),
        [b'x', ..] => (1, "ks"),
        [b'y', ..] => (1, "i"),
        [b'w', ..] => (1, "v"),
        [b'c' | b'q', ..] => (1, "k"),
        _ => {
            let one = rest.chars().next().map_or(1, char::len_utf8);
            (one, rest.get(..one).unwrap_or(""))
        }
    }
}

/// The consonants of a sound key that Arabic script is sure to write, with
/// those that are romanized in two ways made one. Empty for `Oya`.
pub fn skeleton(sound: &str) -> String {
    let mut key = String::with_capacity(sound.len());
    for letter in sound.chars() {
        let kept = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'h' | 'v' | 'y' => continue,
            'g' => 'k',
            // Arabic has no p.
            'p' => 'b',
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
