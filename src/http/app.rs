//! Every route and middleware.

use std::{
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    dev::Server,
    http::Method,
    middleware::{self, from_fn},
    web,
};
use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;
use uuid::Uuid;

use super::{
    allowed::{guarded, open},
    api::{
        assessments, audit_events, contractors, exports, health, hits, jobs, keys, leads,
        list_editions, list_syncs, lists, people, registers, risk_models, screenings, sign_in,
        statements, supplier_history, supplier_lists, suppliers, uploads, webhooks,
    },
    body::JSON_BYTES,
    limits, metrics, observe,
    openapi::ApiDocument,
    problem, request_id,
    state::State,
    tls::{self, TlsError},
};
use crate::{
    app::{
        deliver, list_schedule,
        list_sync::Syncing,
        nodes,
        worker::{self, WorkTerms},
    },
    config::Settings,
    fetch::{BadFetchSettings, Fetcher},
    signals::told_to_stop,
    telemetry,
};

/// Requests and work under way get this long after the signal to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// Serves until told to stop (SIGTERM or Ctrl-C), then finishes what is under
/// way, for as long as [`DRAIN`].
pub async fn serve(settings: &Settings, state: State) -> Result<(), ServeError> {
    let tls = tls::load(&settings.serve)?;
    let listener = listener(settings.serve.bind)?;
    let metrics_server = match settings.serve.metrics_bind {
        Some(address) => Some(metrics::server(self::listener(address)?, state.clone())?),
        None => None,
    };
    let metrics_handle = metrics_server.as_ref().map(Server::handle);
    let scraping = metrics_server.map(tokio::spawn);
    let server = secured(listener, state.clone(), tls)?;

    let told = state.clone();
    let listening = tokio::spawn(async move {
        told_to_stop().await;
        told.stop();
    });
    let beating = tokio::spawn(beat(state.clone()));
    let fetcher = Fetcher::new(&settings.fetch)?;
    let teller = Fetcher::new(&settings.fetch.for_all())?;
    let keeping_up = settings.serve.work.then(|| {
        let (state, fetcher) = (state.clone(), fetcher.clone());
        tokio::spawn(async move {
            let syncing = Syncing {
                database: &state.database,
                clock: state.clock.as_ref(),
                fetcher: &fetcher,
                settings: &state.lists,
            };
            list_schedule::keep_up(syncing, state.stopping()).await;
        })
    });
    let working = settings.serve.work.then(|| {
        let terms: WorkTerms = (&settings.worker).into();
        let deliveries = settings.into();
        let state = state.clone();
        tokio::spawn(async move {
            let (database, clock) = (&state.database, state.clock.as_ref());
            let stops = || state.stopping();
            tokio::join!(
                worker::work(database, clock, state.grounds(), terms, stops()),
                deliver::work(database, clock, &teller, deliveries, stops()),
            );
        })
    });
    let mut stopping = state.stopping();
    let hard_end = async {
        let _stopped = stopping.wait_for(|stops| *stops).await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::pin!(hard_end);
    let outcome = server.await;
    // Told to stop or unable to go on: nothing else goes on either.
    state.stop();
    listening.abort();
    let drained = async {
        if let Some(working) = working {
            let _worked = working.await;
        }
        if let Some(keeping_up) = keeping_up {
            let _kept_up = keeping_up.await;
        }
        let _left = beating.await;
        if let (Some(handle), Some(served)) = (metrics_handle, scraping) {
            handle.stop(false).await;
            let _served = served.await;
        }
    };
    tokio::select! {
        () = drained => {}
        () = hard_end => tracing::warn!("work in hand was left after {} seconds; another worker takes it over", DRAIN.as_secs()),
    }
    Ok(outcome?)
}

/// The service cannot be started, or has failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Fetch(#[from] BadFetchSettings),
    #[error("cannot listen on {address}: is it taken, or not this machine's?")]
    Bind {
        address: SocketAddr,
        #[source]
        source: std::io::Error,
    },
    #[error("the server failed")]
    Server(#[from] std::io::Error),
}

fn listener(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| ServeError::Bind { address, source })
}

/// Says every few seconds that this server is up.
async fn beat(state: State) {
    let id = Uuid::now_v7();
    let mut stopping = state.stopping();
    while !*stopping.borrow() {
        if let Err(error) = state.beat(id).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "other servers cannot be told that this one is up"
            );
        }
        telemetry::upkeep();
        tokio::select! {
            () = tokio::time::sleep(nodes::BEAT) => {}
            _ = stopping.changed() => {}
        }
    }
    if let Err(error) = nodes::leave(&state.database, id).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "other servers cannot be told that this one stops"
        );
    }
}

/// The service on an open socket.
pub fn server(listener: TcpListener, state: State) -> std::io::Result<Server> {
    secured(listener, state, None)
}

/// The service on an open socket, behind TLS if there is any.
pub fn secured(
    listener: TcpListener,
    state: State,
    tls: Option<rustls::ServerConfig>,
) -> std::io::Result<Server> {
    let mut stopping = state.stopping();
    let head = state.limits.head;
    let shared = web::Data::new(state);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .wrap(middleware::Compress::default())
            .wrap(from_fn(limits::crowd))
            .wrap(
                middleware::DefaultHeaders::new()
                    .add(("X-Content-Type-Options", "nosniff"))
                    .add(("Cache-Control", "no-store")),
            )
            .wrap(from_fn(observe::observe))
            .wrap(from_fn(request_id::keep))
            .configure(routes)
    })
    .client_request_timeout(head)
    .tls_handshake_timeout(head)
    .client_disconnect_timeout(Duration::from_secs(5))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(DRAIN.as_secs())
    .shutdown_signal(async move {
        let _stopped = stopping.wait_for(|stops| *stops).await;
    });
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// The routes. A path that is not here, or a method that a path does not know,
/// answers with a problem document too.
pub fn routes(config: &mut web::ServiceConfig) {
    let at = |path: &str| {
        web::resource(path.to_owned()).default_service(web::to(problem::method_not_allowed))
    };
    config
        .app_data(web::PayloadConfig::new(JSON_BYTES))
        .service(at("/healthz").route(open(Method::GET, health::healthz)))
        .service(at("/readyz").route(open(Method::GET, health::readyz)))
        .service(at("/.well-known/jwks.json").route(open(Method::GET, health::jwks)))
        .service(at("/api/v1/tokens").route(open(Method::POST, sign_in::sign_in)))
        .service(at("/api/v1/me").route(guarded(Method::GET, sign_in::me)))
        .service(at("/api/v1/signing-keys").route(guarded(Method::POST, sign_in::rotate)))
        .service(
            at("/api/v1/organizations")
                .route(guarded(Method::GET, people::organizations))
                .route(guarded(Method::POST, people::open_organization)),
        )
        .service(
            at("/api/v1/users")
                .route(guarded(Method::GET, people::users))
                .route(open(Method::POST, sign_in::accept)),
        )
        .service(
            at("/api/v1/users/{id}")
                .route(guarded(Method::GET, people::user))
                .route(guarded(Method::PATCH, people::change_user)),
        )
        .service(at("/api/v1/invitations").route(guarded(Method::POST, people::invite)))
        .service(
            at("/api/v1/api-keys")
                .route(guarded(Method::GET, keys::keys))
                .route(guarded(Method::POST, keys::issue)),
        )
        .service(at("/api/v1/api-keys/{id}").route(guarded(Method::DELETE, keys::revoke)))
        .service(
            at("/api/v1/supplier-lists")
                .route(guarded(Method::GET, supplier_lists::lists))
                .route(guarded(Method::POST, supplier_lists::upload)),
        )
        .service(
            at("/api/v1/supplier-lists/{id}").route(guarded(Method::GET, supplier_lists::list)),
        )
        .service(
            at("/api/v1/uploads/{sha256}")
                .route(guarded(Method::GET, uploads::upload))
                .route(guarded(Method::HEAD, uploads::offset))
                .route(guarded(Method::PUT, uploads::send)),
        )
        .service(
            at("/api/v1/suppliers")
                .route(guarded(Method::GET, suppliers::list))
                .route(guarded(Method::POST, suppliers::add)),
        )
        .service(
            at("/api/v1/suppliers/screenings").route(guarded(Method::POST, suppliers::screen_all)),
        )
        .service(
            at("/api/v1/suppliers/by-external-id/{external_id}")
                .route(guarded(Method::GET, suppliers::by_external_id))
                .route(guarded(Method::PUT, suppliers::keep)),
        )
        .service(
            at("/api/v1/suppliers/{id}")
                .route(guarded(Method::GET, suppliers::supplier))
                .route(guarded(Method::PUT, suppliers::change)),
        )
        .service(
            at("/api/v1/suppliers/{id}/versions")
                .route(guarded(Method::GET, supplier_history::versions)),
        )
        .service(
            at("/api/v1/suppliers/{id}/merge-leads")
                .route(guarded(Method::GET, supplier_history::leads)),
        )
        .service(
            at("/api/v1/suppliers/{id}/merges")
                .route(guarded(Method::GET, supplier_history::merges))
                .route(guarded(Method::POST, supplier_history::merge)),
        )
        .service(at("/api/v1/jobs").route(guarded(Method::GET, jobs::list)))
        .service(at("/api/v1/jobs/{id}").route(guarded(Method::GET, jobs::job)))
        .service(at("/api/v1/jobs/{id}/cancel").route(guarded(Method::POST, jobs::cancel)))
        .service(at("/api/v1/jobs/{id}/events").route(guarded(Method::GET, jobs::events)))
        .service(
            at("/api/v1/screenings")
                .route(guarded(Method::GET, screenings::list))
                .route(guarded(Method::POST, screenings::screen)),
        )
        .service(at("/api/v1/screenings/latest").route(guarded(Method::GET, exports::latest)))
        .service(at("/api/v1/screenings/{id}").route(guarded(Method::GET, screenings::screening)))
        .service(
            at("/api/v1/screenings/{id}/results").route(guarded(Method::GET, screenings::results)),
        )
        .service(at("/api/v1/screenings/{id}/export").route(guarded(Method::GET, exports::export)))
        .service(at("/api/v1/hits").route(guarded(Method::GET, hits::list)))
        .service(at("/api/v1/hits/{id}").route(guarded(Method::GET, hits::hit)))
        .service(at("/api/v1/hits/{id}/disposition").route(guarded(Method::POST, hits::dispose)))
        .service(at("/api/v1/assessments").route(guarded(Method::GET, assessments::list)))
        .service(
            at("/api/v1/assessments/preview").route(guarded(Method::POST, assessments::preview)),
        )
        .service(
            at("/api/v1/assessments/{id}").route(guarded(Method::GET, assessments::assessment)),
        )
        .service(
            at("/api/v1/assessments/{id}/revisions")
                .route(guarded(Method::GET, assessments::revisions)),
        )
        .service(at("/api/v1/assessments/{id}/leads").route(guarded(Method::GET, leads::list)))
        .service(
            at("/api/v1/assessments/{id}/leads/disposition")
                .route(guarded(Method::POST, leads::dispose)),
        )
        .service(
            at("/api/v1/contractors/checks")
                .route(guarded(Method::GET, contractors::checks))
                .route(guarded(Method::POST, contractors::check)),
        )
        .service(
            at("/api/v1/contractors/checks/{id}").route(guarded(Method::GET, contractors::one)),
        )
        .service(
            at("/api/v1/contractors/checks/{id}/result")
                .route(guarded(Method::GET, contractors::result)),
        )
        .service(
            at("/api/v1/contractors/checks/{id}/report")
                .route(guarded(Method::GET, contractors::report)),
        )
        .service(
            at("/api/v1/contractors/checks/{id}/decisions")
                .route(guarded(Method::POST, contractors::decide)),
        )
        .service(at("/api/v1/lists").route(guarded(Method::GET, lists::status)))
        .service(at("/api/v1/lists/snapshots").route(guarded(Method::GET, lists::snapshots)))
        .service(
            at("/api/v1/lists/{source}/editions")
                .route(guarded(Method::GET, list_editions::editions)),
        )
        .service(
            at("/api/v1/lists/{source}/entries")
                .route(guarded(Method::GET, list_editions::entries)),
        )
        .service(
            at("/api/v1/lists/{source}/history")
                .route(guarded(Method::GET, list_editions::history)),
        )
        .service(at("/api/v1/lists/{source}/diff").route(guarded(Method::GET, list_editions::diff)))
        .service(
            at("/api/v1/list-syncs")
                .route(guarded(Method::GET, list_syncs::list))
                .route(guarded(Method::POST, list_syncs::request)),
        )
        .service(at("/api/v1/list-syncs/{id}").route(guarded(Method::GET, list_syncs::sync)))
        .service(
            at("/api/v1/list-syncs/{id}/accept").route(guarded(Method::POST, list_syncs::accept)),
        )
        .service(at("/api/v1/list-imports").route(guarded(Method::POST, list_syncs::import)))
        .service(at("/api/v1/policies").route(guarded(Method::GET, lists::policies)))
        .service(
            at("/api/v1/policies/risk-models")
                .route(guarded(Method::GET, risk_models::list))
                .route(guarded(Method::POST, risk_models::draft)),
        )
        .service(
            at("/api/v1/policies/risk-models/validate")
                .route(guarded(Method::POST, risk_models::validate)),
        )
        .service(
            at("/api/v1/policies/risk-models/activations")
                .route(guarded(Method::GET, risk_models::activations))
                .route(guarded(Method::POST, risk_models::activate)),
        )
        .service(
            at("/api/v1/policies/risk-models/comparisons")
                .route(guarded(Method::POST, risk_models::compare)),
        )
        .service(
            at("/api/v1/policies/risk-models/{id}").route(guarded(Method::GET, risk_models::model)),
        )
        .service(
            at("/api/v1/policies/risk-models/{id}/file")
                .route(guarded(Method::GET, risk_models::model_file)),
        )
        .service(at("/api/v1/policies/{kind}").route(guarded(Method::GET, lists::policy_file)))
        .service(
            at("/api/v1/statements")
                .route(guarded(Method::GET, statements::list))
                .route(guarded(Method::POST, statements::add)),
        )
        .service(
            at("/api/v1/disclosure-registers/presumptions")
                .route(guarded(Method::POST, registers::presumptions)),
        )
        .service(at("/api/v1/statements/{id}").route(guarded(Method::GET, statements::statement)))
        .service(
            at("/api/v1/statements/{id}/readings")
                .route(guarded(Method::GET, statements::readings))
                .route(guarded(Method::POST, statements::read_again)),
        )
        .service(
            at("/api/v1/statements/{id}/changes").route(guarded(Method::GET, statements::changed)),
        )
        .service(
            at("/api/v1/statements/{id}/preview").route(guarded(Method::POST, statements::preview)),
        )
        .service(
            at("/api/v1/statements/{id}/contradictions")
                .route(guarded(Method::GET, statements::contradicted)),
        )
        .service(at("/api/v1/audit-events").route(guarded(Method::GET, audit_events::list)))
        .service(
            at("/api/v1/webhooks")
                .route(guarded(Method::GET, webhooks::list))
                .route(guarded(Method::POST, webhooks::create)),
        )
        .service(
            at("/api/v1/webhooks/{id}")
                .route(guarded(Method::GET, webhooks::webhook))
                .route(guarded(Method::PATCH, webhooks::change))
                .route(guarded(Method::DELETE, webhooks::remove)),
        )
        .service(at("/api/v1/webhooks/{id}/secret").route(guarded(Method::POST, webhooks::rotate)))
        .service(at("/api/v1/webhooks/{id}/ping").route(guarded(Method::POST, webhooks::ping)))
        .service(
            at("/api/v1/webhooks/{id}/deliveries")
                .route(guarded(Method::GET, webhooks::deliveries)),
        )
        .service(
            at("/api/v1/webhook-deliveries/{id}").route(guarded(Method::GET, webhooks::delivery)),
        )
        .service(
            at("/api/v1/webhook-deliveries/{id}/replay")
                .route(guarded(Method::POST, webhooks::replay)),
        )
        .service(SwaggerUi::new("/docs/{_:.*}").url("/api/v1/openapi.json", ApiDocument::openapi()))
        .default_service(web::to(problem::no_such_address));
}
