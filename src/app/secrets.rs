//! Random tokens, their hashes, and passwords.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::audit::sha256_hex;

/// Random bytes or a password hash cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("the system gives no random bytes")]
    Random(#[from] getrandom::Error),
    #[error("the password cannot be hashed")]
    Hash(#[source] argon2::password_hash::Error),
    #[error("hashing stopped before its end")]
    Stopped(#[from] tokio::task::JoinError),
}

/// A secret that is shown once, and what is stored of it. It has 256 random
/// bits, so a plain hash cannot be searched.
#[derive(Clone)]
pub struct Secret {
    pub shown: String,
    pub sha256: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret")
    }
}

/// `prefix` tells people and secret scanners what it is.
pub fn new_secret(prefix: &str) -> Result<Secret, SecretError> {
    let shown = format!("{prefix}{}", hex::encode(random_32()?));
    Ok(Secret {
        sha256: sha256_hex(shown.as_bytes()),
        shown,
    })
}

pub(super) fn random_32() -> Result<[u8; 32], SecretError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Argon2id with its default costs (19 MiB, two passes), in PHC form.
pub async fn hash_password(password: String) -> Result<String, SecretError> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(SecretError::Hash)
    })
    .await?
}

/// Whether the password is the hashed one. Without a hash the same work is
/// done and the answer is no, so that the time tells nothing of who exists.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool, SecretError> {
    tokio::task::spawn_blocking(move || {
        let Some(hash) = hash else {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map_err(SecretError::Hash)?;
            return Ok(false);
        };
        let hash = PasswordHash::new(&hash)
            .map_err(|_| SecretError::Hash(argon2::password_hash::Error::PasswordInvalid))?;
        Ok(Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok())
    })
    .await?
}
