//! `plimsoll config`: will the service start as it is set up?

use std::{fs::File, net::TcpListener, path::Path};

use super::{
    arguments::ConfigCommand,
    output::{Failure, print},
};
use crate::{
    app::outside::OutsideIssuer,
    config::Settings,
    fetch::{BadFetchSettings, Fetcher},
    http::tls,
    store::{
        Database,
        database::{Schema, sqlite_file, without_password},
    },
};

pub async fn run(command: &ConfigCommand, settings: &Settings) -> Result<(), Failure> {
    let ConfigCommand::Check = command;
    let mut found = Findings::default();
    found.database(settings).await;
    found.addresses(settings);
    found.tls(settings);
    found.outside(settings);
    found.limits(settings);
    let mut said = format!("# The settings in effect\n{}", shown(settings)?);
    said.push_str("\n# What was checked\n");
    for (mark, lines) in [
        ("ok      ", &found.fine),
        ("note    ", &found.notes),
        ("PROBLEM ", &found.problems),
    ] {
        for line in lines {
            said.extend([mark, " ", line, "\n"]);
        }
    }
    print(&said)?;
    match found.problems.len() {
        0 => Ok(()),
        1 => Err(Failure::unusable("one setting will not do, see PROBLEM")),
        more => Err(Failure::unusable(format!(
            "{more} settings will not do, see PROBLEM"
        ))),
    }
}

/// As TOML; a password in an address is left out.
fn shown(settings: &Settings) -> Result<String, toml::ser::Error> {
    let mut settings = settings.clone();
    settings.database.url = without_password(&settings.database.url);
    settings.fetch.proxy = settings.fetch.proxy.as_deref().map(without_password);
    toml::to_string(&settings)
}

#[derive(Default)]
struct Findings {
    fine: Vec<String>,
    notes: Vec<String>,
    problems: Vec<String>,
}

impl Findings {
    async fn database(&mut self, settings: &Settings) {
        let place = without_password(&settings.database.url);
        if settings.database.max_connections == 0 {
            let problem = "database.max_connections is 0: the service needs at least 1";
            self.problems.push(problem.to_owned());
            return;
        }
        match Database::look(&settings.database).await {
            Ok(None) => match sqlite_file(&settings.database.url) {
                Some(file) => self.new_file(&file, &settings.database.url),
                None => self.notes.push(format!("{place} is made at the first start")),
            },
            Ok(Some(Schema::Current)) => self.fine.push(format!("{place} answers")),
            Ok(Some(Schema::Behind(changes))) => self.notes.push(format!(
                "{place} answers; the next start brings it up to date ({changes} changes): back it up before"
            )),
            Ok(Some(Schema::Ahead)) => self.problems.push(format!(
                "{place} was changed by a newer program: update this one"
            )),
            Err(error) => self.problems.push(one_line(&error)),
        }
    }

    fn new_file(&mut self, file: &Path, url: &str) {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        if !url.contains("mode=rwc") {
            self.problems.push(format!(
                "{} is not there, and without ?mode=rwc at the end of database.url it is not made",
                file.display()
            ));
        } else if let Err(error) = tempfile::tempfile_in(folder) {
            self.problems.push(format!(
                "{} cannot be made: the folder {} cannot be written ({error})",
                file.display(),
                folder.display()
            ));
        } else {
            self.notes
                .push(format!("{} is made at the first start", file.display()));
        }
    }

    fn addresses(&mut self, settings: &Settings) {
        let serve = &settings.serve;
        let named = [
            ("serve.bind", Some(serve.bind)),
            ("serve.metrics_bind", serve.metrics_bind),
        ];
        if serve.metrics_bind == Some(serve.bind) {
            let problem = "serve.metrics_bind is serve.bind: metrics need an address of their own";
            self.problems.push(problem.to_owned());
        }
        for (setting, address) in named {
            let Some(address) = address else { continue };
            match TcpListener::bind(address) {
                Ok(_) => self.fine.push(format!("{setting} {address} is free")),
                Err(error) => self.problems.push(format!(
                    "{setting} {address} cannot be used ({error}): is the service running already, or the address another machine's?"
                )),
            }
        }
        if let Some(metrics) = serve.metrics_bind
            && !metrics.ip().is_loopback()
        {
            self.notes.push(format!(
                "whoever reaches {metrics} reads the metrics: keep it off the public network"
            ));
        }
        let open = !serve.bind.ip().is_loopback() && serve.tls_certificate.is_none();
        if open {
            self.notes.push(format!(
                "{} is served without TLS: passwords and tokens pass in the clear unless a proxy stands before it",
                serve.bind
            ));
        }
        if open && serve.trusted_proxies.is_empty() {
            self.notes.push(
                "serve.trusted_proxies is empty: behind a proxy every caller has the proxy's address, and shares its limits"
                    .to_owned(),
            );
        }
    }

    fn tls(&mut self, settings: &Settings) {
        let serve = &settings.serve;
        for (setting, file) in [
            ("serve.tls_certificate", &serve.tls_certificate),
            ("serve.tls_key", &serve.tls_key),
        ] {
            if let Some(file) = file
                && let Err(error) = File::open(file)
            {
                self.problems
                    .push(format!("{setting} {}: {error}", file.display()));
                return;
            }
        }
        match tls::load(serve) {
            Ok(Some(_)) => self
                .fine
                .push("the TLS certificate and its key fit".to_owned()),
            Ok(None) => {}
            Err(error) => self.problems.push(one_line(&error)),
        }
    }

    fn outside(&mut self, settings: &Settings) {
        match Fetcher::new(&settings.fetch) {
            Ok(_) => {}
            // Its own words would repeat a password.
            Err(BadFetchSettings::Proxy { .. }) => {
                let problem = "fetch.proxy is not the address of a proxy";
                self.problems.push(problem.to_owned());
                return;
            }
            Err(error) => {
                self.problems.push(one_line(&error));
                return;
            }
        }
        let terms = (&settings.tokens).into();
        match OutsideIssuer::new(&settings.oidc, &terms, &settings.fetch) {
            Ok(None) => {}
            Ok(Some(_)) => self
                .fine
                .push("oidc.issuer and oidc.audience can be used".to_owned()),
            Err(error) => self.problems.push(one_line(&error)),
        }
    }

    fn limits(&mut self, settings: &Settings) {
        let limits = &settings.limits;
        for (setting, value) in [
            ("per_caller", limits.per_caller),
            ("per_caller_burst", limits.per_caller_burst),
            ("per_address", limits.per_address),
            ("per_address_burst", limits.per_address_burst),
            ("sign_ins_per_minute", limits.sign_ins_per_minute),
            (
                "sign_ins_per_email_per_hour",
                limits.sign_ins_per_email_per_hour,
            ),
            ("concurrent", limits.concurrent),
            ("concurrent_uploads", limits.concurrent_uploads),
            ("head_seconds", limits.head_seconds),
            ("body_seconds", limits.body_seconds),
            ("upload_seconds", limits.upload_seconds),
        ] {
            if value == 0 {
                self.problems.push(format!(
                    "limits.{setting} is 0: nobody could use the service; leave it out for the usual value"
                ));
            }
        }
    }
}

fn one_line(error: &(dyn std::error::Error + 'static)) -> String {
    match error.source() {
        Some(cause) => format!("{error} ({cause})"),
        None => error.to_string(),
    }
}
