//! Statements that a law makes companies publish, read topic by topic.
//!
//! ```text
//! bytes ── document ── sentence ── words, rules, stance ── read ── reading
//!                                                    shared_text ┘
//! ```
//!
//! A law is data: a rule file names its topics, its own wording and the patterns
//! that tell an answer. What is *disclosed* and what is *practised* are two axes;
//! an honest "we do not" is a disclosure and no practice. Nothing here calls a
//! company anything: it says which words stand on a page, and where.

mod block;
mod diff;
mod document;
mod find;
mod gate;
mod law;
mod lead;
mod links;
mod markup;
mod overall;
mod pattern;
mod read;
mod reading;
mod sentence;
mod shared_text;
mod stance;
mod statute;
mod words;

pub use diff::{Change, ChangeKind, changes};
pub use document::{Document, DocumentKind, LARGEST_FILE, Problem, ProblemKind};
pub use law::{Law, LawError, LawId, MSA_S54, READER, SB_657};
pub use links::{
    Conspicuous, HomepageLink, LinkNames, LinkPlace, StatementLink, not_reached, statement_links,
};
pub use read::{OtherStatements, check, with_homepage_link};
pub use reading::{
    Disclosure, DocumentFacts, Mandatory, Overall, Practice, Quote, Stated, StatementReading,
    TopicReading,
};
pub use shared_text::{SharedText, StatementPair, near_duplicates};
pub use stance::Stance;
