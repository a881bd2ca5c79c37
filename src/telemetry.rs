//! Logs go to stderr as a sentence and fields; stdout carries only results.

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::disclosures::text::PDF_THREAD;

/// Starts logging once for the whole process. `filter` as in `RUST_LOG`.
pub fn start(filter: Option<&str>) {
    let filter = filter
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new("warn,plimsoll=info,sqlx=error"));
    // A second start (in tests) is refused by the subscriber and of no harm.
    let _already_started = tracing_subscriber::registry()
        .with(filter)
        .with(fmt::layer().with_writer(std::io::stderr))
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
