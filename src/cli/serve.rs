//! `plimsoll serve`: the API, and a worker beside it.

use std::sync::Arc;

use super::output::{Failure, note};
use crate::{
    app::{identity, lists, outside::OutsideIssuer},
    clock::{Clock, SystemClock},
    config::Settings,
    http::{self, State},
    store::Database,
};

pub async fn run(settings: &Settings, database: Database) -> Result<(), Failure> {
    let clock = SystemClock;
    let bind = settings.serve.bind;
    let scheme = match settings.serve.tls_certificate {
        Some(_) => "https",
        None => "http",
    };
    lists::keep_shipped(&database, &clock, "service").await?;
    if let Some(invitation) = identity::first_admin_invitation(&database, clock.now()).await? {
        note(format_args!(
            "nobody can sign in yet. The first admin joins with this invitation, once, within seven days:\n  {}\n  curl -X POST {scheme}://{bind}/api/v1/users -H 'Content-Type: application/json' \\\n    -d '{{\"token\":\"...\",\"email\":\"...\",\"name\":\"...\",\"password\":\"...\"}}'",
            invitation.shown
        ));
    }
    note(format_args!(
        "serving {scheme}://{bind} (API described at /docs/); stop with Ctrl-C"
    ));
    let terms = (&settings.tokens).into();
    let outside = OutsideIssuer::new(&settings.oidc, &terms, &settings.fetch)?;
    let state = State::new(database, Arc::new(clock), settings).trusting(outside);
    Ok(http::serve(settings, state).await?)
}
