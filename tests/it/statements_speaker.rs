//! Who speaks in a list: the law that asks, or the company that answers.

use plimsoll::disclosures::statement::{Disclosure, Overall, Practice, Stance, Stated};

use super::statements::read;

const TOPICS: [&str; 5] = [
    "verification",
    "audits",
    "certification",
    "accountability",
    "training",
];
const TITLE: &str = "California Transparency in Supply Chains Act\n\n";
/// The statute's five lines, as somebody does them.
const LINES: [&str; 5] = [
    "ngages in verification of product supply chains to evaluate and address risks of human \
     trafficking and slavery",
    "onducts audits of suppliers to evaluate supplier compliance with company standards for \
     trafficking and slavery in supply chains",
    "equires direct suppliers to certify that materials incorporated into the product comply with \
     the laws regarding slavery and human trafficking",
    "aintains internal accountability standards and procedures for employees or contractors \
     failing to meet company standards regarding slavery and trafficking",
    "rovides employees and management who have direct responsibility for supply chain management \
     training on human trafficking and slavery",
];

fn bullets() -> String {
    let begin = ["• e", "• c", "• r", "• m", "• p"];
    (begin.iter().zip(LINES))
        .map(|(begin, line)| format!("{begin}{line};\n\n"))
        .collect::<Vec<_>>()
        .concat()
}

fn paragraphs() -> String {
    let begin = ["E", "C", "R", "M", "P"];
    (begin.iter().zip(LINES))
        .map(|(begin, line)| format!("{begin}{line}.\n\n"))
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn the_laws_words_below_a_companys_lead_are_the_companys() {
    for lead in [
        "Brackwater Looms, pursuant to the Act, discloses that it:",
        "Brackwater Looms does the following:",
        "The California Transparency in Supply Chains Act of 2010 requires retailers to disclose \
         their efforts to eradicate slavery.\n\nBrackwater Looms does the following:",
        "In keeping with the Act, Brackwater Looms takes each of the following steps:",
        "To answer the Act we:",
        "We comply with the Act as follows.",
        "Under the Act, Brackwater Looms states the following:",
    ] {
        for list in [bullets(), paragraphs()] {
            let reading = read(&format!("{TITLE}{lead}\n\n{list}"));
            assert_eq!(reading.overall, Overall::Partial, "{lead}\n{list}");
            for key in TOPICS {
                let topic = &reading.topics[key];
                assert_eq!(
                    (topic.disclosed, topic.practice),
                    (Some(true), Some(Practice::Asserted)),
                    "{key}: {lead}\n{list}"
                );
                for mandatory in topic.mandatory.values() {
                    assert_eq!(mandatory.stated, Stated::NotStated, "{key}: {lead}");
                }
            }
        }
    }
}

#[test]
fn a_companys_lead_that_denies_or_plans_asserts_nothing() {
    for (lead, disclosure, below) in [
        (
            "Brackwater Looms does not do the following:",
            Disclosure::Yes,
            "",
        ),
        (
            "Brackwater Looms plans to do the following:",
            Disclosure::Unclear,
            "",
        ),
        (
            "Brackwater Looms states the following:",
            Disclosure::Yes,
            "We do not undertake any of these activities.\n",
        ),
    ] {
        for list in [bullets(), paragraphs()] {
            let reading = read(&format!("{TITLE}{lead}\n\n{list}{below}"));
            for key in TOPICS {
                let topic = &reading.topics[key];
                assert_eq!(
                    (topic.disclosure, topic.practice),
                    (disclosure, Some(Practice::None)),
                    "{key}: {lead}\n{list}"
                );
            }
        }
    }
}

#[test]
fn the_laws_words_below_the_laws_lead_are_the_laws() {
    for lead in [
        "The Act requires companies to disclose to what extent, if any, they:",
        "A company must disclose whether it does the following:",
        "The law does the following:",
        "Any seller that discloses states that it:",
        "Disclosures:",
    ] {
        for list in [bullets(), paragraphs()] {
            let reading = read(&format!("{TITLE}{lead}\n\n{list}"));
            for key in TOPICS {
                assert_ne!(
                    reading.topics[key].disclosed,
                    Some(true),
                    "{key}: {lead}\n{list}"
                );
            }
        }
    }
}

#[test]
fn the_law_told_with_its_and_disclose_if_answers_nothing() {
    let lead = "The Act requires covered companies to disclose on their websites to what extent, \
                if any, they:";
    for (first, second) in [
        (
            "Engage in verification of product supply chains to evaluate and address risks of human \
             trafficking and slavery, and disclose if the verification was not conducted by a \
             third party.",
            "Conduct audits of suppliers to evaluate supplier compliance with company standards, \
             and disclose if the audits are not independent and unannounced.",
        ),
        (
            "Engaging in verification of product supply chains to evaluate and address risks of \
             human trafficking and slavery, and specifying if no third party conducted it.",
            "Conducting audits of suppliers to evaluate supplier compliance with company \
             standards, specifying where the audit was not independent, unannounced.",
        ),
        (
            "Evaluation of product supply chains in order to verify and address human trafficking \
             and slavery risks, and specifying if no third party conducted the verification.",
            "Auditing suppliers so as to evaluate the compliance of suppliers with company \
             standards on trafficking and slavery, stating whether it was no independent, \
             unannounced audit.",
        ),
        (
            "Engage in verification of product supply chains to evaluate and address risks of human \
             trafficking and slavery. Disclose if the verification was not conducted by a third \
             party.",
            "Conduct audits of suppliers to evaluate supplier compliance with company standards. \
             Specify if the audits are not independent and unannounced.",
        ),
    ] {
        for numbered in [true, false] {
            let lines = [
                first,
                second,
                "Require direct suppliers to certify that materials comply with the human \
                 trafficking and slavery laws of the countries where they do business.",
                "Maintain internal accountability standards and procedures for employees and \
                 contractors who do not meet company standards on slavery and trafficking.",
                "Train the employees and managers who have supply chain responsibility on human \
                 trafficking and slavery and how to mitigate the risks.",
            ];
            let list: String = (1..)
                .zip(lines)
                .map(|(number, line)| {
                    if numbered {
                        format!("({number}) {line}\n\n")
                    } else {
                        format!("{line}\n\n")
                    }
                })
                .collect();
            let reading = read(&format!("{TITLE}{lead}\n\n{list}"));
            for key in TOPICS {
                let topic = &reading.topics[key];
                assert_ne!(
                    topic.disclosed,
                    Some(true),
                    "{key}: {list} {:?}",
                    topic.quotes
                );
                for mandatory in topic.mandatory.values() {
                    assert_eq!(mandatory.stated, Stated::NotStated, "{key}: {list}");
                }
            }
        }
    }
}

#[test]
fn a_bare_yes_or_no_is_the_answer_of_its_own_line() {
    let asked = [
        "ngage in verification of product supply chains to evaluate and address risks of human \
         trafficking and slavery",
        "onduct audits of suppliers to evaluate supplier compliance with company standards for \
         trafficking and slavery in supply chains",
        "equire direct suppliers to certify that materials incorporated into the product comply \
         with the laws regarding slavery and human trafficking",
        "aintain internal accountability standards and procedures for employees or contractors \
         failing to meet company standards",
        "rovide employees and management training on human trafficking and slavery",
    ];
    let answers = [true, true, false, false, true];
    for (begin, yes, no) in [
        (["E", "C", "R", "M", "P"], ": Yes\n", ": No\n"),
        (
            ["1. e", "2. c", "3. r", "4. m", "5. p"],
            ": YES\n",
            ": NO\n",
        ),
        (
            ["• E", "• C", "• R", "• M", "• P"],
            " – yes.\n\n",
            " – no.\n\n",
        ),
        (
            ["Do you e", "Do you c", "Do you r", "Do you m", "Do you p"],
            "? Yes\n",
            "? No\n",
        ),
    ] {
        for lead in [
            "Brackwater Looms makes the following disclosures.\n\n",
            "The law requires companies to disclose whether they:\n\n",
        ] {
            let list: String = (begin.iter().zip(asked).zip(answers))
                .map(|((begin, line), answer)| {
                    format!("{begin}{line}{}", if answer { yes } else { no })
                })
                .collect::<Vec<_>>()
                .concat();
            let reading = read(&format!("{TITLE}{lead}{list}"));
            for (key, answer) in TOPICS.iter().zip(answers) {
                let topic = &reading.topics[*key];
                let (practice, stance) = if answer {
                    (Practice::Asserted, Stance::Asserted)
                } else {
                    (Practice::None, Stance::Denied)
                };
                assert_eq!(
                    (topic.disclosed, topic.practice),
                    (Some(true), Some(practice)),
                    "{key}: {lead}{list}"
                );
                assert!(
                    topic.quotes.iter().all(|quote| quote.stance == stance),
                    "{key}: {lead}{list} {:?}",
                    topic.quotes
                );
            }
        }
    }
}

#[test]
fn a_no_to_a_fact_is_no_answer_to_its_topic() {
    let reading = read(&format!(
        "{TITLE}We oppose slavery.\n\nUnannounced audits of suppliers: No\n"
    ));
    assert_ne!(reading.topics["audits"].disclosed, Some(true));
    // Nothing is said beside an answer that is not there.
    let reading = read(&format!(
        "{TITLE}We may conduct independent, unannounced audits of suppliers for slavery.\n"
    ));
    let audits = &reading.topics["audits"];
    assert_eq!(audits.disclosed, Some(false));
    assert_eq!(audits.mandatory["unannounced"].stated, Stated::NotStated);
}
