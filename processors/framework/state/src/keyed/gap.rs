//! Where a local store is known to hold nothing.
//!
//! Timers are taken from the front and deleted. A store on disk keeps deleted keys as marks until its engine merges them, and a scan from the front would pass
//! all of them each time; so the last one's way is remembered.

use super::Bytes;

/// A range of keys without an entry in the local store.
#[derive(Debug, Default)]
pub(crate) struct Gap(Option<Range>);

#[derive(Debug)]
struct Range {
    /// Its first key.
    from: Box<[u8]>,
    /// The entry that ends it; nothing if none comes.
    until: Option<Bytes>,
}

impl Gap {
    /// Where a scan from `from` can begin; nothing if there is no entry from there on.
    pub(crate) fn skip<'a>(&'a self, from: &'a [u8]) -> Option<std::borrow::Cow<'a, [u8]>> {
        match &self.0 {
            Some(range) if range.covers(from) => range.until.as_deref().map(std::borrow::Cow::Borrowed),
            _ => Some(std::borrow::Cow::Borrowed(from)),
        }
    }

    /// A scan from `from`, begun where [`Self::skip`] said, found `first`.
    pub(crate) fn found(&mut self, from: &[u8], first: Option<Bytes>) {
        let from = match self.0.take() {
            // Found by way of the old gap, which then is the beginning of the new one.
            Some(range) if range.covers(from) => range.from,
            _ => Box::from(from),
        };
        self.0 = Some(Range { from, until: first });
    }

    /// An entry is written for `key`.
    pub(crate) fn filled(&mut self, key: &Bytes) {
        if let Some(range) = &mut self.0
            && range.covers(key)
        {
            range.until = Some(Bytes::clone(key));
        }
    }
}

impl Range {
    fn covers(&self, key: &[u8]) -> bool {
        *self.from <= *key && self.until.as_deref().is_none_or(|until| *key < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Bytes {
        Bytes::from(text.as_bytes())
    }

    fn skip(gap: &Gap, from: &str) -> Option<String> {
        gap.skip(from.as_bytes()).map(|start| String::from_utf8(start.into_owned()).unwrap())
    }

    #[test]
    fn what_was_passed_once_is_not_passed_again() {
        let mut gap = Gap::default();
        assert_eq!(skip(&gap, "c"), Some("c".to_owned()));
        gap.found(b"c", Some(bytes("m")));
        assert_eq!(
            (skip(&gap, "c"), skip(&gap, "l"), skip(&gap, "m"), skip(&gap, "a")),
            ("m".to_owned().into(), "m".to_owned().into(), "m".to_owned().into(), "a".to_owned().into())
        );
        gap.found(b"d", Some(bytes("q")));
        assert_eq!(skip(&gap, "c"), Some("q".to_owned()), "m was deleted");
        gap.filled(&bytes("e"));
        gap.filled(&bytes("p"));
        gap.filled(&bytes("a"));
        assert_eq!((skip(&gap, "c"), skip(&gap, "f")), ("e".to_owned().into(), "f".to_owned().into()));
        gap.found(b"e", None);
        gap.filled(&bytes("b"));
        assert_eq!((skip(&gap, "e"), skip(&gap, "z"), skip(&gap, "d")), (None, None, Some("d".to_owned())));
        gap.filled(&bytes("x"));
        assert_eq!(skip(&gap, "e"), Some("x".to_owned()));
    }
}
