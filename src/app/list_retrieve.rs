//! Fetching a list from its publisher: the page that leads to it, its pages, its
//! files. Outside any transaction; nothing is parsed here but the way.

use std::{collections::BTreeMap, time::Duration};

use chrono::NaiveDate;
use url::Url;

use super::publishers::Publisher;
use crate::{
    fetch::{self, FetchError, Fetched, Fetcher, Get, Hosts, Limits, Received, Validators},
    lists::{Form, KeptPart, Source, UnreadableList, discover, sam},
};

/// Pages of one list at most. DOL's has some twenty.
const MOST_PAGES: usize = 100;
/// A page or a listing that leads to a list.
const LARGEST_WAY: u64 = 8 << 20;
/// Of one document, whatever its form allows: it is kept as one value in the
/// database, and is in memory while it is read.
pub const LARGEST: u64 = 512 << 20;

/// One document as received.
#[derive(Debug)]
pub struct Document {
    pub name: String,
    /// `None`: a person brought it as a file.
    pub asked: Option<Url>,
    pub url: Option<Url>,
    pub headers: BTreeMap<String, String>,
    pub sha256: String,
    pub bytes: Vec<u8>,
}

/// A list as received.
#[derive(Debug)]
pub struct Retrieved {
    pub form: Form,
    pub documents: Vec<Document>,
    /// The day that the place of the file tells, like its name.
    pub dated: Option<NaiveDate>,
}

/// What was received before, so that only news are asked for.
#[derive(Debug, Clone, Default)]
pub struct Before {
    pub asked: Option<String>,
    pub validators: Validators,
}

impl Before {
    /// Of the one document of the edition before. A list in several parts is
    /// asked for as a whole.
    pub fn of(parts: &[KeptPart]) -> Self {
        match parts {
            [part] => Self {
                asked: part.asked.clone(),
                validators: Validators {
                    etag: part.headers.get("etag").cloned(),
                    last_modified: part.headers.get("last-modified").cloned(),
                },
            },
            _ => Self::default(),
        }
    }
}

/// Nothing usable came.
#[derive(Debug, thiserror::Error)]
pub enum RetrieveError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{url} does not lead to the list: {source}")]
    Way { url: Url, source: UnreadableList },
    #[error("the list has more than {MOST_PAGES} pages, or they lead in a circle ({url})")]
    Pages { url: Url },
    #[error("what came cannot be read back")]
    Spool(#[from] std::io::Error),
}

impl RetrieveError {
    /// What the operator can do.
    pub fn advice(&self, source: Source, url: &Url) -> Option<String> {
        let bring = || format!("plimsoll lists import FILE --official {source}");
        match self {
            Self::Fetch(FetchError::Status { status, .. })
                if matches!(status.as_u16(), 401 | 403) =>
            {
                Some(format!(
                    "the publisher refuses programs: open {url} in a browser, save what it shows, and bring it with `{}`",
                    bring()
                ))
            }
            Self::Fetch(FetchError::Status { status, .. })
                if matches!(status.as_u16(), 404 | 410) =>
            {
                Some(format!(
                    "the list has moved: find it, set its address in the settings, or bring it with `{}`",
                    bring()
                ))
            }
            Self::Fetch(error) if error.may_pass() => Some(format!(
                "it may pass by itself; if not, bring the list with `{}`",
                bring()
            )),
            Self::Fetch(FetchError::Status { .. }) => Some(format!(
                "open {url} in a browser and see what the publisher says, or bring the list with `{}`",
                bring()
            )),
            Self::Fetch(_) | Self::Spool(_) => None,
            Self::Way { source, .. } => Some(source.fix.clone()),
            Self::Pages { .. } => Some(format!("look at {url}")),
        }
    }
}

/// Gets the list. `None`: the publisher says that nothing has changed.
pub async fn retrieve(
    fetcher: &Fetcher,
    publisher: &Publisher,
    time: Duration,
    before: &Before,
    progress: &(dyn Fn(&Url) + Send + Sync),
) -> Result<Option<Retrieved>, RetrieveError> {
    let way = Way {
        fetcher,
        publisher,
        time,
        before,
        progress,
    };
    let form = publisher.form;
    let url = publisher.url.clone();
    match (publisher.source, form) {
        (Source::Cbp, Form::CbpCsv) if !ends_with(&url, ".csv") => {
            let page = way.leading(url.clone()).await?;
            let file = discover::cbp_file(&page.bytes, page.url.as_ref().unwrap_or(&url))
                .map_err(|source| RetrieveError::Way { url, source })?;
            way.one(file, None).await
        }
        (Source::SamExclusions, Form::SamZip) if !ends_with(&url, ".zip") => {
            let listing = way.leading(url.clone()).await?;
            let newest =
                sam::extract::newest(&listing.bytes).map_err(|source| RetrieveError::Way {
                    url: url.clone(),
                    source,
                })?;
            let file = sam_download(&url, &newest.key);
            way.one(file, Some(newest.day)).await
        }
        (_, Form::DolHtml) => way.pages(url).await,
        (_, Form::SdnCsv) => way.set(&url).await,
        _ => way.one(url, None).await,
    }
}

fn ends_with(url: &Url, ending: &str) -> bool {
    url.path().to_ascii_lowercase().ends_with(ending)
}

/// The listing and the files are siblings: `.../v1/api/listfiles?...` and
/// `.../v1/api/download/<key>?privacy=Public`.
fn sam_download(listing: &Url, key: &str) -> Url {
    let mut url = listing.clone();
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.pop().push("download").extend(key.split('/'));
    }
    url.set_query(Some("privacy=Public"));
    url
}

struct Way<'a> {
    fetcher: &'a Fetcher,
    publisher: &'a Publisher,
    time: Duration,
    before: &'a Before,
    progress: &'a (dyn Fn(&Url) + Send + Sync),
}

impl Way<'_> {
    fn get(&self, url: Url, bytes: u64) -> Get {
        let limits = Limits {
            bytes,
            time: self.time,
        };
        Get {
            headers: self
                .publisher
                .api_key
                .iter()
                .filter(|_| url.origin() == self.publisher.url.origin())
                .map(|key| ("X-API-KEY", key.clone()))
                .collect(),
            hosts: Hosts::Below(self.publisher.hosts.clone()),
            ..Get::new(url, limits)
        }
    }

    async fn received(&self, get: &Get) -> Result<Option<Box<Received>>, FetchError> {
        (self.progress)(&get.url);
        Ok(match fetch::get(self.fetcher, get).await? {
            Fetched::NotModified => None,
            Fetched::Received(received) => Some(received),
        })
    }

    /// A page that leads on.
    async fn leading(&self, url: Url) -> Result<Document, RetrieveError> {
        self.document("the way", self.get(url, LARGEST_WAY))
            .await?
            .ok_or_else(|| not_asked_for(&self.publisher.url))
    }

    async fn document(&self, name: &str, get: Get) -> Result<Option<Document>, RetrieveError> {
        let Some(received) = self.received(&get).await? else {
            return Ok(None);
        };
        let mut received = *received;
        Ok(Some(Document {
            name: name.to_owned(),
            asked: Some(get.url),
            url: Some(received.url),
            headers: received.headers,
            sha256: received.body.sha256.clone(),
            bytes: received.body.bytes()?,
        }))
    }

    async fn one(
        &self,
        url: Url,
        dated: Option<NaiveDate>,
    ) -> Result<Option<Retrieved>, RetrieveError> {
        let form = self.publisher.form;
        let mut get = self.get(url, form.largest().min(LARGEST));
        if self.before.asked.as_deref() == Some(get.url.as_str()) {
            get.validators = self.before.validators.clone();
        }
        let name = file_name(&get.url);
        let Some(document) = self.document(&name, get).await? else {
            return Ok(None);
        };
        Ok(Some(Retrieved {
            form,
            documents: vec![document],
            dated,
        }))
    }

    /// A table printed on several pages.
    async fn pages(&self, first: Url) -> Result<Option<Retrieved>, RetrieveError> {
        let form = self.publisher.form;
        let mut documents: Vec<Document> = Vec::new();
        let mut next = Some(first.clone());
        while let Some(url) = next.take() {
            let circle = documents
                .iter()
                .any(|page| page.asked.as_ref() == Some(&url));
            if circle || documents.len() >= MOST_PAGES {
                return Err(RetrieveError::Pages { url: first });
            }
            let name = format!("page {}", documents.len() + 1);
            let page = self
                .document(&name, self.get(url.clone(), form.largest().min(LARGEST)))
                .await?
                .ok_or_else(|| not_asked_for(&url))?;
            next = discover::next_page(&page.bytes, page.url.as_ref().unwrap_or(&url));
            documents.push(page);
        }
        Ok(Some(Retrieved {
            form,
            documents,
            dated: None,
        }))
    }

    /// Files that make up one list, beside each other.
    async fn set(&self, url: &Url) -> Result<Option<Retrieved>, RetrieveError> {
        let form = self.publisher.form;
        let mut documents = Vec::new();
        for (name, optional) in form.parts() {
            let mut part = url.clone();
            if let Ok(mut segments) = part.path_segments_mut() {
                segments.pop().push(name);
            }
            let get = self.get(part, form.largest().min(LARGEST));
            match self.document(name, get).await {
                Ok(Some(document)) => documents.push(document),
                Ok(None) => return Err(not_asked_for(url)),
                Err(RetrieveError::Fetch(FetchError::Status { status, .. }))
                    if *optional && status.as_u16() == 404 => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(Retrieved {
            form,
            documents,
            dated: None,
        }))
    }
}

/// "Not modified", to a question that was not asked.
fn not_asked_for(url: &Url) -> RetrieveError {
    RetrieveError::Way {
        url: url.clone(),
        source: UnreadableList {
            place: "the answer".to_owned(),
            reason: "it says \"not modified\" and was not asked".to_owned(),
            fix: "look at what stands between here and the publisher".to_owned(),
        },
    }
}

fn file_name(url: &Url) -> String {
    url.path_segments()
        .and_then(Iterator::last)
        .filter(|name| !name.is_empty())
        .unwrap_or("list")
        .chars()
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extract_stands_beside_its_listing() {
        let listing = Url::parse("https://sam.gov/api/prod/fileextractservices/v1/api/listfiles?domain=Exclusions/Public%20V2&privacy=Public").unwrap();
        assert_eq!(
            sam_download(
                &listing,
                "Exclusions/Public V2/SAM_Exclusions_Public_Extract_V2_25002.ZIP"
            )
            .as_str(),
            "https://sam.gov/api/prod/fileextractservices/v1/api/download/Exclusions/Public%20V2/SAM_Exclusions_Public_Extract_V2_25002.ZIP?privacy=Public"
        );
        // A key that would lead elsewhere stays below.
        let hostile = sam_download(&listing, "../../../admin?x=");
        assert!(hostile.path().contains("/download/"), "{hostile}");
    }
}
