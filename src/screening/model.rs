//! The numbers a similarity is worked out with, and what they are called.

/// Version and hash of the numbers, as every hit records them.
pub fn model_version() -> String {
    "words-0".to_owned()
}
