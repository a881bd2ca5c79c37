//! TLS in the process itself.

use std::{path::Path, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use crate::config::ServeSettings;

/// TLS cannot be had, and why.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("serve.tls_certificate and serve.tls_key belong together: set both or neither")]
    Half,
    #[error("the {what} in {file} cannot be read: it must be a PEM file that this user may read")]
    Unreadable {
        what: &'static str,
        file: String,
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    #[error("{file} has no certificate")]
    Empty { file: String },
    #[error("certificate and key cannot be used together")]
    Unusable(#[from] rustls::Error),
}

/// The certificate and key that the settings name; `None`: no TLS here.
pub fn load(settings: &ServeSettings) -> Result<Option<ServerConfig>, TlsError> {
    let (certificate, key) = match (&settings.tls_certificate, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        _ => return Err(TlsError::Half),
    };
    let unreadable = |what, file: &Path, source| TlsError::Unreadable {
        what,
        file: file.display().to_string(),
        source,
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|source| unreadable("certificate", certificate, source))?;
    if chain.is_empty() {
        return Err(TlsError::Empty {
            file: certificate.display().to_string(),
        });
    }
    let key = PrivateKeyDer::from_pem_file(key).map_err(|source| unreadable("key", key, source))?;
    Ok(Some(
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?,
    ))
}
