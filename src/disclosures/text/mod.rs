//! Text out of documents that hold it wrapped up.

mod pdf;
mod pdf_guard;

pub use pdf::{LARGEST_PDF, PDF_THREAD, PdfProblem, is_pdf, pdf_text};
