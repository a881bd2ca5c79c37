//! Makes the two fitted files of the matching engine from public data:
//!
//! ```text
//! cargo run --release --example fit_matching -- words LEI_NAMES.csv.gz > fixtures/matching/word_frequency.tsv
//! cargo run --release --example fit_matching -- fit OFAC_CSV_FOLDER LEI_NAMES.csv.gz > fixtures/matching/model.toml
//! ```
//!
//! `LEI_NAMES.csv.gz`: `lei,legal_name,country,..` of the GLEIF golden copy (CC0).
//! `OFAC_CSV_FOLDER`: `sdn.csv`, `alt.csv`, `add.csv` as OFAC publishes them
//! (public domain). Every run on the same files gives the same bytes.

#![expect(clippy::print_stdout, reason = "the result goes to standard output")]

mod chance;
mod disturb;
mod ofac;
mod regression;
mod train;
mod words;

use std::{error::Error, io::Read as _, path::Path};

/// A legal name of the GLEIF golden copy.
#[derive(Debug, Clone)]
pub(crate) struct LeiName {
    pub(crate) name: String,
    pub(crate) country: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["words", lei] => print!("{}", words::table(&lei_names(Path::new(lei))?)),
        ["fit", ofac, lei] => print!(
            "{}",
            train::fit(&ofac::read(Path::new(ofac))?, &lei_names(Path::new(lei))?)
        ),
        _ => {
            return Err("usage: fit_matching words LEI.csv.gz | fit OFAC_FOLDER LEI.csv.gz".into());
        }
    }
    Ok(())
}

fn lei_names(path: &Path) -> Result<Vec<LeiName>, Box<dyn Error>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_string(&mut text)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut names = Vec::new();
    for row in reader.records() {
        let row = row?;
        if let (Some(name), Some(country)) = (row.get(1), row.get(2)) {
            names.push(LeiName {
                name: name.to_owned(),
                country: country.to_owned(),
            });
        }
    }
    Ok(names)
}
