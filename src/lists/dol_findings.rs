//! DOL's Findings on the Worst Forms of Child Labor: each country's level of
//! advancement, from the country file of its app.

use std::io::BufRead;

use super::{
    entry::ChildLaborFinding,
    reading::{ListRow, Summary},
    snapshot::Unread,
    text::{cut, tidy},
    unreadable::UnreadableList,
    xml_walk::{Elements, Place, walk},
};
use crate::country::Country;

/// Raised whenever the same bytes would be read to different findings.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "check that it is DOL's country file";

/// Reads the file. `year` is the one that is reported on.
pub fn parse(
    input: impl BufRead,
    year: Option<u16>,
    citation: &str,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut findings = Findings {
        take,
        year,
        citation,
        place: String::new(),
        country: String::new(),
        level: String::new(),
        summary: Summary::default(),
        given: 0,
    };
    walk(input, CHECK, &mut findings)?;
    if findings.given == 0 {
        return Err(UnreadableList::new(
            "byte 0",
            "no country has a level of advancement",
            CHECK,
        ));
    }
    Ok(findings.summary)
}

struct Findings<'a> {
    take: &'a mut dyn FnMut(ListRow),
    year: Option<u16>,
    citation: &'a str,
    place: String,
    country: String,
    level: String,
    summary: Summary,
    given: u32,
}

impl Elements for Findings<'_> {
    fn opened(&mut self, path: &[&str], place: Place) -> Result<(), UnreadableList> {
        match path {
            ["Countries"] => {}
            [root] => {
                return Err(UnreadableList::new(
                    place.in_words(),
                    format!("the root element is {}, not Countries", cut(root)),
                    CHECK,
                ));
            }
            [_, "Country"] => {
                self.place = place.in_words();
                self.country.clear();
                self.level.clear();
            }
            _ => {}
        }
        Ok(())
    }

    fn closed(&mut self, path: &[&str], text: &str) -> Result<(), UnreadableList> {
        match path {
            [_, "Country", "Name" | "Country_Name"] => self.country = tidy(text),
            [_, "Country", "Advancement_Level"] => self.level = tidy(text),
            [_, "Country"] => self.close(),
            _ => {}
        }
        Ok(())
    }
}

impl Findings<'_> {
    fn close(&mut self) {
        self.summary.records += 1;
        // Countries of the goods list that the report does not grade.
        if self.level.is_empty() && !self.country.is_empty() {
            return;
        }
        let Some(country) = Country::parse(&self.country) else {
            let reason = "the country is not one we know";
            (self.take)(ListRow::Unread(Unread::lost(
                &self.place,
                reason,
                &self.country,
            )));
            return;
        };
        self.given += 1;
        (self.take)(ListRow::Finding(ChildLaborFinding {
            country,
            country_as_published: std::mem::take(&mut self.country),
            year: self.year,
            advancement: std::mem::take(&mut self.level),
            citation: self.citation.to_owned(),
        }));
    }
}
