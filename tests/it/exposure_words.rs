//! Product words and codes to categories.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::LazyLock;

use chrono::NaiveDate;
use plimsoll::{
    exposure::{self, GOODS_VOCABULARY, Vocabulary},
    lists,
    supplier::Supplier,
};

fn categories(supplier: &Supplier) -> Vec<String> {
    static VOCABULARY: LazyLock<Vocabulary> =
        LazyLock::new(|| Vocabulary::parse(GOODS_VOCABULARY).unwrap());
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let exposure = exposure::exposures(supplier, &[], &VOCABULARY, day);
    exposure
        .categories()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn of_text(text: &str) -> Vec<String> {
    categories(&Supplier {
        goods: vec![text.to_owned()],
        ..Supplier::default()
    })
}

#[test]
fn reads_words_of_products() {
    let cases: &[(&str, &[&str])] = &[
        // Broad retail categories.
        ("Apparel", &["garments"]),
        ("APPAREL", &["garments"]),
        ("Footwear", &["footwear"]),
        ("Electronics", &["electronics"]),
        ("Equipment", &[]),
        ("Sports Equipment", &["sporting_goods"]),
        ("Apparel|Footwear", &["footwear", "garments"]),
        ("Home Textiles", &["textiles"]),
        // Plurals, case, hyphens, accents.
        ("T-Shirts and dresses", &["garments"]),
        ("tomatoes", &["tomatoes"]),
        (
            "Batteries, lithium-ion batteries",
            &["lithium_ion_batteries", "other_batteries"],
        ),
        ("Açaí berries", &["acai"]),
        ("shoes", &["footwear"]),
        // The longest phrase wins.
        ("palm oil", &["palm_oil"]),
        ("crude palm kernel oil", &["palm_kernel_oil"]),
        ("tomato paste", &["tomato_products"]),
        ("rubber gloves", &["rubber_gloves"]),
        ("artificial flowers", &["artificial_flowers"]),
        ("tea towels", &["textiles"]),
        ("cotton candy", &[]),
        ("cotton candy machine", &["machinery"]),
        ("cotton picking machine", &["machinery"]),
        ("cotton shirts, machine washable", &["cotton", "garments"]),
        // Words have boundaries.
        ("printing", &["paper"]),
        ("tin", &["tin"]),
        ("tin cans", &["packaging"]),
        ("martini glasses", &["glass"]),
        ("price lists", &[]),
        ("steak knives", &["hardware"]),
        ("New Jersey", &[]),
        // Absent goods.
        ("cotton-free wipes", &[]),
        ("non-cotton", &[]),
        ("without leather", &[]),
        ("leather-free shoes", &["footwear"]),
        ("No. 5 cotton", &["cotton"]),
        ("不含棉", &[]),
        ("imitation leather", &["imitation_leather"]),
        // Other languages.
        ("camisas de algodón", &["cotton", "garments"]),
        ("Calçados", &["footwear"]),
        ("vêtements", &["garments"]),
        ("Bekleidung; Spielwaren", &["garments", "toys"]),
        ("服装", &["garments"]),
        ("棉纱和面料", &["textiles", "thread_yarn"]),
        ("番茄酱", &["tomato_products"]),
        ("橡胶手套", &["rubber_gloves"]),
        ("多晶硅", &["polysilicon"]),
        ("óleo de palma", &["palm_oil"]),
        // CBP's own merchandise words.
        (
            "Cotton and tomatoes and downstream products",
            &["cotton", "tomatoes"],
        ),
        ("Raw sugar and sugar-based products", &["sugarcane"]),
        ("Tuna and other seafood", &["fish"]),
        ("Garments, apparel, and textiles", &["garments", "textiles"]),
        ("Disposable gloves", &["rubber_gloves"]),
        ("Rough diamonds", &["diamonds"]),
        ("Aluminum extrusions and profiles", &["aluminum"]),
        (
            "Soda ash, calcium chloride, caustic soda, viscose/rayon fiber",
            &["caustic_soda", "synthetic_yarn", "trona"],
        ),
        ("Hair products", &["hair_products"]),
        ("Sea salt products", &["salt"]),
        // Nothing to read.
        ("", &[]),
        ("---", &[]),
        ("\u{202E}\u{0}", &[]),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, of_text(text)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(text, expected, found)| format!("{text:?}: {found:?}, not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn reads_codes_by_their_longest_prefix() {
    let by_hs = |code: &str| {
        categories(&Supplier {
            hs_codes: vec![code.to_owned()],
            ..Supplier::default()
        })
    };
    for (code, expected) in [
        ("610910", vec!["garments"]),
        ("52", vec!["textiles"]),
        ("5201", vec!["cotton"]),
        ("5205120000", vec!["thread_yarn"]),
        ("854143", vec!["solar_modules"]),
        ("0306", vec!["shellfish"]),
        ("030617", vec!["shrimp"]),
        ("401519", vec!["rubber_gloves"]),
        ("9999", vec![]),
        ("1", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(by_hs(code), expected, "{code}");
    }
}

#[test]
fn industry_codes_count_only_when_nothing_better_is_given() {
    let supplier = Supplier {
        naics: vec!["315250".to_owned()],
        ..Supplier::default()
    };
    assert_eq!(categories(&supplier), ["garments"]);
    let with_goods = Supplier {
        goods: vec!["footwear".to_owned()],
        ..supplier
    };
    assert_eq!(categories(&with_goods), ["footwear"]);
}

#[test]
fn carries_every_good_that_the_reference_lists_name() {
    let vocabulary = Vocabulary::parse(GOODS_VOCABULARY).unwrap();
    for snapshot in lists::reference::snapshots().unwrap() {
        let missing = vocabulary.not_carried(&snapshot.content.goods);
        assert!(missing.is_empty(), "{missing:?}");
        for sector in &snapshot.content.sectors {
            let carried = sector
                .hs_prefixes
                .iter()
                .any(|code| !categories_of_code(code).is_empty());
            assert!(carried, "{}", sector.key);
        }
    }
}

fn categories_of_code(code: &str) -> Vec<String> {
    categories(&Supplier {
        hs_codes: vec![code.to_owned()],
        ..Supplier::default()
    })
}

#[test]
fn a_cell_as_long_as_cells_get_costs_little_and_is_quoted_short() {
    for word in ["cotton ", "棉花", "cotton, ", "machine cotton ", "é", "a "] {
        let cell = word.repeat(32_767 / word.chars().count());
        let started = std::time::Instant::now();
        let supplier = Supplier {
            goods: vec![cell],
            ..Supplier::default()
        };
        let vocabulary = Vocabulary::parse(GOODS_VOCABULARY).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let exposure = exposure::exposures(&supplier, &[], &vocabulary, day);
        assert!(
            exposure
                .cues
                .iter()
                .all(|cue| cue.given.chars().count() <= 201)
        );
        assert!(exposure.cues.len() <= 2);
        assert!(started.elapsed().as_secs() < 10, "{word}");
    }
}

#[test]
fn refuses_vocabularies_that_contradict_themselves() {
    let text = std::str::from_utf8(GOODS_VOCABULARY).unwrap();
    let changes = [
        ("key = \"toys\"", "key = \"garments\"", "twice"),
        ("made_of = [\"cobalt\"]", "made_of = [\"kobalt\"]", "kobalt"),
        ("en = [\"toy\"", "en = [\"apparel\"", "means both"),
        ("hs = [\"9503\"", "hs = [\"95a\"", "digits"),
        ("en = [\"toy\"", "en = [\"--\"", "no word"),
    ];
    for (from, to, names) in changes {
        assert!(text.contains(from), "{from}");
        let error = Vocabulary::parse(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(error.to_string().contains(names), "{error}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_crashes_the_reader(text in ".{0,80}") {
        let _ = of_text(&text);
    }
}
