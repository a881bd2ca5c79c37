//! What a site asks programs to leave alone (RFC 9309).

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use robotstxt::DefaultMatcher;
use tokio::time::Instant;
use url::Url;

use super::{
    client::Fetcher,
    error::FetchError,
    received::{Fetched, Get, Limits, get},
};

/// The name that a site's rules call us by; the user agent begins with it.
pub const ROBOT_NAME: &str = "Plimsoll";

/// RFC 9309 2.5: at least so much of a file is read.
const LARGEST: u64 = 512 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
/// Sites remembered; a program that visits more asks again.
const MOST_SITES: usize = 10_000;
/// Of all their rules together.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// RFC 9309 2.4: rules are not kept for longer than a day.
const KEPT: Duration = Duration::from_hours(24);
/// A site that did not say is asked again sooner.
const SILENCE_KEPT: Duration = Duration::from_mins(5);

/// Rules of the sites asked so far. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Robots {
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    /// Until when the rules hold, and the rules.
    sites: BTreeMap<String, (Instant, Arc<Rules>)>,
    bytes: usize,
}

impl Known {
    fn remember(&mut self, site: String, until: Instant, rules: Arc<Rules>, now: Instant) {
        let weight = site.len() + rules.len();
        if let Some((_, before)) = self.sites.remove(&site) {
            self.bytes -= site.len() + before.len();
        }
        if self.is_full(weight) {
            self.sites.retain(|_, (until, _)| now < *until);
            self.bytes = self
                .sites
                .iter()
                .map(|(site, (_, rules))| site.len() + rules.len())
                .sum();
        }
        if self.is_full(weight) {
            self.sites.clear();
            self.bytes = 0;
        }
        self.bytes += weight;
        self.sites.insert(site, (until, rules));
    }

    fn is_full(&self, more: usize) -> bool {
        self.sites.len() >= MOST_SITES || self.bytes + more > MOST_BYTES
    }
}

#[derive(Debug)]
enum Rules {
    /// There are none: everything may be visited.
    None,
    Text(String),
    NotSaid,
    /// The site is not on the public internet, so that it was not asked.
    Inside(String),
}

impl Rules {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::None | Self::NotSaid | Self::Inside(_) => 0,
        }
    }
}

/// What a site says to a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permission {
    Given,
    Refused,
    /// The site does not answer: RFC 9309 2.3.1.4 takes that for a no.
    NotSaid,
    /// This host is not on the public internet: nobody asked it.
    Inside(String),
}

impl Robots {
    /// Whether the site lets us visit the address.
    pub async fn ask(&self, fetcher: &Fetcher, url: &Url) -> Permission {
        let site = url.origin().ascii_serialization();
        let now = Instant::now();
        let known = self
            .locked()
            .sites
            .get(&site)
            .filter(|(until, _)| now < *until)
            .map(|(_, rules)| Arc::clone(rules));
        let rules = if let Some(rules) = known {
            rules
        } else {
            let rules = Arc::new(asked(fetcher, url).await);
            let kept = match rules.as_ref() {
                Rules::NotSaid | Rules::Inside(_) => SILENCE_KEPT,
                Rules::None | Rules::Text(_) => KEPT,
            };
            self.locked()
                .remember(site, now + kept, Arc::clone(&rules), now);
            rules
        };
        match rules.as_ref() {
            Rules::None => Permission::Given,
            Rules::NotSaid => Permission::NotSaid,
            Rules::Inside(host) => Permission::Inside(host.clone()),
            Rules::Text(text) if allowed(text, url) => Permission::Given,
            Rules::Text(_) => Permission::Refused,
        }
    }

    fn locked(&self) -> MutexGuard<'_, Known> {
        // A map of rules is whole after any panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether rules let us visit an address. Rules on which the parser fails are
/// taken for a no.
fn allowed(rules: &str, url: &Url) -> bool {
    let matched = catch_unwind(AssertUnwindSafe(|| {
        DefaultMatcher::default().one_agent_allowed_by_robots(rules, ROBOT_NAME, url.as_str())
    }));
    matched.unwrap_or(false)
}

async fn asked(fetcher: &Fetcher, url: &Url) -> Rules {
    let mut place = url.clone();
    place.set_path("/robots.txt");
    place.set_query(None);
    place.set_fragment(None);
    let limits = Limits {
        bytes: LARGEST,
        time: PATIENCE,
    };
    match get(fetcher, &Get::new(place, limits)).await {
        Ok(Fetched::Received(mut received)) => match received.body.bytes() {
            Ok(bytes) => Rules::Text(String::from_utf8_lossy(&bytes).into_owned()),
            Err(_unreadable) => Rules::NotSaid,
        },
        Ok(Fetched::NotModified) => Rules::NotSaid,
        // "Unavailable": the file is not there, so there are no rules. Too many
        // requests is a wish to be left alone.
        Err(FetchError::Status { status, .. })
            if status.is_client_error() && status.as_u16() != 429 =>
        {
            Rules::None
        }
        Err(FetchError::Redirects { .. }) => Rules::None,
        Err(FetchError::Inside { host }) => Rules::Inside(host),
        Err(error) => {
            tracing::info!(
                error = &error as &dyn std::error::Error,
                "a site does not say what may be visited"
            );
            Rules::NotSaid
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_has_a_bound() {
        let now = Instant::now();
        let mut known = Known::default();
        let text = |bytes| Arc::new(Rules::Text("#".repeat(bytes)));
        let later = now + KEPT;
        for site in 0..40 {
            known.remember(format!("https://{site}"), later, text(1 << 20), now);
            assert!(known.bytes <= MOST_BYTES);
        }
        assert!(known.sites.len() < 32 && known.sites.contains_key("https://39"));
        // The same site again takes no more room, and what is out of date goes first.
        let mut known = Known::default();
        for _ in 0..3 {
            known.remember("https://a".to_owned(), later, text(100), now);
        }
        assert_eq!((known.sites.len(), known.bytes), (1, 109));
        let old = now + SILENCE_KEPT;
        known.remember("https://b".to_owned(), old, text(MOST_BYTES - 200), now);
        known.remember("https://c".to_owned(), later, text(1_000), old);
        let left: Vec<_> = known.sites.keys().collect();
        assert_eq!(left, ["https://a", "https://c"]);
        assert_eq!(known.bytes, 1_118);
    }

    #[test]
    fn rules_for_us_go_before_rules_for_everybody() {
        let rules = "User-agent: *\nDisallow: /\n\nUser-agent: plimsoll\nDisallow: /cart\n\
                     Allow: /cart/help\n";
        for (path, may) in [("/", true), ("/cart/1", false), ("/cart/help", true)] {
            let url = Url::parse("https://roe.example")
                .unwrap()
                .join(path)
                .unwrap();
            assert_eq!(allowed(rules, &url), may, "{path}");
        }
        let url = Url::parse("https://roe.example/ca?x=ü#y").unwrap();
        assert!(!allowed("User-agent: *\nDisallow: /ca", &url));
        for odd in ["", "\u{feff}", "User-agent\0: *\n%%%", "Disallow: /"] {
            assert!(allowed(odd, &url), "{odd:?}");
        }
    }
}
