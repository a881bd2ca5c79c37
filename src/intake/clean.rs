//! The text of one cell, made fit to keep: NFC, no invisible characters, no
//! stray white space. Whatever was taken away is said.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::row::is_invisible;

/// A cell's text and what had to be done to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cleaned {
    pub(super) text: String,
    /// Control characters, marks that turn the reading direction, characters
    /// of no width: they hide or disguise a name.
    pub(super) removed_invisible: bool,
    pub(super) damage: Option<Damage>,
}

/// Letters that were lost or exchanged before the file reached us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Damage {
    /// UTF-8 that somebody read as Windows-1252 or Mac Roman and saved again; with what it
    /// said before, where every letter can be read back.
    DoubleEncoded { repaired: Option<String> },
    /// U+FFFD, or a question mark between letters.
    LettersLost,
}

/// Lines are kept apart by `\n`; other white space becomes one space.
pub(super) fn clean(raw: &str) -> Cleaned {
    if raw.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return Cleaned {
            damage: lost_letters(raw).then_some(Damage::LettersLost),
            text: squeeze(raw),
            removed_invisible: false,
        };
    }
    // Before anything is removed: the bytes of a double-encoded letter may
    // stand there as control characters.
    let damage = damage(raw);
    let mut kept = String::with_capacity(raw.len());
    let mut removed_invisible = false;
    let mut before = ' ';
    for letter in raw.chars() {
        let joiner = matches!(letter, '\u{200c}' | '\u{200d}');
        // Arabic and Indic scripts spell with joiners.
        if is_invisible(letter) && !(joiner && ('\u{600}'..='\u{dff}').contains(&before)) {
            removed_invisible |= !matches!(letter, '\u{ad}' | '\u{feff}');
        } else {
            kept.push(letter);
        }
        before = letter;
    }
    let text = if is_nfc_quick(kept.chars()) == IsNormalized::Yes {
        squeeze(&kept)
    } else {
        squeeze(&kept.nfc().collect::<String>())
    };
    Cleaned {
        text,
        // The remains of a double-encoded letter disguise nothing.
        removed_invisible: removed_invisible && damage.is_none(),
        damage,
    }
}

fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for line in text.split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            continue;
        }
        if !squeezed.is_empty() {
            squeezed.push('\n');
        }
        let mut first = true;
        for word in words {
            if !first {
                squeezed.push(' ');
            }
            squeezed.push_str(word);
            first = false;
        }
    }
    squeezed
}

fn damage(raw: &str) -> Option<Damage> {
    if let Some(double) = double_encoded(raw).or_else(|| through_macintosh(raw)) {
        return Some(double);
    }
    (raw.contains('\u{fffd}') || lost_letters(raw)).then_some(Damage::LettersLost)
}

/// "S?o Paulo": a question mark with a letter on both sides.
fn lost_letters(text: &str) -> bool {
    let mut before = [' ', ' '];
    for letter in text.chars() {
        if before[1] == '?' && before[0].is_alphabetic() && letter.is_lowercase() {
            return true;
        }
        before = [before[1], letter];
    }
    false
}

fn double_encoded(raw: &str) -> Option<Damage> {
    let mut found = false;
    let mut whole = true;
    let mut repaired = String::with_capacity(raw.len());
    let mut run: Vec<(char, u8)> = Vec::new();
    for letter in raw.chars().chain(['\0']) {
        if let Some(byte) = windows_1252_byte(letter) {
            run.push((letter, byte));
            continue;
        }
        if !run.is_empty() {
            let (seen, readable) = read_back(&run, &mut repaired);
            found |= seen;
            whole &= readable;
            run.clear();
        }
        if letter != '\0' {
            repaired.push(letter);
        }
    }
    found.then(|| Damage::DoubleEncoded {
        repaired: (whole && !mixes_scripts(&repaired)).then_some(repaired),
    })
}

/// A Greek or Cyrillic letter within a Latin word: garbled more than once.
fn mixes_scripts(text: &str) -> bool {
    text.split(|letter: char| !letter.is_alphabetic())
        .any(|word| {
            word.contains(|letter| ('\u{370}'..='\u{4ff}').contains(&letter))
                && word.contains(|letter| letter < '\u{250}')
        })
}

/// Appends what the run of bytes says as UTF-8. Whether a double-encoded
/// letter is in it, and whether all of it can be read back.
fn read_back(run: &[(char, u8)], repaired: &mut String) -> (bool, bool) {
    let bytes: Vec<u8> = run.iter().map(|(_, byte)| *byte).collect();
    let mut found = false;
    let mut whole = true;
    for chunk in bytes.utf8_chunks() {
        found |= chunk.valid().chars().any(is_likely);
        whole &= chunk.valid().chars().all(is_likely);
        whole &= chunk.invalid().is_empty();
        repaired.push_str(chunk.valid());
    }
    (found, whole)
}

/// UTF-8 read as Mac Roman: "N¬∫", "Caf√©". Only the first bytes that Mac Roman
/// shows as signs no name has; its dashes and quotes could be meant.
fn through_macintosh(raw: &str) -> Option<Damage> {
    const FIRST: [(char, u32); 4] = [('¬', 0x80), ('√', 0xc0), ('ƒ', 0x100), ('≈', 0x140)];
    let mut repaired = String::with_capacity(raw.len());
    let mut found = false;
    let mut letters = raw.chars().peekable();
    while let Some(letter) = letters.next() {
        let first = FIRST.iter().find(|(shown, _)| *shown == letter);
        let read = first.and_then(|(_, base)| {
            let second = mac_continuation(*letters.peek()?)?;
            char::from_u32(base + second)
        });
        if let Some(read) = read {
            letters.next();
            repaired.push(read);
            found = true;
        } else {
            repaired.push(letter);
        }
    }
    found.then_some(Damage::DoubleEncoded {
        repaired: Some(repaired),
    })
}

/// The place in 0x80 to 0xBF of what Mac Roman shows for such a byte.
fn mac_continuation(shown: char) -> Option<u32> {
    let bytes: [u8; 64] = std::array::from_fn(|place| 0x80 + u8::try_from(place).unwrap_or(0));
    let (text, _) = encoding_rs::MACINTOSH.decode_without_bom_handling(&bytes);
    text.chars()
        .zip(0..)
        .find(|(letter, _)| *letter == shown)
        .map(|(_, place)| place)
}

/// Letters that names are written in. "É”" could be read back too, as a sign
/// of phonetic script that no company bears.
const fn is_likely(letter: char) -> bool {
    matches!(letter,
        '\u{a0}'..='\u{17f}' | '\u{218}'..='\u{21b}' | '\u{391}'..='\u{3ce}' | '\u{410}'..='\u{451}'
        | '\u{e01}'..='\u{e5b}' | '\u{1ea0}'..='\u{1ef9}' | '\u{2010}'..='\u{2026}' | '\u{20ac}' | '\u{2122}'
        | '\u{3001}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}')
}

/// The byte above 0x7F that Windows-1252 (or Latin-1) shows as this letter.
fn windows_1252_byte(letter: char) -> Option<u8> {
    const HIGH: [(char, u8); 27] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('…', 0x85),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8a),
        ('‹', 0x8b),
        ('Œ', 0x8c),
        ('Ž', 0x8e),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9a),
        ('›', 0x9b),
        ('œ', 0x9c),
        ('ž', 0x9e),
        ('Ÿ', 0x9f),
    ];
    match u32::from(letter) {
        code @ 0x80..=0xff => u8::try_from(code).ok(),
        0..=0x7f => None,
        _ => HIGH
            .iter()
            .find(|(shown, _)| *shown == letter)
            .map(|(_, byte)| *byte),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_away_what_hides_and_says_so() {
        let cleaned = clean("Foo\u{202e}dtL\u{200b} \u{0}Co\u{a0}.  Ltd\r\nUnit 2 ");
        assert_eq!(cleaned.text, "FoodtL Co . Ltd\nUnit 2");
        assert!(cleaned.removed_invisible);
        assert!(!clean("\u{feff}Foo").removed_invisible);
        assert_eq!(clean("Cafe\u{301}").text, "Café");
        assert_eq!(clean("می\u{200c}خواهم").text, "می\u{200c}خواهم");
    }

    #[test]
    fn tells_double_encoded_text_from_accents() {
        let repaired = |text: &str| match clean(text).damage {
            Some(Damage::DoubleEncoded { repaired }) => Some(repaired),
            _ => None,
        };
        assert_eq!(
            repaired("AtatÃ¼rk BulvarÄ±"),
            Some(Some("Atatürk Bulvarı".to_owned()))
        );
        assert_eq!(
            repaired("Ltd. Å\u{9e}ti."),
            Some(Some("Ltd. Şti.".to_owned()))
        );
        assert_eq!(repaired("æ–°ç–†"), Some(Some("新疆".to_owned())));
        assert_eq!(repaired("BahÎÂ§elievler"), Some(None));
        assert_eq!(repaired("BahÎ\u{93}Â§elievler"), Some(None));
        assert_eq!(
            repaired("Saudade, N¬∫ 280"),
            Some(Some("Saudade, Nº 280".to_owned()))
        );
        assert_eq!(repaired("Jos√© Ltda"), Some(Some("José Ltda".to_owned())));
        for fine in [
            "São Paulo",
            "Łódź",
            "“CAFÉ”",
            "Ünlü Tekstil A.Ş.",
            "Côte d’Ivoire",
            "N° 37/B",
            "新疆",
            "Đồng Nai",
            "50 m²",
            "Año €100",
        ] {
            assert_eq!(clean(fine).damage, None, "{fine}");
        }
        assert_eq!(clean("S?o Paulo").damage, Some(Damage::LettersLost));
        assert_eq!(clean("Bình D\u{fffd}ng").damage, Some(Damage::LettersLost));
        assert_eq!(clean("Who? Me Ltd").damage, None);
    }

    proptest! {
        #[test]
        fn cleaning_is_done_once(text in "\\PC{0,30}|[\u{0}-\u{30}\u{200b}-\u{202e}é\u{301} ]{0,20}") {
            let once = clean(&text).text;
            prop_assert_eq!(&clean(&once).text, &once);
        }

        #[test]
        fn what_was_encoded_twice_reads_back(text in "[a-zçéüñşğı新疆 ]{1,20}") {
            let twice: String = text.bytes().map(char::from).collect();
            if text.is_ascii() {
                prop_assert_eq!(clean(&twice).damage, None);
            } else {
                prop_assert_eq!(clean(&twice).damage, Some(Damage::DoubleEncoded { repaired: Some(text) }));
            }
        }
    }
}
