//! Every route and middleware.

use std::{net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpServer,
    dev::Server,
    http::Method,
    middleware::{self, from_fn},
    web,
};
use tokio::sync::watch;
use utoipa::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

use super::{
    allowed::{guarded, open},
    api::{
        assessments, audit_events, contractors, exports, health, hits, jobs, keys, lists, people,
        screenings, sign_in, supplier_lists,
    },
    body::JSON_BYTES,
    openapi::ApiDocument,
    problem, request_id,
    state::State,
};
use crate::{app::worker, config::Settings};

/// Requests under way get this long after the signal to stop.
const DRAIN_SECONDS: u64 = 30;

/// Serves until told to stop (SIGTERM or Ctrl-C), then finishes what is under
/// way.
pub async fn serve(settings: &Settings, state: State) -> std::io::Result<()> {
    let listener = TcpListener::bind(settings.serve.bind)?;
    let server = server(listener, state.clone())?;
    if !settings.serve.work {
        return server.await;
    }
    let (stop, stopped) = watch::channel(false);
    let terms = (&settings.worker).into();
    let working = tokio::spawn(async move {
        let grounds = Arc::clone(state.grounds());
        worker::work(
            &state.database,
            state.clock.as_ref(),
            &grounds,
            terms,
            stopped,
        )
        .await;
    });
    let outcome = server.await;
    let _worker_may_be_gone = stop.send(true);
    let _stopped = working.await;
    outcome
}

/// The service on an open socket.
pub fn server(listener: TcpListener, state: State) -> std::io::Result<Server> {
    let shared = web::Data::new(state);
    Ok(HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .wrap(middleware::Compress::default())
            .wrap(
                middleware::DefaultHeaders::new()
                    .add(("X-Content-Type-Options", "nosniff"))
                    .add(("Cache-Control", "no-store")),
            )
            .wrap(from_fn(request_id::keep))
            .configure(routes)
    })
    .shutdown_timeout(DRAIN_SECONDS)
    .listen(listener)?
    .run())
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
        .service(at("/api/v1/policies").route(guarded(Method::GET, lists::policies)))
        .service(at("/api/v1/policies/{kind}").route(guarded(Method::GET, lists::policy)))
        .service(at("/api/v1/audit-events").route(guarded(Method::GET, audit_events::list)))
        .service(SwaggerUi::new("/docs/{_:.*}").url("/api/v1/openapi.json", ApiDocument::openapi()))
        .default_service(web::to(problem::no_such_address));
}
