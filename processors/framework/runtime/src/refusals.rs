//! Which refusals are logged: a poisoned topic must not fill the logs, nor may the first of its records go unnoticed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A code is logged once in this time.
const QUIET: Duration = Duration::from_secs(10);

/// The codes that a processor refused records with. Every refusal is in the dead letters and counted; of each code one in a while is logged.
#[derive(Debug, Default)]
pub struct RefusalLog {
    codes: HashMap<&'static str, Seen>,
}

#[derive(Debug)]
struct Seen {
    logged: Instant,
    unlogged: u64,
}

impl RefusalLog {
    /// A record was refused with this code at `now`. If that is to be logged, gives how many were not since the last that was.
    pub fn note(&mut self, code: &'static str, now: Instant) -> Option<u64> {
        let Some(seen) = self.codes.get_mut(code) else {
            self.codes.insert(code, Seen { logged: now, unlogged: 0 });
            return Some(0);
        };
        if now.saturating_duration_since(seen.logged) < QUIET {
            seen.unlogged += 1;
            return None;
        }
        seen.logged = now;
        Some(std::mem::take(&mut seen.unlogged))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_logged_at_once_and_then_once_in_a_while_with_what_was_left_out() {
        let mut log = RefusalLog::default();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(log.note("invalid-json", at(0)), Some(0));
        assert_eq!((log.note("invalid-json", at(1)), log.note("invalid-json", at(9))), (None, None));
        assert_eq!(log.note("too-late", at(9)), Some(0));
        assert_eq!(log.note("invalid-json", at(10)), Some(2));
        assert_eq!((log.note("invalid-json", at(19)), log.note("invalid-json", at(20))), (None, Some(1)));
    }
}
