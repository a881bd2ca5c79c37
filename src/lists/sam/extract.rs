//! Which extract is the newest, and the file inside it.

use std::io::{BufReader, Read};

use chrono::NaiveDate;
use serde::Deserialize;
use zip::ZipArchive;

use super::{CHECK, exclusions};
use crate::lists::{
    reading::{Input, ListRow, Summary},
    unreadable::UnreadableList,
};

/// The published file has some 80 MB; what inflates further is a bomb.
const LARGEST_INFLATED: u64 = 512 * 1024 * 1024;

/// The archive holds one file.
const MOST_FILES: usize = 16;

/// One daily extract as the listing names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Extract {
    /// By its name: two digits of the year and the day of the year.
    pub day: NaiveDate,
    /// `Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_26282.ZIP`, for
    /// the download address.
    pub key: String,
}

#[derive(Deserialize)]
struct Listing {
    #[serde(rename = "_embedded")]
    embedded: Option<Embedded>,
}

#[derive(Deserialize)]
struct Embedded {
    #[serde(rename = "customS3ObjectSummaryList", default)]
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    key: Option<String>,
}

/// The newest extract of the listing, by the day in its name: the listing is in
/// no order to rely on.
pub fn newest(listing: &[u8]) -> Result<Extract, UnreadableList> {
    let listing: Listing = serde_json::from_slice(listing).map_err(|cause| {
        UnreadableList::new(
            format!("line {}, column {}", cause.line(), cause.column()),
            format!("the listing of extracts is not what it was ({cause})"),
            "download the extract by hand from sam.gov, Data Services, Exclusions",
        )
    })?;
    let files = listing
        .embedded
        .map(|embedded| embedded.files)
        .unwrap_or_default();
    files
        .into_iter()
        .filter_map(|listed| listed.key)
        .filter_map(|key| {
            let day = day_in_name(&key, ".zip")?;
            Some(Extract { day, key })
        })
        .max()
        .ok_or_else(|| {
            UnreadableList::new(
                "byte 0",
                "the listing names no extract of exclusions",
                "download the extract by hand from sam.gov, Data Services, Exclusions",
            )
        })
}

/// `..._V2_26282.ZIP` is the 282nd day of 2026.
fn day_in_name(name: &str, ending: &str) -> Option<NaiveDate> {
    let name = name.rsplit('/').next()?.to_ascii_lowercase();
    let stem = name.strip_suffix(ending)?;
    if !stem.starts_with("sam_exclusions_public_extract") {
        return None;
    }
    let digits = stem.rsplit('_').next()?;
    let (year, day) = (digits.get(..2)?, digits.get(2..)?);
    (digits.len() == 5)
        .then(|| NaiveDate::from_yo_opt(2000 + year.parse::<i32>().ok()?, day.parse().ok()?))
        .flatten()
}

/// Reads the file inside the archive, inflating it as it is read.
pub fn parse(
    input: &mut dyn Input,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let broken = |cause: &dyn std::fmt::Display| {
        UnreadableList::new(
            "byte 0",
            format!("the archive cannot be opened ({cause})"),
            "fetch the list again: it may be cut short",
        )
    };
    let mut archive = ZipArchive::new(input).map_err(|cause| broken(&cause))?;
    if archive.len() > MOST_FILES {
        return Err(broken(&format!("it holds {} files", archive.len())));
    }
    let tables: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .map(std::borrow::Cow::into_owned)
        .filter(|name| name.to_ascii_lowercase().ends_with(".csv"))
        .collect();
    let [name] = tables.as_slice() else {
        return Err(broken(&format!(
            "it holds {} CSV files, not one",
            tables.len()
        )));
    };
    let file = archive.by_name(name).map_err(|cause| broken(&cause))?;
    if file.encrypted() {
        return Err(broken(&"it is encrypted"));
    }
    let bomb = || {
        UnreadableList::new(
            format!("byte {LARGEST_INFLATED} of {name}"),
            "the archive inflates to far more than the list",
            CHECK,
        )
    };
    if file.size() > LARGEST_INFLATED {
        return Err(bomb());
    }
    // What the archive says of its size is not to be trusted.
    let mut capped = file.take(LARGEST_INFLATED + 1);
    let mut summary = exclusions::parse(BufReader::new(&mut capped), take)?;
    if capped.limit() == 0 {
        return Err(bomb());
    }
    summary.published_on = day_in_name(name, ".csv").or(summary.published_on);
    Ok(summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_extract_is_the_one_of_the_latest_day() {
        let listing = r#"{"_embedded":{"customS3ObjectSummaryList":[
            {"key":"Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_25365.ZIP","displayKey":"x"},
            {"key":"Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_26002.ZIP"},
            {"key":"Exclusions/Public V2/README.ZIP"},{"displayKey":"no key"},
            {"key":"Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_26001.ZIP"}]}}"#;
        let found = newest(listing.as_bytes()).unwrap();
        assert_eq!(found.day, NaiveDate::from_ymd_opt(2026, 1, 2).unwrap());
        assert!(found.key.ends_with("V2_26002.ZIP"));
        for refused in ["{}", "[]", "<html>", r#"{"_embedded":{}}"#] {
            assert!(newest(refused.as_bytes()).is_err(), "{refused}");
        }
    }
}
