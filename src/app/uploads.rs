//! Uploads by the hash of their content, in parts that can be taken up again.
//! Only what the same organization holds already need not be sent: whether
//! another one holds it, nobody learns.

use chrono::TimeDelta;

use crate::{
    audit::sha256_hex,
    clock::{Clock, Timestamp},
    intake::Limits,
    store::{
        Database, StoreError, documents, trail,
        uploads::{self, Upload},
    },
};

/// Bytes of one part.
pub const PART_BYTES: usize = 8 << 20;
/// Uploads of one organization under way at once.
const UNDER_WAY: u64 = 16;
/// An upload of which nothing more comes is dropped.
const HOLDS: TimeDelta = TimeDelta::hours(24);
const MEDIA_TYPE: &str = "application/octet-stream";

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub size: u64,
    pub received: u64,
    /// `None`: it is complete and is kept.
    pub expires_at: Option<Timestamp>,
}

/// A part of the content.
#[derive(Debug)]
pub struct Part {
    /// Where it begins.
    pub start: u64,
    pub bytes: Vec<u8>,
    /// Of the whole content.
    pub size: u64,
}

/// The part was not taken, and why.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error("an address ends in the SHA-256 of the content, 64 lower-case hexadecimal digits")]
    BadHash,
    #[error("a content has 1 to {limit} bytes")]
    Size { limit: u64 },
    #[error("the part ends behind the content, or has no bytes")]
    BadPart,
    #[error("{received} of {size} bytes are here: go on there")]
    Elsewhere { received: u64, size: u64 },
    #[error(
        "at most {UNDER_WAY} uploads are under way at once: finish one, or wait until one expires"
    )]
    TooMany,
    #[error("the bytes received do not give that hash; they were dropped")]
    OtherContent,
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn check(sha256: &str) -> Result<(), UploadError> {
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if sha256.len() == 64 && sha256.bytes().all(digits) {
        Ok(())
    } else {
        Err(UploadError::BadHash)
    }
}

/// How far the upload of that content is; `None`: nothing of it is here.
pub async fn progress(
    database: &Database,
    sha256: &str,
    now: Timestamp,
) -> Result<Option<Progress>, UploadError> {
    check(sha256)?;
    let connection = database.connection();
    if let Some(size) = documents::size(connection, sha256).await? {
        return Ok(Some(complete(size)));
    }
    let found = uploads::find(connection, sha256, now).await?;
    Ok(found.map(|upload| Progress {
        size: upload.size,
        received: upload.received,
        expires_at: Some(upload.expires_at),
    }))
}

const fn complete(size: u64) -> Progress {
    Progress {
        size,
        received: size,
        expires_at: None,
    }
}

/// Takes the next part. With the last one the content is verified and kept as a
/// document.
pub async fn take(
    database: &Database,
    clock: &dyn Clock,
    sha256: &str,
    part: Part,
) -> Result<Progress, UploadError> {
    check(sha256)?;
    let limit = Limits::default().file_bytes;
    if !(1..=limit).contains(&part.size) {
        return Err(UploadError::Size { limit });
    }
    let length = part.bytes.len() as u64;
    if length == 0 || part.start.saturating_add(length) > part.size {
        return Err(UploadError::BadPart);
    }
    let now = clock.now();
    let transaction = database.begin_write().await?;
    if let Some(size) = documents::size(&transaction, sha256).await? {
        return Ok(complete(size));
    }
    uploads::drop_expired(&transaction, now).await?;
    let expires_at = now + HOLDS;
    let mut known = uploads::lock(&transaction, sha256).await?;
    if known.is_none() {
        // Two that begin one upload at once: one after the other.
        trail::hold(&transaction).await?;
        known = uploads::lock(&transaction, sha256).await?;
    }
    let upload = if let Some(known) = known {
        known
    } else {
        if uploads::count(&transaction).await? >= UNDER_WAY {
            return Err(UploadError::TooMany);
        }
        let upload = Upload {
            sha256: sha256.to_owned(),
            size: part.size,
            received: 0,
            expires_at,
        };
        if part.start == 0 {
            uploads::begin(&transaction, &upload).await?;
        }
        upload
    };
    if upload.size != part.size || upload.received != part.start {
        return Err(UploadError::Elsewhere {
            received: upload.received,
            size: upload.size,
        });
    }
    let received = upload.received + length;
    if received < upload.size {
        uploads::add_part(&transaction, &upload, part.bytes, expires_at).await?;
        transaction.commit().await?;
        return Ok(Progress {
            size: upload.size,
            received,
            expires_at: Some(expires_at),
        });
    }
    let mut whole = uploads::bytes(&transaction, &upload).await?;
    whole.extend_from_slice(&part.bytes);
    uploads::drop(&transaction, sha256).await?;
    let same = sha256_hex(&whole) == sha256;
    if same {
        documents::keep(&transaction, &whole, MEDIA_TYPE, now).await?;
    }
    transaction.commit().await?;
    if same {
        Ok(complete(upload.size))
    } else {
        Err(UploadError::OtherContent)
    }
}
