//! Every published form of a name cell, and what is wrong with some.

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
        let cell = crate::lists::text::tidy(&cell);
        let party = parse_party(&cell);
        let letters = cell.chars().any(char::is_alphanumeric);
        proptest::prop_assert!(!letters || !party.name.is_empty());
    }
}
