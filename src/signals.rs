//! The one place that hears the system's signals.

/// Ends at Ctrl-C, or at SIGTERM where there is one.
pub async fn told_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _told = tokio::signal::ctrl_c().await;
}
