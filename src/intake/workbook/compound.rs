//! The compound file around an XLS workbook, and how much its sheets claim.
//! Checked before the reader starts: a loop in the sector chain or a sheet that
//! says it has four billion rows would take all memory.

use super::super::Unusable;

const END_OF_CHAIN: u32 = 0xffff_fffe;
const HEADER_DIFAT: usize = 109;
/// Cells between the outermost ones, over all sheets: what a reader lays out.
const MAX_LAID_OUT: u64 = 12_000_000;

/// Errors when the sector chains loop or the sheets claim more than they hold.
pub(super) fn inspect(bytes: &[u8]) -> Result<(), Unusable> {
    let stream = workbook_stream(bytes).ok_or_else(|| damaged("its sectors do not join"))?;
    inspect_records(&stream)
}

fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let sector = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let file = Sectors {
        bytes,
        size: sector,
    };
    let fat = fat(&file)?;
    let directory = file.chain(u32_at(bytes, 48)?, &fat, usize::MAX)?;
    let entry = directory.chunks_exact(128).find(|entry| {
        let name: Vec<u8> = entry
            .iter()
            .take(64)
            .copied()
            .filter(|byte| *byte != 0)
            .collect();
        name.eq_ignore_ascii_case(b"Workbook") || name.eq_ignore_ascii_case(b"Book")
    })?;
    let start = u32_at(entry, 116)?;
    let length = u32_at(entry, 120)? as usize;
    if length >= 4096 {
        let mut stream = file.chain(start, &fat, length)?;
        stream.truncate(length);
        return Some(stream);
    }
    // Small streams lie in sectors of 64 bytes within the root's own stream.
    let root = directory.chunks_exact(128).next()?;
    let mini_length = u32_at(root, 120)? as usize;
    let mini_stream = file.chain(u32_at(root, 116)?, &fat, mini_length)?;
    let mini_fat = words(&file.chain(u32_at(bytes, 60)?, &fat, usize::MAX)?);
    let mini = MiniSectors(&mini_stream);
    let mut stream = mini.chain(start, &mini_fat, length)?;
    stream.truncate(length);
    Some(stream)
}

/// The table of which sector follows which.
fn fat(file: &Sectors<'_>) -> Option<Vec<u32>> {
    let mut places: Vec<u32> = (0..HEADER_DIFAT)
        .filter_map(|index| u32_at(file.bytes, 76 + index * 4))
        .collect();
    let mut next = u32_at(file.bytes, 68)?;
    let mut left = file.count();
    while next < 0xffff_fffa {
        left = left.checked_sub(1)?;
        let mut more = words(file.sector(next)?);
        next = more.pop()?;
        places.extend(more);
    }
    let mut fat = Vec::new();
    for place in places.into_iter().filter(|place| *place < 0xffff_fffa) {
        fat.extend(words(file.sector(place)?));
        // A table larger than the file points at its own sectors.
        if fat.len() > (file.count() + 1) * (file.size / 4) {
            return None;
        }
    }
    Some(fat)
}

struct Sectors<'bytes> {
    bytes: &'bytes [u8],
    size: usize,
}

impl Sectors<'_> {
    fn count(&self) -> usize {
        self.bytes.len() / self.size
    }

    /// The last sector of a file may be cut short.
    fn sector(&self, id: u32) -> Option<&[u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.size)?;
        let end = start.checked_add(self.size)?.min(self.bytes.len());
        self.bytes
            .get(start..end)
            .filter(|sector| !sector.is_empty())
    }

    fn chain(&self, start: u32, fat: &[u32], length: usize) -> Option<Vec<u8>> {
        let mut stream = Vec::new();
        let mut next = start;
        let mut left = self.count() + 1;
        while next != END_OF_CHAIN && stream.len() < length {
            left = left.checked_sub(1)?;
            stream.extend_from_slice(self.sector(next)?);
            // Some writers do not close the chain of a stream that is complete.
            next = fat.get(next as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        Some(stream)
    }
}

struct MiniSectors<'stream>(&'stream [u8]);

impl MiniSectors<'_> {
    fn chain(&self, start: u32, fat: &[u32], length: usize) -> Option<Vec<u8>> {
        let mut stream = Vec::new();
        let mut next = start;
        let mut left = self.0.len() / 64 + 1;
        while next != END_OF_CHAIN && stream.len() < length {
            left = left.checked_sub(1)?;
            let from = (next as usize).checked_mul(64)?;
            stream.extend_from_slice(self.0.get(from..(from + 64).min(self.0.len()))?);
            next = *fat.get(next as usize)?;
        }
        Some(stream)
    }
}

/// Walks the records ([MS-XLS] 2.1.4: type, length, data) and measures each
/// sheet by the cells it holds and by what its dimensions claim.
fn inspect_records(stream: &[u8]) -> Result<(), Unusable> {
    let mut at = 0;
    let mut laid_out = 0_u64;
    let mut extent = Extent::default();
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let data = stream
            .get(at + 4..(at + 4 + usize::from(length)).min(stream.len()))
            .unwrap_or_default();
        match kind {
            // BOF of the next sheet
            0x0809 => {
                laid_out += extent.cells();
                extent = Extent::default();
            }
            0x0200 => check_dimensions(data)?,
            // The records that hold cells
            0x0006 | 0x00bd | 0x00d6 | 0x00fd | 0x0203 | 0x0204 | 0x0205 | 0x027e => {
                if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
                    extent.include(row, column);
                    if kind == 0x00bd
                        && let Some(last) =
                            data.len().checked_sub(2).and_then(|end| u16_at(data, end))
                    {
                        extent.include(row, last);
                    }
                }
            }
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    laid_out += extent.cells();
    if laid_out > MAX_LAID_OUT {
        return Err(Unusable::Damaged {
            format: "XLS",
            detail: format!(
                "its sheets spread over {laid_out} cells, most of them empty; a cell far outside the table is the usual reason"
            ),
        });
    }
    Ok(())
}

/// Memory is reserved for as many cells as the record claims.
fn check_dimensions(data: &[u8]) -> Result<(), Unusable> {
    let claimed = match data.len() {
        10 => u16_at(data, 0)
            .zip(u16_at(data, 2))
            .map(|(first, last)| (u32::from(first), u32::from(last))),
        _ => u32_at(data, 0).zip(u32_at(data, 4)),
    };
    match claimed {
        // The last row is one past the last used; an empty sheet has 0, 0.
        Some((first, last)) if last <= 65_536 && (first <= last || last == 0) => Ok(()),
        _ => Err(damaged("a sheet claims rows that a workbook cannot have")),
    }
}

#[derive(Default)]
struct Extent {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Extent {
    fn include(&mut self, row: u16, column: u16) {
        let widen = |range: Option<(u16, u16)>, value: u16| {
            range.map_or((value, value), |(from, to)| {
                (from.min(value), to.max(value))
            })
        };
        self.rows = Some(widen(self.rows, row));
        self.columns = Some(widen(self.columns, column));
    }

    fn cells(&self) -> u64 {
        let span =
            |range: Option<(u16, u16)>| range.map_or(0, |(from, to)| u64::from(to - from) + 1);
        span(self.rows) * span(self.columns)
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .filter_map(|word| word.try_into().ok())
        .map(u32::from_le_bytes)
        .collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let word = bytes.get(at..at.checked_add(2)?)?;
    word.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at.checked_add(4)?)?;
    word.try_into().ok().map(u32::from_le_bytes)
}

fn damaged(detail: &str) -> Unusable {
    Unusable::Damaged {
        format: "XLS",
        detail: detail.to_owned(),
    }
}
