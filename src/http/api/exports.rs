//! A screening as one file, sent as it is read.

use std::{
    io::{self, Cursor, Write},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::export::{self, ExportError, Finished, each_supplier},
    audit::HashWriter,
    http::{
        allowed::{Allowed, ReadResults},
        body::{Id, Query},
        problem::{Problem, ProblemDocument},
    },
    report::{CsvWriter, DocumentWriter, SupplierResult, XlsxWriter},
    store::{Database, assessments},
};

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// The canonical document whose SHA-256 is in the audit trail.
    #[default]
    Json,
    /// One row a supplier; cells that a spreadsheet would run are prefixed.
    Csv,
    Xlsx,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportParameters {
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
}

/// A finished screening as one file
///
/// As it was assessed, before any decision about a hit.
#[utoipa::path(get, path = "/api/v1/screenings/{id}/export", tag = "screening",
    params(("id" = Uuid, Path), ExportParameters),
    responses((status = 200, description = "The file", content(
            (Object = "application/json"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn export(
    allowed: Allowed<ReadResults>,
    Id(id): Id<Uuid>,
    Query(parameters): Query<ExportParameters>,
) -> Result<HttpResponse, Problem> {
    let finished = export::find(&allowed.database, id).await?;
    send(allowed.database, finished, parameters.format).await
}

/// The newest finished screening as its canonical document
#[utoipa::path(get, path = "/api/v1/screenings/latest", tag = "screening",
    responses((status = 200, description = "The document", body = Object),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn latest(
    allowed: Allowed<ReadResults>,
) -> Result<HttpResponse, Problem> {
    let newest = export::newest(&allowed.database, 1)
        .await?
        .pop()
        .ok_or_else(Problem::not_found)?;
    send(allowed.database, newest, ExportFormat::Json).await
}

async fn send(
    database: Database,
    finished: Finished,
    format: ExportFormat,
) -> Result<HttpResponse, Problem> {
    let mut response = HttpResponse::Ok();
    response.insert_header(("X-Screening-Id", finished.id.to_string()));
    let recorded = DocumentWriter::begin(HashWriter::default(), &finished.head_text)?;
    let spool = Spool::default();
    let (sink, media_type, end) = match format {
        ExportFormat::Xlsx => {
            let bytes = workbook(&database, &finished).await?;
            return Ok(response
                .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                .insert_header(disposition(finished.id, "xlsx"))
                .body(bytes));
        }
        ExportFormat::Json => {
            // Of the bytes that follow, once decompressed.
            response.insert_header(("X-Result-Sha256", finished.result_sha256.clone()));
            let document = DocumentWriter::begin(spool.clone(), &finished.head_text)?;
            (Sink::Json(document), "application/json", "json")
        }
        ExportFormat::Csv => {
            let csv = CsvWriter::begin(spool.clone())?;
            (Sink::Csv(Box::new(csv)), "text/csv; charset=utf-8", "csv")
        }
    };
    let sending = Sending {
        database,
        screening: finished.id,
        totals: finished.totals_text,
        recorded: Some(recorded),
        result_sha256: finished.result_sha256,
        spool,
        sink: Some(sink),
        after: 0,
    };
    Ok(response
        .content_type(media_type)
        .insert_header(disposition(finished.id, end))
        .streaming(stream::unfold(sending, next)))
}

fn disposition(id: Uuid, end: &str) -> (&'static str, String) {
    (
        "Content-Disposition",
        format!("attachment; filename=\"screening-{id}.{end}\""),
    )
}

async fn workbook(database: &Database, finished: &Finished) -> Result<Vec<u8>, Problem> {
    let mut workbook = XlsxWriter::begin().map_err(io::Error::other)?;
    each_supplier(database, finished, |detail| {
        let result: SupplierResult = serde_json::from_slice(detail).map_err(io::Error::from)?;
        workbook.push(&result).map_err(io::Error::other)
    })
    .await?;
    let mut bytes = Cursor::new(Vec::new());
    workbook
        .finish(
            &mut bytes,
            &finished.head,
            &finished.totals,
            &finished.result_sha256,
        )
        .map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

/// What is written and not yet sent.
#[derive(Debug, Clone, Default)]
struct Spool(Arc<Mutex<Vec<u8>>>);

impl Spool {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum Sink {
    Json(DocumentWriter<Spool>),
    Csv(Box<CsvWriter<Spool>>),
}

struct Sending {
    database: Database,
    screening: Uuid,
    totals: String,
    /// The whole must have the recorded hash, in whatever form it is sent.
    recorded: Option<DocumentWriter<HashWriter>>,
    result_sha256: String,
    spool: Spool,
    /// `None`: everything is written.
    sink: Option<Sink>,
    after: u32,
}

async fn next(mut sending: Sending) -> Option<(Result<web::Bytes, Problem>, Sending)> {
    let mut sink = sending.sink.take()?;
    let written = match page(&mut sending, &mut sink).await {
        Ok(true) => {
            sending.sink = Some(sink);
            Ok(())
        }
        Ok(false) => finish(&mut sending, sink),
        Err(problem) => Err(problem),
    };
    let bytes = written.map(|()| web::Bytes::from(sending.spool.take()));
    Some((bytes, sending))
}

/// Ends the file, or breaks it off when it is no longer what was recorded.
fn finish(sending: &mut Sending, sink: Sink) -> Result<(), Problem> {
    if let Some(recorded) = sending.recorded.take() {
        let sha256 = recorded.finish(&sending.totals)?.finish();
        if sha256 != sending.result_sha256 {
            let altered = ExportError::<io::Error>::Altered(sending.screening);
            return Err(altered.into());
        }
    }
    match sink {
        Sink::Json(document) => document.finish(&sending.totals).map(|_| ())?,
        Sink::Csv(csv) => csv.finish()?,
    }
    Ok(())
}

/// Writes the next page; whether there was one.
async fn page(sending: &mut Sending, sink: &mut Sink) -> Result<bool, Problem> {
    let connection = sending.database.connection();
    let page = assessments::page_after(connection, sending.screening, sending.after).await?;
    let Some(last) = page.last() else {
        return Ok(false);
    };
    sending.after = last.row;
    for stored in &page {
        if let Some(recorded) = &mut sending.recorded {
            recorded.push(&stored.detail)?;
        }
        match sink {
            Sink::Json(document) => document.push(&stored.detail)?,
            Sink::Csv(csv) => {
                csv.push(&serde_json::from_slice::<SupplierResult>(&stored.detail)?)?;
            }
        }
    }
    Ok(true)
}

impl<E: std::error::Error + 'static> From<ExportError<E>> for Problem {
    fn from(error: ExportError<E>) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Reader(error) => Self::internal(&error),
            altered @ ExportError::Altered(_) => Self::internal(&altered),
        }
    }
}
