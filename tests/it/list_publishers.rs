//! Each publisher's way to its list: discovery pages, pages of a table, sets of
//! files, listings and archives; good ones and bombs.

use std::{fmt::Write as _, io::Write as _};

use plimsoll::{
    app::{
        list_editions,
        list_show::{self, Wanted},
    },
    clock::Clock,
    config::{ApiKey, PublisherSettings},
    lists::{CustomName, Source},
    store::list_syncs::SyncState,
};

use crate::{
    publisher::{Answer, Desk},
    support::{databases, sqlite},
};

const CSV: &str = "text/csv";

async fn first_names(desk: &Desk, source: Source, most: usize) -> Vec<String> {
    let today = desk.clock.today();
    let wanted = Wanted {
        limit: most,
        ..Wanted::default()
    };
    list_show::page(&desk.database, source, &wanted, today)
        .await
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.name)
        .collect()
}

/// CBP's file, in Windows-1252 with a preamble.
fn cbp_file(rows: usize) -> Vec<u8> {
    let mut text = String::from(
        "Withhold Release Orders and Findings,,,,,,,,,,\n\
         Effective Date,Calendar Year,Country Code,Country,Merchandise,WRO/Finding,Industry,Status,Press Release,Entity,Remarks\n",
    );
    for row in 1..=rows {
        let _infallible = writeln!(
            text,
            "{}/{}/2020,2020,MY,Malaysia,Gloves,WRO,,Active,,\"Caf\u{e9} Invented {row} Sdn. Bhd.\",\"line\none\"",
            row % 12 + 1,
            row % 28 + 1
        );
    }
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect()
}

#[tokio::test]
async fn cbps_file_is_found_on_the_page_that_links_it_under_whatever_name() {
    for test in databases().await {
        let desk = Desk::open(&test).await;
        let page = |file: &str| {
            Answer::new(
                "text/html",
                format!("<html><a href=\"{file}\">Withold Relase Orders</a></html>"),
            )
        };
        desk.publisher.put(
            "/document/wro",
            page("/sites/default/files/2026-09/wihthold.csv"),
        );
        desk.publisher.put(
            "/sites/default/files/2026-09/wihthold.csv",
            Answer::new("application/octet-stream", cbp_file(90)).with("ETag", "\"a\""),
        );
        let kept = desk.sync(Source::Cbp).await;
        assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
        assert_eq!(kept.rows, 90);
        let names = first_names(&desk, Source::Cbp, 1).await;
        assert!(names[0].starts_with("Café Invented"), "{names:?}");
        desk.days_pass(1);
        assert_eq!(desk.sync(Source::Cbp).await.state, SyncState::Unchanged);

        // The next edition is another file; the same bytes would be no news.
        desk.days_pass(1);
        desk.publisher.put(
            "/document/wro",
            page("/sites/default/files/2026-10/final2.csv"),
        );
        desk.publisher.put(
            "/sites/default/files/2026-10/final2.csv",
            Answer::new(CSV, cbp_file(92)),
        );
        assert_eq!(desk.sync(Source::Cbp).await.state, SyncState::Kept);
        let asked = desk.publisher.asked();
        assert_eq!(asked.len(), 6, "{asked:?}");

        for (page, why) in [
            (
                Answer::new("text/html", "<p>redesigned</p>"),
                "links no CSV",
            ),
            (
                page("https://elsewhere.example/sites/default/files/2026-11/x.csv"),
                "not among the hosts",
            ),
            (Answer::status("403 Forbidden"), "403"),
        ] {
            desk.days_pass(1);
            desk.publisher.put("/document/wro", page);
            let failed = desk.sync(Source::Cbp).await;
            assert_eq!(failed.state, SyncState::Failed);
            let problem = failed.problem.unwrap();
            assert!(problem.contains(why), "{problem}");
        }
        // A web page under the file's name.
        desk.publisher.put(
            "/document/wro",
            page("/sites/default/files/2026-11/now.csv"),
        );
        desk.publisher.put(
            "/sites/default/files/2026-11/now.csv",
            Answer::new(CSV, "<!doctype html><html>Service unavailable</html>"),
        );
        let refused = desk.sync(Source::Cbp).await;
        assert_eq!(refused.state, SyncState::Refused);
        assert!(refused.problem.unwrap().contains("a web page came"));
    }
}

fn goods_page(goods: std::ops::Range<usize>, next: Option<&str>) -> String {
    let mut page = String::from(
        "<html><table><thead><tr><th>Country/Area</th><th>Good</th><th>Exploitation Type</th></tr></thead><tbody>",
    );
    for good in goods {
        let country = ["Bolivia", "Burma", "China", "India", "Peru"][good % 5];
        let _infallible = write!(
            page,
            "<tr><td>{country}</td><td>Invented Good {}</td><td>Child Labor, Forced Labor</td></tr>",
            good / 5
        );
    }
    page.push_str("</tbody></table>");
    if let Some(next) = next {
        let _infallible = write!(page, "<a rel=\"next\" href=\"{next}\">Next</a>");
    }
    page + "</html>"
}

#[tokio::test]
async fn a_table_on_several_pages_is_one_edition() {
    let test = sqlite();
    let desk = Desk::open(&test).await;
    let put = |path: &str, page: String| {
        desk.publisher.put(path, Answer::new("text/html", page));
    };
    put("/goods", goods_page(0..250, Some("?page=1")));
    put("/goods?page=1", goods_page(250..500, Some("?page=2")));
    put("/goods?page=2", goods_page(500..520, None));
    let kept = desk.sync(Source::DolGoods).await;
    assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
    assert_eq!(kept.rows, 520);
    desk.days_pass(7);
    assert_eq!(
        desk.sync(Source::DolGoods).await.state,
        SyncState::Unchanged
    );
    let today = desk.clock.today();
    let held = list_editions::find(&desk.database, Source::DolGoods, None, today)
        .await
        .unwrap();
    let read = list_editions::read(&desk.database, &held).await.unwrap();
    assert_eq!(read.content.goods.len(), 520);

    // A page less is a list less; pages that lead in a circle are none.
    put("/goods", goods_page(0..250, None));
    assert_eq!(desk.sync(Source::DolGoods).await.state, SyncState::Refused);
    put("/goods", goods_page(0..250, Some("?page=1")));
    put("/goods?page=1", goods_page(250..500, Some("?page=1&x=1")));
    put("/goods?page=1&x=1", goods_page(250..500, Some("?page=1")));
    let circle = desk.sync(Source::DolGoods).await;
    assert_eq!(circle.state, SyncState::Failed);
    assert!(circle.problem.unwrap().contains("circle"));
}

/// OFAC's file with so many entries.
fn sdn(entries: usize, announced: usize) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\"?><sdnList xmlns=\"https://example.test/x\"><publshInformation>\
         <Publish_Date>11/20/2026</Publish_Date><Record_Count>{announced}</Record_Count></publshInformation>"
    );
    for entry in 1..=entries {
        let _infallible = write!(
            xml,
            "<sdnEntry><uid>{entry}</uid><lastName>Invented Trading {entry} LLC</lastName><sdnType>Entity</sdnType>\
             <programList><program>GLOMAG</program></programList></sdnEntry>"
        );
    }
    xml + "</sdnList>"
}

#[tokio::test]
async fn ofacs_list_comes_with_its_day_and_count_and_bombs_do_not() {
    let test = sqlite();
    let desk = Desk::open(&test).await;
    let put = |xml: String| {
        desk.publisher
            .put("/exports/SDN.XML", Answer::new("application/xml", xml));
    };
    put(sdn(16_000, 16_000));
    let kept = desk.sync(Source::OfacSdn).await;
    assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
    assert_eq!(kept.edition.as_deref(), Some("2026-11-20"));
    assert_eq!(kept.rows, 16_000);

    let entities = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"{}\"><!ENTITY b \"{}\">]><sdnList>&b;</sdnList>",
        "ha".repeat(1_000),
        "&a;".repeat(1_000)
    );
    let deep = format!("<sdnList>{}", "<a>".repeat(1_000_000));
    for (xml, why) in [
        (sdn(16_000, 17_000), "announces 17000"),
        (sdn(8_000, 8_000), "shrinks"),
        (entities, ""),
        (deep, ""),
        (
            sdn(16_000, 16_000).replace("11/20/2026", "11/20/2025"),
            "before the one in force",
        ),
        (
            sdn(16_000, 16_000).replace("11/20/2026", "11/20/2027"),
            "still to come",
        ),
        (sdn(16_000, 16_000)[..900_000].to_owned(), ""),
    ] {
        desk.days_pass(1);
        put(xml);
        let began = std::time::Instant::now();
        let refused = desk.sync(Source::OfacSdn).await;
        assert_eq!(refused.state, SyncState::Refused, "{refused:?}");
        let problem = refused.problem.unwrap();
        assert!(problem.contains(why), "{problem}");
        assert!(began.elapsed().as_secs() < 30);
    }
    let today = desk.clock.today();
    let held = list_editions::find(&desk.database, Source::OfacSdn, None, today)
        .await
        .unwrap();
    assert_eq!(held.head.edition, "2026-11-20");
}

const SAM_HEADER: &str = "\"Classification\",\"Name\",\"Prefix\",\"First\",\"Middle\",\"Last\",\"Suffix\",\"Address 1\",\"Address 2\",\"Address 3\",\"Address 4\",\"City\",\"State / Province\",\"Country\",\"Zip Code\",\"Open Data Flag\",\"Blank (Deprecated)\",\"Unique Entity ID\",\"Exclusion Program\",\"Excluding Agency\",\"CT Code\",\"Exclusion Type\",\"Additional Comments\",\"Active Date\",\"Termination Date\",\"Record Status\",\"Cross-Reference\",\"SAM Number\",\"CAGE\",\"NPI\",\"Creation_Date\"\n";

fn sam_csv(rows: usize) -> Vec<u8> {
    let mut text = SAM_HEADER.to_owned();
    for row in 1..=rows {
        let (kind, name, last) = if row % 4 == 0 {
            ("Individual", String::new(), format!("Inventedperson{row}"))
        } else {
            (
                "Firm",
                format!("INVENTED EXCLUDED {row} LLC"),
                String::new(),
            )
        };
        let _infallible = writeln!(
            text,
            "\"{kind}\",\"{name}\",\"\",\"\",\"\",\"{last}\",\"\",\"1 Road\",\"\",\"\",\"\",\"Town\",\"CA\",\"USA\",\"90000\",\"\",\"\",\"\",\"Reciprocal\",\"DOJ\",\"\",\"Ineligible (Proceedings Completed)\",\"\",\"01/02/2020\",\"Indefinite\",\"\",\"\",\"S4MR{row:05}\",\"\",\"\",\"01/02/2020\"",
        );
    }
    text.into_bytes()
}

fn zipped(name: &str, body: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file(name, options).unwrap();
    archive.write_all(body).unwrap();
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn sams_newest_extract_is_taken_from_its_archive_and_people_are_not_shown() {
    let test = sqlite();
    let desk = Desk::open(&test).await;
    let listing = |day: &str| {
        Answer::new(
            "application/json",
            format!(
                "{{\"_embedded\":{{\"customS3ObjectSummaryList\":[\
                 {{\"key\":\"Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_26001.ZIP\"}},\
                 {{\"key\":\"Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_{day}.ZIP\"}}]}}}}"
            ),
        )
    };
    let file = |day: &str| {
        format!(
            "/v1/api/download/Exclusions/Public%20V2/SAM_Exclusions_Public_Extract_V2_{day}.ZIP?privacy=Public"
        )
    };
    desk.publisher
        .put("/v1/api/listfiles?domain=X", listing("26324"));
    let archive = zipped("SAM_Exclusions_Public_Extract_V2_26324.CSV", &sam_csv(400));
    desk.publisher
        .put(&file("26324"), Answer::new("application/zip", archive));
    // Far from the 167,000 that are known: a person must look.
    let refused = desk.sync(Source::SamExclusions).await;
    assert_eq!(refused.state, SyncState::Refused, "{refused:?}");
    assert_eq!(refused.rows, 400);
    assert!(refused.problem.unwrap().contains("167,000"));
    let accepted = plimsoll::app::list_accept::accept(
        &desk.database,
        &desk.clock,
        refused.id,
        "a test list of four hundred rows",
        "user:x",
        &|_| {},
    )
    .await
    .unwrap();
    assert_eq!(accepted.state, SyncState::Accepted);
    assert_eq!(
        accepted.edition.as_deref(),
        Some("2026-11-20"),
        "by the file's name"
    );

    let wanted = Wanted {
        limit: 1_000,
        ..Wanted::default()
    };
    let (sam, today) = (Source::SamExclusions, desk.clock.today());
    let shown = list_show::page(&desk.database, sam, &wanted, today)
        .await
        .unwrap();
    assert_eq!(shown.rows.len(), 300);
    let told = serde_json::to_string(&shown).unwrap();
    assert!(!told.contains("Inventedperson") && !told.contains("inventedperson"));

    let bomb = vec![b'0'; 700 << 20];
    for (day, body, why) in [
        ("26325", zipped("x.CSV", &bomb), ""),
        ("26326", b"PK\x03\x04 no archive".to_vec(), ""),
        ("26327", b"<html>maintenance</html>".to_vec(), "web page"),
    ] {
        desk.days_pass(1);
        desk.publisher
            .put("/v1/api/listfiles?domain=X", listing(day));
        desk.publisher
            .put(&file(day), Answer::new("application/zip", body));
        let refused = desk.sync(Source::SamExclusions).await;
        assert_eq!(refused.state, SyncState::Refused, "{refused:?}");
        let problem = refused.problem.unwrap();
        assert!(problem.contains(why), "{problem}");
    }
    desk.publisher.put(
        "/v1/api/listfiles?domain=X",
        Answer::new("text/html", "<html>signed out</html>"),
    );
    let failed = desk.sync(Source::SamExclusions).await;
    assert_eq!(failed.state, SyncState::Failed);
    assert!(
        failed
            .problem
            .unwrap()
            .contains("does not lead to the list")
    );
}

#[tokio::test]
async fn brazils_register_is_read_from_latin_1() {
    let database = sqlite();
    let desk = Desk::open(&database).await;
    let mut text = String::from(
        "Cadastro de Empregadores;;;;;;;;;\n\
         ID;Ano da ação fiscal;UF;Empregador;CNPJ/CPF;Estabelecimento;Trabalhadores envolvidos;CNAE;Decisão administrativa de procedência;Inclusão no Cadastro de Empregadores\n",
    );
    for row in 1..=420 {
        let _infallible = writeln!(
            text,
            "{row};2021;MG;Fazenda Inventada São {row} Ltda;11.222.333/0001-81;Zona Rural;4;0134-2/00;01/02/2022;05/04/2023"
        );
    }
    let latin: Vec<u8> = text
        .chars()
        .map(|letter| u8::try_from(u32::from(letter)).unwrap())
        .collect();
    desk.publisher.put("/cadastro.csv", Answer::new(CSV, latin));
    let kept = desk.sync(Source::BrazilRegister).await;
    assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
    let names = first_names(&desk, Source::BrazilRegister, 1).await;
    assert!(names[0].contains("São"), "{names:?}");
}

#[tokio::test]
async fn an_address_of_ones_own_and_a_key_are_settings() {
    let test = sqlite();
    let mut desk = Desk::open(&test).await;
    let acme = Source::Custom(CustomName::new("acme").unwrap());
    let missing = desk.try_sync(acme).await.unwrap_err();
    assert!(missing.to_string().contains("lists.custom.acme.url"));
    desk.settings.custom.insert(
        "acme".to_owned(),
        PublisherSettings {
            url: Some(desk.publisher.url("/entities.ftm.json")),
            api_key: Some(ApiKey("s3cret".to_owned())),
            ..PublisherSettings::default()
        },
    );
    desk.publisher.put(
        "/entities.ftm.json",
        Answer::new(
            "application/json+ftm",
            "{\"id\":\"a-1\",\"schema\":\"Company\",\"caption\":\"Invented Shipping\",\"properties\":{\"name\":[\"Invented Shipping\"],\"country\":[\"cn\"]},\"datasets\":[\"x\"],\"first_seen\":\"2024-01-01\",\"last_seen\":\"2026-01-01\"}\n",
        ),
    );
    let kept = desk.sync(acme).await;
    assert_eq!(kept.state, SyncState::Kept, "{kept:?}");
    assert_eq!(first_names(&desk, acme, 9).await, ["Invented Shipping"]);

    let printed = desk.try_sync(Source::Tip).await.unwrap_err();
    assert!(printed.to_string().contains("--official tip"), "{printed}");
}
