//! Rule sets that claim the same orders at the same time.

use std::fmt;

use crate::rule_set::RuleSet;

/// Two rule sets of different names, equally specific, that hold for some order at one time: which of them counts is decided by their begins, which nobody may have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// One, `name/version`.
    pub one: String,
    /// The other.
    pub other: String,
    /// From when both hold.
    pub from: lineside_schemas::Timestamp,
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {} are equally specific and hold for the same orders from {} on: end one of them, or narrow it", self.one, self.other, self.from)
    }
}

/// Every overlap among the sets. Versions of one name do not overlap: the later one replaces the earlier one. The built-in one gives way to any other.
#[must_use]
pub fn overlaps<'s>(sets: impl IntoIterator<Item = &'s RuleSet>) -> Vec<Overlap> {
    let sets: Vec<&RuleSet> = sets.into_iter().collect();
    let built_in = RuleSet::built_in();
    let mut found = Vec::new();
    for (index, one) in sets.iter().enumerate() {
        for other in &sets[index + 1..] {
            let same = one.name != other.name && one.scope.specificity() == other.scope.specificity() && one.scope.overlaps(&other.scope);
            if !same || **one == built_in || **other == built_in {
                continue;
            }
            let from = one.effective_from.max(other.effective_from);
            if from < end_of(one, &sets) && from < end_of(other, &sets) {
                found.push(Overlap { one: one.id(), other: other.id(), from });
            }
        }
    }
    found
}

/// When a version ends: by itself, or because a later one of its name begins.
fn end_of(set: &RuleSet, sets: &[&RuleSet]) -> lineside_schemas::Timestamp {
    let replaced =
        sets.iter().filter(|later| later.name == set.name && (later.effective_from, later.version) > (set.effective_from, set.version)).map(|later| later.effective_from);
    let never = lineside_schemas::Timestamp::from_micros(i64::MAX);
    replaced.chain(set.effective_to).min().unwrap_or(never)
}
