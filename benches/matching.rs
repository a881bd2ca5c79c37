//! Time to build an index and to answer a query: `cargo bench --bench matching`.
//! The list is made up: 30,000 names out of sounds and the words that firms use.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use plimsoll::{
    country::Country,
    lists::EntryKind,
    screening::{Index, Party, SearchOptions, Subject, explain_names},
};

const NAMES: usize = 30_000;
const SOUNDS: [&str; 24] = [
    "ba", "chan", "dor", "el", "fu", "gri", "hai", "jin", "ka", "lo", "men", "nov", "or", "pet",
    "qin", "ras", "sto", "tai", "ur", "vol", "wei", "xin", "yar", "zhe",
];
const TRADES: [&str; 12] = [
    "Textile",
    "Trading",
    "Technology",
    "Shipping",
    "Chemical",
    "Electronics",
    "Garment",
    "Steel",
    "Logistics",
    "Import and Export",
    "New Energy Materials",
    "Machinery Plant",
];
const FORMS: [&str; 6] = [
    "Co., Ltd.",
    "LLC",
    "JSC",
    "GmbH",
    "S.A. de C.V.",
    "Private Limited",
];

fn pick<'word>(words: &[&'word str], number: usize) -> &'word str {
    words.get(number % words.len()).copied().unwrap_or_default()
}

fn name(number: usize) -> String {
    let brand: String = [number, number / 24, number / 576]
        .into_iter()
        .map(|place| pick(&SOUNDS, place))
        .collect();
    format!(
        "{brand} {} {}",
        pick(&TRADES, number / 7),
        pick(&FORMS, number / 11)
    )
}

fn parties() -> Vec<Party> {
    (0..NAMES)
        .map(|number| Party {
            id: format!("{number:06}"),
            kind: EntryKind::Organization,
            names: vec![name(number)],
            countries: vec![Country::CHINA],
            addresses: Vec::new(),
            identifiers: Vec::new(),
        })
        .collect()
}

fn bench(criterion: &mut Criterion) {
    let listed = parties();
    let mut building = criterion.benchmark_group("index");
    building
        .sample_size(10)
        .throughput(Throughput::Elements(NAMES as u64));
    building.bench_function("build 30,000 names", |bencher| {
        bencher.iter_with_setup(|| listed.clone(), |listed| black_box(Index::build(listed)));
    });
    building.finish();

    let index = Index::build(listed);
    let queries: Vec<Subject> = (0..500)
        .map(|number| Subject {
            names: vec![name(number * 59).to_uppercase().replacen('A', "E", 1)],
            ..Subject::default()
        })
        .collect();
    let mut searching = criterion.benchmark_group("search");
    searching.throughput(Throughput::Elements(queries.len() as u64));
    searching.bench_function("30,000 names, one thread", |bencher| {
        bencher.iter(|| {
            for query in &queries {
                black_box(index.search(query, &SearchOptions::default()));
            }
        });
    });
    searching.finish();
    criterion.bench_function("explain two names", |bencher| {
        bencher.iter(|| {
            explain_names(
                black_box("Chanji Esquel Textile"),
                black_box("Changji Esquel Textile Co., Ltd."),
                None,
            )
        });
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
