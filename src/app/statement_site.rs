//! From an address to a statement: the page given, the homepage, the link between
//! them, and what they say.

use std::{sync::Arc, time::Duration};

use chrono::NaiveDate;
use url::Url;

use crate::{
    disclosures::statement::{
        Document, HomepageLink, LARGEST_FILE, Law, LinkNames, OtherStatements, Overall, Problem,
        ProblemKind, StatementLink, StatementReading, check, not_reached, statement_links,
        with_homepage_link,
    },
    fetch::{FetchError, Get, Limits, Received, VisitError, Visitor},
};

const PATIENCE: Duration = Duration::from_secs(30);
/// Pages that one look may cost a site.
const MOST_VISITS: usize = 8;
/// Links of one page that are followed.
const FOLLOWED: usize = 3;

/// What a look at a site came to.
#[derive(Debug)]
pub struct Look {
    pub reading: StatementReading,
    pub link: Option<HomepageLink>,
    pub page: Option<KeptPage>,
    /// The addresses asked, in order, with what came of it.
    pub visits: Vec<Visit>,
}

/// The bytes that were read as the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPage {
    pub url: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Visit {
    pub url: String,
    /// Where it ended, after redirects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// How statements are read: under which law, beside which others, on which day.
#[derive(Debug)]
pub struct Reader {
    pub law: Law,
    pub others: OtherStatements,
    pub as_of: NaiveDate,
}

impl Reader {
    /// Reads what was received. Takes as long as a PDF takes: not for a thread that
    /// others wait for.
    pub fn read(&self, document: Result<&Document, &Problem>) -> StatementReading {
        check(&self.law, document, &self.others, self.as_of)
    }
}

/// Looks for a statement: at the page given, or from the homepage given.
pub async fn look(visitor: &Visitor, reader: &Arc<Reader>, start: &Url) -> Look {
    let mut walk = Walk {
        visitor,
        reader,
        visits: Vec::new(),
    };
    let given = walk.page(start).await;
    let (page, link) = match given {
        Err(problem) => {
            let reading = reader.read(Err(&problem));
            return Look {
                reading,
                link: None,
                page: None,
                visits: walk.visits,
            };
        }
        Ok(home) if is_homepage(start) && !home.answers() => walk.onward(home).await,
        Ok(page) => {
            let link = walk.link_to(&page).await;
            (page, link)
        }
    };
    let mut reading = page.reading;
    if let Some(link) = &link {
        reading = with_homepage_link(reading, link);
    }
    Look {
        reading,
        link,
        page: page.kept,
        visits: walk.visits,
    }
}

/// The front of a site: no path, or a country's and language's.
fn is_homepage(url: &Url) -> bool {
    let parts: Vec<&str> = url
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let front = |part: &&str| {
        let lower = part.to_ascii_lowercase();
        ["index.html", "index.htm", "home", "default.aspx"].contains(&lower.as_str())
            || (part.len() <= 5
                && part
                    .chars()
                    .all(|letter| letter.is_ascii_alphabetic() || letter == '-'))
    };
    url.query().is_none() && parts.len() <= 2 && parts.iter().all(front)
}

struct Walk<'a> {
    visitor: &'a Visitor,
    reader: &'a Arc<Reader>,
    visits: Vec<Visit>,
}

/// A page as read.
struct Page {
    url: Url,
    reading: StatementReading,
    links: Vec<StatementLink>,
    kept: Option<KeptPage>,
}

impl Page {
    fn is_statement(&self) -> bool {
        self.reading.problem.is_none()
    }

    fn answers(&self) -> bool {
        matches!(self.reading.overall, Overall::Full | Overall::Partial)
    }
}

impl Walk<'_> {
    async fn page(&mut self, url: &Url) -> Result<Page, Problem> {
        let limits = Limits {
            bytes: LARGEST_FILE as u64,
            time: PATIENCE,
        };
        let mut request = Get::new(url.clone(), limits);
        request.accept = Some("text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9");
        let visited = self.visitor.visit(&request).await;
        self.visits.push(Visit {
            url: url.to_string(),
            ended_at: visited
                .as_ref()
                .ok()
                .filter(|received| received.url != *url)
                .map(|received| received.url.to_string()),
            problem: visited.as_ref().err().map(said),
        });
        let mut received = visited.map_err(|error| problem(&error))?;
        let bytes = received
            .body
            .bytes()
            .map_err(|error| not_reached(format!("what came cannot be kept: {error}")))?;
        let reader = Arc::clone(self.reader);
        tokio::task::spawn_blocking(move || read(&reader, &received, bytes))
            .await
            .map_err(|_panicked| not_reached("the page could not be read"))
    }

    /// Follows the clearest links, then the clearest of the pages they lead to. A
    /// page that answers ends the walk; one that only names the law does not.
    async fn onward(&mut self, home: Page) -> (Page, Option<HomepageLink>) {
        let homepage = home.url.to_string();
        let mut further: Vec<(StatementLink, StatementLink)> = Vec::new();
        // The best so far, in case nothing answers.
        let mut nearest: Option<(Page, StatementLink, u8)> = None;
        let shown = home.links.iter().filter(|link| !link.hidden);
        for link in shown.take(FOLLOWED + 1) {
            let Some(page) = self.follow(link).await else {
                continue;
            };
            if page.answers() {
                let judged = HomepageLink::judge(&homepage, Some(link.clone()), Some(1));
                return (page, Some(judged));
            }
            let next = page
                .links
                .iter()
                .filter(|next| next.names < LinkNames::Neighbourhood && !next.hidden)
                .take(FOLLOWED)
                .map(|next| (link.clone(), next.clone()));
            further.extend(next);
            take_if_nearer(&mut nearest, page, link, 1);
        }
        for (first, next) in further {
            if self.visits.len() >= MOST_VISITS {
                break;
            }
            let Some(page) = self.follow(&next).await else {
                continue;
            };
            if page.answers() {
                let judged = HomepageLink::judge(&homepage, Some(first), Some(2));
                return (page, Some(judged));
            }
            take_if_nearer(&mut nearest, page, &first, 2);
        }
        if let Some((page, link, clicks)) = nearest {
            let judged = HomepageLink::judge(&homepage, Some(link), Some(clicks));
            return (page, Some(judged));
        }
        let concealed =
            |link: &&StatementLink| link.hidden && link.names < LinkNames::Neighbourhood;
        let hidden = home.links.iter().find(concealed).cloned();
        let judged = HomepageLink::judge(&homepage, hidden, None);
        (home, Some(judged))
    }

    async fn follow(&mut self, link: &StatementLink) -> Option<Page> {
        let url = Url::parse(&link.url).ok()?;
        if self.visits.iter().any(|visit| visit.url == link.url) {
            return None;
        }
        self.page(&url).await.ok()
    }

    /// Whether the homepage leads to a page that was given.
    async fn link_to(&mut self, page: &Page) -> Option<HomepageLink> {
        let mut front = page.url.clone();
        front.set_path("/");
        front.set_query(None);
        front.set_fragment(None);
        let home = self.page(&front).await.ok()?;
        let same = |link: &&StatementLink| {
            Url::parse(&link.url).is_ok_and(|url| {
                url.path().trim_end_matches('/') == page.url.path().trim_end_matches('/')
                    && url.host_str() == page.url.host_str()
            })
        };
        let found = home.links.iter().find(same).cloned();
        let clicks = found.is_some().then_some(1);
        Some(HomepageLink::judge(home.url.as_str(), found, clicks))
    }
}

/// A readable page is nearer than one that is not; a page that cannot be read is
/// near only where the link's words say that the statement stands there.
fn take_if_nearer(
    nearest: &mut Option<(Page, StatementLink, u8)>,
    page: Page,
    link: &StatementLink,
    clicks: u8,
) {
    let nearer = match nearest {
        None => page.is_statement() || link.names < LinkNames::Neighbourhood,
        Some((best, ..)) => page.is_statement() && !best.is_statement(),
    };
    if nearer {
        *nearest = Some((page, link.clone(), clicks));
    }
}

fn read(reader: &Reader, received: &Received, bytes: Vec<u8>) -> Page {
    let document = Document::read(&bytes);
    let reading = reader.read(document.as_ref());
    let links = document
        .as_ref()
        .ok()
        .and_then(Document::source)
        .and_then(|source| statement_links(source, &received.url).ok())
        .unwrap_or_default();
    Page {
        url: received.url.clone(),
        reading,
        links,
        kept: Some(KeptPage {
            url: received.url.to_string(),
            media_type: received
                .content_type()
                .unwrap_or("application/octet-stream")
                .to_owned(),
            sha256: received.body.sha256.clone(),
            bytes,
        }),
    }
}

fn said(error: &VisitError) -> String {
    match problem_kind(error) {
        // Causes may name addresses inside; their kind is enough for a client.
        ProblemKind::NotReached => match error {
            VisitError::Fetch(FetchError::Unreachable { url, .. }) => {
                format!("{url} cannot be reached")
            }
            other => other.to_string(),
        },
        _ => error.to_string(),
    }
}

fn problem_kind(error: &VisitError) -> ProblemKind {
    match error {
        VisitError::RobotsKeepOut(_) => ProblemKind::RobotsKeepOut,
        VisitError::Fetch(FetchError::TooLarge { .. }) => ProblemKind::TooLarge,
        VisitError::Fetch(FetchError::Status { status, .. }) => match status.as_u16() {
            401 | 407 => ProblemKind::LoginPage,
            404 | 410 => ProblemKind::ErrorPage,
            _ => ProblemKind::NotReached,
        },
        VisitError::Fetch(_) | VisitError::RobotsNotSaid(_) => ProblemKind::NotReached,
    }
}

fn problem(error: &VisitError) -> Problem {
    Problem {
        kind: problem_kind(error),
        message: said(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_front_from_a_page() {
        for (address, front) in [
            ("https://roe.example", true),
            ("https://roe.example/", true),
            ("https://roe.example/en-us/", true),
            ("https://roe.example/us/en", true),
            ("https://roe.example/index.html", true),
            ("https://roe.example/sb657", false),
            ("https://roe.example/supply-chain.html", false),
            ("https://roe.example/?page=ca", false),
        ] {
            assert_eq!(
                is_homepage(&Url::parse(address).unwrap()),
                front,
                "{address}"
            );
        }
    }
}
