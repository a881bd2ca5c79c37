//! Fetching, from a server that behaves as servers do.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use plimsoll::{
    config::FetchSettings,
    fetch::{self, FetchError, Fetched, Fetcher, Get, Hosts, Limits, Post, Received},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

/// A server of scripted answers, counting and keeping what it was asked.
#[derive(Debug, Clone)]
struct Publisher {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Publisher {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let publisher = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            asked: Arc::default(),
        };
        let asked = Arc::clone(&publisher.asked);
        let failures = Arc::new(AtomicUsize::new(0));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let asked = Arc::clone(&asked);
                let failures = Arc::clone(&failures);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match socket.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_gone) => return,
                        }
                    }
                    let head = String::from_utf8(head).unwrap();
                    let path = head.split(' ').nth(1).unwrap().to_owned();
                    asked.lock().unwrap().push(head.to_lowercase());
                    for piece in answer(&path, &head, &failures) {
                        if socket.write_all(&piece).await.is_err() {
                            return;
                        }
                        if path == "/slow" {
                            tokio::time::sleep(Duration::from_millis(300)).await;
                        }
                    }
                });
            }
        });
        publisher
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&self.address).unwrap().join(path).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn whole(status: &str, headers: &str, body: &str) -> Vec<Vec<u8>> {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    vec![text.into_bytes()]
}

fn answer(path: &str, head: &str, failures: &AtomicUsize) -> Vec<Vec<u8>> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    match path {
        "/list" if head.to_lowercase().contains("if-none-match: \"v1\"") => {
            vec![b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec()]
        }
        "/list" => whole(
            "200 OK",
            "Content-Type: text/csv\r\nETag: \"v1\"\r\nSet-Cookie: a=b\r\n",
            "a,b\n1,2\n",
        ),
        "/to" => whole("302 Found", &format!("Location: {query}\r\n"), ""),
        "/forbidden" => whole("403 Forbidden", "", "no scripts"),
        "/busy" => whole("429 Too Many Requests", "Retry-After: 3600\r\n", ""),
        "/moody" if failures.fetch_add(1, Ordering::SeqCst) < 2 => {
            whole("500 Internal Server Error", "", "")
        }
        "/moody" => whole("200 OK", "", "good"),
        "/large" => whole("200 OK", "", &"x".repeat(10_000)),
        "/endless" => {
            let mut pieces =
                vec![b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()];
            pieces.extend((0..200).map(|_| format!("64\r\n{}\r\n", "y".repeat(100)).into_bytes()));
            pieces
        }
        "/broken" => {
            vec![b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this".to_vec()]
        }
        "/slow" => (0..20)
            .map(|piece| match piece {
                0 => b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec(),
                _ => b"z".to_vec(),
            })
            .collect(),
        _ => whole("404 Not Found", "", ""),
    }
}

fn fetcher(tries: usize) -> Fetcher {
    Fetcher::new(&FetchSettings {
        allow: vec!["127.0.0.1".to_owned()],
        contact: Some("https://example.org/who".to_owned()),
        tries,
        ..FetchSettings::default()
    })
    .unwrap()
}

const LIMITS: Limits = Limits {
    bytes: 5_000,
    time: Duration::from_secs(20),
};

async fn received(fetcher: &Fetcher, request: &Get) -> Result<Received, FetchError> {
    match fetch::get(fetcher, request).await? {
        Fetched::Received(received) => Ok(*received),
        Fetched::NotModified => panic!("nothing new"),
    }
}

#[tokio::test]
async fn a_document_comes_with_its_headers_and_hash_and_is_asked_for_once() {
    let publisher = Publisher::start().await;
    let fetcher = fetcher(1);
    let mut request = Get::new(publisher.url("/to?/list"), LIMITS);
    request.headers = vec![("x-api-key", "k".to_owned())];
    let mut first = received(&fetcher, &request).await.unwrap();
    assert_eq!(first.url, publisher.url("/list"));
    assert_eq!(first.redirected_from, [publisher.url("/to?/list")]);
    assert_eq!(first.content_type(), Some("text/csv"));
    assert!(!first.headers.contains_key("set-cookie"));
    assert_eq!(first.body.bytes().unwrap(), b"a,b\n1,2\n");
    assert_eq!(first.body.bytes().unwrap(), b"a,b\n1,2\n", "read again");
    assert_eq!(
        first.body.sha256,
        "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470"
    );
    assert!(publisher.asked()[0].contains("user-agent: plimsoll/"));
    assert!(publisher.asked()[0].contains("https://example.org/who"));
    assert!(publisher.asked()[1].contains("x-api-key: k"));

    request.validators = first.validators();
    let again = fetch::get(&fetcher, &request).await.unwrap();
    assert!(matches!(again, Fetched::NotModified), "{again:?}");
}

#[tokio::test]
async fn a_key_is_for_the_host_it_was_given_for() {
    let publisher = Publisher::start().await;
    let other = Publisher::start().await;
    let mut request = Get::new(
        publisher.url(&format!("/to?{}", other.url("/list"))),
        LIMITS,
    );
    request.headers = vec![("x-api-key", "k".to_owned())];
    received(&fetcher(1), &request).await.unwrap();
    assert!(!other.asked()[0].contains("x-api-key"));
}

#[tokio::test]
async fn the_inside_is_out_of_reach_at_every_hop() {
    let publisher = Publisher::start().await;
    let closed = Fetcher::new(&FetchSettings::default()).unwrap();
    let open = fetcher(1);
    for (fetcher, address) in [
        (&closed, publisher.url("/list").to_string()),
        (
            &closed,
            publisher
                .url("/list")
                .to_string()
                .replace("127.0.0.1", "localhost"),
        ),
        (&closed, "http://2130706433/".to_owned()),
        (&closed, "http://[::ffff:127.0.0.1]/".to_owned()),
        (
            &open,
            publisher
                .url("/to?http://169.254.169.254/latest/meta-data")
                .to_string(),
        ),
        (&open, publisher.url("/to?http://10.0.0.1/").to_string()),
        (&open, publisher.url("/to?http://localhost/").to_string()),
        (&open, publisher.url("/to?http://[::1]/").to_string()),
    ] {
        let request = Get::new(Url::parse(&address).unwrap(), LIMITS);
        let refused = received(fetcher, &request).await.unwrap_err();
        assert!(
            matches!(refused, FetchError::Inside { .. }),
            "{address}: {refused:?}"
        );
        let message = Post {
            url: Url::parse("http://127.0.0.1:9/").unwrap(),
            headers: Vec::new(),
            body: bytes::Bytes::new(),
            time: LIMITS.time,
        };
        let refused = fetch::post(&closed, &message).await.unwrap_err();
        assert!(matches!(refused, FetchError::Inside { .. }), "{refused:?}");
    }
    for address in [
        "file:///etc/passwd",
        "gopher://example.org/",
        "http://me:pw@example.org/",
    ] {
        let request = Get::new(publisher.url(&format!("/to?{address}")), LIMITS);
        let refused = received(&open, &request).await.unwrap_err();
        assert!(
            matches!(refused, FetchError::BadAddress { .. }),
            "{address}: {refused:?}"
        );
    }
    assert!(
        publisher
            .asked()
            .iter()
            .all(|head| head.starts_with("get /to?"))
    );
}

#[tokio::test]
async fn a_redirect_leads_to_allowed_hosts_only_and_ends() {
    let publisher = Publisher::start().await;
    let mut request = Get::new(publisher.url("/to?http://dhs.gov.example.org/"), LIMITS);
    request.hosts = Hosts::Below(vec!["127.0.0.1".to_owned(), "dhs.gov".to_owned()]);
    let refused = received(&fetcher(1), &request).await.unwrap_err();
    assert!(
        matches!(refused, FetchError::OtherHost { .. }),
        "{refused:?}"
    );

    let circle = Get::new(publisher.url("/to?/to?/to?/to?/to?/to?/to?/list"), LIMITS);
    let refused = received(&fetcher(1), &circle).await.unwrap_err();
    assert!(
        matches!(refused, FetchError::Redirects { .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_may_not_is_not() {
    let publisher = Publisher::start().await;
    let mut good = received(&fetcher(3), &Get::new(publisher.url("/moody"), LIMITS))
        .await
        .unwrap();
    assert_eq!(good.body.bytes().unwrap(), b"good");
    assert_eq!(publisher.asked().len(), 3);
    for (path, asked) in [("/forbidden", 4), ("/busy", 5)] {
        let refused = received(&fetcher(3), &Get::new(publisher.url(path), LIMITS))
            .await
            .unwrap_err();
        assert!(matches!(refused, FetchError::Status { .. }), "{refused:?}");
        assert_eq!(publisher.asked().len(), asked, "{path}");
    }
}

#[tokio::test]
async fn size_time_and_an_early_end_are_noticed() {
    let publisher = Publisher::start().await;
    let ask = async |path: &str, milliseconds| {
        let limits = Limits {
            time: Duration::from_millis(milliseconds),
            ..LIMITS
        };
        received(&fetcher(1), &Get::new(publisher.url(path), limits))
            .await
            .unwrap_err()
    };
    for path in ["/large", "/endless"] {
        let refused = ask(path, 20_000).await;
        assert!(
            matches!(refused, FetchError::TooLarge { limit: 5_000, .. }),
            "{refused:?}"
        );
    }
    let refused = ask("/broken", 20_000).await;
    assert!(
        matches!(refused, FetchError::Truncated { received: 9, .. }),
        "{refused:?}"
    );
    let refused = ask("/slow", 1_000).await;
    assert!(matches!(refused, FetchError::Timeout { .. }), "{refused:?}");
}

#[tokio::test]
async fn an_answer_to_a_message_is_told_whatever_it_is() {
    let publisher = Publisher::start().await;
    let message = |path| Post {
        url: publisher.url(path),
        headers: vec![("webhook-id", "m1".to_owned())],
        body: bytes::Bytes::from_static(b"{}"),
        time: LIMITS.time,
    };
    let answer = fetch::post(&fetcher(1), &message("/forbidden"))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.excerpt.as_str()),
        (403, "no scripts")
    );
    let answer = fetch::post(&fetcher(1), &message("/to?http://10.0.0.1/"))
        .await
        .unwrap();
    assert_eq!(answer.status.as_u16(), 302, "not followed");
    let answer = fetch::post(&fetcher(1), &message("/busy")).await.unwrap();
    assert_eq!(answer.retry_after, Some(Duration::from_hours(1)));
    assert!(publisher.asked()[0].contains("webhook-id: m1"));
}
