//! The form in which headers and cells are compared.

use unicode_normalization::UnicodeNormalization;

/// Words of `text` without case, accents and punctuation; `%` is the word
/// "percent", `camelCase` is two words, a word said twice is said once.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut after_lower = false;
    // Most lists are ASCII, and decomposing is what takes the time.
    if text.is_ascii() {
        for letter in text.chars() {
            after_lower = push(&mut folded, letter, after_lower);
        }
    } else {
        for letter in text.nfkd() {
            after_lower = push(&mut folded, letter, after_lower);
        }
    }
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    words.dedup();
    words.join(" ")
}

/// Whether the next capital letter begins a new word.
fn push(folded: &mut String, letter: char, after_lower: bool) -> bool {
    match letter {
        '\u{300}'..='\u{36f}' => return after_lower,
        '%' | '％' => folded.push_str(" percent "),
        '&' => folded.push_str(" and "),
        'ı' => folded.push('i'),
        'đ' | 'Đ' => folded.push('d'),
        'ß' => folded.push_str("ss"),
        letter if letter.is_alphanumeric() => {
            if after_lower && letter.is_uppercase() {
                folded.push(' ');
            }
            folded.extend(letter.to_lowercase());
        }
        _ => folded.push(' '),
    }
    letter.is_lowercase()
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn headers_lose_what_does_not_distinguish_them() {
        for (text, folded) in [
            (" Supplier_Name* ", "supplier name"),
            ("supplierName", "supplier name"),
            ("Product Type Type", "product type"),
            ("% Migrant Workers", "percent migrant workers"),
            ("País / Región", "pais region"),
            ("Tedarikçi Adı", "tedarikci adi"),
            ("供应商名称：", "供应商名称"),
            ("ＵＥＩ", "uei"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }
}
