//! A company's site, played by a server of ours: the way to its statement, and all
//! that stands in it.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use plimsoll::{
    app::statement_site::{Look, Reader, look},
    config::FetchSettings,
    disclosures::statement::{
        Conspicuous, Law, LinkPlace, OtherStatements, Overall, ProblemKind, SB_657,
    },
    fetch::{Fetcher, Visitor},
};
use url::Url;

use crate::statements::{FULL, HONEST_NO, day};

struct Site {
    address: String,
    handle: actix_web::dev::ServerHandle,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(|| App::new().default_service(web::to(answer)))
            .workers(1)
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { address, handle }
    }

    async fn look(&self, path: &str) -> Look {
        let settings = FetchSettings {
            allow: vec!["127.0.0.1".to_owned()],
            tries: 1,
            ..FetchSettings::default()
        };
        let visitor = Visitor::new(Fetcher::new(&settings).unwrap(), Duration::from_millis(1));
        let reader = Arc::new(Reader {
            law: Law::parse(SB_657).unwrap(),
            others: OtherStatements::default(),
            as_of: day(),
        });
        let start = Url::parse(&self.address).unwrap().join(path).unwrap();
        look(&visitor, &reader, &start).await
    }
}

fn page(body: &str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(format!("<html><body>{body}</body></html>"))
}

/// Requests to what robots.txt closes.
static INTRUSIONS: AtomicU32 = AtomicU32::new(0);

/// Several sites in one: each under a path of its own that looks like a front.
async fn answer(request: HttpRequest) -> HttpResponse {
    let footer = |links: &str| page(&format!("<h1>Welcome</h1><footer>{links}</footer>"));
    match request.path() {
        "/robots.txt" => HttpResponse::Ok().body("User-agent: *\nDisallow: /private\n"),
        "/" => footer("<a href='/statement.html'>California Transparency in Supply Chains Act</a>"),
        "/statement.html" => HttpResponse::Ok().content_type("text/html").body(FULL),
        "/two" => footer("<a href='/responsibility.html'>Corporate responsibility</a>"),
        "/responsibility.html" => {
            page("<p>We care about people and the planet.</p><a href='/statement.html'>SB 657</a>")
        }
        "/none" => footer("<a href='/cart.html'>Cart</a>"),
        "/hid" => page(
            "<h1>Welcome</h1><div hidden><a href='/statement.html'>California Transparency in \
             Supply Chains Act</a></div>",
        ),
        "/orphan.html" => HttpResponse::Ok()
            .content_type("text/plain")
            .body(HONEST_NO),
        "/wall" => footer("<a href='/wall.html'>CA Supply Chains Act</a>"),
        "/wall.html" => page("<p>We and our partners use cookies. Accept all cookies.</p>"),
        "/login.html" => page("<p>Please sign in.</p><form><input type=password></form>"),
        "/script.html" => page("<div id=root></div><script src=app.js></script>"),
        "/large.html" => HttpResponse::Ok()
            .content_type("text/html")
            .body("We do not audit. ".repeat(50 << 16)),
        "/charset.html" => HttpResponse::Ok()
            .content_type("text/html; charset=shift_jis")
            .body(format!(
                "<html><meta charset=iso-8859-1><body><pre>{}</pre></body></html>",
                HONEST_NO.replace("Tamsin", "Tåmsin")
            )),
        "/inside.html" => HttpResponse::Found()
            .insert_header(("Location", "http://169.254.169.254/latest/meta-data/"))
            .finish(),
        "/neighbour.html" => HttpResponse::Found()
            .insert_header(("Location", "http://127.0.0.2:9/"))
            .finish(),
        "/moved.html" => HttpResponse::MovedPermanently()
            .insert_header(("Location", "/statement.html"))
            .finish(),
        "/moved-private.html" => HttpResponse::Found()
            .insert_header(("Location", "/private/statement.html"))
            .finish(),
        "/private/statement.html" => {
            INTRUSIONS.fetch_add(1, Ordering::SeqCst);
            HttpResponse::Ok().body(HONEST_NO)
        }
        _ => HttpResponse::NotFound()
            .content_type("text/html")
            .body("<html><body>Page not found</body></html>"),
    }
}

#[actix_web::test]
async fn the_homepage_leads_to_the_statement() {
    let site = Site::start();
    let found = site.look("/").await;
    assert_eq!(
        found.reading.overall,
        Overall::Full,
        "{:?}",
        found.reading.reasons
    );
    assert!(found.reading.not_checked.is_empty());
    let link = found.link.unwrap();
    assert_eq!((link.conspicuous, link.clicks), (Conspicuous::Yes, Some(1)));
    assert_eq!(link.found.unwrap().place, LinkPlace::Footer);
    let page = found.page.unwrap();
    assert_eq!(page.bytes, FULL.as_bytes());
    assert_eq!(page.sha256.len(), 64);

    // The law wants the link on the homepage: two clicks are a defect.
    let far = site.look("/two").await;
    assert_eq!(far.reading.overall, Overall::Partial);
    assert_eq!(far.link.unwrap().clicks, Some(2));

    for (path, said) in [("/none", "no link"), ("/hid", "hidden")] {
        let nothing = site.look(path).await;
        assert_eq!(nothing.reading.overall, Overall::NotLocated, "{path}");
        let link = nothing.link.unwrap();
        assert_eq!(link.conspicuous, Conspicuous::No, "{path}");
        assert!(link.reason.contains(said), "{path}: {}", link.reason);
    }
    site.handle.stop(false).await;
}

#[actix_web::test]
async fn a_page_given_is_read_and_its_homepage_asked_for_the_link() {
    let site = Site::start();
    let direct = site.look("/statement.html").await;
    assert_eq!(direct.reading.overall, Overall::Full);
    assert_eq!(direct.link.unwrap().conspicuous, Conspicuous::Yes);
    let moved = site.look("/moved.html").await;
    assert_eq!(moved.reading.overall, Overall::Full);
    assert!(
        moved.visits[0]
            .ended_at
            .as_ref()
            .unwrap()
            .ends_with("/statement.html")
    );
    // Nothing leads there.
    let orphan = site.look("/orphan.html").await;
    assert_eq!(orphan.reading.overall, Overall::Partial);
    assert!(
        orphan
            .reading
            .reasons
            .iter()
            .any(|reason| reason.contains("no link")),
        "{:?}",
        orphan.reading.reasons
    );
    site.handle.stop(false).await;
}

#[actix_web::test]
async fn what_stands_in_the_way_is_said_and_is_no_silence() {
    let site = Site::start();
    for (path, kind) in [
        ("/wall", ProblemKind::CookieWall),
        ("/wall.html", ProblemKind::CookieWall),
        ("/login.html", ProblemKind::LoginPage),
        ("/script.html", ProblemKind::JavascriptOnly),
        ("/large.html", ProblemKind::TooLarge),
        ("/inside.html", ProblemKind::NotReached),
        ("/neighbour.html", ProblemKind::NotReached),
        ("/gone.html", ProblemKind::ErrorPage),
        ("/private/statement.html", ProblemKind::RobotsKeepOut),
        ("/moved-private.html", ProblemKind::RobotsKeepOut),
    ] {
        let found = site.look(path).await;
        let problem = found.reading.problem.as_ref().expect(path);
        assert_eq!(problem.kind, kind, "{path}: {}", problem.message);
        assert_eq!(found.reading.overall, Overall::NotLocated, "{path}");
        for topic in found.reading.topics.values() {
            assert_eq!(topic.disclosed, None, "{path}");
        }
    }
    assert_eq!(INTRUSIONS.load(Ordering::SeqCst), 0);
    // A name that leads inside, and a site that is not there.
    for (address, says) in [
        (
            "http://localhost:9/ca.html",
            "localhost is not on the public internet",
        ),
        ("http://127.0.0.1:9/ca.html", "cannot be reached"),
    ] {
        let found = site.look(address).await;
        let problem = found.reading.problem.unwrap();
        assert_eq!(problem.kind, ProblemKind::NotReached, "{address}");
        assert!(problem.message.contains(says), "{}", problem.message);
    }
    let charset = site.look("/charset.html").await;
    assert_eq!(charset.reading.problem, None);
    assert!(
        charset
            .reading
            .document
            .unwrap()
            .text
            .unwrap()
            .contains("Tåmsin")
    );
    site.handle.stop(false).await;
}
