//! Logs go to stderr as a sentence and fields; stdout carries only results.
//! Metrics are kept where Prometheus asks for them.

use std::sync::OnceLock;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer, fmt, prelude::*};

use crate::config::LogFormat;

/// Seconds: from a health check to a large export.
const LATENCIES: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

use crate::disclosures::text::PDF_THREAD;

/// Whom the log is for, where nobody says what it should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Who looks after a service.
    Operator,
    /// Who waits for a command, which itself says what went wrong.
    Terminal,
}

impl Audience {
    const fn filter(self) -> &'static str {
        match self {
            Self::Operator => "warn,plimsoll=info,sqlx=error",
            Self::Terminal => "plimsoll=error",
        }
    }
}

/// Starts logging once for the whole process. `filter` as in `RUST_LOG`.
pub fn start(filter: Option<&str>, audience: Audience, format: LogFormat) {
    let filter = filter
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(audience.filter()));
    let layer = fmt::layer().with_writer(std::io::stderr);
    let layer = match format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    // A second start (in tests) is refused by the subscriber and of no harm.
    let _already_started = tracing_subscriber::registry()
        .with(filter)
        .with(layer)
        .try_init();
    quiet_where_panics_are_answers();
}

/// The PDF reader panics on damaged files; that is caught, and told to whoever
/// gave the file.
fn quiet_where_panics_are_answers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(PDF_THREAD) {
            usual(panic);
        }
    }));
}

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Folds what was measured into its buckets, so that it takes no more room
/// while nobody asks for it.
pub fn upkeep() {
    if let Some(metrics) = METRICS.get() {
        metrics.run_upkeep();
    }
}

/// Starts counting at the first call. Until then every count goes nowhere and
/// costs nothing.
pub fn metrics() -> &'static PrometheusHandle {
    METRICS.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&LATENCIES)
            .unwrap_or_else(|_| PrometheusBuilder::new())
            .build_recorder();
        let handle = recorder.handle();
        // Whoever has set another one counts there.
        let _already_set = metrics::set_global_recorder(recorder);
        describe();
        handle
    })
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!(
        "plimsoll_http_requests_total",
        "Requests by route and status"
    );
    describe_histogram!(
        "plimsoll_http_request_seconds",
        "Time until an answer begins, by route"
    );
    describe_counter!(
        "plimsoll_http_refused_total",
        "Requests refused by a limit: caller, address, sign-in or concurrent"
    );
    describe_counter!(
        "plimsoll_screenings_total",
        "Screenings that this process has recorded"
    );
    describe_counter!("plimsoll_hits_total", "Hits that this process has recorded");
    describe_counter!(
        "plimsoll_jobs_ended_total",
        "Jobs that this process has ended, by state"
    );
    describe_counter!(
        "plimsoll_webhook_attempts_total",
        "Tries of this process to deliver a webhook, by outcome"
    );
    describe_gauge!("plimsoll_database_up", "1: the database answers");
    describe_gauge!("plimsoll_servers_up", "Servers that share the rates");
    describe_gauge!("plimsoll_jobs", "Jobs that are queued or running");
    describe_gauge!(
        "plimsoll_queue_age_seconds",
        "How long the oldest queued job has waited"
    );
    describe_gauge!(
        "plimsoll_webhook_deliveries",
        "Deliveries that are pending or parked"
    );
    describe_gauge!(
        "plimsoll_list_age_days",
        "Days since the last day for which the edition in force of a list is known to speak"
    );
}
