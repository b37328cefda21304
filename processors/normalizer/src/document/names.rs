//! Namespaces by number. A mapping names the URIs that it knows; prefixes mean nothing.

/// In no namespace; everything in JSON.
pub(crate) const NO_NAMESPACE: u16 = 0;
/// In a namespace that neither the mapping nor, because there are too many of them, the document's own table names.
pub(crate) const OTHER_NAMESPACE: u16 = u16::MAX;
/// In a path: whatever the namespace.
pub(crate) const ANY_NAMESPACE: u16 = u16::MAX - 1;

/// The URIs that a mapping names, with the prefix it uses for each (its own, not the documents').
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Namespaces {
    /// Prefixes, each with the URIs that mean the same.
    entries: Vec<(Box<str>, Vec<Box<str>>)>,
}

/// Prefix of the namespace that names without a prefix are in.
pub(crate) const DEFAULT_PREFIX: &str = "default";

impl Namespaces {
    /// Adds a URI. Those of one prefix mean the same, as those of the versions of one document type do.
    pub(crate) fn add(&mut self, prefix: &str, uri: &str) {
        match self.entries.iter_mut().find(|(known, _)| **known == *prefix) {
            Some((_, uris)) => uris.push(uri.into()),
            None => self.entries.push((prefix.into(), vec![uri.into()])),
        }
    }

    /// The prefix that a URI has already.
    pub(crate) fn prefix_of(&self, uri: &str) -> Option<&str> {
        self.entries.iter().find(|(_, uris)| uris.iter().any(|known| **known == *uri)).map(|(prefix, _)| &**prefix)
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

    /// Number of a URI in a document, if the mapping names it.
    pub(crate) fn of_uri(&self, uri: &str) -> Option<u16> {
        self.number(|(_, uris)| uris.iter().any(|known| **known == *uri))
    }

    /// Number of the first namespace that the mapping does not name.
    pub(crate) fn first_other(&self) -> u16 {
        u16::try_from(self.entries.len() + 1).unwrap_or(OTHER_NAMESPACE)
    }

    /// URI of a namespace that the mapping names; the first of those that mean the same.
    pub(crate) fn uri(&self, number: u16) -> Option<&str> {
        let (_, uris) = self.entries.get(usize::from(number).checked_sub(1)?)?;
        uris.first().map(|uri| &**uri)
    }

    fn number(&self, matches: impl Fn(&(Box<str>, Vec<Box<str>>)) -> bool) -> Option<u16> {
        let index = self.entries.iter().position(matches)?;
        u16::try_from(index + 1).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_of_one_prefix_mean_the_same() {
        let mut namespaces = Namespaces::default();
        for (prefix, uri) in [("default", "urn:v4"), ("other", "urn:o"), ("default", "urn:v6")] {
            namespaces.add(prefix, uri);
        }
        assert_eq!(namespaces.of_uri("urn:v4"), namespaces.of_uri("urn:v6"));
        assert_eq!(namespaces.of_uri("urn:v6"), Some(namespaces.of_unprefixed()));
        assert_eq!(namespaces.of_uri("urn:o"), namespaces.of_prefix("other"));
        assert_eq!(namespaces.of_uri("urn:v7"), None);
        assert_eq!((namespaces.uri(1), namespaces.uri(2), namespaces.uri(0), namespaces.uri(3)), (Some("urn:v4"), Some("urn:o"), None, None));
        assert_eq!(namespaces.first_other(), 3);
        assert_eq!((namespaces.prefix_of("urn:v6"), namespaces.prefix_of("urn:v7")), (Some("default"), None));
    }
}
