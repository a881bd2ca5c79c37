//! Bad input, other charsets, the command and its JSON, and what holds for any text.

use plimsoll::disclosures::statement::{
    ChangeKind, Overall, Practice, ProblemKind, READER, SB_657, Stance, StatementReading, changes,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::statements::{FULL, HONEST_NO, day, read, read_under};

#[test]
fn what_is_no_statement_says_what_it_is() {
    let article = "California's Transparency in Supply Chains Act requires certain companies to \
                   disclose their efforts to eradicate slavery. The law requires retailers to \
                   disclose whether they audit suppliers. Experts say that companies doing \
                   business in California are required to disclose training on trafficking.";
    let spanish = "La empresa no tolera la esclavitud en su cadena de suministro. Nuestros \
                   proveedores firman un código de conducta que prohíbe el trabajo forzoso y \
                   nuestros compradores reciben formación cada año sobre los derechos de las \
                   personas que trabajan en las fábricas de nuestros proveedores directos.";
    let script = "<html><head><script src=app.js></script></head><body><div id=root></div>\
                  <noscript>You need to enable JavaScript to run this app.</noscript></body></html>";
    let cases: [(&str, Vec<u8>, ProblemKind); 15] = [
        ("empty", Vec::new(), ProblemKind::Empty),
        ("blank", b" \n\n ".to_vec(), ProblemKind::Empty),
        ("empty page", b"<html><body><p> </p></body></html>".to_vec(), ProblemKind::Empty),
        ("script only", script.into(), ProblemKind::JavascriptOnly),
        (
            "cookie wall",
            "<html><body><h1>Your privacy</h1><p>We and our partners use cookies. Accept all \
             cookies or manage preferences.</p></body></html>"
                .into(),
            ProblemKind::CookieWall,
        ),
        (
            "login",
            "<html><body><p>Welcome back to the supplier portal.</p><form><input type=password>\
             </form></body></html>"
                .into(),
            ProblemKind::LoginPage,
        ),
        ("missing", "<html><body>404 – page not found</body></html>".into(), ProblemKind::ErrorPage),
        ("pdf", b"%PDF-1.5\n<< /Font 3 0 R >>".to_vec(), ProblemKind::PdfNotRead),
        ("50 MB", vec![b'a'; 50 << 20], ProblemKind::TooLarge),
        ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x02\x03\x04".to_vec(), ProblemKind::Binary),
        (
            "chinese",
            "本公司反对强迫劳动和人口贩运，每年对供应商进行审核，并对员工进行培训。我们要求所有供应商遵守法律。".into(),
            ProblemKind::OtherLanguage,
        ),
        ("spanish", spanish.into(), ProblemKind::OtherLanguage),
        (
            "recipe",
            "Preheat the oven. Mix the flour with the butter and add the eggs. Bake for an hour \
             and serve it with the rest of the cream."
                .into(),
            ProblemKind::NotAStatement,
        ),
        (
            "sale",
            "Our Labor Day sale begins on Friday: all our sofas are reduced.".into(),
            ProblemKind::NotAStatement,
        ),
        ("article", article.into(), ProblemKind::AboutTheLaw),
    ];
    for (case, bytes, kind) in cases {
        let reading = read_under(SB_657, &bytes);
        let problem = reading.problem.expect(case);
        assert_eq!(problem.kind, kind, "{case}: {}", problem.message);
        assert_eq!(reading.overall, Overall::NotLocated, "{case}");
        for topic in reading.topics.values() {
            assert_eq!((topic.disclosed, topic.practice), (None, None), "{case}");
        }
    }
}

#[test]
fn a_wrong_charset_changes_no_answer() {
    let text = HONEST_NO.replace("We do not", "Tamsin’s tool makers do not");
    let western = encoding(&text);
    let page = format!("<html><meta charset=iso-8859-1><body><pre>{text}</pre></body></html>");
    for bytes in [western, page.into_bytes()] {
        let reading = read_under(SB_657, &bytes);
        assert_eq!(reading.overall, Overall::Full, "{:?}", reading.reasons);
        let text = reading.document.unwrap().text.unwrap();
        assert!(text.contains("Tamsin’s"), "{text}");
    }
}

fn encoding(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| {
            if letter == '’' {
                0x92
            } else {
                u8::try_from(letter).unwrap()
            }
        })
        .collect()
}

#[test]
fn a_statement_without_the_subjects_words_is_read_if_it_answers() {
    let reading = read(
        "Social compliance. Every factory that makes our clothes is audited once a year by an \
         outside firm against our code of conduct.",
    );
    assert_eq!(reading.problem, None);
    assert_eq!(reading.topics["audits"].disclosed, Some(true));
}

#[test]
fn a_page_with_the_laws_title_and_a_wall_under_it_is_not_silent() {
    let page = |below: &str| {
        format!(
            "<html><body><h1>California Transparency in Supply Chains Act</h1>{below}</body></html>"
        )
    };
    let french = "La Société exige de ses fournisseurs qu'ils se conforment à toutes les lois et \
                  réglementations applicables, y compris celles qui interdisent le travail sous \
                  contrainte. La Société entreprend un processus pour examiner ses fournisseurs \
                  et confirmer leur conformité avec le code de conduite.";
    for (below, kind) in [
        (
            "<p>We use cookies. Accept all cookies.</p>",
            ProblemKind::CookieWall,
        ),
        (
            "<p>Please log in to continue.</p><input type=password>",
            ProblemKind::LoginPage,
        ),
        (
            "<p>404. This page is no longer available.</p>",
            ProblemKind::ErrorPage,
        ),
        (
            "<div id=root></div><script src=a.js></script>",
            ProblemKind::JavascriptOnly,
        ),
        (
            &format!("<p>{}</p>", "本公司要求所有供应商遵守适用法律。".repeat(9)),
            ProblemKind::OtherLanguage,
        ),
        (&format!("<p>{french}</p>"), ProblemKind::OtherLanguage),
    ] {
        let reading = read(&page(below));
        assert_eq!(
            reading.problem.map(|problem| problem.kind),
            Some(kind),
            "{below}"
        );
        assert_eq!(reading.overall, Overall::NotLocated, "{below}");
    }
    let silent = read(&page(
        "<p>We sell lamps. This page has a footer about cookies.</p>\
        <p>The Act requires companies to disclose their efforts.</p>",
    ));
    assert_eq!(silent.overall, Overall::None);
}

#[test]
fn the_command_answers_in_both_formats_and_refuses_addresses() {
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["statement", "check"])
            .args(arguments)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/statements"))
            .env_remove("RUST_LOG")
            .output()
            .unwrap()
    };
    let output = run(&["honest_no.txt", "--as-of", "2026-11-21", "--format", "json"]);
    assert!(output.status.success());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["as_of"], "2026-11-21");
    assert_eq!(value["topics"]["training"]["disclosed"], true);

    let output = run(&["full.html", "--against", "honest_no.txt"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "\nFULL\n",
        "not checked: homepage link",
        "audits: disclosed yes; practice 3 of 3",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let output = run(&["united_kingdom.txt", "--law", "msa-s54"]);
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("\nFULL\n")
    );

    for (arguments, said) in [
        (&["https://exa mple/sb657"][..], "invalid"),
        (&["absent.txt"], "absent.txt"),
        (&["full.html", "--as-of", "2011-12-31"], "2012-01-01"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn json_has_the_shape_that_coders_compare() {
    let value = serde_json::to_value(read(FULL)).unwrap();
    assert_eq!(value["overall"], "FULL");
    assert_eq!(value["law"]["id"], "sb657");
    assert_eq!(value["law"]["rules_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(value["law"]["reader"], READER);
    let audits = &value["topics"]["audits"];
    assert_eq!(audits["disclosed"], true);
    assert_eq!(audits["best_practice"], true);
    assert_eq!(audits["practice"], 3);
    let quote = &audits["quotes"][0];
    for key in ["start", "end", "text", "rule"] {
        assert!(!quote[key].is_null(), "{key}");
    }
    let unread = serde_json::to_value(read("")).unwrap();
    assert_eq!(unread["overall"], "NOT_LOCATED");
    assert_eq!(unread["topics"]["audits"]["disclosed"], Value::Null);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_answered_and_quoted_right(
        words in prop::collection::vec(prop::sample::select(vec![
            "We", "do", "not", "audit", "suppliers.", "suppliers", "certify", "trained", "may",
            "employees", "slavery", ":", "\n", "\n\n", "- ", "1. ", "“forced labor”", "plan to",
            "Training:", "Audits", "third party", "ü", "供应商", "but", ";", "2014", "85%",
        ]), 0..120)
    ) {
        let text = words.join(" ");
        let reading = read(&text);
        prop_assert_eq!(&reading, &read(&text));
        for quote in reading.topics.values().flat_map(|topic| &topic.quotes) {
            prop_assert_eq!(&text[quote.start..quote.end], &quote.text);
        }
        for topic in reading.topics.values() {
            let practised = topic.practice.is_some_and(|practice| practice > Practice::None);
            let asserted = topic.quotes.iter().any(|quote| quote.stance == Stance::Asserted);
            prop_assert!(!practised || asserted);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let reading = read_under(SB_657, &bytes);
        prop_assert!(reading.problem.is_some() || reading.overall != Overall::NotLocated);
    }
}

#[test]
fn the_companies_and_duplicates_commands_answer() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let register = place(
        "register.csv",
        "company,law,required,published\nHalvard & Roe Outfitters Inc.,sb657,Yes,Yes\n\
         Fenwick Paper,sb657,No,No\nNobody,gdpr,Yes,Yes\n",
    );
    let suppliers = place(
        "suppliers.csv",
        "Supplier name,Country,Parent company\nCopperfield Hats,United States,Halvard & Roe Outfitters\n",
    );
    let copied = place("copied.txt", &HONEST_NO.replace("Tamsin", "Fenwick"));
    let honest = place("honest.txt", HONEST_NO);
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .arg("statement")
            .args(arguments)
            .current_dir(folder.path())
            .env_remove("RUST_LOG")
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{error}");
        (String::from_utf8(output.stdout).unwrap(), error)
    };
    let (all, notes) = run(&["companies", &register]);
    assert!(all.contains("PRESUMED_COVERED  Halvard & Roe"), "{all}");
    assert!(all.contains("PRESUMED_NOT      Fenwick Paper"), "{all}");
    assert!(notes.contains("row 4, law"), "{notes}");
    let (led, _) = run(&[
        "companies",
        &register,
        "--suppliers",
        &suppliers,
        "--format",
        "json",
    ]);
    let led: Value = serde_json::from_str(&led).unwrap();
    assert_eq!(led["companies"].as_array().unwrap().len(), 1, "{led}");
    assert_eq!(led["suppliers"][0]["leads"][0]["named"], "parent");
    let (pairs, _) = run(&["duplicates", &honest, &copied]);
    assert!(pairs.contains(" %  "), "{pairs}");
}

/// The same rules and another reader: what differs may be the reading.
#[test]
fn another_reader_is_said_as_other_rules_are() {
    let later = read(FULL);
    assert!(changes(&later, &later, day()).is_empty());
    let mut earlier = serde_json::to_value(&later).unwrap();
    earlier["law"].as_object_mut().unwrap().remove("reader");
    let earlier: StatementReading = serde_json::from_value(earlier).unwrap();
    let said = changes(&earlier, &later, day());
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].kind, ChangeKind::Rules);
    assert!(
        said[0].before.ends_with("reader 0")
            && said[0].after.ends_with(&format!("reader {READER}")),
        "{said:?}"
    );
}
