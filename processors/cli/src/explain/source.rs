//! Whose a record is.

use std::fmt::Write as _;

use lineside_normalizer::{MappingSet, Plan};

use super::arguments::{AUTO, ExplainFormat};

/// There is no mapping of that name.
#[derive(Debug, thiserror::Error)]
#[error("no mapping reads source {name}; there are {known}, and {AUTO}")]
pub struct UnknownSource {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: String,
}

/// How records find their mapping.
#[derive(Debug)]
pub enum Sources<'m> {
    /// All are of one source.
    Named(&'m Plan),
    /// By their content.
    Auto(&'m MappingSet),
}

impl<'m> Sources<'m> {
    /// By name, or by content.
    ///
    /// # Errors
    /// [`UnknownSource`].
    pub fn new(mappings: &'m MappingSet, name: &str) -> Result<Self, UnknownSource> {
        if name == AUTO {
            return Ok(Self::Auto(mappings));
        }
        let named = mappings.plans().iter().find(|plan| plan.source() == name);
        named.map(Self::Named).ok_or_else(|| UnknownSource { name: name.to_owned(), known: names(mappings.plans().iter()) })
    }

    /// The mapping that reads this record.
    ///
    /// # Errors
    /// [`Unclear`], when no mapping knows the content, or several do.
    pub fn of(&self, bytes: &[u8]) -> Result<&'m Plan, Unclear> {
        let mappings = match self {
            Self::Named(plan) => return Ok(plan),
            Self::Auto(mappings) => mappings,
        };
        let found: Vec<&Plan> = mappings.plans().iter().filter(|plan| plan.recognizes(bytes)).collect();
        match found.as_slice() {
            [plan] => Ok(plan),
            [] => Err(Unclear(format!("no mapping recognizes it; there are {}", names(mappings.plans().iter())))),
            several => Err(Unclear(format!("several mappings recognize it: {}; say which with --source", names(several.iter().copied())))),
        }
    }
}

fn names<'p>(plans: impl Iterator<Item = &'p Plan>) -> String {
    plans.map(Plan::source).collect::<Vec<_>>().join(", ")
}

/// Why the source of a record is not clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear(String);

impl Unclear {
    /// In the format asked for.
    #[must_use]
    pub fn told(&self, record: &str, format: ExplainFormat) -> String {
        if format == ExplainFormat::Table {
            let mut text = String::new();
            let _ = writeln!(text, "{record}: {}\n", self.0);
            return text;
        }
        format!("{}\n", serde_json::json!({"record": record, "unclear_source": self.0}))
    }
}
