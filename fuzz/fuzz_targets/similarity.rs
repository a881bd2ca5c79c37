//! cargo +nightly fuzz run similarity
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll::screening::{Similarity, explain_names};

fuzz_target!(|names: (&str, &str)| {
    let (one, other) = names;
    let compared = explain_names(one, other, None);
    assert!(compared.is_none_or(|compared| compared.similarity <= Similarity::ONE));
    if let (Some(twice), Some(again)) = (explain_names(one, one, None), explain_names(one, one, None)) {
        assert_eq!(twice, again);
    }
});
