//! Bringing lists up to date: published ones are the operator's to fetch, an
//! organization's own its admins' to bring.

use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::Permission,
    app::{
        identity::Principal,
        list_accept::{self, AcceptError},
        list_import::{self, Import, ImportError},
        list_keep::KeepError,
        list_sync::{self, SyncError},
    },
    http::{
        allowed::{Allowed, ManageLists, Operate, ReadLists},
        body::{Body, Id, Query, media_type},
        form::{FormFiles, file_name},
        limits::UploadPlace,
        moment::Moment,
        names::{FormName, SourceName},
        page::{Page, Seek, limit},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    lists::{Changes, Form, Source},
    store::list_syncs::{self, ListSync},
};

/// Of one upload; larger lists are brought on the command line.
const UPLOAD_BYTES: usize = 128 << 20;
/// Files of one list.
const MOST_FILES: usize = 100;

#[derive(Debug, Serialize, ToSchema)]
pub struct ListSyncView {
    id: Uuid,
    #[schema(value_type = String)]
    source: Source,
    /// `queued`, `running`, `kept`, `unchanged`, `refused`, `failed` or `accepted`.
    state: &'static str,
    requested_at: Moment,
    finished_at: Option<Moment>,
    /// The name of what came.
    edition: Option<String>,
    /// Of the bytes as received.
    sha256: Option<String>,
    rows: Option<usize>,
    /// Places that could not be read, or were read with a doubt.
    unread_rows: Option<usize>,
    #[schema(value_type = Option<Object>)]
    changes: Option<Changes>,
    /// Why it failed or was refused.
    problem: Option<String>,
    /// What a person can do then.
    advice: Option<String>,
}

impl From<ListSync> for ListSyncView {
    fn from(sync: ListSync) -> Self {
        let retrieval = sync.retrieval.as_ref();
        Self {
            id: sync.id,
            source: sync.source,
            state: sync.state.code(),
            requested_at: Moment(sync.requested_at),
            finished_at: sync.finished_at.map(Moment),
            rows: retrieval.map(|retrieval| retrieval.rows),
            unread_rows: retrieval.map(|retrieval| retrieval.unread_rows),
            changes: retrieval.and_then(|retrieval| retrieval.changes),
            edition: sync.head.as_ref().map(|head| head.edition.clone()),
            sha256: sync.head.map(|head| head.sha256),
            problem: sync.problem,
            advice: sync.advice,
        }
    }
}

/// Attempts to bring lists up to date
#[utoipa::path(get, path = "/api/v1/list-syncs", tag = "lists", params(Seek),
    responses((status = 200, description = "Newest first", body = Page<ListSyncView>),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadLists>,
    Query(seek): Query<Seek>,
) -> Result<HttpResponse, Problem> {
    let limit = limit(seek.limit)?;
    let lists = allowed.lists();
    let found = list_syncs::page(lists.connection(), None, seek.after, limit).await?;
    let items = found.into_iter().map(ListSyncView::from).collect();
    Ok(
        HttpResponse::Ok().json(Page::new(items, limit, |sync: &ListSyncView| {
            sync.id.to_string()
        })),
    )
}

/// One attempt
#[utoipa::path(get, path = "/api/v1/list-syncs/{id}", tag = "lists", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The attempt", body = ListSyncView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn sync(
    allowed: Allowed<ReadLists>,
    Id(id): Id<Uuid>,
) -> Result<HttpResponse, Problem> {
    let lists = allowed.lists();
    let found = list_syncs::find(lists.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(ListSyncView::from(found)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewListSync {
    #[schema(value_type = String, example = "uflpa")]
    source: Source,
}

/// Have a list fetched from its publisher
///
/// The answer is an attempt that waits: the one that waits or is under way
/// already, if there is one.
#[utoipa::path(post, path = "/api/v1/list-syncs", tag = "lists", request_body = NewListSync,
    responses((status = 202, description = "The attempt; Location is its address", body = ListSyncView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn request(
    allowed: Allowed<Operate>,
    state: web::Data<State>,
    Body(new): Body<NewListSync>,
) -> Result<HttpResponse, Problem> {
    let actor = allowed.principal.actor();
    let now = state.clock.now();
    let sync = list_sync::request(&allowed.database, &state.lists, new.source, &actor, now).await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("Location", format!("/api/v1/list-syncs/{}", sync.id)))
        .json(ListSyncView::from(sync)))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// Why it is right, in 10 to 2,000 characters.
    reason: String,
}

/// Put in force what was refused
#[utoipa::path(post, path = "/api/v1/list-syncs/{id}/accept", tag = "lists", params(("id" = Uuid, Path)), request_body = Acceptance,
    responses((status = 200, description = "The attempt", body = ListSyncView),
        (status = 409, description = "It was not refused, or cannot be put in force", body = ProblemDocument, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn accept(
    allowed: Allowed<ManageLists>,
    state: web::Data<State>,
    Id(id): Id<Uuid>,
    Body(acceptance): Body<Acceptance>,
) -> Result<HttpResponse, Problem> {
    let refused = list_accept::refused(&allowed.database, id).await?;
    may_change(&allowed.principal, refused.source)?;
    let actor = allowed.principal.actor();
    let clock = state.clock.as_ref();
    let reason = &acceptance.reason;
    list_accept::accept(&allowed.database, clock, id, reason, &actor, &|_| {}).await?;
    let found = list_syncs::find(allowed.database.connection(), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().json(ListSyncView::from(found)))
}

/// A published list is everybody's: only the operator changes it.
fn may_change(principal: &Principal, source: Source) -> Result<(), Problem> {
    let custom = matches!(source, Source::Custom(_));
    if custom || principal.permissions.contains(&Permission::Operate) {
        Ok(())
    } else {
        Err(Problem::forbidden(Permission::Operate.code()))
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportParameters {
    /// `custom:NAME` for a list of your own; a published one for the operator.
    #[param(value_type = SourceName, inline, example = "custom:ngo-report")]
    source: Source,
    /// By default told by the first bytes.
    #[param(value_type = Option<FormName>, inline)]
    form: Option<String>,
    /// The day for which it speaks; by default what the file says, else today.
    dated: Option<NaiveDate>,
    /// What to call the file when the body is not multipart.
    file_name: Option<String>,
}

/// Bring a list as a file
///
/// CSV, JSONL or `FollowTheMoney` for a list of your own; a published one in the
/// publisher's form. One file is the body, or several are a multipart form.
#[utoipa::path(post, path = "/api/v1/list-imports", tag = "lists", params(ImportParameters),
    request_body(content((Vec<u8> = "application/octet-stream"), (String = "text/csv"), (String = "application/x-ndjson"), (Object = "multipart/form-data"))),
    responses((status = 201, description = "The attempt: kept, unchanged or refused", body = ListSyncView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn import(
    allowed: Allowed<ManageLists>,
    state: web::Data<State>,
    Query(parameters): Query<ImportParameters>,
    upload: Upload,
) -> Result<HttpResponse, Problem> {
    may_change(&allowed.principal, parameters.source)?;
    let form = parameters
        .form
        .map(|form| form.parse::<Form>())
        .transpose()
        .map_err(|error| Problem::bad_parameter("form", error.to_string()))?;
    let place = state.limits.upload_place()?;
    let files = upload
        .files(parameters.file_name.as_deref(), &place)
        .await?;
    let actor = allowed.principal.actor();
    let import = Import {
        source: parameters.source,
        form,
        files,
        dated: parameters.dated,
    };
    let clock = state.clock.as_ref();
    let outcome = list_import::import(&allowed.database, clock, import, &actor, &|_| {}).await?;
    let found = list_syncs::find(allowed.database.connection(), outcome.id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Created()
        .insert_header(("Location", format!("/api/v1/list-syncs/{}", found.id)))
        .json(ListSyncView::from(found)))
}

/// A request whose body is one file or a form of several.
#[expect(
    missing_debug_implementations,
    reason = "a body under way has no text form"
)]
pub struct Upload {
    request: HttpRequest,
    payload: web::Payload,
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let payload = web::Payload::from_request(request, payload).into_inner();
        std::future::ready(payload.map(|payload| Self {
            request: request.clone(),
            payload,
        }))
    }
}

impl Upload {
    async fn files(
        self,
        name: Option<&str>,
        place: &UploadPlace,
    ) -> Result<Vec<(String, Vec<u8>)>, Problem> {
        let otherwise =
            format!("a list has at most {UPLOAD_BYTES} bytes here: bring it on the command line");
        let files = if media_type(&self.request) == "multipart/form-data" {
            let form = FormFiles {
                field: "file",
                most_files: MOST_FILES,
                most_bytes: UPLOAD_BYTES,
                otherwise: &otherwise,
            };
            form.read(&self.request, self.payload, place).await?
        } else {
            let bytes = place.whole(self.payload, UPLOAD_BYTES, &otherwise).await?;
            if bytes.is_empty() {
                return Err(Problem::unprocessable("", "the file is empty"));
            }
            vec![(name.and_then(file_name), bytes)]
        };
        let named =
            |(name, bytes): (Option<String>, _)| (name.unwrap_or_else(|| "list".to_owned()), bytes);
        Ok(files.into_iter().map(named).collect())
    }
}

impl From<SyncError> for Problem {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Publisher(_) => Self::unprocessable("/source", error.to_string()),
            SyncError::Busy { .. } => Self::conflict("list-sync-under-way", &error),
            SyncError::Keep(error) => error.into(),
            SyncError::Store(error) => error.into(),
        }
    }
}

impl From<KeepError> for Problem {
    fn from(error: KeepError) -> Self {
        match error {
            KeepError::Store(error) => error.into(),
            KeepError::LeaseLost | KeepError::Overtaken => {
                Self::conflict("list-changed-meanwhile", &error)
            }
            other => Self::internal(&other),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Form { .. } => Self::unprocessable("?form", error.to_string()),
            ImportError::Parts { .. } | ImportError::TooLarge { .. } => {
                Self::unprocessable("", error.to_string())
            }
            ImportError::Keep(error) => error.into(),
            ImportError::Store(error) => error.into(),
        }
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::Missing => Self::not_found(),
            AcceptError::NoReason => Self::unprocessable("/reason", error.to_string()),
            AcceptError::NotRefused(_) | AcceptError::Unreadable(_) | AcceptError::Overtaken => {
                Self::conflict("list-not-acceptable", &error)
            }
            AcceptError::Keep(error) => error.into(),
            AcceptError::Store(error) => error.into(),
            AcceptError::Form(error) => Self::internal(&error),
        }
    }
}
