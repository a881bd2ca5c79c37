//! Brazil's Cadastro de Empregadores: employers found, in a final administrative
//! decision, to have kept workers in conditions analogous to slavery. Latin-1,
//! semicolons, text before the header and after the data.

use std::{collections::BTreeMap, io::BufRead};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{
    entry::{Entry, EntryKind, ListedPeriod},
    reading::{ListRow, Summary},
    snapshot::Unread,
    table_rows::{Header, Row, TableRows},
    text::slug,
    unreadable::UnreadableList,
};
use crate::{
    country::Country,
    identifier::{Check, Identifier, Scheme},
};

/// Raised whenever the same bytes would be read to different entries.
pub const PARSER_VERSION: u32 = 1;

const CHECK: &str = "check that it is the CSV file of the Cadastro de Empregadores";

/// Reads the register.
pub fn parse(
    input: impl BufRead,
    take: &mut dyn FnMut(ListRow),
) -> Result<Summary, UnreadableList> {
    let mut rows = TableRows::open(input, "", None, CHECK)?;
    let header = rows.header(&[EMPLOYER, NUMBER, INCLUSION], CHECK, &mut |unread| {
        take(ListRow::Unread(unread));
    })?;
    let columns = Columns::of(&header);
    let mut summary = Summary::default();
    let mut copies: BTreeMap<String, u32> = BTreeMap::new();
    while let Some(row) = rows.next_row()? {
        if header.repeats_in(&row) {
            take(ListRow::Unread(Unread::new(
                &row.place,
                "the header is repeated",
                "",
            )));
            continue;
        }
        let given = [columns.employer, columns.number]
            .into_iter()
            .filter(|column| !row.cell(*column).is_empty())
            .count();
        if given == 1 {
            let reason = "the row has an employer without a number, or a number without one";
            // Never the row: it may be a natural person's.
            take(ListRow::Unread(Unread::lost(&row.place, reason, "")));
            summary.records += 1;
            continue;
        }
        if given == 0 {
            let reason = "the row names no employer: text around the data";
            // It may be half a row, with a natural person's name in it.
            take(ListRow::Unread(Unread::new(&row.place, reason, "")));
            continue;
        }
        summary.records += 1;
        match columns.entry(&row) {
            Ok((mut entry, doubts)) => {
                let copy = copies.entry(entry.id.clone()).or_default();
                *copy += 1;
                if *copy > 1 {
                    entry.id = format!("{}-{copy}", entry.id);
                }
                take(ListRow::Entry(Box::new(entry)));
                for (reason, found) in doubts {
                    take(ListRow::Unread(Unread::new(&row.place, reason, &found)));
                }
            }
            // Never the row: it may be a natural person's.
            Err(reason) => take(ListRow::Unread(Unread::lost(&row.place, reason, ""))),
        }
    }
    if summary.records == 0 {
        return Err(UnreadableList::new(
            "row 1",
            "the file names no employer",
            CHECK,
        ));
    }
    Ok(summary)
}

const EMPLOYER: &[&str] = &["empregador", "nomedoempregador"];
const NUMBER: &[&str] = &["cnpjcpf", "cpfcnpj", "cpfcpnj", "cnpj"];
const INCLUSION: &[&str] = &[
    "inclusaonocadastrodeempregadores",
    "datainclusaocadastro",
    "inclusaonocadastro",
];

/// Why, and what was found.
type Doubts = Vec<(&'static str, String)>;

struct Columns {
    year: Option<usize>,
    state: Option<usize>,
    employer: Option<usize>,
    number: Option<usize>,
    place: Option<usize>,
    workers: Option<usize>,
    cnae: Option<usize>,
    decision: Option<usize>,
    inclusion: Option<usize>,
}

impl Columns {
    fn of(header: &Header) -> Self {
        Self {
            year: header.column(&["anodaacaofiscal", "anoacaofiscal"]),
            state: header.column(&["uf"]),
            employer: header.column(EMPLOYER),
            number: header.column(NUMBER),
            place: header.column(&["estabelecimento"]),
            workers: header.column(&["trabalhadoresenvolvidos"]),
            cnae: header.column(&["cnae"]),
            decision: header.column(&[
                "decisaoadministrativadeprocedencia",
                "decisaoadministrativa",
                "datadecisaoadministrativa",
            ]),
            inclusion: header.column(INCLUSION),
        }
    }

    fn entry(&self, row: &Row) -> Result<(Entry, Doubts), &'static str> {
        let mut doubts = Doubts::new();
        let number = row.cell(self.number);
        let digits: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        if digits.len() < 8 {
            return Err("the number is neither a CNPJ nor a CPF");
        }
        // A CPF has eleven digits; leading zeros may be lost, never eleven to fourteen.
        let is_person = digits.len() <= 11 && !number.contains('/');
        let periods = periods(row.cell(self.inclusion));
        if periods.is_none() {
            let found = row.cell(self.inclusion).to_owned();
            doubts.push((
                "the inclusion is not a day or a period; the entry is kept without one",
                found,
            ));
        }
        let identifier = if is_person {
            Identifier::parse(Scheme::Other, &format!("{digits:0>11}"))
        } else {
            let cnpj = Identifier::parse(Scheme::Cnpj, number);
            if cnpj
                .as_ref()
                .is_none_or(|cnpj| cnpj.check == Check::Invalid)
            {
                doubts.push((
                    "the CNPJ fails its check digits; the entry is kept with it",
                    number.to_owned(),
                ));
            }
            cnpj
        };
        // The published numbers of rows change with every edition, so the
        // number of the employer and the place make the id; a person's are hashed.
        let year = row.cell(self.year);
        let place = slug(row.cell(self.place));
        let id = if is_person {
            format!("person-{}", digest(&format!("{digits}/{place}/{year}"), 16))
        } else {
            let cnpj = identifier.as_ref().map_or("", |cnpj| cnpj.value.as_str());
            format!("{cnpj}-{year}-{}", digest(&place, 8))
        };
        let mut entry = Entry::new(id, row.cell(self.employer), "");
        entry.kind = if is_person {
            EntryKind::Person
        } else {
            EntryKind::Organization
        };
        entry.countries = Country::from_alpha2("BR").into_iter().collect();
        entry.identifiers = identifier.into_iter().collect();
        let address = [row.cell(self.place), row.cell(self.state)];
        let address: Vec<&str> = address
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        entry.addresses = vec![address.join(", ")];
        entry.addresses.retain(|line| !line.is_empty());
        entry.programs = vec!["Cadastro de Empregadores".to_owned()];
        if let Some((latest, earlier)) =
            periods.and_then(|mut periods| Some((periods.pop()?, periods)))
        {
            entry.listed_on = Some(latest.0);
            entry.delisted_on = latest.1;
            entry.earlier = earlier
                .into_iter()
                .filter_map(|(from, to)| Some(ListedPeriod { from, to: to? }))
                .collect();
        }
        let on = entry
            .listed_on
            .map_or_else(String::new, |day| format!(", included {day}"));
        entry.citation = format!("Brazil, Cadastro de Empregadores{on}");
        if !is_person {
            let decision = day(row.cell(self.decision)).map(|day| day.to_string());
            let remarks: Vec<String> = [
                ("inspected in ", year.to_owned()),
                ("workers involved: ", row.cell(self.workers).to_owned()),
                ("CNAE ", row.cell(self.cnae).to_owned()),
                (
                    "final administrative decision ",
                    decision.unwrap_or_else(|| row.cell(self.decision).to_owned()),
                ),
            ]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| format!("{label}{text}"))
            .collect();
            entry.remarks = Some(remarks.join("; ")).filter(|remarks| !remarks.is_empty());
        }
        Ok((entry, doubts))
    }
}

fn digest(text: &str, length: usize) -> String {
    let mut hash = hex::encode(Sha256::digest(text));
    hash.truncate(length);
    hash
}

/// "05/10/2022 a 13/01/2023, 11/11/2024": oldest first, the last one open.
fn periods(cell: &str) -> Option<Vec<(NaiveDate, Option<NaiveDate>)>> {
    let mut read = Vec::new();
    for part in cell
        .split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let part = part.strip_prefix("e ").unwrap_or(part);
        let ends = [" a ", " até ", " - "]
            .iter()
            .find_map(|joint| part.split_once(joint));
        read.push(match ends {
            Some((from, to)) => (day(from)?, Some(day(to)?)),
            None => (day(part)?, None),
        });
    }
    read.sort();
    (!read.is_empty()).then_some(read)
}

/// Day, month, year; or as a data portal writes it.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().split(' ').next().unwrap_or_default();
    let text = text.trim_matches(|letter: char| !letter.is_ascii_digit());
    ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|day| (1990..=2200).contains(&chrono::Datelike::year(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inclusions_are_periods_oldest_first() {
        let on = |text| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        assert_eq!(
            periods("05/10/2022 a 13/01/2023, 11/11/2024"),
            Some(vec![
                (on("2022-10-05"), Some(on("2023-01-13"))),
                (on("2024-11-11"), None)
            ])
        );
        assert_eq!(
            periods("2022-10-05 00:00:00"),
            Some(vec![(on("2022-10-05"), None)])
        );
        assert_eq!(periods("13/25/2022"), None);
        assert_eq!(periods(""), None);
    }
}
