//! Every route and middleware.

use actix_web::{App, HttpServer, middleware, web};

use super::{api, problem};
use crate::{config::ServeSettings, store::Database};

/// Serves until told to stop (SIGTERM or Ctrl-C), then finishes what is under
/// way.
pub async fn serve(settings: &ServeSettings, database: Database) -> std::io::Result<()> {
    HttpServer::new(move || {
        App::new()
            .app_data(web::Data::new(database.clone()))
            .wrap(middleware::Compress::default())
            .wrap(
                middleware::DefaultHeaders::new()
                    .add(("X-Content-Type-Options", "nosniff"))
                    .add(("Cache-Control", "no-store")),
            )
            .configure(routes)
    })
    .bind(settings.bind)?
    .run()
    .await
}

/// The routes. A path that is not here, or a method that a path does not know,
/// answers with a problem document too.
pub fn routes(config: &mut web::ServiceConfig) {
    let get = |path: &str| {
        web::resource(path.to_owned()).default_service(web::to(problem::method_not_allowed))
    };
    config
        .service(get("/healthz").route(web::get().to(api::healthz)))
        .service(get("/readyz").route(web::get().to(api::readyz)))
        .service(get("/api/v1/screenings/latest").route(web::get().to(api::latest_screening)))
        .default_service(web::to(problem::not_found));
}
