//! Metrics for Prometheus, on an address of their own (`serve.metrics_bind`)
//! that the public does not reach: whoever does may read them.

use std::net::TcpListener;

use actix_web::{
    App, HttpResponse, HttpServer, dev::Server, http::Method, middleware::from_fn, web,
};
use chrono::NaiveDate;
use metrics::gauge;

use super::{allowed::open, problem, request_id, state::State};
use crate::{
    app::list_editions,
    clock::Clock,
    lists::Source,
    store::{
        StoreError,
        figures::{self, Figures},
        list_snapshots::KeptSnapshot,
    },
    telemetry,
};

/// Serves `/metrics` and nothing else.
pub fn server(listener: TcpListener, state: State) -> std::io::Result<Server> {
    telemetry::metrics();
    let shared = web::Data::new(state);
    Ok(HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .wrap(from_fn(request_id::keep))
            .service(web::resource("/metrics").route(open(Method::GET, render)))
            .default_service(web::to(problem::no_such_address))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run())
}

async fn render(state: web::Data<State>) -> HttpResponse {
    let told = async {
        let figures = figures::figures(state.database.connection()).await?;
        let lists = list_editions::in_force(&state.database, state.clock.today()).await?;
        Ok::<_, StoreError>((figures, lists))
    };
    match told.await {
        Ok((figures, lists)) => {
            tell(&figures, state.clock.as_ref());
            tell_ages(&lists, state.clock.today());
        }
        Err(error) => {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the database does not answer"
            );
            gauge!("plimsoll_database_up").set(0);
        }
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(telemetry::metrics().render())
}

fn tell(figures: &Figures, clock: &dyn Clock) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge is a float; no count here comes near 2^52"
    )]
    let float = |number: u64| number as f64;
    gauge!("plimsoll_database_up").set(1);
    gauge!("plimsoll_servers_up").set(float(figures.servers));
    gauge!("plimsoll_jobs", "state" => "queued").set(float(figures.queued));
    gauge!("plimsoll_jobs", "state" => "running").set(float(figures.running));
    gauge!("plimsoll_webhook_deliveries", "state" => "pending")
        .set(float(figures.deliveries_pending));
    gauge!("plimsoll_webhook_deliveries", "state" => "parked")
        .set(float(figures.deliveries_parked));
    let waited = figures
        .oldest_queued
        .and_then(|since| (clock.now() - since).to_std().ok())
        .unwrap_or_default();
    gauge!("plimsoll_queue_age_seconds").set(waited.as_secs_f64());
}

/// As `lists status` counts it. A list of somebody's own is told to nobody else.
fn tell_ages(lists: &[KeptSnapshot], today: NaiveDate) {
    for KeptSnapshot { head, .. } in lists {
        if !matches!(head.source, Source::Custom(_)) {
            gauge!("plimsoll_list_age_days", "source" => head.source.code().to_owned())
                .set(head.age_days(today));
        }
    }
}
