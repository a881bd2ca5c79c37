//! Words of other scripts in Latin letters, one plain romanization each; the
//! differences between romanizations are taken up by the sound key.

use any_ascii::any_ascii_char;

use super::fold::{Script, Word};

/// The word in lower-case ASCII letters and digits.
pub fn romanize(word: &Word) -> String {
    match word.script {
        Script::Latin | Script::Digits | Script::Other => word.text.clone(),
        Script::Cyrillic => word.text.chars().map(cyrillic).collect(),
        // Arabic writes English ch as t and sh.
        Script::Arabic => word.text.replace("تش", "چ").chars().map(arabic).collect(),
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
        'с' | 'ѕ' => "s",
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
        'ا' | 'أ' | 'إ' | 'آ' | 'ٱ' | 'ة' => "a",
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' => "t",
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
        'ي' | 'ی' | 'ى' => "i",
        other => any_ascii_char(other),
    }
}
