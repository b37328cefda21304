//! What is wrong with a mapping file: where, and which right name is nearest.

use std::fmt;

/// One thing wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MappingError {
    /// File, as given to the compiler.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Everything wrong with a mapping file, by line. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingErrors(pub Vec<MappingError>);

impl fmt::Display for MappingErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for MappingErrors {}

/// Errors while they are collected.
#[derive(Debug)]
pub(crate) struct Errors {
    file: String,
    found: Vec<MappingError>,
}

impl Errors {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    pub(crate) fn add(&mut self, line: usize, message: impl Into<String>) {
        let error = MappingError { file: self.file.clone(), line, message: message.into() };
        // What stands once in the file, but counts for every rule, is said once.
        if !self.found.contains(&error) {
            self.found.push(error);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn finish(mut self) -> MappingErrors {
        self.found.sort();
        MappingErrors(self.found)
    }
}

/// `; did you mean ...?`, or the names there are when none is near.
pub(crate) fn suggestion<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    const NEAR: f64 = 0.6;
    const LISTED: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    let wrong = wrong.to_lowercase();
    let nearness = |name: &str| strsim::normalized_damerau_levenshtein(&wrong, &name.to_lowercase());
    match names.iter().map(|name| (nearness(name), name)).max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((near, name)) if near >= NEAR => format!("; did you mean `{name}`?"),
        Some(_) if names.len() <= LISTED => format!("; there is `{}`", names.join("`, `")),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_name_or_lists_them() {
        assert_eq!(suggestion("quantty", ["lot", "quantity"]), "; did you mean `quantity`?");
        assert_eq!(suggestion("kgm", ["KGM", "GRM"]), "; did you mean `KGM`?");
        assert_eq!(suggestion("zzz", ["lot", "item"]), "; there is `lot`, `item`");
        assert_eq!(suggestion("zzz", []), "");
    }
}
