//! All versions of all rule sets, and which one is in force.

use std::collections::BTreeMap;

use lineside_schemas::Timestamp;
use lineside_schemas::records::PostingRuleSet;

use crate::record::{RuleRecordError, scope_of};
use crate::rule::Rule;
use crate::rule_set::{RuleSet, Scope, rule_id};

/// A version as far as selecting it needs.
#[derive(Debug, Clone)]
struct Version {
    scope: Scope,
    effective_from: Timestamp,
    effective_to: Option<Timestamp>,
    is_released: bool,
    /// What it says; or why this program cannot tell. Such a version is not passed over for another: what it holds for has no rule then.
    set: Result<RuleSet, RuleRecordError>,
}

/// Every version that was published, by name. Contains [`RuleSet::built_in`] from the start.
#[derive(Debug, Clone)]
pub struct RuleBook {
    names: BTreeMap<String, BTreeMap<u32, Version>>,
}

impl Default for RuleBook {
    fn default() -> Self {
        Self::new()
    }
}

impl RuleBook {
    /// With the built-in rule set alone.
    #[must_use]
    pub fn new() -> Self {
        let mut book = Self { names: BTreeMap::new() };
        book.insert(RuleSet::built_in());
        book
    }

    /// Takes a version in, in place of one of the same name and number.
    pub fn insert(&mut self, set: RuleSet) {
        let version = Version {
            scope: set.scope.clone(),
            effective_from: set.effective_from,
            effective_to: set.effective_to,
            is_released: set.is_released(),
            set: Ok(set.clone()),
        };
        self.names.entry(set.name).or_default().insert(set.version, version);
    }

    /// Takes a record of `rules.posting.v1` in.
    ///
    /// # Errors
    /// [`RuleRecordError`] if this program does not understand it. The version is kept all the same, so that no other one takes its place: [`Self::in_force`] gives none where it
    /// would be in force.
    pub fn put(&mut self, record: &PostingRuleSet<'_>) -> Result<(), RuleRecordError> {
        match RuleSet::from_record(record) {
            Ok(set) => {
                self.insert(set);
                Ok(())
            }
            Err(error) => {
                let version = Version {
                    scope: scope_of(record),
                    effective_from: record.effective_from,
                    effective_to: record.effective_to,
                    is_released: true,
                    set: Err(error.clone()),
                };
                self.names.entry(record.name.to_owned()).or_default().insert(record.version.unsigned_abs(), version);
                Err(error)
            }
        }
    }

    /// Takes a version out, by its key `name/version`: what a tombstone asks for. The built-in one comes back in its place.
    pub fn remove(&mut self, key: &str) {
        let Some((name, version)) = key.rsplit_once('/').and_then(|(name, version)| Some((name, version.parse::<u32>().ok()?))) else { return };
        if let Some(versions) = self.names.get_mut(name) {
            versions.remove(&version);
            if versions.is_empty() {
                self.names.remove(name);
            }
        }
        let built_in = RuleSet::built_in();
        if built_in.id() == key {
            self.insert(built_in);
        }
    }

    /// The rule by which an event is judged: of the order's plant, type and the group of its product, at the event's source time.
    ///
    /// Of each name one version counts: the latest that has begun (of those that begin at one time the highest), even if it has ended since. Of the names the most specific goes first
    /// ([`Scope::specificity`]), then the latest begin, then the highest version, then the first name. None if nothing is in force, or what is cannot be understood.
    #[must_use]
    pub fn in_force(&self, plant: &str, order_type: Option<&str>, item_group: Option<&str>, at: Timestamp) -> Option<&Rule> {
        self.set_in_force(plant, order_type, item_group, at).map(|set| &set.rule)
    }

    /// As [`Self::in_force`], with its scope, time and governance.
    #[must_use]
    pub fn set_in_force(&self, plant: &str, order_type: Option<&str>, item_group: Option<&str>, at: Timestamp) -> Option<&RuleSet> {
        let candidates = self.names.iter().filter_map(|(name, versions)| {
            let (number, version) = current(versions, at)?;
            let meant = version.effective_to.is_none_or(|end| at < end) && version.scope.holds_for(plant, order_type, item_group);
            meant.then_some((version.scope.specificity(), version.effective_from, number, std::cmp::Reverse(name), version))
        });
        let (.., version) = candidates.max_by(|a, b| (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)))?;
        version.set.as_ref().ok()
    }

    /// The rule of a posting's `rule_version`, whether or not it is in force.
    #[must_use]
    pub fn by_version(&self, id: &str) -> Option<&Rule> {
        self.set_by_version(id).map(|set| &set.rule)
    }

    /// As [`Self::by_version`], with its scope, time and governance.
    #[must_use]
    pub fn set_by_version(&self, id: &str) -> Option<&RuleSet> {
        let (name, version) = id.rsplit_once('/')?;
        // Compared as text again, so that `default/01` is nobody.
        self.names.get(name)?.get(&version.parse().ok()?)?.set.as_ref().ok().filter(|set| rule_id(name, set.version) == id)
    }

    /// Every version that is understood, by name and number.
    pub fn sets(&self) -> impl Iterator<Item = &RuleSet> {
        self.names.values().flat_map(BTreeMap::values).filter_map(|version| version.set.as_ref().ok())
    }

    /// The versions of a name, by number.
    pub fn versions<'b>(&'b self, name: &str) -> impl Iterator<Item = &'b RuleSet> {
        self.names.get(name).into_iter().flat_map(BTreeMap::values).filter_map(|version| version.set.as_ref().ok())
    }

    /// The highest version of a name.
    #[must_use]
    pub fn latest(&self, name: &str) -> Option<&RuleSet> {
        self.versions(name).last()
    }

    /// Versions that this program does not understand, with why.
    pub fn not_understood(&self) -> impl Iterator<Item = (String, &RuleRecordError)> {
        self.names.iter().flat_map(|(name, versions)| versions.iter().filter_map(move |(number, version)| Some((rule_id(name, *number), version.set.as_ref().err()?))))
    }
}

/// The released version of a name that began last.
fn current(versions: &BTreeMap<u32, Version>, at: Timestamp) -> Option<(u32, &Version)> {
    let begun = versions.iter().filter(|(_, version)| version.is_released && version.effective_from <= at);
    begun.max_by_key(|(number, version)| (version.effective_from, **number)).map(|(number, version)| (*number, version))
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::{PostingMode, RuleApproval};

    use super::*;
    use crate::rule_set::Decision;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_millis(hour * 3_600_000)
    }

    fn set(name: &str, version: u32, scope: [&str; 3], from: i64) -> RuleSet {
        let [plants, order_types, item_groups] = scope.map(|name| vec![name.to_owned()]);
        let mut set = RuleSet { name: name.to_owned(), version, scope: Scope { plants, order_types, item_groups }, effective_from: at(from), ..RuleSet::built_in() };
        set.rule.version = set.id();
        set
    }

    fn book(sets: impl IntoIterator<Item = RuleSet>) -> RuleBook {
        let mut book = RuleBook::new();
        sets.into_iter().for_each(|set| book.insert(set));
        book
    }

    fn chosen(book: &RuleBook, hour: i64) -> &str {
        book.in_force("plant-a", Some("PP01"), Some("FG"), at(hour)).map_or("none", |rule| &rule.version)
    }

    #[test]
    fn without_any_published_the_built_in_holds_for_every_order_at_every_time() {
        let book = RuleBook::new();
        assert_eq!(book.in_force("anything", None, None, Timestamp::MIN).unwrap().version, "default/1");
        assert_eq!(book.by_version("default/1").unwrap().mode, PostingMode::ExplicitMovements);
        assert!(book.by_version("default/2").is_none() && book.by_version("default/01").is_none() && book.by_version("default").is_none());
    }

    #[test]
    fn the_most_specific_goes_first_then_plant_before_type_before_group() {
        let all = [
            set("plant", 1, ["plant-a", "*", "*"], 0),
            set("type", 1, ["*", "PP01", "*"], 0),
            set("group", 1, ["*", "*", "FG"], 0),
            set("plant-type", 1, ["plant-a", "PP01", "*"], 0),
            set("type-group", 1, ["*", "PP01", "FG"], 0),
            set("all", 1, ["plant-a", "PP01", "FG"], 0),
            set("elsewhere", 1, ["plant-b", "PP01", "FG"], 9),
        ];
        let mut left = all.to_vec();
        for expected in ["all/1", "plant-type/1", "type-group/1", "plant/1", "type/1", "group/1", "default/1"] {
            let book = book(left.clone());
            assert_eq!(chosen(&book, 10), expected);
            left.retain(|set| set.id() != expected);
        }
    }

    #[test]
    fn an_order_without_type_or_group_is_meant_only_where_every_one_is() {
        let book = book([set("type", 1, ["plant-a", "PP01", "*"], 0)]);
        assert_eq!(book.in_force("plant-a", None, None, at(1)).unwrap().version, "default/1");
        assert_eq!(book.in_force("plant-a", Some("PP01"), None, at(1)).unwrap().version, "type/1");
    }

    #[test]
    fn a_version_takes_over_when_it_begins_and_the_earlier_one_does_not_come_back_when_it_ends() {
        let second = RuleSet { effective_to: Some(at(20)), ..set("a", 2, ["plant-a", "*", "*"], 10) };
        let book = book([set("a", 1, ["plant-a", "*", "*"], 5), second]);
        assert_eq!([4, 5, 9, 10, 19, 20].map(|hour| chosen(&book, hour)), ["default/1", "a/1", "a/1", "a/2", "a/2", "default/1"]);
    }

    #[test]
    fn of_equally_specific_names_the_later_begin_goes_first_then_the_higher_version_then_the_first_name() {
        let both = book([set("a", 3, ["plant-a", "*", "*"], 5), set("b", 1, ["plant-a", "*", "*"], 6)]);
        assert_eq!(chosen(&both, 7), "b/1");
        let versions = book([set("a", 1, ["plant-a", "*", "*"], 5), set("b", 2, ["plant-a", "*", "*"], 5)]);
        assert_eq!(chosen(&versions, 7), "b/2");
        let names = book([set("b", 1, ["plant-a", "*", "*"], 5), set("a", 1, ["plant-a", "*", "*"], 5)]);
        assert_eq!(chosen(&names, 7), "a/1");
    }

    #[test]
    fn what_waits_for_approval_is_not_in_force_and_nobody_approves_their_own() {
        let mut protected = set("a", 1, ["plant-a", "*", "*"], 0);
        protected.governance.is_protected = true;
        assert_eq!(chosen(&book([protected.clone()]), 1), "default/1", "not required is not enough for a protected one");
        protected.governance.approval = RuleApproval::Pending;
        assert_eq!(chosen(&book([protected.clone()]), 1), "default/1");
        protected.governance.approval = RuleApproval::Approved;
        assert_eq!(chosen(&book([protected.clone()]), 1), "default/1", "approved by nobody");
        protected.governance.published_by = "M. Keller".to_owned();
        let by = |name: &str| Some(Decision { by: name.to_owned(), at: at(0), known_as: None, reason: None });
        protected.governance.decision = by(" m.  keller ");
        assert_eq!(chosen(&book([protected.clone()]), 1), "default/1");
        protected.governance.decision = by("A. Okafor");
        assert_eq!(chosen(&book([protected.clone()]), 1), "a/1");
        protected.governance.approval = RuleApproval::Rejected;
        assert_eq!(chosen(&book([protected]), 1), "default/1");
    }

    #[test]
    fn a_record_that_is_not_understood_leaves_no_rule_in_force_rather_than_a_wrong_one() {
        let mut book = RuleBook::new();
        let set = set("a", 1, ["plant-a", "*", "*"], 5);
        let strings = set.strings();
        let mut record = set.to_record(&strings);
        record.mode = PostingMode::Unknown;
        assert_eq!(book.put(&record), Err(RuleRecordError::UnknownSymbol("mode")));
        assert_eq!([4, 5].map(|hour| chosen(&book, hour)), ["default/1", "none"]);
        assert_eq!(book.not_understood().map(|(id, _)| id).collect::<Vec<_>>(), ["a/1"]);
        book.remove("a/1");
        assert_eq!(chosen(&book, 5), "default/1");
    }

    #[test]
    fn a_published_default_replaces_the_built_in_until_it_is_taken_out() {
        let mut replaced = book([RuleSet { rule: Rule { mode: PostingMode::ConfirmOnly, ..Rule::built_in() }, ..RuleSet::built_in() }]);
        assert_eq!(replaced.by_version("default/1").unwrap().mode, PostingMode::ConfirmOnly);
        replaced.remove("default/1");
        assert_eq!(replaced.by_version("default/1").unwrap().mode, PostingMode::ExplicitMovements);
        replaced.remove("nobody/7");
        replaced.remove("no key");
        assert_eq!(replaced.sets().count(), 1);
    }
}
