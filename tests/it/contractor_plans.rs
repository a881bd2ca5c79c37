//! The words of compliance plans, in every form they come in.

use std::io::{Cursor, Write};

use plimsoll::disclosures::{
    contractor::{
        Element,
        plan::{ElementFound, PLAN_RULES, PlanReading, PlanRules, check_plan},
    },
    statement::ProblemKind,
};

use crate::contractor_support::{PLAN, THIN_PLAN, day};

fn plan(bytes: &[u8]) -> PlanReading {
    check_plan(
        &PlanRules::parse(PLAN_RULES).unwrap(),
        "plan",
        bytes,
        day("2026-06-01"),
    )
}

fn found(reading: &PlanReading, element: Element) -> ElementFound {
    reading
        .elements
        .iter()
        .find(|one| one.element == element)
        .unwrap()
        .found
}

#[test]
fn a_whole_plan_has_all_five_elements_with_their_words() {
    let reading = plan(PLAN.as_bytes());
    assert_eq!(reading.problem, None);
    for element in Element::ALL {
        assert_eq!(
            found(&reading, element),
            ElementFound::Found,
            "{reading:#?}"
        );
    }
    for part in reading
        .elements
        .iter()
        .flat_map(|element| &element.parts)
        .chain(&reading.clauses)
    {
        assert!(!part.quotes.is_empty(), "{}", part.part);
        for quote in &part.quotes {
            assert_eq!(PLAN.get(quote.start..quote.end), Some(quote.text.as_str()));
        }
    }
    assert!(reading.repealed_clause.is_empty());
}

#[test]
fn what_a_plan_leaves_out_is_not_found() {
    let without = |from: &str, to: &str| plan(PLAN.replace(from, to).as_bytes());
    let cases = [
        (
            "the hotline",
            without("1-844-888-FREE", "our hotline"),
            Element::Reporting,
            ElementFound::Partial,
        ),
        (
            "the e-mail",
            without("help@befree.org", "help@example.org"),
            Element::Reporting,
            ElementFound::Partial,
        ),
        (
            "retaliation",
            without(
                "We prohibit retaliation against anybody who reports or who takes part in an inquiry.",
                "",
            ),
            Element::Reporting,
            ElementFound::Partial,
        ),
        (
            "wages",
            without(
                "Wages meet the legal requirements of the host country, and any variance is explained in writing.",
                "",
            ),
            Element::RecruitmentAndWages,
            ElementFound::Partial,
        ),
        (
            "fees",
            without(
                "Neither we nor any recruiter may charge recruitment fees to employees or potential employees; a fee that was paid is reimbursed.",
                "",
            ),
            Element::RecruitmentAndWages,
            ElementFound::Partial,
        ),
        (
            "housing standards",
            without(
                "Housing meets the host country's housing and safety standards and is inspected every quarter.",
                "",
            ),
            Element::Housing,
            ElementFound::Partial,
        ),
        (
            "termination",
            without(
                "We terminate any agent, subcontract or subcontractor employee found to have engaged in trafficking.",
                "",
            ),
            Element::Agents,
            ElementFound::Partial,
        ),
    ];
    for (case, reading, element, expected) in cases {
        assert_eq!(found(&reading, element), expected, "{case}: {reading:#?}");
    }
    let silent = plan(PLAN.split("4. Housing").next().unwrap().as_bytes());
    assert_eq!(found(&silent, Element::Housing), ElementFound::NotFound);
    assert_eq!(found(&silent, Element::Agents), ElementFound::NotFound);
    let thin = plan(THIN_PLAN.as_bytes());
    assert_eq!(found(&thin, Element::Housing), ElementFound::NotApplicable);
    assert_eq!(found(&thin, Element::Agents), ElementFound::NotFound);
    assert_eq!(thin.repealed_clause.len(), 1);
}

#[test]
fn the_clause_copied_out_is_no_plan() {
    let copied = "FAR 52.222-50, Combating Trafficking in Persons\n\nMinimum requirements. The compliance plan must include, at a minimum, the following:\n\nAn awareness program to inform Contractor employees about the Government's policy prohibiting trafficking-related activities, the activities prohibited, and the actions that will be taken against the employee for violations.\n\nA housing plan, if the Contractor or subcontractor intends to provide or arrange housing, that ensures that the housing meets host-country housing and safety standards.";
    let reading = plan(copied.as_bytes());
    for element in &reading.elements {
        assert_ne!(element.found, ElementFound::Found, "{element:#?}");
        assert_ne!(element.found, ElementFound::NotApplicable, "{element:#?}");
    }
}

fn docx(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("[Content_Types].xml", options).unwrap();
    zip.write_all(b"<Types/>").unwrap();
    zip.start_file("word/document.xml", options).unwrap();
    zip.write_all(body.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn plans_are_read_from_docx_and_html() {
    let escaped = PLAN.replace('&', "&amp;");
    let paragraphs = escaped
        .lines()
        .map(|line| format!("<w:p><w:r><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>"))
        .collect::<Vec<_>>()
        .concat();
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"x\"><w:body>{paragraphs}<w:p><w:del><w:r><w:delText>x</w:delText><w:t>252.222-7007</w:t></w:r></w:del></w:p></w:body></w:document>"
    );
    let reading = plan(&docx(&xml));
    assert_eq!(reading.problem, None);
    assert!(
        reading
            .elements
            .iter()
            .all(|element| element.found == ElementFound::Found),
        "{reading:#?}"
    );
    assert!(
        reading.repealed_clause.is_empty(),
        "a tracked deletion is no longer said"
    );
    let page = escaped
        .lines()
        .map(|line| format!("<p>{line}</p>"))
        .collect::<Vec<_>>()
        .concat();
    let reading = plan(format!("<html><body>{page}</body></html>").as_bytes());
    assert!(
        reading
            .elements
            .iter()
            .all(|element| element.found == ElementFound::Found),
        "{reading:#?}"
    );
}

#[test]
fn hostile_documents_are_refused_in_words() {
    let deep = "<w:p>".repeat(10_000);
    let bomb = " ".repeat(40 << 20);
    let cases: [(&str, Vec<u8>, ProblemKind); 6] = [
        ("nested", docx(&deep), ProblemKind::DamagedText),
        ("bomb", docx(&bomb), ProblemKind::TooLarge),
        (
            "entities",
            docx("<!DOCTYPE x [<!ENTITY a \"aaaa\">]><w:p>&a;</w:p>"),
            ProblemKind::DamagedText,
        ),
        ("cut", docx(PLAN)[..200].to_vec(), ProblemKind::DamagedText),
        ("empty", Vec::new(), ProblemKind::Empty),
        (
            "off the subject",
            b"We make gloves. They are warm. ".repeat(20),
            ProblemKind::NotAStatement,
        ),
    ];
    for (case, bytes, kind) in cases {
        let reading = plan(&bytes);
        assert_eq!(
            reading.problem.as_ref().map(|problem| problem.kind),
            Some(kind),
            "{case}: {reading:?}"
        );
        assert!(reading.elements.is_empty(), "{case}");
    }
}

/// The smallest file with lines of text on one page, shown by `Tj T*`, `'` or `"`.
fn pdf(text: &str, show: &str) -> Vec<u8> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if lines.last().unwrap().len() + word.len() > 80 {
            lines.push(String::new());
        }
        let line = lines.last_mut().unwrap();
        line.push_str(word);
        line.push(' ');
    }
    let shown: String = lines
        .iter()
        .map(|line| {
            let line = line.replace('(', "\\(").replace(')', "\\)");
            show.replace("TEXT", &format!("({line})"))
        })
        .collect();
    let content = format!("BT /F1 10 Tf 50 780 Td 12 TL\n{shown}ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = b"0000000000 65535 f \n".to_vec();
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        writeln!(file, "{number} 0 obj\n{object}\nendobj").unwrap();
    }
    let at = file.len();
    file.extend_from_slice(b"xref\n0 6\n");
    file.extend_from_slice(&table);
    write!(
        file,
        "trailer<</Size 6/Root 1 0 R>>\nstartxref\n{at}\n%%EOF"
    )
    .unwrap();
    file
}

#[test]
fn plans_are_read_from_pdf() {
    for show in ["TEXT Tj T*\n", "TEXT '\n", "0 0 TEXT \"\n"] {
        let reading = plan(&pdf(&PLAN.replace('\n', " "), show));
        assert_eq!(reading.problem, None, "{show}");
        for element in Element::ALL {
            assert_eq!(
                found(&reading, element),
                ElementFound::Found,
                "{element:?}, {show}"
            );
        }
    }
}

/// A plan that was given and cannot be read is not a plan that says nothing.
#[test]
fn what_was_not_read_is_said_and_is_no_silence() {
    use crate::contractor_support::{Desk, with};
    use plimsoll::disclosures::contractor::{Desk as WholeDesk, DisclosureStatus};
    let mut desk = Desk::default();
    desk.form(&with(&[("plan_elements", ""), ("plan_at", "plan.pdf")]));
    let absent = desk.contract("2026-06-01");
    assert!(absent.is(DisclosureStatus::Incomplete));
    assert!(
        absent.status.reasons[0]
            .says
            .contains("plan.pdf is not among the files given")
    );
    desk.plan("plan.pdf", b"%PDF-1.4 cut off");
    let unreadable = desk.contract("2026-06-01");
    assert!(
        unreadable.status.reasons[0]
            .says
            .contains("not known: plan.pdf was given and could not be read"),
        "{:?}",
        unreadable.status.reasons
    );
    let mut whole = WholeDesk::open(crate::contractor_support::day("2026-06-01")).unwrap();
    for bytes in [
        &b"\x00\x01\x02\x03"[..],
        b"",
        b"Lunch is at noon today in the canteen.",
    ] {
        whole.read("paper", bytes, || Ok(bytes.to_vec())).unwrap();
    }
    let remarks: Vec<&String> = whole
        .files()
        .iter()
        .flat_map(|file| &file.summary.remarks)
        .collect();
    assert_eq!(remarks.len(), 3, "{remarks:?}");
    assert!(
        remarks
            .iter()
            .all(|remark| remark.starts_with("not read: "))
    );
    assert!(remarks[1].contains("another document of this name"));
    assert!(whole.files().iter().all(|file| file.summary.not_read == 1));
}
