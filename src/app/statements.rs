//! Statements kept: read, dated, read again, and what changed.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{
    ground::{GroundError, Grounds},
    read::{self, JSON_FILE, SupplierRecord},
    statement_site::{KeptPage, Look, Reader, look},
};
use crate::{
    audit::{Event, EventKind, NotCanonical, canonical_bytes, canonical_text, sha256_hex},
    clock::Clock,
    disclosures::{
        company::{CompanyFacts, CoverageTest, RegisterLaw, presume},
        statement::{Document, Law, LawError, MSA_S54, OtherStatements, SB_657, not_reached},
    },
    due_diligence::assess_with_statement,
    fetch::Visitor,
    intake::{IntakeOptions, Unusable},
    report::SupplierResult,
    review::Reviews,
    risk::StatementOnFile,
    store::{
        Connection, Database, Scoped, StoreError, documents, new_id,
        statements::{self, StoredReading, StoredStatement},
        trail,
    },
};

/// Statements of others that a new one is held against for boilerplate.
const OTHERS: u64 = 100;
/// Of theirs, read for that.
const OTHERS_BYTES: u64 = 64 * 1024 * 1024;
/// A look at a site ends after this.
const LONGEST_LOOK: Duration = Duration::from_mins(1);
const LONGEST_COMPANY: usize = 300;

/// What is to be read.
#[derive(Debug, Clone)]
pub enum Given {
    /// Text, a saved page or a PDF, as received.
    Bytes { bytes: Vec<u8>, media_type: String },
    /// The statement's page, or a homepage.
    Address(Url),
}

#[derive(Debug, Clone)]
pub struct NewStatement {
    pub company: String,
    pub law: String,
    pub ours: bool,
    pub given: Given,
}

#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    #[error("there is no such statement")]
    Missing,
    #[error("a company's name has 1 to {LONGEST_COMPANY} characters")]
    BadCompany,
    #[error("\"{0}\" is no law that statements are read under: sb657 or msa-s54")]
    UnknownLaw(String),
    #[error("this service fetches nothing: send the text or the file")]
    NoFetching,
    #[error("the statement has no address: send the text or the file")]
    NoAddress,
    #[error("the rule file cannot be used")]
    Rules(#[from] LawError),
    #[error("the reading cannot be written in canonical form")]
    NotCanonical(#[from] NotCanonical),
    #[error("the reading cannot be written")]
    NotWritten(#[from] serde_json::Error),
    #[error("the reading did not come to its end")]
    Interrupted,
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn law(id: &str) -> Result<Law, StatementError> {
    Ok(Law::parse(match id {
        "sb657" => SB_657,
        "msa-s54" => MSA_S54,
        other => return Err(StatementError::UnknownLaw(other.to_owned())),
    })?)
}

/// Reads a company's statement for the first time and keeps it.
pub async fn add(
    database: &Database,
    clock: &dyn Clock,
    visitor: Option<&Visitor>,
    actor: &str,
    new: NewStatement,
) -> Result<(StoredStatement, StoredReading), StatementError> {
    let company = new.company.trim();
    if company.is_empty() || company.chars().count() > LONGEST_COMPANY {
        return Err(StatementError::BadCompany);
    }
    let statement = StoredStatement {
        id: new_id(clock.now()),
        company: company.to_owned(),
        law: new.law,
        address: match &new.given {
            Given::Address(url) => Some(url.to_string()),
            Given::Bytes { .. } => None,
        },
        ours: new.ours,
        created_at: clock.now(),
    };
    let read = read_given(database, clock, visitor, &statement, new.given).await?;
    let transaction = database.begin_write().await?;
    statements::insert(&transaction, statement.clone()).await?;
    let reading = keep(&transaction, clock, actor, &statement, read).await?;
    transaction.commit().await?;
    Ok((statement, reading))
}

/// Reads it again: what is given now, or what stands at its address.
pub async fn read_again(
    database: &Database,
    clock: &dyn Clock,
    visitor: Option<&Visitor>,
    actor: &str,
    id: Uuid,
    given: Option<Given>,
) -> Result<StoredReading, StatementError> {
    let statement = statements::find(database.connection(), id)
        .await?
        .ok_or(StatementError::Missing)?;
    let given = match (given, &statement.address) {
        (Some(given), _) => given,
        (None, Some(address)) => {
            Given::Address(Url::parse(address).map_err(|_bad| StatementError::NoAddress)?)
        }
        (None, None) => return Err(StatementError::NoAddress),
    };
    let read = read_given(database, clock, visitor, &statement, given).await?;
    let transaction = database.begin_write().await?;
    let reading = keep(&transaction, clock, actor, &statement, read).await?;
    transaction.commit().await?;
    Ok(reading)
}

async fn read_given(
    database: &Database,
    clock: &dyn Clock,
    visitor: Option<&Visitor>,
    statement: &StoredStatement,
    given: Given,
) -> Result<Look, StatementError> {
    let law = law(&statement.law)?;
    let reader = Arc::new(Reader {
        others: others(database, statement).await?,
        law,
        as_of: clock.today(),
    });
    match given {
        Given::Bytes { bytes, media_type } => tokio::task::spawn_blocking(move || {
            let reading = reader.read(Document::read(&bytes).as_ref());
            Look {
                reading,
                link: None,
                page: Some(KeptPage {
                    url: String::new(),
                    media_type,
                    sha256: sha256_hex(&bytes),
                    bytes,
                }),
                visits: Vec::new(),
            }
        })
        .await
        .map_err(|_panicked| StatementError::Interrupted),
        Given::Address(url) => {
            let visitor = visitor.ok_or(StatementError::NoFetching)?;
            let looked = tokio::time::timeout(LONGEST_LOOK, look(visitor, &reader, &url)).await;
            Ok(looked.unwrap_or_else(|_elapsed| {
                let problem = not_reached(format!(
                    "the site did not lead to a statement within {} s",
                    LONGEST_LOOK.as_secs()
                ));
                Look {
                    reading: reader.read(Err(&problem)),
                    link: None,
                    page: None,
                    visits: Vec::new(),
                }
            }))
        }
    }
}

/// Other companies' latest statements under the same law, the newest first, as many
/// as the budget lets in. One file at a time is in memory.
async fn others(
    database: &Database,
    statement: &StoredStatement,
) -> Result<OtherStatements, StatementError> {
    let connection = database.connection();
    let mut others = OtherStatements::default();
    let mut left = OTHERS_BYTES;
    for other in statements::page(connection, None, OTHERS).await? {
        if other.id == statement.id
            || other.company == statement.company
            || other.law != statement.law
        {
            continue;
        }
        let latest = statements::readings(connection, other.id, None, 1).await?;
        let Some(sha256) = latest
            .into_iter()
            .next()
            .filter(|reading| reading.problem.is_none())
            .and_then(|reading| reading.document_sha256)
        else {
            continue;
        };
        // A large one does not keep out the small ones after it.
        let size = documents::size(connection, &sha256).await?;
        let Some(rest) = size.and_then(|size| left.checked_sub(size)) else {
            continue;
        };
        left = rest;
        let bytes = documents::read(connection, &sha256).await?;
        others = tokio::task::spawn_blocking(move || {
            if let Ok(document) = Document::read(&bytes) {
                others.add(other.company, &document);
            }
            others
        })
        .await
        .map_err(|_panicked| StatementError::Interrupted)?;
    }
    Ok(others)
}

async fn keep(
    transaction: &Scoped<impl Connection>,
    clock: &dyn Clock,
    actor: &str,
    statement: &StoredStatement,
    look: Look,
) -> Result<StoredReading, StatementError> {
    let now = clock.now();
    let document_sha256 = match &look.page {
        Some(page) => Some(documents::keep(transaction, &page.bytes, &page.media_type, now).await?),
        None => None,
    };
    let address = look
        .page
        .as_ref()
        .map(|page| page.url.as_str())
        .filter(|url| !url.is_empty());
    let detail = canonical_text(&json!({
        "reading": look.reading,
        "homepage_link": look.link,
        "visits": look.visits,
        "address": address,
    }))?;
    let reading = StoredReading {
        id: new_id(now),
        statement_id: statement.id,
        document_sha256,
        as_of: look.reading.as_of,
        actor: actor.to_owned(),
        overall: text(&look.reading.overall)?,
        problem: look
            .reading
            .problem
            .as_ref()
            .map(|problem| text(&problem.kind))
            .transpose()?,
        rules_sha256: look.reading.law.rules_sha256.clone(),
        detail_sha256: sha256_hex(detail.as_bytes()),
        detail,
        read_at: now,
    };
    statements::insert_reading(transaction, reading.clone()).await?;
    let event = Event {
        at: now,
        actor: actor.to_owned(),
        kind: EventKind::StatementRead,
        subject: reading.id.to_string(),
        details: json!({
            "statement": statement.id,
            "law": statement.law,
            "company_sha256": sha256_hex(statement.company.as_bytes()),
            "document_sha256": reading.document_sha256,
            "detail_sha256": reading.detail_sha256,
            "overall": reading.overall,
        }),
    };
    trail::append(transaction, vec![event]).await?;
    Ok(reading)
}

fn text(value: &impl serde::Serialize) -> Result<String, StatementError> {
    Ok(match serde_json::to_value(value)? {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

/// What a statement is weighed for: a supplier, and what is known of who owes a
/// statement.
#[derive(Debug)]
pub struct Weighing {
    pub supplier: SupplierRecord,
    pub company: CompanyFacts,
}

/// A statement was not weighed, and why.
#[derive(Debug, thiserror::Error)]
pub enum WeighError {
    #[error("there is no such statement")]
    Missing,
    #[error("{0}")]
    Rejected(String),
    #[error(transparent)]
    Unusable(#[from] Unusable),
    #[error("the coverage tests cannot be used")]
    Tests(#[from] toml::de::Error),
    #[error("the record or the reading cannot be read")]
    Unreadable(#[from] serde_json::Error),
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    #[error(transparent)]
    Ground(#[from] GroundError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A supplier's assessment with the latest reading of a statement that is its own or
/// its parent's. Nothing is stored.
pub async fn weigh(
    database: &Database,
    clock: &dyn Clock,
    grounds: &Grounds,
    id: Uuid,
    weighing: Weighing,
) -> Result<SupplierResult, WeighError> {
    let connection = database.connection();
    let statement = statements::find(connection, id)
        .await?
        .ok_or(WeighError::Missing)?;
    let latest = statements::readings(connection, id, None, 1).await?;
    let latest = latest.into_iter().next().ok_or(WeighError::Missing)?;
    let as_of = clock.today();
    let ground = grounds.current(database, as_of).await?;
    let bytes = canonical_bytes(&weighing.supplier)?;
    let list = read::supplier_list(JSON_FILE, &bytes, &IntakeOptions::default())?;
    if let Some(rejected) = list.rejected.first() {
        let reason = format!("{}: {}", rejected.reason, rejected.fix);
        return Err(WeighError::Rejected(reason));
    }
    let Some(row) = list.suppliers.first() else {
        return Err(WeighError::Rejected("there is no supplier".to_owned()));
    };
    let reading = latest.reading()?;
    let law = if statement.law == "sb657" {
        RegisterLaw::Sb657
    } else {
        RegisterLaw::MsaS54
    };
    let presumption = presume(&CoverageTest::all()?, law, &weighing.company, &[], as_of);
    let citation = statement
        .address
        .unwrap_or_else(|| format!("statement {}", statement.id));
    Ok(assess_with_statement(
        &ground,
        row,
        &Reviews::new(),
        Some(StatementOnFile {
            company: &statement.company,
            reading: &reading,
            presumption: &presumption,
            citation: &citation,
            retrieved_on: latest.read_at.date_naive(),
        }),
    ))
}
