//! Words of other scripts in Latin letters, one plain romanization each; the
//! differences between romanizations are taken up by the sound key.

use any_ascii::any_ascii_char;

use super::fold::{Script, Word};

/// The word in lower-case ASCII letters and digits.
pub fn romanize(word: &Word) -> String {
    match word.script {
        Script::Latin | Script::Digits | Script::Other => word.text.clone(),
        Script::Cyrillic => word.text.chars().map(cyrillic).collect(),
        Script::Arabic => word.text.chars().map(arabic).collect(),
        Script::Han => pinyin(&word.text),
    }
}

/// Han letters as toneless pinyin, joined.
pub fn pinyin(han: &str) -> String {
    han.chars()
        .flat_map(|letter| any_ascii_char(letter).chars())
        .flat_map(char::to_lowercase)
        .filter(char::is_ascii_alphanumeric)
        .collect()
}

/// Close to BGN/PCGN without its context rules. Belarusian, Ukrainian, Kazakh
/// letters included; anything else (Greek) by its usual transliteration.
fn cyrillic(letter: char) -> &'static str {
    match letter {
        'а' | 'ә' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' | 'ғ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' | 'ё' => "e",
        'ж' | 'җ' => "zh",
        'з' => "z",
        'и' | 'і' | 'ы' | 'ї' => "i",
        'й' => "y",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' | 'ұ' | 'ү' => "u",
        'ф' => "f",
        'х' | 'һ' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'ђ' => "dj",
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ћ' => "c",
        'џ' => "dz",
        other => any_ascii_char(other),
    }
}

/// Arabic and Persian consonants; vowels are mostly not written.
fn arabic(letter: char) -> &'static str {
    match letter {
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ى' => "a",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' | 'ة' => "t",
        'ث' | 'س' | 'ص' => "s",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' | 'ھ' | 'ہ' => "h",
        'خ' => "kh",
        'د' => "d",
        'ذ' | 'ز' | 'ض' | 'ظ' => "z",
        'ر' => "r",
        'ژ' => "zh",
        'ش' => "sh",
        'ع' | 'ء' | 'ئ' => "",
        'غ' => "gh",
        'ف' => "f",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' | 'ؤ' => "v",
        'ي' | 'ی' => "i",
        other => any_ascii_char(other),
    }
}

/// A key under which the usual romanizations of one spoken word fall together
/// (`tekhnologii` and `technologies`' stems, `Yuzhny` and `Iuzhnyi`). ASCII in,
/// ASCII out.
pub fn sound(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (taken, sound) = sound_at(rest).unwrap_or((1, ""));
        let sound = if sound.is_empty() && !matches!(first, 'h' | 'y' | 'j' | 'i') {
            rest.get(..1).unwrap_or("")
        } else {
            sound
        };
        for letter in sound.chars() {
            if !key.ends_with(letter) {
                key.push(letter);
            }
        }
        rest = rest.get(taken..).unwrap_or("");
    }
    if key.is_empty() { word.to_owned() } else { key }
}

/// Longest spelling first.
fn sound_at(rest: &str) -> Option<(usize, &'static str)> {
    const SPELLINGS: &[(&str, &str)] = &[
        ("shch", "x"),
        ("tch", "x"),
        ("sch", "x"),
        ("iya", "ia"),
        ("iia", "ia"),
        ("yya", "ia"),
        ("ija", "ia"),
        ("yiy", "i"),
        ("sh", "x"),
        ("ch", "x"),
        ("kh", "k"),
        ("gh", "g"),
        ("ph", "f"),
        ("th", "t"),
        ("zh", "j"),
        ("dzh", "j"),
        ("dj", "j"),
        ("ts", "s"),
        ("tz", "s"),
        ("tc", "s"),
        ("ck", "k"),
        ("ks", "ks"),
        ("yu", "u"),
        ("iu", "u"),
        ("ju", "u"),
        ("ya", "a"),
        ("ia", "a"),
        ("ja", "a"),
        ("ye", "e"),
        ("ie", "e"),
        ("je", "e"),
        ("yo", "o"),
        ("ii", "i"),
        ("iy", "i"),
        ("yi", "i"),
        ("ij", "i"),
        ("yy", "i"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("x", "ks"),
        ("y", "i"),
        ("j", "j"),
        ("i", "i"),
        ("w", "v"),
        ("c", "k"),
        ("q", "k"),
        ("h", "h"),
        ("z", "z"),
    ];
    SPELLINGS
        .iter()
        .find(|(spelling, _)| rest.starts_with(spelling))
        .map(|(spelling, sound)| (spelling.len(), *sound))
}
