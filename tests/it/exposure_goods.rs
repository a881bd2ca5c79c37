//! Goods read by class of mistake: words in other words, colors, things for a
//! good, codes that hold unlike goods, and places that a goods cell names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::NaiveDate;
use plimsoll::{
    country::Country,
    exposure::{self, Exposure, GOODS_VOCABULARY, Vocabulary},
    lists::{self, Snapshot},
    supplier::Supplier,
};

static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::parse(GOODS_VOCABULARY).unwrap());
static LISTS: LazyLock<Vec<Snapshot>> = LazyLock::new(|| lists::reference::snapshots().unwrap());

fn exposure_of(supplier: &Supplier) -> Exposure {
    let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let lists: Vec<&Snapshot> = LISTS.iter().collect();
    exposure::exposures(supplier, &lists, &VOCABULARY, day)
}

fn supplier(goods: &[&str], hs: &[&str], country: &str) -> Supplier {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Supplier {
        goods: owned(goods),
        hs_codes: owned(hs),
        country_of_production: Country::from_alpha2(country),
        ..Supplier::default()
    }
}

/// One line a case: the text, then its categories, separated by "|".
fn check(cases: &str) {
    let wrong: Vec<String> = cases
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .filter_map(|line| {
            let (text, expected) = line.split_once('|').unwrap();
            let text = text.trim();
            let found = match text.strip_prefix("HS ") {
                Some(code) => exposure_of(&supplier(&[], &[code], "")),
                None => exposure_of(&supplier(&[text], &[], "")),
            };
            let found = found.categories().join(" ");
            (found != expected.trim()).then(|| format!("{text}: {found}, not {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_character_inside_a_longer_word_is_no_good() {
    check(
        "牛仔裤 | garments
         牛津布 | synthetic_textiles
         服务器 | electronics
         石棉 |
         岩棉 |
         珍珠棉 | plastics
         钢化玻璃 | glass
         钢琴 | instruments
         钢笔 | paper
         铜版纸 | paper
         枣红色连衣裙 | garments
         煤气 |
         砖机 | machinery
         鱼竿 | fitness_equipment
         竹节 |
         糖尿病 |
         棉 | cotton
         棉、钢 | cotton steel
         纯棉T恤 | cotton garments
         T恤 | garments
         PVC地板 | pvc",
    );
}

#[test]
fn a_color_is_no_good() {
    check(
        "charcoal grey T-shirts | garments
         T-shirt, charcoal grey | garments
         shirts in charcoal | garments
         tomato red paint | chemicals
         gold color buttons | fashion_accessories
         steel grey sofas | furniture
         salmon pink blouses | garments
         salmon blouses | garments
         brick red dresses | garments
         Copper Brown leather shoes | footwear
         Orange safety vests | garments
         olive cotton jackets | cotton garments
         Salmon pink | fish
         Olives green | olives
         Tea green, coffee | coffee tea
         leather brown shoes | footwear leather
         denim black shirts | garments textiles
         orange juice | citrus
         oranges, shirts | citrus garments
         gold jewelry | gold
         salmon and shirts | fish garments
         steel and shirts | garments steel",
    );
}

#[test]
fn a_thing_for_a_good_is_not_the_good() {
    check(
        "coffee mugs | housewares
         sugar bowls 12 oz | housewares
         ranch dressing | prepared_foods
         diamond blades | hardware
         fish tank | hardware
         fish hooks | fitness_equipment
         nail files | hardware
         nail clippers | hardware
         nail guns | hardware
         curtain rods | hardware
         towel rack | hardware
         glove boxes | hardware
         shoe racks | hardware
         coat racks | hardware
         computer desk | furniture
         printer paper | paper
         vinyl records | recorded_media
         lithium grease | chemicals
         leather cleaner | chemicals
         pipe tees | steel_articles
         T-shirt bags | plastics
         paper towels | paper
         paper napkins | paper
         steel bowls | housewares
         ceramic mugs | ceramics
         glass bowls | glass housewares
         wood desk | furniture timber
         aluminum pots | aluminum
         steel tables | steel_furniture
         pepper mills | housewares
         sugar mill | sugarcane
         palm oil mill | palm_oil
         diamond cutter | diamonds
         coffee roaster | coffee
         fruit baskets | fruit
         coffee, mugs | coffee housewares",
    );
}

#[test]
fn a_word_in_another_trade_is_another_good() {
    check(
        "dress shoes | footwear
         plush blankets | synthetic_textiles
         plush toys | toys
         viscose yarn | synthetic_yarn
         linen yarn | bast_yarn
         yarn | yarn
         cotton yarn | thread_yarn
         gym equipment | fitness_equipment
         vinyl gloves | vinyl_gloves
         football boots | footwear
         football jerseys | garments
         mandarin collar shirts | garments
         shirts with mandarin collar | garments
         mandarins | citrus
         gres porcelánico | ceramics
         grès | ceramics
         UVA lamp | lighting
         uvas | grapes
         cranberry | cranberries
         fonte de alimentação |
         mochila | luggage_bags
         Rucksack | luggage_bags
         pull | garments
         pull handles |
         robe, pull et jupe | garments
         rock music |
         table grapes | grapes
         silver salmon | fish
         quartz watches | instruments
         stainless steel cutlery | hardware
         charcoal grills | housewares
         bolts, nuts, washers | hardware
         mixed nuts, honey | nuts prepared_foods
         table tops | furniture
         hats | headwear
         silica | silica_products
         silicone | silica_products
         polysilicon | polysilicon
         caustic potash | chemicals
         bone china | ceramics
         turkey meat | poultry",
    );
}

#[test]
fn common_words_are_known() {
    let garments = "tops; shorts; briefs; blazers; chinos; tank tops; pantyhose; brassieres; playera; \
                    sudadera; blusa; falda; abrigo; saia; pull; jupe; Blusen; Röcke; Mäntel; 毛衣; 裙子; \
                    连衣裙; 夹克";
    let electronics = "keyboards; chargers; power supplies; memory modules; SSD; CPUs; teléfono; televisor; \
                       téléphone; Handys; Fernseher; 电视; 耳机";
    let foods = "noodles; honey; pasta; cooking oil; 食品";
    let others = "flour | cereal_grains\njuice | soft_drinks\nnuts | nuts\ncaps | headwear\n\
                  aguacate | fruit\nvin | alcoholic_beverages\n帽子 | headwear\n五金 | hardware";
    for (words, category) in [
        (garments, "garments"),
        (electronics, "electronics"),
        (foods, "prepared_foods"),
    ] {
        for word in words.split(';') {
            check(&format!("{word} | {category}"));
        }
    }
    check(others);
}

#[test]
fn codes_lead_to_what_stands_under_them() {
    check(
        "HS 381800 | photovoltaic_wafers
         HS 854140 |
         HS 8541402000 | electronics
         HS 8541406015 | solar_modules
         HS 1702 | prepared_foods
         HS 1704 | prepared_foods
         HS 1512 |
         HS 151219 | sunflowers
         HS 281520 | chemicals
         HS 2204 | alcoholic_beverages
         HS 4602 | basketware
         HS 460211 | bamboo
         HS 253090 |
         HS 140490 |
         HS 811292 |
         HS 071290 |
         HS 6505 | headwear
         HS 8205 | hardware
         HS 8301 | locks
         HS 9102 | instruments
         HS 9603 | small_wares
         HS 9405 | lighting
         HS 8524 | electronics
         HS 630140 | synthetic_textiles
         HS 600632 | synthetic_textiles
         HS 630260 | textiles
         HS 420329 | leather_gloves
         HS 280469 | silica_products",
    );
    let of_naics = |code: &str| {
        let supplier = Supplier {
            naics: vec![code.to_owned()],
            ..Supplier::default()
        };
        exposure_of(&supplier).categories().join(" ")
    };
    assert_eq!(of_naics("311313"), "sugar_beets");
    // Trade does not say what is traded.
    for code in ["423990", "445110", "455211"] {
        assert_eq!(of_naics(code), "", "{code}");
    }
}

#[test]
fn articles_outside_a_sector_do_not_carry_it() {
    let sectors = |goods: &[&str], hs: &[&str]| -> Vec<String> {
        let exposure = exposure_of(&supplier(goods, hs, "CN"));
        let all = exposure.sectors.into_iter().map(|sector| sector.sector);
        all.collect::<BTreeSet<_>>().into_iter().collect()
    };
    for code in ["7308", "7317", "940320", "420329", "6505", "630140", "6309"] {
        assert!(sectors(&[], &[code]).is_empty(), "{code}");
    }
    for text in ["nails", "steel furniture", "hats", "stainless steel sinks"] {
        assert!(sectors(&[text], &[]).is_empty(), "{text}");
    }
    assert_eq!(sectors(&["steel"], &[]), ["steel"]);
    assert_eq!(sectors(&["silica"], &[]), ["polysilicon"]);
    let silica = exposure_of(&supplier(&["silica"], &[], "CN"));
    assert!(silica.listings.is_empty());
}

#[test]
fn cotton_goods_of_turkmenistan_fall_under_the_order() {
    for (goods, hs) in [
        ("cotton gloves", ""),
        ("gloves", ""),
        ("handwoven textiles", ""),
        ("yarn", ""),
        ("cotton hats", ""),
        ("", "611692"),
        ("", "611710"),
    ] {
        let exposure = exposure_of(&supplier(&[goods], &[hs], "TM"));
        assert_eq!(
            exposure.orders.first().map(|order| order.country.alpha2()),
            Some("TM"),
            "{goods}{hs}"
        );
    }
    for goods in ["viscose yarn", "polyester fabric", "rubber gloves"] {
        let exposure = exposure_of(&supplier(&[goods], &[], "TM"));
        assert!(exposure.orders.is_empty(), "{goods}");
    }
}

#[test]
fn a_place_in_a_goods_cell_is_an_origin() {
    for (text, place, country, region, order_of) in [
        (
            "Turkmenistan cotton yarn",
            "turkmenistan",
            "TM",
            None,
            "thread_yarn",
        ),
        (
            "cotton yarn, Turkmenistan",
            "turkmenistan",
            "TM",
            None,
            "thread_yarn",
        ),
        ("shirts of Turkmen cotton", "turkmen", "TM", None, "cotton"),
        (
            "Xinjiang cotton",
            "xinjiang",
            "CN",
            Some("Xinjiang"),
            "cotton",
        ),
        ("新疆棉纱", "新疆", "CN", Some("Xinjiang"), "thread_yarn"),
        (
            "XUAR tomato paste",
            "xuar",
            "CN",
            Some("Xinjiang"),
            "tomato_products",
        ),
        ("tobacco from Malawi", "malawi", "MW", None, "tobacco"),
        (
            "gold from the Democratic Republic of the Congo",
            "democratic republic of the congo",
            "CD",
            None,
            "gold",
        ),
    ] {
        let exposure = exposure_of(&supplier(&[text], &[], "TR"));
        let [origin] = exposure.stated_origins.as_slice() else {
            panic!("{text}: {:?}", exposure.stated_origins);
        };
        assert_eq!(
            (origin.place.as_str(), origin.country.alpha2()),
            (place, country),
            "{text}"
        );
        assert_eq!(origin.region.as_deref(), region, "{text}");
        let order = exposure
            .orders
            .iter()
            .find(|order| order.cue.category == order_of)
            .expect(text);
        assert_eq!(
            (order.country.alpha2(), &order.only_from),
            (country, &None),
            "{text}"
        );
    }
}

#[test]
fn a_place_that_is_denied_or_means_a_thing_is_no_origin() {
    for text in [
        "no Xinjiang cotton",
        "non-Xinjiang cotton shirts",
        "Xinjiang-free cotton",
        "cotton yarn, no cotton from Xinjiang",
        "不含新疆棉花",
        "turkey meat",
        "Turkey, chicken",
        "bone china",
        "china cabinet",
        "jersey shirts",
        "Panama hats",
        "Brazil nuts",
        "India ink, paper",
        "chile peppers",
        "guinea fowl, eggs",
        "Jordan almonds",
        "Turkish towels",
        "Bermuda shorts",
        "Turkmenistan",
    ] {
        let exposure = exposure_of(&supplier(&[text], &[], "TR"));
        assert!(
            exposure.stated_origins.is_empty(),
            "{text}: {:?}",
            exposure.stated_origins
        );
        assert!(exposure.orders.is_empty(), "{text}");
    }
    // The origin is that of the goods beside it.
    let exposure = exposure_of(&supplier(
        &["cotton from Malawi; tobacco from Brazil"],
        &[],
        "TR",
    ));
    assert!(exposure.orders.is_empty());
}

/// What an exposure leads to, whichever cue led there.
fn leads(exposure: &Exposure) -> BTreeSet<String> {
    let listings = exposure.listings.iter().map(|row| {
        format!(
            "{} {:?} {}",
            row.listed_good, row.exploitation, row.listed.source
        )
    });
    let sectors = exposure.sectors.iter().map(|sector| sector.sector.clone());
    let orders = exposure.orders.iter().map(|order| order.entry_id.clone());
    listings.chain(sectors).chain(orders).collect()
}

#[test]
fn a_second_cue_does_not_hide_the_first() {
    for (text, code, sector) in [
        ("pig iron", "720110", "steel"),
        ("fashion accessories", "611710", "apparel"),
    ] {
        let both = exposure_of(&supplier(&[text], &[code], "CN"));
        assert!(leads(&both).contains(sector), "{text} and {code}");
    }
}

const WORDS: [&str; 14] = [
    "pig iron",
    "fashion accessories",
    "cotton",
    "yarn",
    "gloves",
    "hats",
    "charcoal grey",
    "Xinjiang cotton",
    "coffee mugs",
    "salmon",
    "silica",
    "steel",
    "Turkmenistan cotton yarn",
    "widgets",
];
const CODES: [&str; 9] = [
    "720110", "611710", "5201", "854140", "281520", "030617", "280461", "9999", "0902",
];

proptest::proptest! {
    #[test]
    fn more_information_never_leads_to_less(
        words in proptest::collection::vec(0..WORDS.len(), 0..4),
        codes in proptest::collection::vec(0..CODES.len(), 0..4),
        more_word in 0..WORDS.len(),
        more_code in 0..CODES.len(),
        at in 0..4_usize,
        country in proptest::sample::select(vec!["CN", "TM", "TR", "IN", ""]),
    ) {
        let pick = |from: &[&'static str], indexes: &[usize]| -> Vec<&'static str> {
            indexes.iter().map(|index| from[*index]).collect()
        };
        let (words, codes) = (pick(&WORDS, &words), pick(&CODES, &codes));
        let before = leads(&exposure_of(&supplier(&words, &codes, country)));
        let (mut more_words, mut more_codes) = (words.clone(), codes.clone());
        more_words.insert(at.min(words.len()), WORDS[more_word]);
        more_codes.insert(at.min(codes.len()), CODES[more_code]);
        for (words, codes) in [(&more_words, &codes), (&words, &more_codes)] {
            let after = leads(&exposure_of(&supplier(words, codes, country)));
            proptest::prop_assert!(before.is_subset(&after), "{words:?} {codes:?}: {before:?} {after:?}");
        }
    }
}
