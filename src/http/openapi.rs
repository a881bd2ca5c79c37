//! The API's own description (OpenAPI 3.1), served and shown.

use std::sync::LazyLock;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as OpenApiDocument, RefOr, Schema, Type,
        path::{Parameter, ParameterIn},
        schema::SchemaType,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::api::{
    assessments, audit_events, contractors, exports, health, hits, jobs, keys, leads,
    list_editions, list_syncs, lists, people, registers, risk_models, screenings, sign_in,
    statements, supplier_history, supplier_lists, suppliers, uploads, webhooks,
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
        suppliers::list, suppliers::add, suppliers::supplier, suppliers::change,
        suppliers::by_external_id, suppliers::keep, suppliers::screen_all,
        supplier_history::versions, supplier_history::leads, supplier_history::merges,
        supplier_history::merge,
        jobs::list, jobs::job, jobs::cancel, jobs::events,
        screenings::screen, screenings::list, screenings::screening, screenings::results,
        exports::export, exports::latest,
        hits::list, hits::hit, hits::dispose,
        assessments::list, assessments::assessment, assessments::revisions, assessments::preview,
        leads::list, leads::dispose,
        lists::status, lists::snapshots, lists::policies, lists::policy_file,
        risk_models::list, risk_models::draft, risk_models::validate, risk_models::model,
        risk_models::model_file, risk_models::activations, risk_models::activate,
        risk_models::compare,
        uploads::upload, uploads::offset, uploads::send,
        statements::add, statements::list, statements::statement, statements::read_again,
        statements::readings, statements::changed, statements::contradicted, statements::preview,
        registers::presumptions,
        list_editions::editions, list_editions::entries, list_editions::history, list_editions::diff,
        list_syncs::list, list_syncs::sync, list_syncs::request, list_syncs::accept, list_syncs::import,
        contractors::check, contractors::checks, contractors::one, contractors::result,
        contractors::report, contractors::decide,
        audit_events::list,
        webhooks::list, webhooks::create, webhooks::webhook, webhooks::change, webhooks::remove,
        webhooks::rotate, webhooks::ping, webhooks::deliveries, webhooks::delivery,
        webhooks::replay,
    ),
    security(("bearer" = [])),
    modifiers(&Bearer)
)]
pub struct ApiDocument;

/// The methods that an address knows.
pub(super) fn methods(path: &str) -> Vec<&'static str> {
    static ALL: LazyLock<OpenApiDocument> = LazyLock::new(ApiDocument::openapi);
    let Some(item) = ALL.paths.paths.get(path) else {
        return Vec::new();
    };
    [
        ("DELETE", item.delete.is_some()),
        ("GET", item.get.is_some()),
        ("HEAD", item.head.is_some()),
        ("PATCH", item.patch.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
    ]
    .into_iter()
    .filter_map(|(method, known)| known.then_some(method))
    .collect()
}

/// A parameter is sent or not; it is never null.
fn without_null(parameter: &mut Parameter) {
    if let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && let SchemaType::Array(types) = &object.schema_type
        && let [one, Type::Null] | [Type::Null, one] = types.as_slice()
    {
        object.schema_type = SchemaType::Type(one.clone());
    }
}

/// A text in a query is any but one with U+0000, which no database stores.
fn without_null_character(parameter: &mut Parameter) {
    if parameter.parameter_in == ParameterIn::Query
        && let Some(RefOr::T(Schema::Object(object))) = &mut parameter.schema
        && object.schema_type == SchemaType::Type(Type::String)
        && object.format.is_none()
        && object.pattern.is_none()
        && object.enum_values.is_none()
    {
        object.pattern = Some("^[^\\u0000]*$".to_owned());
    }
}

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
                ("put", &mut item.put),
                ("head", &mut item.head),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    for parameter in operation.parameters.iter_mut().flatten() {
                        if let RefOr::T(parameter) = parameter {
                            without_null(parameter);
                            without_null_character(parameter);
                        }
                    }
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
