//! Namespaces by number. A mapping names the URIs that it knows; prefixes mean nothing.

/// In no namespace; everything in JSON.
pub(crate) const NO_NAMESPACE: u16 = 0;
/// In a namespace that the mapping does not name.
pub(crate) const OTHER_NAMESPACE: u16 = u16::MAX;
/// In a path: whatever the namespace.
pub(crate) const ANY_NAMESPACE: u16 = u16::MAX - 1;

/// The URIs that a mapping names, with the prefix it uses for each (its own, not the documents').
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Namespaces {
    entries: Vec<(Box<str>, Box<str>)>,
}

/// Prefix of the namespace that names without a prefix are in.
pub(crate) const DEFAULT_PREFIX: &str = "default";

impl Namespaces {
    /// Adds a URI.
    pub(crate) fn add(&mut self, prefix: &str, uri: &str) {
        self.entries.push((prefix.into(), uri.into()));
    }

    /// Prefixes, in the order of the mapping.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(prefix, _)| &**prefix)
    }

    /// Number of a prefix of the mapping.
    pub(crate) fn of_prefix(&self, prefix: &str) -> Option<u16> {
        self.number(|(known, _)| &**known == prefix)
    }

    /// Number of element names without a prefix.
    pub(crate) fn of_unprefixed(&self) -> u16 {
        self.of_prefix(DEFAULT_PREFIX).unwrap_or(NO_NAMESPACE)
    }

    /// Number of a URI in a document.
    pub(crate) fn of_uri(&self, uri: &str) -> u16 {
        self.number(|(_, known)| &**known == uri).unwrap_or(OTHER_NAMESPACE)
    }

    fn number(&self, matches: impl Fn(&(Box<str>, Box<str>)) -> bool) -> Option<u16> {
        let index = self.entries.iter().position(matches)?;
        u16::try_from(index + 1).ok()
    }
}
