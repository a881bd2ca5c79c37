//! Statements read under a law: answers with their words, and traps.

use chrono::NaiveDate;
use plimsoll::disclosures::statement::{
    Disclosure, Document, DocumentKind, Law, MSA_S54, OtherStatements, Overall, Practice,
    ProblemKind, SB_657, Stance, Stated, StatementReading, TopicReading, check, near_duplicates,
};

pub(crate) const FULL: &str = include_str!("../../fixtures/statements/full.html");
pub(crate) const HONEST_NO: &str = include_str!("../../fixtures/statements/honest_no.txt");
const STATUTE_COPIED: &str = include_str!("../../fixtures/statements/statute_copied.txt");
const UNITED_KINGDOM: &str = include_str!("../../fixtures/statements/united_kingdom.txt");

const TOPICS: [&str; 5] = [
    "verification",
    "audits",
    "certification",
    "accountability",
    "training",
];

pub(crate) fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

pub(crate) fn read_under(source: &str, bytes: &[u8]) -> StatementReading {
    let law = Law::parse(source).unwrap();
    let document = Document::read(bytes);
    check(&law, document.as_ref(), &OtherStatements::default(), day())
}

pub(crate) fn read(text: &str) -> StatementReading {
    read_under(SB_657, text.as_bytes())
}

/// A statement whose only words on a topic are these.
fn topic(key: &str, said: &str) -> TopicReading {
    let text = format!(
        "Brackwater Looms and SB 657\n\nBrackwater Looms opposes slavery and human \
         trafficking.\n\n{said}\n"
    );
    let mut reading = read(&text);
    assert_eq!(reading.problem, None);
    reading.topics.remove(key).unwrap()
}

#[test]
fn answers_every_topic_with_its_words() {
    let reading = read(FULL);
    assert_eq!(reading.overall, Overall::Full, "{:?}", reading.reasons);
    assert_eq!(reading.problem, None);
    assert_eq!(reading.not_checked, ["homepage_link"]);
    let text = reading.document.as_ref().unwrap().text.as_deref().unwrap();
    for key in TOPICS {
        let topic = &reading.topics[key];
        assert_eq!(topic.disclosed, Some(true), "{key}");
        assert!(!topic.quotes.is_empty(), "{key}");
        for quote in &topic.quotes {
            assert_eq!(&text[quote.start..quote.end], quote.text);
            assert!(quote.rule.starts_with(key));
        }
    }
    let audits = &reading.topics["audits"];
    assert_eq!(audits.practice, Some(Practice::Evidenced));
    assert_eq!(audits.mandatory["independent"].stated, Stated::Yes);
    assert_eq!(audits.mandatory["unannounced"].stated, Stated::Yes);
    assert_eq!(
        reading.topics["verification"].practice,
        Some(Practice::Specific)
    );
    assert_eq!(
        reading.topics["training"].practice,
        Some(Practice::Evidenced)
    );
}

#[test]
fn offsets_are_bytes_of_a_text_file() {
    let text = HONEST_NO.replace("Tamsin", "Tåmsin – “T”");
    let reading = read(&text);
    let document = reading.document.as_ref().unwrap();
    assert_eq!((document.kind, &document.text), (DocumentKind::Text, &None));
    let quotes: Vec<_> = reading
        .topics
        .values()
        .flat_map(|topic| &topic.quotes)
        .collect();
    assert!(quotes.len() >= 5);
    for quote in quotes {
        assert_eq!(&text[quote.start..quote.end], quote.text);
    }
}

#[test]
fn an_honest_no_discloses_fully_and_practises_nothing() {
    for text in [
        HONEST_NO.to_owned(),
        // One sentence over all topics, and a lead-in that denies a list.
        "SB 657. Dunmore Optics does not verify its product supply chains, audit its suppliers, \
         require its direct suppliers to provide certifications, maintain internal accountability \
         procedures, or train its employees with regard to slavery and human trafficking."
            .to_owned(),
        "Fenwick Paper and SB 657\n\nAt this time, Fenwick Paper does not:\n\
         - verify product supply chains to evaluate risks of human trafficking\n\
         - audit suppliers for compliance with standards on trafficking\n\
         - require suppliers to certify that materials comply with slavery laws\n\
         - maintain accountability standards for employees who fail standards on slavery\n\
         - train employees on human trafficking and slavery\n"
            .to_owned(),
    ] {
        let reading = read(&text);
        assert_eq!(
            reading.overall,
            Overall::Full,
            "{text}\n{:?}",
            reading.reasons
        );
        for key in TOPICS {
            let topic = &reading.topics[key];
            assert_eq!(
                (topic.disclosed, topic.best_practice, topic.practice),
                (Some(true), Some(false), Some(Practice::None)),
                "{key}: {text}"
            );
            assert!(
                topic
                    .quotes
                    .iter()
                    .all(|quote| quote.stance == Stance::Denied)
            );
        }
    }
}

#[test]
fn the_laws_list_is_no_answer_and_none_of_it_is_one() {
    let list = "SB 657\n\nThe Act requires companies to disclose in five areas whether they:\n\n\
        1. Engage in verification of product supply chains to evaluate and address risks of \
        human trafficking and slavery.\n\
        2. Conduct audits of suppliers to evaluate compliance with company standards.\n\
        3. Require certifications from direct suppliers that materials comply with slavery and \
        trafficking laws.\n\
        4. Maintain internal accountability standards for employees or contractors who fail to \
        meet company standards.\n\
        5. Training of employees and management on human trafficking and slavery.\n\n";
    let copied = read(&format!("{list}Brackwater Looms weaves cloth in Ohio.\n"));
    assert_eq!(copied.overall, Overall::None, "{:?}", copied.topics);
    let denied = read(&format!(
        "{list}Brackwater Looms does not undertake any of these activities.\n"
    ));
    for key in TOPICS {
        assert_eq!(copied.topics[key].best_practice, Some(false), "{key}");
        assert_eq!(denied.topics[key].disclosed, Some(true), "{key}");
        assert_eq!(denied.topics[key].practice, Some(Practice::None), "{key}");
    }
}

#[test]
fn the_statute_copied_out_discloses_nothing() {
    let reading = read(STATUTE_COPIED);
    assert_eq!(reading.overall, Overall::None, "{:?}", reading.topics);
    for key in TOPICS {
        assert_eq!(reading.topics[key].disclosed, Some(false), "{key}");
    }
    // The same words with somebody who does it are an answer.
    let answered = topic(
        "audits",
        "Brackwater Looms conducts audits of suppliers to evaluate supplier compliance with \
         company standards for trafficking and slavery in supply chains.",
    );
    assert_eq!(answered.disclosed, Some(true));
}

#[test]
fn a_right_a_plan_and_a_possibility_are_no_answer() {
    let cases = [
        (
            "audits",
            "We reserve the right to audit our suppliers for forced labor.",
            Stance::Reserved,
        ),
        (
            "audits",
            "Suppliers must allow us to audit their factories for forced labor.",
            Stance::Reserved,
        ),
        (
            "audits",
            "We may audit suppliers for compliance with our standards on slavery.",
            Stance::Possible,
        ),
        (
            "audits",
            "We plan to audit suppliers for compliance with our labor standards.",
            Stance::Planned,
        ),
        (
            "audits",
            "We are considering whether to audit suppliers for forced labor.",
            Stance::Considered,
        ),
        (
            "certification",
            "We intend to ask suppliers to certify that they use no slave labor.",
            Stance::Planned,
        ),
        (
            "training",
            "Our buyers will be trained on human trafficking.",
            Stance::Future,
        ),
        (
            "verification",
            "We are developing a system to verify our suppliers.",
            Stance::Planned,
        ),
    ];
    for (key, said, stance) in cases {
        let topic = topic(key, said);
        assert_eq!(
            (topic.disclosed, topic.disclosure, topic.practice),
            (Some(false), Disclosure::Unclear, Some(Practice::None)),
            "{said} {:?}",
            topic.quotes
        );
        assert!(
            topic.quotes.iter().all(|quote| quote.stance == stance),
            "{said} {:?}",
            topic.quotes
        );
    }
    // The coders' broader question takes a reserved right, our own scale does not.
    let reserved = topic("audits", cases[0].1);
    assert_eq!(reserved.best_practice, Some(true));
}

#[test]
fn softened_words_stay_at_asserted() {
    let firm = "Each year an independent firm audits all suppliers for forced labor.";
    assert_eq!(topic("audits", firm).practice, Some(Practice::Specific));
    let soft =
        "Each year, as appropriate, an independent firm audits all suppliers for forced labor.";
    assert_eq!(topic("audits", soft).practice, Some(Practice::Asserted));
}

#[test]
fn what_is_like_an_answer_is_none() {
    for (key, said) in [
        (
            "certification",
            "We expect suppliers to comply with all applicable laws.",
        ),
        (
            "certification",
            "Suppliers must comply with all laws, including those on slavery.",
        ),
        ("certification", "Our plants are ISO 9001 certified."),
        (
            "audits",
            "Our suppliers are audited each year for quality and delivery.",
        ),
        (
            "audits",
            "Suppliers are ISO 9001 certified and undergo quality audits.",
        ),
        ("audits", "We conduct quality audits of our suppliers."),
        (
            "audits",
            "Suppliers shall conduct audits of their own suppliers.",
        ),
        (
            "accountability",
            "We have adopted a Code of Conduct that conveys our values.",
        ),
        (
            "training",
            "Our quality engineers are trained in statistics.",
        ),
        ("training", "Suppliers shall train their workers on safety."),
        (
            "verification",
            "Vendors must verify the age of their workers.",
        ),
    ] {
        let topic = topic(key, said);
        assert_eq!(
            topic.disclosed,
            Some(false),
            "{key}: {said} {:?}",
            topic.quotes
        );
        assert_eq!(topic.practice, Some(Practice::None), "{key}: {said}");
    }
}

#[test]
fn a_denial_reaches_its_verb_and_not_beyond_its_clause() {
    for (said, stance) in [
        (
            "We have not, to date, engaged third parties to audit our suppliers.",
            Stance::Denied,
        ),
        (
            "It is not feasible for us to comprehensively audit supplier compliance.",
            Stance::Denied,
        ),
        ("None of our suppliers is audited.", Stance::Denied),
        (
            "So that suppliers do not use forced labor, we audit suppliers.",
            Stance::Asserted,
        ),
        (
            "We do not know every farm, but we audit suppliers for forced labor.",
            Stance::Asserted,
        ),
    ] {
        let topic = topic("audits", said);
        assert_eq!(topic.disclosed, Some(true), "{said}");
        assert!(
            topic.quotes.iter().all(|quote| quote.stance == stance),
            "{said} {:?}",
            topic.quotes
        );
    }
}

#[test]
fn what_the_law_wants_said_beside_is_told_apart() {
    for (said, independent, unannounced) in [
        (
            "An independent firm conducts unannounced audits of suppliers.",
            Stated::Yes,
            Stated::Yes,
        ),
        (
            "Our own staff conduct announced audits of suppliers.",
            Stated::No,
            Stated::No,
        ),
        (
            "Audits of our suppliers are not independent and not unannounced.",
            Stated::No,
            Stated::No,
        ),
        (
            "We audit our suppliers.",
            Stated::NotStated,
            Stated::NotStated,
        ),
        (
            "We do not audit our suppliers.",
            Stated::NotApplicable,
            Stated::NotApplicable,
        ),
        (
            "Independent auditors and our own staff conduct announced and unannounced audits.",
            Stated::Both,
            Stated::Both,
        ),
    ] {
        let mandatory = topic("audits", said).mandatory;
        assert_eq!(mandatory["independent"].stated, independent, "{said}");
        assert_eq!(mandatory["unannounced"].stated, unannounced, "{said}");
    }
    let silent = HONEST_NO.replace(
        "2. We do not audit our suppliers.",
        "2. We audit our suppliers for forced labor.",
    );
    let reading = read(&silent);
    assert_eq!(reading.overall, Overall::Partial);
    assert!(
        reading
            .reasons
            .contains(&"audits: does not say whether unannounced".to_owned())
    );
}

#[test]
fn policy_prose_is_nominal() {
    let reading = read(
        "Tolland Instruments does not tolerate slavery, forced labor or human trafficking. We \
         expect our suppliers to share our values and to comply with all applicable laws.",
    );
    assert_eq!(reading.overall, Overall::Nominal, "{:?}", reading.topics);
}

#[test]
fn a_statement_for_another_law_is_no_californian_one() {
    let reading = read(UNITED_KINGDOM);
    assert_eq!(reading.overall, Overall::NotLocated);
    assert_eq!(
        reading.problem.unwrap().kind,
        ProblemKind::WrittenForAnotherLaw
    );
    assert_eq!(reading.topics["audits"].disclosed, Some(true));

    let australian = UNITED_KINGDOM.replace(
        "section 54 of the Modern Slavery Act 2015",
        "the Modern Slavery Act 2018 (Cth)",
    );
    let problem = read(&australian).problem.unwrap();
    assert!(
        problem.message.contains("Australian"),
        "{}",
        problem.message
    );

    let joint = UNITED_KINGDOM.replace(
        "Act 2015",
        "Act 2015 and the California Transparency in Supply Chains Act",
    );
    assert_eq!(read(&joint).problem, None);
}

#[test]
fn the_uk_minimum_is_a_second_rule_file() {
    let reading = read_under(MSA_S54, UNITED_KINGDOM.as_bytes());
    assert_eq!(reading.overall, Overall::Full, "{:?}", reading.reasons);
    assert_eq!(reading.not_checked, ["homepage_link"]);

    let unsigned: String = UNITED_KINGDOM
        .split(" and is signed")
        .next()
        .unwrap()
        .to_owned()
        + ".";
    let reading = read_under(MSA_S54, unsigned.as_bytes());
    assert_eq!(reading.overall, Overall::Partial);
    assert_eq!(reading.topics["signature"].disclosed, Some(false));

    let pending = unsigned.replace("was approved", "has not been approved");
    let reading = read_under(MSA_S54, pending.as_bytes());
    assert!(
        reading.topics["approval"]
            .quotes
            .iter()
            .all(|quote| quote.stance == Stance::Denied)
    );

    let californian = read_under(MSA_S54, HONEST_NO.as_bytes());
    assert_eq!(
        californian.problem.unwrap().kind,
        ProblemKind::WrittenForAnotherLaw
    );
}

#[test]
fn words_that_companies_share_earn_no_more_than_asserted() {
    let law = Law::parse(SB_657).unwrap();
    let own = Document::read(FULL.as_bytes()).unwrap();
    let copied = FULL.replace("Halvard &amp; Roe Outfitters", "Copperfield Hats");
    let other = Document::read(copied.as_bytes()).unwrap();
    let unlike = Document::read(HONEST_NO.as_bytes()).unwrap();
    let mut others = OtherStatements::default();
    others.add("unlike", &unlike);
    let alone = check(&law, Ok(&own), &others, day());
    assert!(alone.shared_text.is_empty());
    others.add("copied", &other);
    let reading = check(&law, Ok(&own), &others, day());

    assert_eq!(reading.shared_text[0].other, "copied");
    assert!(reading.shared_text[0].percent >= 90);
    assert_eq!(reading.overall, alone.overall, "disclosure is another axis");
    for key in TOPICS {
        let topic = &reading.topics[key];
        assert_eq!(topic.practice, Some(Practice::Asserted), "{key}");
        assert!(topic.quotes.iter().all(|quote| quote.boilerplate), "{key}");
    }
    let named: Vec<(String, &Document)> = [("a", &own), ("b", &unlike), ("c", &other)]
        .map(|(name, document)| (name.to_owned(), document))
        .to_vec();
    let pairs = near_duplicates(&named, 70);
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    assert_eq!(
        (pairs[0].first.as_str(), pairs[0].second.as_str()),
        ("a", "c")
    );
}
