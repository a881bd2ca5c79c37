//! Whether an edition may come into force on its own, or a person must look.

use chrono::NaiveDate;

use super::{
    admission::{self, Refused},
    expectation::{Expectation, Unexpected},
    source::Source,
};

/// What was counted of an edition that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    pub source: Source,
    /// Parties, goods, placements, sectors and findings.
    pub rows: usize,
    pub unread: usize,
    /// Published records.
    pub records: u64,
    /// What the file itself says it has.
    pub announced: Option<u64>,
    pub edition_date: NaiveDate,
}

/// Why the edition stays out and the one in force stays in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
    #[error("the new {source_list} list announces {announced} records and {records} were read")]
    Announced {
        source_list: Source,
        announced: u64,
        records: u64,
    },
    #[error(
        "the new {source_list} list is of {offered}, before the one in force, which is of {in_force}"
    )]
    Older {
        source_list: Source,
        offered: NaiveDate,
        in_force: NaiveDate,
    },
    #[error("the new {source_list} list is of {offered}, a day still to come")]
    Future {
        source_list: Source,
        offered: NaiveDate,
    },
}

/// What is in force: its rows, and its day. Of a list that is known to be
/// partial, nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    pub rows: usize,
    pub edition_date: NaiveDate,
}

/// Judges an edition by what is in force and what the list is known to have.
/// `may_be_older`: a person brings an earlier edition for the record.
pub fn verdict(
    offered: &Offered,
    in_force: Option<InForce>,
    today: NaiveDate,
    may_be_older: bool,
) -> Result<(), NotAdmitted> {
    let source_list = offered.source;
    // The publisher's day may have begun where ours has not.
    let tomorrow = today.succ_opt().unwrap_or(today);
    if offered.edition_date > tomorrow {
        return Err(NotAdmitted::Future {
            source_list,
            offered: offered.edition_date,
        });
    }
    let older = in_force.filter(|held| offered.edition_date < held.edition_date);
    if let Some(held) = older
        && !may_be_older
    {
        return Err(NotAdmitted::Older {
            source_list,
            offered: offered.edition_date,
            in_force: held.edition_date,
        });
    }
    let comparable = in_force.filter(|_| older.is_none()).map(|held| held.rows);
    admission::admit_rows(source_list, comparable, offered.rows, offered.unread)?;
    if let Some(announced) = offered.announced
        && announced != offered.records
    {
        return Err(NotAdmitted::Announced {
            source_list,
            announced,
            records: offered.records,
        });
    }
    // A list that has outgrown what was known of it is judged by its last edition.
    if let Some(known) = Expectation::of(source_list) {
        let outgrown = comparable.is_some_and(|rows| known.check(rows as u64).is_err());
        if !outgrown {
            known.check(offered.rows as u64)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn uflpa(rows: usize) -> Offered {
        Offered {
            source: Source::Uflpa,
            rows,
            unread: 0,
            records: rows as u64,
            announced: None,
            edition_date: day("2026-11-21"),
        }
    }

    #[test]
    fn an_edition_is_held_against_the_last_and_against_what_is_known() {
        let today = day("2026-11-21");
        let held = |rows| {
            Some(InForce {
                rows,
                edition_date: day("2026-11-20"),
            })
        };
        let judged = |offered: &Offered, in_force| verdict(offered, in_force, today, false);
        assert_eq!(judged(&uflpa(150), None), Ok(()));
        assert_eq!(judged(&uflpa(150), held(148)), Ok(()));
        assert!(matches!(
            judged(&uflpa(70), held(148)),
            Err(NotAdmitted::Refused(Refused::Shrinks { .. }))
        ));
        assert!(matches!(
            judged(&uflpa(70), None),
            Err(NotAdmitted::Unexpected(_))
        ));
        // Little by little is an alarm too.
        assert!(matches!(
            judged(&uflpa(129), held(131)),
            Err(NotAdmitted::Unexpected(_))
        ));
        // Once a person has accepted more than was known, growth is judged anew.
        assert_eq!(judged(&uflpa(420), held(410)), Ok(()));

        let announced = Offered {
            announced: Some(151),
            ..uflpa(150)
        };
        assert!(matches!(
            judged(&announced, None),
            Err(NotAdmitted::Announced { announced: 151, .. })
        ));
        let unread = Offered {
            unread: 40,
            ..uflpa(150)
        };
        assert!(matches!(
            judged(&unread, None),
            Err(NotAdmitted::Refused(Refused::Unread { .. }))
        ));
    }

    #[test]
    fn an_older_edition_is_for_the_record_only() {
        let today = day("2026-11-21");
        let held = Some(InForce {
            rows: 150,
            edition_date: day("2026-11-21"),
        });
        let older = Offered {
            edition_date: day("2025-01-15"),
            ..uflpa(144)
        };
        assert!(matches!(
            verdict(&older, held, today, false),
            Err(NotAdmitted::Older { .. })
        ));
        assert_eq!(verdict(&older, held, today, true), Ok(()));
        let future = Offered {
            edition_date: day("2026-11-23"),
            ..uflpa(150)
        };
        assert!(matches!(
            verdict(&future, held, today, true),
            Err(NotAdmitted::Future { .. })
        ));
    }
}
