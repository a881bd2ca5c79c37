//! One published list: its editions and what they hold.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::{lists as kept_lists, suppliers::name_key},
    http::{
        allowed::{Allowed, ReadLists},
        body::Id,
        conditional::is_known,
        moment::Moment,
        names::{SourceName, country_code, sha256},
        page::{Collection, Listing, NoFilter, SparsePage},
        problem::{Problem, ProblemDocument},
        state::State,
    },
    lists::{self, Content, Entry, EntryKind, GoodListing, Snapshot, Source},
    store::list_snapshots,
};

fn source(code: &str) -> Result<Source, Problem> {
    code.parse().map_err(|_| Problem::not_found())
}

/// One published list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListView {
    #[schema(value_type = SourceName, inline)]
    source: Source,
    /// Edition, entries, expected, age and completeness, as in `/lists`.
    #[schema(value_type = Option<Object>)]
    status: Option<Value>,
    /// The hash of the edition in force; `null`: none is held.
    sha256: Option<String>,
    /// What the edition in force holds.
    counts: ListCounts,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ListCounts {
    entries: usize,
    /// Of the entries: natural persons, who are matched but not shown.
    persons_withheld: usize,
    goods: usize,
    placements: usize,
    sectors: usize,
}

impl ListCounts {
    fn of(content: &Content) -> Self {
        Self {
            entries: content.entries.len(),
            persons_withheld: content.entries.iter().filter(|one| is_person(one)).count(),
            goods: content.goods.len(),
            placements: content.placements.len(),
            sectors: content.sectors.len(),
        }
    }
}

fn is_person(entry: &Entry) -> bool {
    entry.kind == EntryKind::Person
}

/// One list with what it holds
#[utoipa::path(get, path = "/api/v1/lists/{source}", tag = "lists", params(("source" = inline(SourceName), Path)),
    responses((status = 200, description = "The list", body = ListView),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn list(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
    Id(code): Id<String>,
) -> Result<HttpResponse, Problem> {
    let source = source(&code)?;
    let clock = state.clock.as_ref();
    let held = kept_lists::in_force(&allowed.database, clock, "service").await?;
    let latest = held.latest(source);
    let status = lists::status(&held, clock.today())
        .into_iter()
        .map(|row| serde_json::to_value(&row))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .find(|row| row.get("source") == Some(&json!(source)));
    Ok(HttpResponse::Ok().json(ListView {
        source,
        status,
        sha256: latest.map(|snapshot| snapshot.head.sha256.clone()),
        counts: latest.map_or_else(ListCounts::default, |one| ListCounts::of(&one.content)),
    }))
}

/// One kept edition.
#[derive(Debug, Serialize, ToSchema)]
pub struct SnapshotView {
    /// Of the bytes as received.
    sha256: String,
    edition: String,
    kept_at: Moment,
    /// Whether screenings of today search it.
    in_force: bool,
    /// Publisher, title, dates, address, parser and completeness.
    #[schema(value_type = Object)]
    head: Value,
}

#[derive(Debug)]
pub enum Snapshots {}

impl Collection for Snapshots {
    type Filter = NoFilter;
    type Item = SnapshotView;
    const SORTS: &'static [&'static str] = &["kept_at", "edition"];
    const USUAL_SORT: &'static str = "-kept_at";
    const ID: &'static str = "sha256";
}

type SnapshotListing = Listing<Snapshots>;
type SnapshotPage = SparsePage<SnapshotView>;

/// Every edition of a list that was ever kept
#[utoipa::path(get, path = "/api/v1/lists/{source}/snapshots", tag = "lists",
    params(("source" = inline(SourceName), Path), SnapshotListing),
    responses((status = 200, description = "Newest first, if not asked otherwise", body = SnapshotPage),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn snapshots(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
    Id(code): Id<String>,
    listing: SnapshotListing,
) -> Result<HttpResponse, Problem> {
    let source = source(&code)?;
    let held = kept_lists::in_force(&allowed.database, state.clock.as_ref(), "service").await?;
    let searched: Vec<&str> = held
        .searched(state.clock.today())
        .into_iter()
        .map(|snapshot| snapshot.head.sha256.as_str())
        .collect();
    let mut items = Vec::new();
    for kept in list_snapshots::kept(allowed.database.connection(), source).await? {
        items.push(SnapshotView {
            in_force: searched.contains(&kept.sha256.as_str()),
            edition: kept.edition,
            kept_at: Moment(kept.kept_at),
            head: serde_json::from_str(&kept.head)?,
            sha256: kept.sha256,
        });
    }
    listing.page_of_all(items)
}

/// What a list holds: a listed party or region, a good of a country, a country's
/// placement, a sector.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListItemView {
    /// Stable within the source where the publisher's entries are; else of this
    /// edition.
    id: String,
    /// `entry`, `good`, `placement` or `sector`.
    kind: &'static str,
    name: String,
    countries: Vec<String>,
    listed_on: Option<NaiveDate>,
    /// Where an entry stands in the publisher's procedure.
    status: Option<String>,
    citation: String,
    /// Everything that the edition says of it.
    #[schema(value_type = Object)]
    facts: Value,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListItemFilter {
    /// Of this edition, by its hash; of the one in force by default.
    #[param(pattern = "^[0-9a-f]{64}$")]
    #[serde(default, deserialize_with = "sha256")]
    snapshot: Option<String>,
    /// Only with this in a name, whatever the case.
    name: Option<String>,
    /// Only of this country, by its ISO 3166 code.
    #[param(pattern = "^[A-Za-z]{2}$", example = "CN")]
    #[serde(default, deserialize_with = "country_code")]
    country: Option<String>,
    /// Only entries that stand so: `active`, `revoked`.
    status: Option<String>,
}

#[derive(Debug)]
pub enum ListItems {}

impl Collection for ListItems {
    type Filter = ListItemFilter;
    type Item = ListItemView;
    const SORTS: &'static [&'static str] = &["id", "name"];
    const USUAL_SORT: &'static str = "id";
}

type ListItemListing = Listing<ListItems>;
type ListItemPage = SparsePage<ListItemView>;

/// What a list holds
///
/// Natural persons are matched but not shown; `/lists/{source}` says how many.
#[utoipa::path(get, path = "/api/v1/lists/{source}/entries", tag = "lists",
    params(("source" = inline(SourceName), Path), ("If-None-Match" = Option<String>, Header), ListItemListing),
    responses((status = 200, description = "By id, if not asked otherwise", body = ListItemPage),
        (status = 304, description = "You hold this edition"),
        (status = "default", description = "A problem", body = ProblemDocument, content_type = "application/problem+json")))]
pub(in crate::http) async fn entries(
    allowed: Allowed<ReadLists>,
    state: web::Data<State>,
    Id(code): Id<String>,
    request: HttpRequest,
    listing: ListItemListing,
) -> Result<HttpResponse, Problem> {
    let source = source(&code)?;
    let snapshot = match &listing.filter.snapshot {
        Some(sha256) => {
            let kept = list_snapshots::is_kept(allowed.database.connection(), source, sha256);
            if !kept.await? {
                return Err(Problem::not_found());
            }
            kept_lists::snapshot(&allowed.database, source, sha256).await?
        }
        None => kept_lists::in_force(&allowed.database, state.clock.as_ref(), "service")
            .await?
            .latest(source)
            .cloned()
            .ok_or_else(Problem::not_found)?,
    };
    // The same question of the same edition has the same answer.
    let tag = crate::audit::sha256_hex(
        format!("{} {}", snapshot.head.sha256, request.query_string()).as_bytes(),
    );
    if is_known(&request, &tag) {
        return Ok(HttpResponse::NotModified().finish());
    }
    let items = wanted(&snapshot, &listing.filter)?;
    let mut answer = listing.page_of_all(items)?;
    if let Ok(value) = format!("\"{tag}\"").parse() {
        answer
            .headers_mut()
            .insert(actix_web::http::header::ETAG, value);
    }
    Ok(answer)
}

fn wanted(snapshot: &Snapshot, filter: &ListItemFilter) -> Result<Vec<ListItemView>, Problem> {
    let name = filter.name.as_deref().map(name_key);
    let country = filter.country.as_ref();
    let mut items = all(&snapshot.content)?;
    items.retain(|(item, names)| {
        name.as_ref()
            .is_none_or(|part| names.iter().any(|name| name_key(name).contains(part)))
            && country.is_none_or(|code| item.countries.contains(code))
            && filter
                .status
                .as_ref()
                .is_none_or(|status| item.status.as_ref() == Some(status))
    });
    Ok(items.into_iter().map(|(item, _)| item).collect())
}

/// Everything that may be shown, each with its names.
fn all(content: &Content) -> Result<Vec<(ListItemView, Vec<String>)>, Problem> {
    let mut items = Vec::new();
    for entry in content.entries.iter().filter(|entry| !is_person(entry)) {
        let names = std::iter::once(&entry.name)
            .chain(entry.aliases.iter().map(|alias| &alias.name))
            .cloned()
            .collect();
        let item = ListItemView {
            id: entry.id.clone(),
            kind: "entry",
            name: entry.name.clone(),
            countries: entry.countries.iter().map(ToString::to_string).collect(),
            listed_on: entry.listed_on,
            status: Some(entry.status.code().to_owned()),
            citation: entry.citation.clone(),
            facts: serde_json::to_value(entry)?,
        };
        items.push((item, names));
    }
    for (place, good) in content.goods.iter().enumerate() {
        items.push((good_item(place, good)?, vec![good.good.clone()]));
    }
    for placement in &content.placements {
        let name = placement.country_as_published.clone();
        let item = ListItemView {
            id: format!("placement-{}-{}", placement.year, placement.country),
            kind: "placement",
            name: name.clone(),
            countries: vec![placement.country.to_string()],
            listed_on: None,
            status: None,
            citation: placement.citation.clone(),
            facts: serde_json::to_value(placement)?,
        };
        items.push((item, vec![name]));
    }
    for sector in &content.sectors {
        let item = ListItemView {
            id: format!("sector-{}", sector.key),
            kind: "sector",
            name: sector.name.clone(),
            countries: Vec::new(),
            listed_on: Some(sector.designated_on),
            status: None,
            citation: sector.citation.clone(),
            facts: serde_json::to_value(sector)?,
        };
        items.push((item, vec![sector.name.clone()]));
    }
    Ok(items)
}

fn good_item(place: usize, good: &GoodListing) -> Result<ListItemView, Problem> {
    Ok(ListItemView {
        // A good of a country can stand there twice.
        id: format!("good-{place:05}"),
        kind: "good",
        name: good.good.clone(),
        countries: vec![good.country.to_string()],
        listed_on: good.listed_on,
        status: None,
        citation: good.citation.clone(),
        facts: serde_json::to_value(good)?,
    })
}
