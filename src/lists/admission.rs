//! Whether a newly retrieved list may take the place of the one in force. A
//! half-empty list is an alarm, not an edition.

use super::snapshot::{ParsedList, Source};

/// How far an edition may differ from the one in force before a person must
/// look, in percent of the rows in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub shrink_percent: u32,
    pub grow_percent: u32,
    /// Rows that could not be read, in percent of all rows.
    pub unread_percent: u32,
}

impl Source {
    pub const fn limits(self) -> Limits {
        match self {
            // Delistings come one by one; the greatest round so far added a third.
            Self::Uflpa | Self::Cbp => Limits {
                shrink_percent: 10,
                grow_percent: 60,
                unread_percent: 10,
            },
            // A biennial edition added 37 goods of 169 and removed 4 pairs.
            Self::DolGoods | Self::Eo13126 => Limits {
                shrink_percent: 15,
                grow_percent: 60,
                unread_percent: 5,
            },
            Self::Tip | Self::UflpaSectors | Self::DolChildLabor => Limits {
                shrink_percent: 5,
                grow_percent: 50,
                unread_percent: 0,
            },
            // Thousands of entries, changed every day by a few; whole programs
            // have been ended, the largest with some 7% of the list.
            Self::OfacSdn | Self::Csl => Limits {
                shrink_percent: 10,
                grow_percent: 20,
                unread_percent: 1,
            },
            // Its own rows hold misplaced cells by the hundred.
            Self::SamExclusions => Limits {
                shrink_percent: 10,
                grow_percent: 15,
                unread_percent: 1,
            },
            // A period of two years: an update has taken off a fifth.
            Self::BrazilRegister => Limits {
                shrink_percent: 30,
                grow_percent: 60,
                unread_percent: 5,
            },
            // What the operator removes from a list of his own is his to know.
            Self::Custom(_) => Limits {
                shrink_percent: 50,
                grow_percent: 1000,
                unread_percent: 10,
            },
        }
    }
}

/// Why the candidate stays out and the list in force stays in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the new {source_list} list holds nothing")]
    Empty { source_list: Source },
    #[error(
        "the new {source_list} list shrinks from {held} to {offered} rows, more than {limit}% fewer; \
         look at both before accepting it"
    )]
    Shrinks {
        source_list: Source,
        held: usize,
        offered: usize,
        limit: u32,
    },
    #[error(
        "the new {source_list} list grows from {held} to {offered} rows, more than {limit}% more; \
         look at both before accepting it"
    )]
    Grows {
        source_list: Source,
        held: usize,
        offered: usize,
        limit: u32,
    },
    #[error(
        "{unread} places of the new {source_list} list, with {rows} rows read, could not be read or were read with a doubt: \
         more than {limit}%{}",
        if *has_predecessor { "; it may have come in another form than before" } else { "" }
    )]
    Unread {
        source_list: Source,
        unread: usize,
        rows: usize,
        limit: u32,
        /// An edition came from the publisher before.
        has_predecessor: bool,
    },
}

/// Compares the candidate with the number of rows in force. `in_force` is
/// `None` when the source has no snapshot of its own yet, or only a partial
/// one, against which growth says nothing.
pub fn admit(
    source: Source,
    in_force: Option<usize>,
    candidate: &ParsedList,
) -> Result<(), Refused> {
    admit_rows(
        source,
        in_force,
        candidate.content.len(),
        candidate.unread.len(),
    )
}

/// Like [`admit`], of a list that was counted row by row.
pub(super) fn admit_rows(
    source: Source,
    in_force: Option<usize>,
    offered: usize,
    unread: usize,
) -> Result<(), Refused> {
    let limits = source.limits();
    if offered == 0 {
        return Err(Refused::Empty {
            source_list: source,
        });
    }
    let total = offered + unread;
    if exceeds(unread, total, limits.unread_percent) {
        return Err(Refused::Unread {
            source_list: source,
            unread,
            rows: offered,
            limit: limits.unread_percent,
            has_predecessor: in_force.is_some(),
        });
    }
    let Some(held) = in_force else { return Ok(()) };
    if exceeds(held.saturating_sub(offered), held, limits.shrink_percent) {
        return Err(Refused::Shrinks {
            source_list: source,
            held,
            offered,
            limit: limits.shrink_percent,
        });
    }
    if exceeds(offered.saturating_sub(held), held, limits.grow_percent) {
        return Err(Refused::Grows {
            source_list: source,
            held,
            offered,
            limit: limits.grow_percent,
        });
    }
    Ok(())
}

/// `part` is more than `percent` of `whole`, in exact arithmetic.
fn exceeds(part: usize, whole: usize, percent: u32) -> bool {
    (part as u128) * 100 > (whole as u128) * u128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lists::{Content, PrioritySector, Unread};

    fn candidate(rows: usize, unread: usize) -> ParsedList {
        let sector = PrioritySector {
            key: "k".to_owned(),
            name: "n".to_owned(),
            designated_on: chrono::NaiveDate::MIN,
            hs_prefixes: Vec::new(),
            citation: "c".to_owned(),
        };
        ParsedList {
            content: Content {
                sectors: vec![sector; rows],
                ..Content::default()
            },
            unread: vec![Unread::new("row 1", "r", ""); unread],
        }
    }

    #[test]
    fn admits_within_limits_and_refuses_at_the_first_row_beyond() {
        let admit = |held, rows, unread| admit(Source::Uflpa, held, &candidate(rows, unread));
        assert_eq!(admit(Some(100), 90, 0), Ok(()));
        assert!(matches!(
            admit(Some(100), 89, 0),
            Err(Refused::Shrinks {
                held: 100,
                offered: 89,
                ..
            })
        ));
        assert_eq!(admit(Some(100), 160, 0), Ok(()));
        assert!(matches!(
            admit(Some(100), 161, 0),
            Err(Refused::Grows { .. })
        ));
        assert_eq!(admit(Some(90), 90, 10), Ok(()));
        assert!(matches!(
            admit(Some(90), 90, 11),
            Err(Refused::Unread { .. })
        ));
        assert!(matches!(admit(Some(90), 0, 5), Err(Refused::Empty { .. })));
        assert!(matches!(admit(None, 0, 0), Err(Refused::Empty { .. })));
        assert_eq!(admit(None, 1, 0), Ok(()));
        assert_eq!(
            admit(Some(144), 70, 0).unwrap_err().to_string(),
            "the new uflpa list shrinks from 144 to 70 rows, more than 10% fewer; look at both before accepting it"
        );
    }
}
