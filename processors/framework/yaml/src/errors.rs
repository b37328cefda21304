//! What is wrong with a file: where, and which right name is nearest.

use std::fmt;

/// One thing wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileError {
    /// File, as given to whoever reads it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Everything wrong with a file, by line. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileErrors(pub Vec<FileError>);

impl fmt::Display for FileErrors {
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

impl std::error::Error for FileErrors {}

/// Errors while they are collected.
#[derive(Debug)]
pub struct Errors {
    file: String,
    found: Vec<FileError>,
}

impl Errors {
    /// None yet, of the file of that name.
    #[must_use]
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    /// Notes what is wrong in a line.
    pub fn add(&mut self, line: usize, message: impl Into<String>) {
        let error = FileError { file: self.file.clone(), line, message: message.into() };
        // What stands once in the file, but counts for every rule, is said once.
        if !self.found.contains(&error) {
            self.found.push(error);
        }
    }

    /// True while nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What was found, by line.
    #[must_use]
    pub fn finish(mut self) -> FileErrors {
        self.found.sort();
        FileErrors(self.found)
    }
}

/// `; did you mean ...?`, or the names there are when none is near.
#[must_use]
pub fn suggestion<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> String {
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

/// As [`suggestion`], where it may be known what is meant though it is spelt otherwise.
#[must_use]
pub fn suggestion_or<'n>(meant: Option<&str>, wrong: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    meant.map_or_else(|| suggestion(wrong, names), |meant| format!("; did you mean `{meant}`?"))
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
