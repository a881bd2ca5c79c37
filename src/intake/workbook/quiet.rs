//! A reader of foreign formats may panic on a file made to hurt it; that is
//! then a damaged file, and neither the end of the program nor its panic's
//! text on the screen of a person who wants to know what to do.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    /// Whether a reader is at work on this thread.
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// What `read` returns, or `None` when it panicked, which it does in silence.
///
/// The one global of the core: a panic's text can be held back only in the
/// process-wide hook. Ours is put before the one that is there, once, and
/// passes on every panic that is not of a reader on the same thread.
pub(super) fn quietly<T>(read: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if !READING.get() {
                before(panicked);
            }
        }));
    });
    READING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    READING.set(false);
    outcome.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer_and_the_next_reader_is_heard() {
        assert_eq!(quietly(|| 1), Some(1));
        assert_eq!(quietly(|| -> u8 { panic!("a foreign reader") }), None);
        assert!(!READING.get());
    }
}
