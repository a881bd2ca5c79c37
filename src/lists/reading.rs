//! One way to read any list in any of its forms: rows handed over one by one,
//! so that a list of any size is read in bounded memory.

use std::io::{self, BufRead, Read, Seek};

use super::{
    brazil, cbp, csl, custom, dol, dol_findings, dol_html, dol_json,
    entry::{ChildLaborFinding, Entry, GoodListing, PrioritySector, TipPlacement},
    form::Form,
    ftm, ofac, reference, sam,
    snapshot::{Content, ParsedList, Unread},
    source::Source,
    uflpa,
    unreadable::UnreadableList,
};

/// What a list is read from. A file behind a `BufReader` and bytes behind a
/// `Cursor` both are.
pub trait Input: BufRead + Seek {}

impl<T: BufRead + Seek> Input for T {}

/// One file of a list.
#[allow(missing_debug_implementations, reason = "an input has no text form")]
pub struct Part<'a> {
    /// As the publisher names it; shown in places.
    pub name: &'a str,
    pub input: &'a mut dyn Input,
}

/// What the file itself does not say and its rows must.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub source: Source,
    /// The edition as we name it; goes into citations that need one.
    pub edition: &'a str,
}

/// One thing that was read, or could not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRow {
    Entry(Box<Entry>),
    Good(GoodListing),
    Placement(TipPlacement),
    Sector(PrioritySector),
    Finding(ChildLaborFinding),
    /// Not read, or read with a doubt, with its place.
    Unread(Unread),
}

/// What is known of the list when all of it has been read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Published records: a record may give several rows or none.
    pub records: u64,
    /// Rows handed over, without the unread.
    pub rows: u64,
    pub unread: u64,
    /// Records that could not be read and gave nothing.
    pub lost: u64,
    /// The publisher's day of this edition, if the file states it.
    pub published_on: Option<chrono::NaiveDate>,
    /// The number of records that the file itself announces.
    pub announced: Option<u64>,
}

impl Summary {
    /// Whether the file holds as many records as it announces. A file that says
    /// nothing is taken at its word.
    pub fn holds_what_it_announces(&self) -> bool {
        self.announced
            .is_none_or(|announced| announced == self.records)
    }
}

/// Reads a list and hands over its rows in the order of the file. The same
/// bytes give the same rows. Stops with an error only when the file is not the
/// list that it should be; what was handed over until then must be dropped.
pub fn read(
    form: Form,
    parts: &mut [Part<'_>],
    about: &About<'_>,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut summary = Summary::default();
    let mut counted = |row: ListRow| {
        match &row {
            ListRow::Unread(found) => {
                summary.unread += 1;
                summary.lost += u64::from(found.lost);
            }
            _ => summary.rows += 1,
        }
        take(row);
    };
    let counted = &mut counted;
    let goods = || {
        format!(
            "DOL, List of Goods Produced by Child Labor or Forced Labor, {}",
            about.edition
        )
    };
    let said = match form {
        Form::UflpaHtml => whole(only(parts)?, counted, uflpa::parse),
        Form::CbpCsv => whole(only(parts)?, counted, cbp::parse),
        Form::DolXml => whole(only(parts)?, counted, |bytes| dol::parse(bytes, &goods())),
        Form::DolJson => each(parts, counted, |bytes, _| dol_json::parse(bytes, &goods())),
        Form::DolHtml => each(parts, counted, |bytes, part| {
            dol_html::parse(bytes, part, &goods())
        }),
        Form::DolFindingsXml => {
            let citation = format!(
                "DOL, Findings on the Worst Forms of Child Labor, {}",
                about.edition
            );
            let year = about.edition.get(..4).and_then(|year| year.parse().ok());
            dol_findings::parse(&mut *only(parts)?.input, year, &citation, counted)
        }
        Form::SdnXml => ofac::xml::parse(&mut *only(parts)?.input, counted),
        Form::SdnCsv => match parts {
            [entries, addresses, aliases, comments @ ..] if comments.len() <= 1 => {
                let set = ofac::csv_set::CsvSet {
                    entries: &mut *entries.input,
                    addresses: &mut *addresses.input,
                    aliases: &mut *aliases.input,
                    comments: comments.first_mut().map(|part| &mut *part.input),
                };
                ofac::csv_set::parse(set, counted)
            }
            _ => Err(wrong_parts(form, parts.len())),
        },
        Form::CslCsv => csl::parse(&mut *only(parts)?.input, counted),
        Form::SamZip => sam::extract::parse(&mut *only(parts)?.input, counted),
        Form::SamCsv => sam::exclusions::parse(&mut *only(parts)?.input, counted),
        Form::BrazilCsv => brazil::parse(&mut *only(parts)?.input, counted),
        Form::FtmJsonl => ftm::parse(&mut *only(parts)?.input, counted),
        Form::CustomCsv => custom::parse_csv(&mut *only(parts)?.input, counted),
        Form::CustomJsonl => custom::parse_jsonl(&mut *only(parts)?.input, counted),
        Form::Reference => whole(only(parts)?, counted, |bytes| {
            reference::parse(about.source, bytes)
                .map(|snapshot| ParsedList {
                    content: snapshot.content,
                    unread: Vec::new(),
                })
                .map_err(|refused| {
                    UnreadableList::new(
                        format!("line {}", refused.line),
                        refused.reason.to_string(),
                        "correct the line as fixtures/reference/README.md says",
                    )
                })
        }),
    }?;
    Ok(Summary {
        rows: summary.rows,
        unread: summary.unread,
        lost: summary.lost,
        ..said
    })
}

/// Reads a list into memory. For the small ones, and for tests.
pub fn collect(
    form: Form,
    parts: &mut [Part<'_>],
    about: &About<'_>,
) -> Result<(ParsedList, Summary), UnreadableList> {
    let mut list = ParsedList::default();
    let summary = read(form, parts, about, &mut |row| list.push(row))?;
    Ok((list, summary))
}

impl ParsedList {
    pub fn push(&mut self, row: ListRow) {
        let content = &mut self.content;
        match row {
            ListRow::Entry(entry) => content.entries.push(*entry),
            ListRow::Good(good) => content.goods.push(good),
            ListRow::Placement(placement) => content.placements.push(placement),
            ListRow::Sector(sector) => content.sectors.push(sector),
            ListRow::Finding(finding) => content.findings.push(finding),
            ListRow::Unread(unread) => self.unread.push(unread),
        }
    }

    /// Everything, one by one: what was read, then what was not.
    pub fn into_rows(self) -> impl Iterator<Item = ListRow> {
        let Content {
            entries,
            goods,
            placements,
            sectors,
            findings,
            places: _,
        } = self.content;
        let entries = entries.into_iter().map(Box::new).map(ListRow::Entry);
        entries
            .chain(goods.into_iter().map(ListRow::Good))
            .chain(placements.into_iter().map(ListRow::Placement))
            .chain(sectors.into_iter().map(ListRow::Sector))
            .chain(findings.into_iter().map(ListRow::Finding))
            .chain(self.unread.into_iter().map(ListRow::Unread))
    }
}

/// The one part of a form that has one.
fn only<'parts, 'input>(
    parts: &'parts mut [Part<'input>],
) -> Result<&'parts mut Part<'input>, UnreadableList> {
    match parts {
        [part] => Ok(part),
        _ => Err(UnreadableList::new(
            "byte 0",
            format!("the list is one file and {} were given", parts.len()),
            "give the one file",
        )),
    }
}

fn wrong_parts(form: Form, given: usize) -> UnreadableList {
    let names: Vec<&str> = form.parts().iter().map(|(name, _)| *name).collect();
    UnreadableList::new(
        "byte 0",
        format!(
            "the list is the files {} and {given} were given",
            names.join(", ")
        ),
        "give the files in this order",
    )
}

/// A form of one or more small parts: the pages of a list.
fn each(
    parts: &mut [Part<'_>],
    take: &mut dyn FnMut(ListRow),
    mut parse: impl FnMut(&[u8], &str) -> Result<ParsedList, UnreadableList>,
) -> Result<Summary, UnreadableList> {
    let mut summary = Summary::default();
    let several = parts.len() > 1;
    for part in &mut *parts {
        let name = if several { part.name } else { "" };
        let said = whole(part, take, |bytes| parse(bytes, name))?;
        summary.records += said.records;
    }
    if summary.records == 0 {
        return Err(UnreadableList::new(
            "byte 0",
            "no part of the list was given",
            "fetch the list again",
        ));
    }
    Ok(summary)
}

/// A form that is small enough to be read at once.
fn whole(
    part: &mut Part<'_>,
    take: &mut dyn FnMut(ListRow),
    parse: impl FnOnce(&[u8]) -> Result<ParsedList, UnreadableList>,
) -> Result<Summary, UnreadableList> {
    let mut bytes = Vec::new();
    part.input
        .take(super::unreadable::LARGEST_FILE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| UnreadableList::io(part.name, &cause))?;
    let list = parse(&bytes)?;
    let unreadable = list.unread.iter().filter(|unread| unread.lost).count();
    let records = u64::try_from(list.content.len() + unreadable).unwrap_or(u64::MAX);
    list.into_rows().for_each(take);
    Ok(Summary {
        records,
        ..Summary::default()
    })
}

/// Counts the bytes that were read, tells them, and stops at a limit.
#[allow(missing_debug_implementations, reason = "a callback has no text form")]
pub struct Metered<'a, R> {
    inner: R,
    read: u64,
    limit: u64,
    progress: &'a mut dyn FnMut(u64),
}

impl<'a, R> Metered<'a, R> {
    /// `progress` is told all bytes read so far, each time that more are.
    pub fn new(inner: R, limit: u64, progress: &'a mut dyn FnMut(u64)) -> Self {
        Self {
            inner,
            read: 0,
            limit,
            progress,
        }
    }
}

impl<R: BufRead> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let length = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), ready.get(..length)) {
            to.copy_from_slice(from);
        }
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Metered<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read > self.limit {
            return Err(io::Error::other(format!(
                "it has more than {} bytes, the most that this list may have",
                self.limit
            )));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.inner.consume(length);
        if length > 0 {
            self.read = self.read.saturating_add(length as u64);
            (self.progress)(self.read);
        }
    }
}

impl<R: Seek> Seek for Metered<'_, R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
