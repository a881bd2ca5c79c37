//! The files of a multipart form.

use actix_multipart::Multipart;
use actix_web::{FromRequest, HttpRequest, web};

use super::{body::unreadable, limits::UploadPlace, problem::Problem};

/// What such a form may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct FormFiles<'a> {
    /// The name of every field.
    pub(super) field: &'a str,
    pub(super) most_files: usize,
    /// Of all files together.
    pub(super) most_bytes: usize,
    /// What a client is told beyond that.
    pub(super) otherwise: &'a str,
}

impl FormFiles<'_> {
    /// Every file with the last part of its name, if it has one.
    pub(super) async fn read(
        &self,
        request: &HttpRequest,
        body: web::Payload,
        place: &UploadPlace,
    ) -> Result<Vec<(Option<String>, Vec<u8>)>, Problem> {
        let pointer = format!("/{}", self.field);
        let mut payload = body.into_inner();
        let mut form = Multipart::from_request(request, &mut payload)
            .await
            .map_err(|error| unreadable(&error))?;
        let (mut files, mut left) = (Vec::new(), self.most_bytes);
        while let Some(field) = place.next(&mut form).await? {
            let mut field = field.map_err(|error| unreadable(&error.into()))?;
            if field.name() != Some(self.field) || files.len() >= self.most_files {
                return Err(Problem::unprocessable(pointer, self.shape()));
            }
            let name = field
                .content_disposition()
                .and_then(|disposition| disposition.get_filename().and_then(file_name));
            let bytes = place.whole(&mut field, left, self.otherwise).await?;
            left = left.saturating_sub(bytes.len());
            files.push((name, bytes));
        }
        if files.is_empty() {
            return Err(Problem::unprocessable(
                pointer,
                format!("the form has no field `{}`", self.field),
            ));
        }
        Ok(files)
    }

    fn shape(&self) -> String {
        match self.most_files {
            1 => format!("the form has one field, `{}`", self.field),
            most => format!(
                "the form has up to {most} fields, all named `{}`",
                self.field
            ),
        }
    }
}

/// The last part of a path, of printable characters; `None` where nothing is
/// left.
pub(super) fn file_name(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next()?;
    let name: String = last
        .chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect();
    (!name.trim().is_empty()).then_some(name)
}
