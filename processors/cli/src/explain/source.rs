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
            [] => Err(unknown(mappings.plans(), bytes)),
            several => Err(Unclear(format!("several mappings recognize it: {}; say which with --source", names(several.iter().copied())))),
        }
    }
}

/// Nobody's record: what no mapping of its format can read at all, because of that.
fn unknown(plans: &[Plan], bytes: &[u8]) -> Unclear {
    let candidates: Vec<&Plan> = plans.iter().filter(|plan| plans.len() == 1 || plan.format().looks_like(bytes)).collect();
    let faults: Option<Vec<_>> = candidates.iter().map(|plan| plan.unreadable(bytes).map(|fault| (plan.format(), fault))).collect();
    let mut reasons: Vec<String> = Vec::new();
    for (format, (code, message)) in faults.unwrap_or_default() {
        let reason = format!("it cannot be read as {}: {message} (docs/errors/{}.md)", format.as_str(), code.as_str());
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let reasons = if reasons.is_empty() { String::new() } else { format!(": {}", reasons.join("; ")) };
    Unclear(format!("no mapping recognizes it{reasons}; there are {}", names(plans.iter())))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: &[u8]) -> String {
        let mappings = MappingSet::built_in().expect("the packs compile");
        let Unclear(said) = Sources::new(&mappings, AUTO).expect("auto").of(bytes).expect_err("nobody's");
        said.split_once("; there are plant-a.mes, ").expect("the mappings").0.to_owned()
    }

    #[test]
    fn what_nobody_can_read_is_said_with_the_reason() {
        for (bytes, reason) in [
            (&b"<a>\xfc</a>"[..], ": it cannot be read as xml: line 1, column 4: a byte that is no UTF-8 (docs/errors/invalid-encoding.md)"),
            (b"<a></b>", ": it cannot be read as xml: line 1, column 4: "),
            (b"{\"a\": }", ": it cannot be read as json: line 1, byte 7: `}` where a value should stand (docs/errors/invalid-json.md)"),
            (b"{\"a\": 1}", ""),
            (b"<a/>", ""),
        ] {
            let text = said(bytes);
            let rest = text.strip_prefix("no mapping recognizes it").unwrap_or_else(|| panic!("{text}"));
            assert!(rest.starts_with(reason) && rest.is_empty() == reason.is_empty(), "{text}");
        }
        assert!(said(b"a;b\n1").contains("it cannot be read as csv: "), "{}", said(b"a;b\n1"));
    }
}
