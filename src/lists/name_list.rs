//! Where one name ends and the next begins, in lists that publishers write in
//! running text. Commas belong to `Co., Ltd.`, "and" to `Trade and Business`.

/// Words that may end a company's name, lower case, without marks.
const LEGAL_ENDINGS: &[&str] = &[
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "company",
    "co",
    "llc",
    "llp",
    "plc",
    "pvt",
    "bhd",
    "berhad",
    "gmbh",
    "ag",
    "sa",
    "srl",
    "cv",
    "spa",
    "bv",
    "nv",
    "kk",
    "doo",
    "jsc",
    "ltda",
    "pte",
    "pty",
    "group",
    "oy",
    "ab",
    "as",
];

/// Legal forms that follow a comma inside one name: `Co., Ltd.`, `Company,
/// Limited`, `Holdings, Inc.`, `Technology, Co. Ltd`.
const AFTER_COMMA: &[&str] = &[
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "plc",
    "co",
    "corp",
    "corporation",
    "bhd",
    "berhad",
    "gmbh",
    "sa",
    "srl",
    "spa",
    "pvt",
    "pte",
    "pty",
    "jr",
    "ltda",
];

/// Splits a list of names. `announced` is the count that the text states
/// ("two aliases"): the reading that gives this count is preferred.
pub(super) fn split_names(text: &str, announced: Option<usize>) -> Vec<String> {
    if announced == Some(1) {
        return cleaned(vec![text]);
    }
    let by_semicolon = cleaned(split_at(text, ";", |_, _| true));
    let careful: Vec<String> = if by_semicolon.len() > 1 {
        by_semicolon
            .iter()
            .flat_map(|part| split_conjunction(part, follows_legal_form))
            .collect()
    } else {
        split_sentence(text)
    };
    let Some(count) = announced else {
        return if by_semicolon.len() > 1 {
            by_semicolon
        } else {
            careful
        };
    };
    let readings = [
        by_semicolon,
        careful.clone(),
        cleaned(split_at(text, ",", comma_separates))
            .iter()
            .flat_map(|part| split_conjunction(part, |_, _| true))
            .collect(),
        split_conjunction(text, |_, _| true),
    ];
    readings
        .into_iter()
        .find(|names| names.len() == count)
        .unwrap_or(careful)
}

/// A list that a sentence announces ("which include A, B, and C"): every comma
/// separates, except before a legal form.
pub(super) fn split_announced_list(text: &str, announced: Option<usize>) -> Vec<String> {
    let parts = cleaned(split_at(text, ";", |_, _| true));
    let parts = if parts.len() > 1 {
        parts
    } else {
        cleaned(split_at(text, ",", comma_separates))
    };
    let names: Vec<String> = parts
        .iter()
        .flat_map(|part| split_conjunction(part, follows_legal_form))
        .collect();
    if announced.is_none_or(|count| count == names.len()) {
        return names;
    }
    let every_and: Vec<String> = parts
        .iter()
        .flat_map(|part| split_conjunction(part, |_, _| true))
        .collect();
    if announced == Some(every_and.len()) {
        every_and
    } else {
        names
    }
}

/// `A Co., Ltd. and B Co., Ltd.`, `A, B, and C`; or one name that only looks
/// like a list: `Agriculture, Industry, and Trade Co., Ltd.`
fn split_sentence(text: &str) -> Vec<String> {
    let segments = cleaned(split_at(text, ",", comma_separates));
    let all_but_last_are_firms = segments
        .iter()
        .rev()
        .skip(1)
        .all(|segment| ends_with_legal_form(segment));
    let listed_in_words =
        last_comma_item_has_and(text) && segments.iter().all(|segment| segment.contains(' '));
    if segments.len() > 1 && (all_but_last_are_firms || listed_in_words) {
        return segments
            .iter()
            .flat_map(|segment| split_conjunction(segment, follows_legal_form))
            .collect();
    }
    split_conjunction(text, follows_legal_form)
}

/// Whether the last item of a comma list is introduced by "and".
fn last_comma_item_has_and(text: &str) -> bool {
    split_at(text, ",", comma_separates)
        .last()
        .is_some_and(|last| starts_with_word(last.trim_start(), "and"))
}

fn split_conjunction(text: &str, separates: impl Fn(&str, &str) -> bool) -> Vec<String> {
    cleaned(split_at(text, " and ", separates))
}

fn follows_legal_form(left: &str, right: &str) -> bool {
    ends_with_legal_form(left)
        && right
            .trim_start()
            .starts_with(|letter: char| letter.is_uppercase() || letter.is_numeric())
}

fn comma_separates(_: &str, right: &str) -> bool {
    !AFTER_COMMA.contains(&first_word(right).as_str())
}

/// Of a word in lower case without marks.
pub(super) fn is_legal_form(word: &str) -> bool {
    LEGAL_ENDINGS.contains(&word)
}

fn ends_with_legal_form(text: &str) -> bool {
    let text = text.trim_end_matches([' ', ',', ';']);
    let last = text.rsplit(' ').next().unwrap_or_default();
    LEGAL_ENDINGS.contains(&bare(last).as_str())
}

fn first_word(text: &str) -> String {
    bare(text.split_whitespace().next().unwrap_or_default())
}

/// Letters of a word in lower case: `Ltd.` is `ltd`, `C.V.` is `cv`.
pub(super) fn bare(word: &str) -> String {
    word.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
        && !text
            .get(word.len()..)
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
}

/// Pieces between separators outside brackets, where `separates(left, right)`
/// agrees; `left` is the piece so far, `right` all that follows.
fn split_at<'text>(
    text: &'text str,
    separator: &str,
    separates: impl Fn(&str, &str) -> bool,
) -> Vec<&'text str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    for (index, letter) in text.char_indices() {
        match letter {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let here = text.get(index..).unwrap_or_default();
        if depth > 0 || index < start || !here.starts_with(separator) {
            continue;
        }
        let left = text.get(start..index).unwrap_or_default();
        let right = here.get(separator.len()..).unwrap_or_default();
        if separates(left, right) {
            pieces.push(left);
            start = index + separator.len();
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

/// Drops a leading "and" and separators left at either end.
fn cleaned(pieces: Vec<&str>) -> Vec<String> {
    pieces
        .into_iter()
        .map(clean_name)
        .filter(|name| !name.is_empty())
        .collect()
}

pub(super) fn clean_name(piece: &str) -> String {
    let mut name = piece.trim_matches([' ', ',', ';', ':']);
    // Only in lower case: "And" and "Or" may begin a name.
    for joint in ["and", "or"] {
        if let Some(rest) = name.strip_prefix(joint)
            && (rest.is_empty() || rest.starts_with([' ', ',']))
        {
            name = rest.trim_matches([' ', ',', ';', ':']);
        }
    }
    for joint in [" and", " or"] {
        name = name.strip_suffix(joint).unwrap_or(name);
    }
    without_full_stop(name.trim_matches([' ', ',', ';', ':'])).to_owned()
}

/// Drops the stop that ends a sentence and keeps that of an abbreviation:
/// `Limited.` but `Co., Ltd.`, `S.A.`, `Mfg.`
fn without_full_stop(name: &str) -> &str {
    const WHOLE_WORDS: &[&str] = &[
        "limited",
        "incorporated",
        "corporation",
        "company",
        "berhad",
        "llc",
        "llp",
        "plc",
        "gmbh",
    ];
    let Some(stopped) = name.strip_suffix('.') else {
        return name;
    };
    let last = stopped.rsplit(' ').next().unwrap_or_default();
    let is_word = WHOLE_WORDS.contains(&last.to_lowercase().as_str())
        || (last.chars().count() > 5 && last.chars().all(char::is_alphabetic));
    if is_word { stopped } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_where_names_end() {
        for (text, announced, names) in [
            ("A Trading Co., Ltd.", None, vec!["A Trading Co., Ltd."]),
            (
                "Hotan Haolin Hair Accessories; and Hollin Hair Accessories",
                Some(2),
                vec!["Hotan Haolin Hair Accessories", "Hollin Hair Accessories"],
            ),
            (
                "Alpha Works and Beta Works",
                Some(2),
                vec!["Alpha Works", "Beta Works"],
            ),
            (
                "Alpha Works and Beta Works",
                None,
                vec!["Alpha Works and Beta Works"],
            ),
            (
                "Yili Zhuowan Garment Manufacturing Co., Ltd. and Baoding LYSZD Trade and Business Co., Ltd.",
                None,
                vec![
                    "Yili Zhuowan Garment Manufacturing Co., Ltd.",
                    "Baoding LYSZD Trade and Business Co., Ltd.",
                ],
            ),
            (
                "Inner Mongolia Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd.",
                None,
                vec![
                    "Inner Mongolia Hengzheng Group Baoanzhao Agriculture, Industry, and Trade Co., Ltd.",
                ],
            ),
            (
                "Kumar Carpet Pvt., Singhe Carpet Pvt., Ltd., Annapurna Carpet, and K.K. Carpet Industries",
                None,
                vec![
                    "Kumar Carpet Pvt.",
                    "Singhe Carpet Pvt., Ltd.",
                    "Annapurna Carpet",
                    "K.K. Carpet Industries",
                ],
            ),
            (
                "State Penitentiary, Ciudad Victoria, Tamaulipas, Mexico",
                None,
                vec!["State Penitentiary, Ciudad Victoria, Tamaulipas, Mexico"],
            ),
            (
                "Agropecuarios Tom S.A. de C.V. and Horticola Tom S.A. de C.V.",
                None,
                vec![
                    "Agropecuarios Tom S.A. de C.V.",
                    "Horticola Tom S.A. de C.V.",
                ],
            ),
            (
                "Trade and Business Co., Ltd.",
                Some(1),
                vec!["Trade and Business Co., Ltd."],
            ),
            (
                "A One; B Two; and C Three",
                Some(3),
                vec!["A One", "B Two", "C Three"],
            ),
            (
                "A One; B Two Co. and C Three",
                Some(3),
                vec!["A One", "B Two Co.", "C Three"],
            ),
            (
                "A One, B Two and C Three",
                Some(3),
                vec!["A One", "B Two", "C Three"],
            ),
            ("And Co., Ltd.", None, vec!["And Co., Ltd."]),
            ("", None, vec![]),
        ] {
            assert_eq!(split_names(text, announced), names, "{text}");
        }
    }

    #[test]
    fn an_announced_list_separates_at_every_comma_but_a_legal_form() {
        assert_eq!(
            split_announced_list(
                "Alpha, Beta (X, Y) Co., Ltd., and Gamma and Delta, Co. Ltd.",
                None
            ),
            [
                "Alpha",
                "Beta (X, Y) Co., Ltd.",
                "Gamma and Delta, Co. Ltd."
            ]
        );
        assert_eq!(
            split_announced_list("Alpha and Beta", Some(2)),
            ["Alpha", "Beta"]
        );
    }
}
