//! `plimsoll statement`: what a company's statement says, and which words say it.

use std::{fmt::Write as _, fs::File, io::Read, path::Path};

use super::{
    arguments::{StatementCheckArguments, StatementCommand, StatementFormat, StatementLaw},
    output::{Failure, print},
};
use crate::{
    clock::{Clock, SystemClock},
    disclosures::statement::{
        Document, LARGEST_FILE, Law, MSA_S54, OtherStatements, Problem, Quote, SB_657, Stated,
        StatementReading, TopicReading, check,
    },
};

pub fn run(command: &StatementCommand) -> Result<(), Failure> {
    match command {
        StatementCommand::Check(arguments) => check_one(arguments),
    }
}

fn check_one(arguments: &StatementCheckArguments) -> Result<(), Failure> {
    let law = Law::parse(match arguments.law {
        StatementLaw::Sb657 => SB_657,
        StatementLaw::MsaS54 => MSA_S54,
    })?;
    let as_of = arguments.as_of.unwrap_or_else(|| SystemClock.today());
    if as_of < law.id.effective_from {
        return Err(Failure::unusable(format!(
            "--as-of {as_of}: {} asks for statements from {} on",
            law.id.title, law.id.effective_from
        )));
    }
    let mut others = OtherStatements::default();
    for other in &arguments.against {
        let document = read(other)?.map_err(|problem| {
            Failure::unusable(format!("{}: {}", other.display(), problem.message))
        })?;
        others.add(other.display().to_string(), &document);
    }
    let document = read(&arguments.statement)?;
    let reading = check(&law, document.as_ref(), &others, as_of);
    let text = match arguments.format {
        StatementFormat::Json => serde_json::to_string_pretty(&reading)? + "\n",
        StatementFormat::Text => shown(&reading),
    };
    Ok(print(&text)?)
}

fn read(path: &Path) -> Result<Result<Document, Problem>, Failure> {
    let place = path.display();
    let named = path.to_string_lossy();
    if named.starts_with("http://") || named.starts_with("https://") {
        return Err(Failure::unusable(format!(
            "{place}: pages are not fetched yet: save the page and give the file"
        )));
    }
    let unreadable = |error| Failure::unusable(format!("{place}: {error}"));
    let mut bytes = Vec::new();
    File::open(path)
        .map_err(unreadable)?
        .take(LARGEST_FILE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(Document::read(&bytes))
}

fn shown(reading: &StatementReading) -> String {
    let mut text = String::new();
    let _infallible = writeln!(
        text,
        "{}, as of {}\nrules {}, sha256 {}\n\n{}",
        reading.law.title,
        reading.as_of,
        reading.law.version,
        reading.law.rules_sha256,
        serde_name(&reading.overall)
    );
    if let Some(problem) = &reading.problem {
        let _infallible = writeln!(
            text,
            "  {}: {}",
            serde_name(&problem.kind).replace('_', " "),
            problem.message
        );
    }
    for reason in &reading.reasons {
        let _infallible = writeln!(text, "  {reason}");
    }
    for unchecked in &reading.not_checked {
        let _infallible = writeln!(text, "  not checked: {}", unchecked.replace('_', " "));
    }
    for shared in &reading.shared_text {
        let _infallible = writeln!(
            text,
            "  {} % stands in {} too",
            shared.percent, shared.other
        );
    }
    for (key, topic) in &reading.topics {
        topic_shown(&mut text, key, topic);
    }
    text
}

fn topic_shown(text: &mut String, key: &str, topic: &TopicReading) {
    let Some(practice) = topic.practice else {
        let _infallible = writeln!(text, "\n{key}: not read");
        return;
    };
    let _infallible = writeln!(
        text,
        "\n{key}: disclosed {}; practice {} of 3",
        serde_name(&topic.disclosure),
        practice as u8
    );
    for (name, mandatory) in &topic.mandatory {
        if mandatory.stated != Stated::NotApplicable {
            let _infallible = writeln!(
                text,
                "  {}: {}",
                name.replace('_', " "),
                serde_name(&mandatory.stated).replace('_', " ")
            );
        }
    }
    for quote in &topic.quotes {
        quote_shown(text, quote);
    }
}

fn quote_shown(text: &mut String, quote: &Quote) {
    // A page's control characters are no business of the terminal.
    let printable: String = quote
        .text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    let words: Vec<&str> = printable.split_whitespace().collect();
    let _infallible = writeln!(
        text,
        "  “{}”\n    bytes {}–{}, {}, {}{}",
        words.join(" "),
        quote.start,
        quote.end,
        quote.rule,
        serde_name(&quote.stance).replace('_', " "),
        if quote.boilerplate {
            ", shared with another statement"
        } else {
            ""
        }
    );
}

/// The name that a unit value has in JSON.
fn serde_name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
