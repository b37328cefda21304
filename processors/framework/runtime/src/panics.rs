//! Panics in processors, as values; and all others in the log.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

thread_local! {
    /// Whoever called [`caught`] on this thread reports the panic.
    static REPORTED: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic of that call was.
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// What it said.
    pub message: String,
    /// File, line and column; known once [`log_panics`] was called.
    pub location: Option<String>,
}

/// From now on panics go to the log, not as text to standard error; those that [`caught`] catches are left to its caller, who knows the record.
pub fn log_panics() {
    panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let location = info.location().map(ToString::to_string);
        if REPORTED.get() {
            LOCATION.set(location);
        } else {
            let thread = std::thread::current();
            tracing::error!(thread = thread.name(), location, panic = said(info.payload()), "panicked");
        }
    }));
}

/// Calls `call`; a panic is an error.
///
/// # Errors
/// [`Panic`]. Whatever the call could have left half-done is not to be used any more.
pub fn caught<T>(call: impl FnOnce() -> T) -> Result<T, Panic> {
    REPORTED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(call));
    REPORTED.set(false);
    outcome.map_err(|payload| Panic { message: said(payload.as_ref()).to_owned(), location: LOCATION.take() })
}

fn said(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("something that is no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_words_and_where_it_was() {
        log_panics();
        assert_eq!(caught(|| 7), Ok(7));
        let line = line!() + 1;
        let panic = caught(|| panic!("asked to")).unwrap_err();
        assert_eq!(panic.message, "asked to");
        assert!(panic.location.unwrap().contains(&format!("panics.rs:{line}:")));
        let _ = panic::take_hook();
    }
}
