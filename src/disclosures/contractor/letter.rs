//! A draft of a letter that asks for papers. It accuses nobody of anything.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{
    check::ContractorCheck,
    contract_check::ContractCheck,
    required::{Answer, Asked},
    status::DisclosureStatus,
};

/// The letter to one contractor about its open contracts; `None` where nothing
/// is open.
pub fn request_letter(contractor: &ContractorCheck, as_of: NaiveDate) -> Option<String> {
    let open: Vec<&ContractCheck> = contractor
        .contracts
        .iter()
        .filter(|contract| asks(contract))
        .collect();
    if open.is_empty() {
        return None;
    }
    let mut letter = String::new();
    let identity = &contractor.contractor;
    let identifier = identity
        .uei
        .as_ref()
        .map(|uei| format!(" (UEI {uei})"))
        .unwrap_or_default();
    let _infallible = write!(
        letter,
        "DRAFT, to be read and signed by a person\n\n\
         {as_of}\n\n\
         To: {}{identifier}\n\
         Subject: Anti-trafficking compliance plan and certificates under FAR 52.222-50 and 52.222-56\n\n\
         We look at public records of federal contracts. Records may be incomplete or wrong, and much \
         of what the clause asks for is not public. We ask for your help with the following.\n",
        identity.name
    );
    for contract in open {
        contract_section(&mut letter, contract);
    }
    letter.push_str(
        "\nIf any of this is mistaken, please tell us: we will correct our record and say so wherever it was \
         used. We acknowledge replies within 5 days and decide on corrections within 30 days. Please do not \
         send names or stories of workers.\n\n\
         [name, office, address for reply]\n",
    );
    Some(letter)
}

fn asks(contract: &ContractCheck) -> bool {
    match contract.status.status {
        DisclosureStatus::Complete | DisclosureStatus::NotRequired => {
            contract.pending().next().is_some()
        }
        // Without any form, an award record alone is no reason to write.
        DisclosureStatus::Undetermined => contract.disclosure.is_some(),
        _ => true,
    }
}

fn contract_section(letter: &mut String, contract: &ContractCheck) {
    let agency = if contract.agency.is_empty() {
        String::new()
    } else {
        format!(", {}", contract.agency)
    };
    let _infallible = write!(letter, "\nContract {}{agency}\n", contract.contract);
    if let Answer::Undetermined { missing } = &contract.requirement.answer {
        letter
            .push_str("We do not know whether a compliance plan is required. Could you tell us:\n");
        for fact in missing {
            let whom = match fact.ask_whom {
                Asked::Contractor => "",
                Asked::ContractingOfficer => " (your contracting officer may know)",
            };
            let _infallible = writeln!(letter, "  - {}{whom}", fact.missing);
        }
    } else if matches!(
        contract.requirement.answer,
        Answer::AmbiguousAggregation { .. }
    ) {
        let _infallible = writeln!(
            letter,
            "As we read the record: {}. Could you tell us:\n  \
             - the estimated value of the supplies, other than COTS, acquired outside the United States\n  \
             - the estimated value of the services performed outside the United States\n  \
             - how the two are counted for this contract (your contracting officer may know)",
            contract.requirement.arithmetic.shown
        );
    } else {
        let _infallible = writeln!(
            letter,
            "As we read the record: {} ({}).",
            contract.requirement.arithmetic.shown,
            contract.requirement.citations.join("; ")
        );
    }
    match contract.status.status {
        DisclosureStatus::NotLocated | DisclosureStatus::RequiredMissing => {
            letter.push_str(
                "We have located no public plan; one may exist. Please send us the plan or say where its relevant \
                 contents are posted (52.222-50(h)(4)), and the date of the last certificate.\n",
            );
        }
        DisclosureStatus::Incomplete => {
            letter.push_str("We did not find the following, and ask where it stands:\n");
            for reason in contract
                .status
                .reasons
                .iter()
                .take(contract.status.missing.len())
            {
                let _infallible = writeln!(letter, "  - {} ({})", reason.says, reason.citation);
            }
        }
        DisclosureStatus::Stale => {
            letter.push_str("The papers we found look older than the clause asks for:\n");
            for reason in contract
                .status
                .reasons
                .iter()
                .filter(|one| one.says.contains("older"))
            {
                let _infallible = writeln!(letter, "  - {} ({})", reason.says, reason.citation);
            }
        }
        _ => {}
    }
    let mut said = false;
    for contradiction in contract.pending() {
        if !said {
            letter.push_str(
                "Two documents seem to say different things, and we ask how they go together:\n",
            );
            said = true;
        }
        for document in &contradiction.documents {
            let dated = document
                .dated
                .map(|day| format!(" of {day}"))
                .unwrap_or_default();
            let _infallible = writeln!(
                letter,
                "  - {}{dated}: \"{}\" ({})",
                document.document, document.says, document.source
            );
        }
    }
}
