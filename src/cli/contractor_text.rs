//! The check as text: what a person reads first stands first.

use super::wrapped::Wrapped;
use crate::{
    disclosures::contractor::{
        ContractCheck, ContractorCheck, ContractorReport, DisclosureStatus, FileRead, Lead,
        Standing, ingest::FileKind, plan::PartSaid,
    },
    report::SupplierResult,
};

/// Quotes shown for one element of a plan.
const MOST_QUOTES: usize = 1;

pub(super) fn shown(
    files: &[FileRead],
    report: &ContractorReport,
    assessments: &[SupplierResult],
    limit: usize,
) -> String {
    let mut text = Wrapped::new();
    let policy = &report.policy;
    text.line(0, &format!("Federal contractors on {}", report.as_of));
    text.line(
        0,
        &format!(
            "{} {}, SHA-256 {}",
            policy.name,
            policy.version,
            policy.sha256.get(..12).unwrap_or_default()
        ),
    );
    text.line(0, "");
    for file in files {
        file_shown(&mut text, file);
    }
    totals(&mut text, report);
    let mut contracts: Vec<(&ContractorCheck, &ContractCheck)> = report
        .contractors
        .iter()
        .flat_map(|contractor| {
            contractor
                .contracts
                .iter()
                .map(move |contract| (contractor, contract))
        })
        .collect();
    // Stable: within a status by contractor, as the report has them.
    contracts.sort_by_key(|(_, contract)| {
        (
            contract.status.status,
            contract.disclosure.is_none(),
            contract.requirement.leads.len() < 2,
        )
    });
    let mut last: Option<&ContractorCheck> = None;
    for (contractor, contract) in contracts.iter().take(limit) {
        if last.is_none_or(|last| !std::ptr::eq(last, *contractor)) {
            contractor_shown(&mut text, contractor);
        }
        last = Some(contractor);
        contract_shown(&mut text, contract);
    }
    if contracts.len() > limit {
        text.line(0, "");
        text.line(
            0,
            &format!(
                "{}: see --limit, or all with --format json",
                counted(contracts.len() - limit, "more contract")
            ),
        );
    }
    for contractor in report
        .contractors
        .iter()
        .filter(|one| one.contracts.is_empty())
        .take(limit)
    {
        contractor_shown(&mut text, contractor);
    }
    scores_shown(&mut text, report, assessments, limit);
    for name in &report.unassigned_documents {
        text.line(0, "");
        text.line(
            0,
            &format!(
                "{name}: whose document is this? Name it in plan_at or statement_at of the form"
            ),
        );
    }
    text.line(0, "");
    for sentence in &report.reading {
        text.line(0, sentence);
    }
    text.into_text()
}

/// The most urgent first.
fn scores_shown(
    text: &mut Wrapped,
    report: &ContractorReport,
    assessments: &[SupplierResult],
    limit: usize,
) {
    if assessments.is_empty() {
        return;
    }
    text.line(0, "");
    text.line(
        0,
        "Scores under FLDD-1.0 on the reference lists; what nobody has confirmed moves none",
    );
    let mut all: Vec<(&ContractorCheck, &SupplierResult)> =
        report.contractors.iter().zip(assessments).collect();
    all.sort_by_key(|(_, result)| std::cmp::Reverse(result.assessment.range));
    for (contractor, result) in all.into_iter().take(limit) {
        let assessment = &result.assessment;
        let [low, high] = assessment.range;
        let score = assessment
            .score
            .map_or_else(|| "no score".to_owned(), |score| score.to_string());
        text.line(
            2,
            &format!(
                "{}: {score} [{low}, {high}] {}, {}",
                contractor.contractor.name,
                assessment.tier.as_str(),
                assessment.disposition.as_str()
            ),
        );
        text.line(4, &result.reason);
    }
}

fn file_shown(text: &mut Wrapped, file: &FileRead) {
    let summary = &file.summary;
    let kind = serde_json::to_value(summary.kind).ok();
    let kind = kind
        .as_ref()
        .and_then(|kind| kind.as_str())
        .unwrap_or_default()
        .replace('_', " ");
    if summary.kind == FileKind::Document {
        let read = if summary.remarks.is_empty() {
            "read for its words"
        } else {
            "not read for its words"
        };
        text.line(0, &format!("{} (document): {read}", file.file));
        for remark in &summary.remarks {
            text.line(2, remark);
        }
        return;
    }
    text.line(
        0,
        &format!(
            "{} ({kind}): {} read, {} not read, {}{}",
            file.file,
            counted(summary.read, "record"),
            summary.not_read,
            counted(summary.notices, "notice"),
            if file.duplicates > 0 {
                format!(", {} counted once", counted(file.duplicates, "duplicate"))
            } else {
                String::new()
            }
        ),
    );
    for not_read in &file.not_read_at {
        let place = not_read.place;
        let column = if place.column > 0 {
            format!(", column {}", place.column)
        } else {
            String::new()
        };
        text.line(
            2,
            &format!(
                "not read: record {}, line {}{column}: {}",
                place.record, place.line, not_read.why
            ),
        );
    }
    for notice in file.notices_at.iter().take(5) {
        text.line(
            2,
            &format!(
                "record {}, line {}: {} {}",
                notice.place.record, notice.place.line, notice.field, notice.why
            ),
        );
    }
    if summary.notices > 5 {
        text.line(
            2,
            &format!(
                "{}: see --format json",
                counted(summary.notices - 5, "more notice")
            ),
        );
    }
    for remark in &summary.remarks {
        text.line(2, remark);
    }
}

fn totals(text: &mut Wrapped, report: &ContractorReport) {
    text.line(0, "");
    let contracts: usize = report
        .contractors
        .iter()
        .map(|one| one.contracts.len())
        .sum();
    text.line(
        0,
        &format!(
            "{}, {}",
            counted(report.contractors.len(), "contractor"),
            counted(contracts, "contract")
        ),
    );
    for status in DisclosureStatus::ALL {
        let count = report
            .contractors
            .iter()
            .flat_map(|one| &one.contracts)
            .filter(|contract| contract.is(status))
            .count();
        if count > 0 {
            text.line(2, &format!("{count} {}", status.as_str()));
        }
    }
    let tally = &report.records;
    if tally.without_contractor > 0 {
        text.line(
            2,
            &format!(
                "{} without a contractor left aside",
                counted(tally.without_contractor, "award record")
            ),
        );
    }
    if tally.replaced_disclosures > 0 {
        text.line(
            2,
            &format!(
                "{} left aside: a later row about the same contract stands",
                counted(tally.replaced_disclosures, "form row")
            ),
        );
    }
    if let Some(said) = not_detailed(report) {
        text.line(2, &said);
    }
    if tally.past_limit > 0 {
        text.line(
            2,
            &format!(
                "{} on contracts past the limit left aside: split the file",
                counted(tally.past_limit, "transaction")
            ),
        );
    }
}

/// What neither the text nor the table has room for.
pub(super) fn not_detailed(report: &ContractorReport) -> Option<String> {
    (report.not_detailed > 0).then(|| {
        format!(
            "{}, known from award records at home alone, counted and not shown: UNDETERMINED; {} \
             without any other",
            counted(report.not_detailed, "more contract"),
            counted(report.contractors_not_detailed, "contractor")
        )
    })
}

/// "1 row", "2 rows".
pub(super) fn counted<N>(count: N, noun: &str) -> String
where
    N: std::fmt::Display + PartialEq + From<u8> + Copy,
{
    let ending = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

fn contractor_shown(text: &mut Wrapped, contractor: &ContractorCheck) {
    let identity = &contractor.contractor;
    let identifiers: Vec<String> = [
        ("UEI", &identity.uei),
        ("CAGE", &identity.cage),
        ("DUNS", &identity.duns),
    ]
    .into_iter()
    .filter_map(|(scheme, value)| value.as_ref().map(|value| format!("{scheme} {value}")))
    .collect();
    text.line(0, "");
    text.line(0, &format!("{}  {}", identity.name, identifiers.join(", ")));
    if contractor.opted_out {
        text.line(
            2,
            "opted out of public search in SAM.gov, which says nothing about it",
        );
    }
    for found in contractor.records.iter().take(5) {
        let record = &found.record;
        let about = if record.trafficking {
            ""
        } else {
            " (not about trafficking)"
        };
        let day = record
            .dated
            .map(|day| format!(" of {day}"))
            .unwrap_or_default();
        text.line(
            2,
            &format!(
                "official record{day}: {}{about}; {}",
                record.title, record.source
            ),
        );
        for remedy in &found.remedies {
            let standing = match &remedy.standing {
                Standing::Pending => "not confirmed: takes nothing off",
                Standing::Confirmed(_) => "confirmed by review",
                Standing::Dismissed(_) => "dismissed by review",
            };
            text.line(
                4,
                &format!("{}, {standing} ({})", remedy.in_words(), remedy.id),
            );
        }
    }
    for remark in &contractor.child_labor.remarks {
        text.line(2, remark);
    }
    for product in contractor.end_products.iter().take(10) {
        let from = match product.country_given.as_str() {
            "" => ", country not given",
            given => &format!(" from {given}"),
        };
        text.line(
            2,
            &format!(
                "declares the foreign end product {}{from} ({})",
                product.name, product.section
            ),
        );
    }
    for lead in contractor.leads.iter().take(6) {
        match lead {
            Lead::Relative(relative) => {
                let tie = serde_json::to_value(relative.tie).ok();
                let tie = tie
                    .as_ref()
                    .and_then(|tie| tie.as_str())
                    .unwrap_or_default()
                    .replace('_', " ");
                text.line(2, &format!("lead, {tie}: {}", relative.name));
            }
            Lead::NameAlike {
                name,
                uei,
                similarity,
                ..
            } => {
                let uei = uei
                    .as_ref()
                    .map(|uei| format!(", UEI {uei}"))
                    .unwrap_or_default();
                text.line(
                    2,
                    &format!(
                        "lead, name alike ({}.{:02}): {name}{uei}",
                        similarity / 1_000_000,
                        similarity % 1_000_000 / 10_000
                    ),
                );
            }
        }
    }
}

fn contract_shown(text: &mut Wrapped, contract: &ContractCheck) {
    text.line(0, "");
    let agency = if contract.agency.is_empty() {
        String::new()
    } else {
        format!(", {}", contract.agency)
    };
    text.line(2, &format!("{}{agency}", contract.contract));
    text.line(4, &format!("status: {}", contract.status.status.as_str()));
    for reason in &contract.status.reasons {
        text.line(
            6,
            &format!("{} [{}; {}]", reason.says, reason.citation, reason.source),
        );
    }
    text.line(
        4,
        &format!("plan: {}", contract.requirement.answer.as_str()),
    );
    for step in &contract.requirement.arithmetic.steps {
        text.line(6, step);
    }
    text.line(6, &contract.requirement.arithmetic.shown);
    for assumption in contract
        .requirement
        .assumptions
        .iter()
        .chain(&contract.requirement.leads)
    {
        text.line(6, &format!("note: {assumption}"));
    }
    for contradiction in &contract.contradictions {
        let standing = match &contradiction.standing {
            Standing::Pending => "two documents disagree, not confirmed: counts nothing",
            Standing::Confirmed(_) => "contradiction, confirmed by review",
            Standing::Dismissed(_) => "contradiction, dismissed by review",
        };
        text.line(4, &format!("{standing} ({})", contradiction.id));
        text.line(
            6,
            &format!("{} [{}]", contradiction.says, contradiction.citation),
        );
        for document in &contradiction.documents {
            let day = document
                .dated
                .map(|day| format!(" of {day}"))
                .unwrap_or_default();
            text.line(
                6,
                &format!(
                    "{}{day}: “{}” [{}]",
                    document.document, document.says, document.source
                ),
            );
        }
    }
    if let Some(plan) = &contract.plan {
        text.line(4, &format!("words of {}:", plan.file));
        if let Some(problem) = &plan.problem {
            text.line(6, &problem.message);
        }
        for notice in &plan.notices {
            text.line(6, notice);
        }
        for element in &plan.elements {
            text.line(
                6,
                &format!(
                    "{} {}: {}",
                    element.citation,
                    element.element.in_words(),
                    element.found.in_words()
                ),
            );
            for part in &element.parts {
                let said = match part.said {
                    PartSaid::Asserted => "",
                    PartSaid::Denied => ", denied",
                    PartSaid::Planned => ", planned only",
                    PartSaid::NotSaid => ", not said",
                };
                if !said.is_empty() {
                    text.line(8, &format!("{}{said}", part.part.replace('_', " ")));
                }
                for quote in part.quotes.iter().take(MOST_QUOTES) {
                    text.line(
                        8,
                        &format!("“{}” bytes {}–{}", quote.text, quote.start, quote.end),
                    );
                }
            }
        }
    }
    if let Some(code) = &contract.high_risk_code {
        text.line(
            4,
            &format!(
                "{} {} is a code known for risk [{}]",
                code.scheme, code.code, code.source
            ),
        );
    }
}
