//! The sanctions parsers held against the published files that are not part of
//! the project.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking, and these print figures"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
    path::PathBuf,
};

use plimsoll::{
    lists::{
        About, Completeness, Content, Entry, EntryKind, Form, ListRow, ParsedList, Part, Snapshot,
        SnapshotHead, Source, Summary, UnreadableList, collect, read as read_rows,
    },
    screening::{ListIndex, ScreeningOptions, screen_supplier},
    supplier::Supplier,
};

use crate::sdn_layout;

#[expect(
    clippy::disallowed_methods,
    reason = "only these tests need to know where the files are"
)]
fn shared(path: &str) -> Vec<u8> {
    let folder = PathBuf::from(std::env::var("PLIMSOLL_SHARED").unwrap());
    std::fs::read(folder.join("data/lists").join(path)).unwrap()
}

fn read(
    source: Source,
    form: Form,
    files: &[(&str, Vec<u8>)],
) -> Result<(ParsedList, Summary), UnreadableList> {
    let mut inputs: Vec<_> = files
        .iter()
        .map(|(name, bytes)| (*name, Cursor::new(bytes)))
        .collect();
    let mut parts: Vec<Part<'_>> = inputs
        .iter_mut()
        .map(|(name, input)| Part { name, input })
        .collect();
    let about = About {
        source,
        edition: "2022",
    };
    collect(form, &mut parts, &about)
}

fn sdn_files() -> [(&'static str, Vec<u8>); 4] {
    [
        ("SDN.CSV", shared("ofac/2021-07_csv/sdn.csv")),
        ("ADD.CSV", shared("ofac/2021-07_csv/add.csv")),
        ("ALT.CSV", shared("ofac/2021-07_csv/alt.csv")),
        (
            "SDN_COMMENTS.CSV",
            shared("ofac/2021-07_csv/sdn_comments.csv"),
        ),
    ]
}

fn told(list: &ParsedList, summary: &Summary) {
    let mut kinds: BTreeMap<EntryKind, usize> = BTreeMap::new();
    for entry in &list.content.entries {
        *kinds.entry(entry.kind).or_default() += 1;
    }
    let mut reasons: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for unread in &list.unread {
        let (count, texts) = reasons.entry(&unread.reason).or_default();
        *count += 1;
        texts.insert(&unread.text);
    }
    println!("{summary:?}\n{kinds:?}");
    for (reason, (count, texts)) in reasons.iter().take(60) {
        println!(
            "  {count} x {reason}: {:?}",
            texts.iter().take(12).collect::<Vec<_>>()
        );
    }
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_both_forms_of_the_sdn_list_give_the_same_entries() {
    let files = sdn_files();
    let (from_csv, summary) = read(Source::OfacSdn, Form::SdnCsv, &files).unwrap();
    told(&from_csv, &summary);
    let texts: Vec<String> = files
        .iter()
        .map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap())
        .collect();
    let xml = sdn_layout::xml_of(&texts[0], &texts[1], &texts[2], &texts[3]);
    let file = [("SDN.XML", xml.into_bytes())];
    let (from_xml, summary) = read(Source::OfacSdn, Form::SdnXml, &file).unwrap();
    assert!(summary.holds_what_it_announces());
    let mut differing = 0;
    for (csv, xml) in from_csv
        .content
        .entries
        .iter()
        .zip(&from_xml.content.entries)
    {
        if csv != xml {
            differing += 1;
            if differing <= 12 {
                println!("CSV {csv:?}\nXML {xml:?}\n");
            }
        }
    }
    assert_eq!(differing, 0);
    assert_eq!(
        from_csv.content.entries.len(),
        from_xml.content.entries.len()
    );
    assert_eq!(from_csv.content.entries.len(), 8976);
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_sam_exclusions_are_read() {
    let file = [("", shared("sam/SAM_Exclusions_Public_Extract_20049.CSV"))];
    let (list, summary) = read(Source::SamExclusions, Form::SamCsv, &file).unwrap();
    told(&list, &summary);
    let ids: BTreeSet<_> = list.content.entries.iter().map(|entry| &entry.id).collect();
    assert_eq!(ids.len(), list.content.entries.len());
    let with_aliases: Vec<&Entry> = list
        .content
        .entries
        .iter()
        .filter(|entry| !entry.aliases.is_empty())
        .collect();
    for entry in with_aliases.iter().step_by(with_aliases.len() / 8) {
        println!("{entry:?}");
    }
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_screening_list_sample_is_read() {
    let file = [("", shared("csl/sample.csv"))];
    let (list, summary) = read(Source::Csl, Form::CslCsv, &file).unwrap();
    told(&list, &summary);
    for entry in list.content.entries.iter().step_by(9) {
        println!("{entry:?}");
    }
    assert_eq!(list.unread, []);
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_brazilian_register_is_read() {
    let file = [("", shared("brazil/legal_persons_2023-04.csv"))];
    let (list, summary) = read(Source::BrazilRegister, Form::BrazilCsv, &file).unwrap();
    told(&list, &summary);
    println!("{:?}", list.content.entries[0]);
    assert!(
        list.content
            .entries
            .iter()
            .all(|entry| entry.kind == EntryKind::Organization)
    );
}

#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_child_labor_findings_are_read() {
    let file = [("", shared("dol/countries.xml"))];
    let (list, summary) = read(Source::DolChildLabor, Form::DolFindingsXml, &file).unwrap();
    told(&list, &summary);
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &list.content.findings {
        *levels.entry(&finding.advancement).or_default() += 1;
    }
    println!("{levels:?}");
    assert_eq!(list.unread, []);
    assert_eq!(list.content.findings.len(), 131);
}

/// Seconds that this thread has had of a core, however busy the machine.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds: f64 = told.split_whitespace().next().unwrap().parse().unwrap();
    nanoseconds / 1e9
}

/// In kilobytes, from the kernel: what is held now, or the most since reset.
fn memory(field: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn measure(source: Source, form: Form, bytes: Vec<u8>) -> (Summary, Vec<Entry>) {
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    let size = bytes.len();
    drop(bytes);
    std::io::Seek::rewind(&mut file).unwrap();
    let about = About {
        source,
        edition: "",
    };
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS");
    let mut input = std::io::BufReader::new(file);
    let mut parts = [Part {
        name: "",
        input: &mut input,
    }];
    let began = cpu_seconds();
    let mut letters = 0;
    let summary = read_rows(form, &mut parts, &about, &mut |row| {
        if let ListRow::Entry(entry) = row {
            letters += entry.name.len();
        }
    })
    .unwrap();
    let seconds = cpu_seconds() - began;
    let most = memory("VmHWM").saturating_sub(before);
    println!(
        "{form}: {:.1} MB, {} records, {} rows, {} unread, {letters} letters of names, {:.1} MB/s, {} KB more memory at most",
        size as f64 / 1e6,
        summary.records,
        summary.rows,
        summary.unread,
        size as f64 / 1e6 / seconds,
        most
    );
    assert!(most < 64 * 1024, "streamed, not held");
    std::io::Seek::rewind(&mut input).unwrap();
    let mut parts = [Part {
        name: "",
        input: &mut input,
    }];
    let mut entries = Vec::new();
    read_rows(form, &mut parts, &about, &mut |row| {
        if let ListRow::Entry(entry) = row {
            entries.push(*entry);
        }
    })
    .unwrap();
    (summary, entries)
}

/// Files of the size of today's, made from the published ones.
#[test]
#[ignore = "needs the shared data folder: PLIMSOLL_SHARED"]
fn shared_large_lists_are_read_in_bounded_memory_and_searched() {
    let files = sdn_files();
    let texts: Vec<String> = files
        .iter()
        .map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap())
        .collect();
    let xml = sdn_layout::xml_repeated(&texts[0], &texts[1], &texts[2], &texts[3], 7);
    let (summary, sdn) = measure(Source::OfacSdn, Form::SdnXml, xml.into_bytes());
    assert!(summary.holds_what_it_announces());

    let sam = String::from_utf8(shared("sam/SAM_Exclusions_Public_Extract_20049.CSV")).unwrap();
    let (header, rows) = sam.split_once('\n').unwrap();
    let mut many = format!("{header}\n");
    for turn in 0..17 {
        // Every copy under numbers of its own.
        many.push_str(&rows.replace("\"S4MR", &format!("\"{turn:02}MR")));
        many.push('\n');
    }
    let (_, exclusions) = measure(Source::SamExclusions, Form::SamCsv, many.into_bytes());

    // The search is measured on the lists as they are, not on copies.
    let sdn: Vec<Entry> = sdn.into_iter().take(8976).collect();
    let first = exclusions.len() / 17;
    let snapshots: Vec<Snapshot> = [(Source::OfacSdn, sdn), (Source::SamExclusions, exclusions)]
        .into_iter()
        .map(|(source, entries)| snapshot(source, entries))
        .collect();
    let began = std::time::Instant::now();
    let index = ListIndex::build(&snapshots);
    println!(
        "index of {} and {} ({first} distinct) entries: {:.1} s",
        snapshots[0].content.entries.len(),
        snapshots[1].content.entries.len(),
        began.elapsed().as_secs_f64()
    );
    let suppliers: Vec<Supplier> =
        csv::Reader::from_reader(std::io::Cursor::new(shared("csl/sample.csv")))
            .records()
            .map(|record| Supplier {
                name: record.unwrap()[4].to_owned(),
                ..Supplier::default()
            })
            .collect();
    let began = cpu_seconds();
    let mut hits = 0;
    for supplier in &suppliers {
        hits += screen_supplier(&index, supplier, &ScreeningOptions::default()).len();
    }
    let each = (cpu_seconds() - began) * 1e3 / suppliers.len() as f64;
    println!(
        "{} names searched, {hits} hits, {each:.2} ms each on one core",
        suppliers.len()
    );
}

fn snapshot(source: Source, entries: Vec<Entry>) -> Snapshot {
    Snapshot {
        head: SnapshotHead {
            source,
            publisher: String::new(),
            title: String::new(),
            edition: String::new(),
            edition_date: chrono::NaiveDate::default(),
            retrieved_on: chrono::NaiveDate::default(),
            url: String::new(),
            sha256: String::new(),
            parser_version: 1,
            completeness: Completeness {
                held: 0,
                expected: None,
                unit: String::new(),
                note: None,
            },
            derived_from: None,
            confirmed_on: None,
        },
        content: Content {
            entries,
            ..Content::default()
        },
    }
}
