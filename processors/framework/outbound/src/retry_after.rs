//! How long a server asks to wait.

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Longest wait that is believed.
const MOST_SECONDS: i64 = 24 * 3600;

/// Seconds, of a number or of a date (RFC 9110, 10.2.3). What is neither says nothing.
pub(crate) fn seconds(headers: &HeaderMap, now: jiff::Timestamp) -> Option<u32> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = match text.parse::<u32>() {
        Ok(seconds) => i64::from(seconds),
        Err(_) => jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second().saturating_sub(now.as_second()),
    };
    u32::try_from(seconds.clamp(0, MOST_SECONDS)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let now = "1994-11-06T08:49:30Z".parse().unwrap();
        let of = |text: &str| seconds(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(
            ["7", " 120 ", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:00:00 GMT", "soon", "-3", "999999999"].map(of),
            [Some(7), Some(120), Some(7), Some(0), None, None, Some(24 * 3600)]
        );
        assert_eq!(seconds(&HeaderMap::new(), now), None);
    }
}
