//! cargo +nightly fuzz run name
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::screening::{fold::MAX_WORDS, location, name::Name};

fuzz_target!(|text: &str| {
    let name = Name::new(text);
    assert!(name.words.len() <= MAX_WORDS * 4);
    assert!(name.words.iter().all(|word| !word.text.is_empty() && word.text.is_ascii()));
    let supplier = plimsoll::supplier::Supplier { name: text.to_owned(), ..Default::default() };
    let _leads = location::leads(&supplier);
});
