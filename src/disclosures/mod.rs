//! What companies say about their supply chains, and the words that say it.

pub mod company;
pub mod contractor;
pub mod statement;
pub mod text;
