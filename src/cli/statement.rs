//! `plimsoll statement`: what a company's statement says, and which words say it.

use std::{fmt::Write as _, fs::File, io::Read, path::Path, sync::Arc, time::Duration};

use serde::Serialize;
use url::Url;

use super::{
    arguments::{StatementCheckArguments, StatementCommand, StatementFormat, StatementLaw},
    companies,
    output::{Failure, print},
};
use crate::{
    app::statement_site::{Reader, Visit, look},
    clock::{Clock, SystemClock},
    config::Settings,
    disclosures::statement::{
        Document, HomepageLink, LARGEST_FILE, Law, MSA_S54, OtherStatements, Problem, Quote,
        SB_657, Stated, StatementReading, TopicReading,
    },
    fetch::{Fetcher, Visitor},
};

pub fn run(command: &StatementCommand) -> Result<(), Failure> {
    match command {
        StatementCommand::Check(arguments) => check_one(arguments),
        StatementCommand::Companies(arguments) => companies::companies(arguments),
        StatementCommand::Duplicates(arguments) => companies::duplicates(arguments),
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
        let document = document_of(other)?.map_err(|problem| {
            Failure::unusable(format!("{}: {}", other.display(), problem.message))
        })?;
        others.add(other.display().to_string(), &document);
    }
    let reader = Reader { law, others, as_of };
    let (reading, look) = if let Some(url) = address(&arguments.statement)? {
        let (reading, look) = looked_for(reader, &url)?;
        (reading, Some(look))
    } else {
        let document = document_of(&arguments.statement)?;
        (reader.read(document.as_ref()), None)
    };
    let text = match arguments.format {
        StatementFormat::Json => serde_json::to_string_pretty(&Answer { reading, look })? + "\n",
        StatementFormat::Text => shown(&reading, look.as_ref()),
    };
    Ok(print(&text)?)
}

/// A reading, and how it was come by where it was fetched.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    reading: StatementReading,
    #[serde(skip_serializing_if = "Option::is_none")]
    look: Option<LookShown>,
}

#[derive(Serialize)]
struct LookShown {
    homepage_link: Option<HomepageLink>,
    visits: Vec<Visit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

fn address(given: &Path) -> Result<Option<Url>, Failure> {
    let text = given.to_string_lossy();
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Ok(None);
    }
    Url::parse(&text)
        .map(Some)
        .map_err(|error| Failure::unusable(format!("{text}: {error}")))
}

/// Between two requests to one host.
const PACE: Duration = Duration::from_secs(1);

fn looked_for(reader: Reader, url: &Url) -> Result<(StatementReading, LookShown), Failure> {
    let settings = Settings::load(Path::new("."))?;
    let fetcher = Fetcher::new(&settings.fetch)?;
    let visitor = Visitor::new(fetcher, PACE);
    let look = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(look(&visitor, &Arc::new(reader), url));
    let shown = LookShown {
        homepage_link: look.link,
        visits: look.visits,
        url: look.page.as_ref().map(|page| page.url.clone()),
        media_type: look.page.as_ref().map(|page| page.media_type.clone()),
        sha256: look.page.map(|page| page.sha256),
    };
    Ok((look.reading, shown))
}

pub(super) fn document_of(path: &Path) -> Result<Result<Document, Problem>, Failure> {
    // One byte more than may be read, so that too large is told from just right.
    Ok(Document::read(&bytes_of(path, LARGEST_FILE + 1)?))
}

pub(super) fn bytes_of(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |error| Failure::unusable(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .map_err(unreadable)?
        .take(most as u64)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

fn shown(reading: &StatementReading, look: Option<&LookShown>) -> String {
    let mut text = String::new();
    let _infallible = writeln!(
        text,
        "{}, as of {}\nrules {}, sha256 {}, reader {}\n\n{}",
        reading.law.title,
        reading.as_of,
        reading.law.version,
        reading.law.rules_sha256,
        reading.law.reader,
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
    if let Some(look) = look {
        look_shown(&mut text, look);
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

fn look_shown(text: &mut String, look: &LookShown) {
    for visit in &look.visits {
        let _infallible = writeln!(
            text,
            "  visited {}{}{}",
            visit.url,
            visit
                .ended_at
                .as_ref()
                .map(|end| format!(", led to {end}"))
                .unwrap_or_default(),
            visit
                .problem
                .as_ref()
                .map(|problem| format!(": {problem}"))
                .unwrap_or_default()
        );
    }
    if let Some(link) = &look.homepage_link {
        let _infallible = writeln!(
            text,
            "  conspicuous link on {}: {}: {}",
            link.homepage,
            serde_name(&link.conspicuous),
            link.reason
        );
    }
    if let (Some(url), Some(sha256)) = (&look.url, &look.sha256) {
        let _infallible = writeln!(text, "  read {url}, sha256 {sha256}");
    }
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
