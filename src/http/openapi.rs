//! The API's own description (OpenAPI 3.1), served and shown.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::api::{
    assessments, audit_events, contractors, exports, health, hits, jobs, keys, lists, people,
    screenings, sign_in, supplier_lists,
};

#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Plimsoll",
        description = "Supply-chain forced-labor due diligence. A hit is a likeness to a listed party, not a finding about the supplier: until a person has confirmed it, it moves no score."
    ),
    paths(
        health::healthz, health::readyz, health::jwks,
        sign_in::sign_in, sign_in::accept, sign_in::me, sign_in::rotate,
        people::organizations, people::open_organization, people::users, people::user,
        people::change_user, people::invite,
        keys::keys, keys::issue, keys::revoke,
        supplier_lists::upload, supplier_lists::lists, supplier_lists::list,
        jobs::list, jobs::job, jobs::cancel, jobs::events,
        screenings::screen, screenings::list, screenings::screening, screenings::results,
        exports::export, exports::latest,
        hits::list, hits::hit, hits::dispose,
        assessments::assessment, assessments::revisions, assessments::preview,
        contractors::check, contractors::checks, contractors::one, contractors::result,
        contractors::report, contractors::decide,
        lists::status, lists::snapshots, lists::policies, lists::policy,
        audit_events::list,
    ),
    security(("bearer" = [])),
    modifiers(&Bearer)
)]
pub struct ApiDocument;

/// The sign-in and unique names.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An access token from /api/v1/tokens, or an API key"))
            .build();
        // Handlers of different things bear the same name.
        for (path, item) in &mut document.paths.paths {
            let id = |method: &str| {
                let parts = path.split(['/', '{', '}', '.']);
                let words =
                    parts.filter(|part| !part.is_empty() && *part != "api" && *part != "v1");
                format!(
                    "{method}_{}",
                    words.collect::<Vec<_>>().join("_").replace('-', "_")
                )
            };
            for (method, operation) in [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    operation.operation_id = Some(id(method));
                }
            }
        }
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}
