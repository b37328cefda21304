//! A version of a rule: for which orders, from when, and who answers for it.

use lineside_schemas::Timestamp;
use lineside_schemas::records::RuleApproval;

use crate::rule::{EVERY, Rule};

/// Which orders a rule set holds for. Each list names values, or is [`EVERY`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Plants.
    pub plants: Vec<String>,
    /// Order types.
    pub order_types: Vec<String>,
    /// Groups of the order's product.
    pub item_groups: Vec<String>,
}

impl Scope {
    /// Every order.
    #[must_use]
    pub fn every() -> Self {
        let every = || vec![EVERY.to_owned()];
        Self { plants: every(), order_types: every(), item_groups: every() }
    }

    /// Whether an order is meant. One without a type or group is meant only where every one is.
    #[must_use]
    pub fn holds_for(&self, plant: &str, order_type: Option<&str>, item_group: Option<&str>) -> bool {
        let among = |names: &[String], name: Option<&str>| names.iter().any(|one| one == EVERY || Some(one.as_str()) == name);
        among(&self.plants, Some(plant)) && among(&self.order_types, order_type) && among(&self.item_groups, item_group)
    }

    /// How specific it is: more when more of plant, order type and item group are named; with as many, plant counts more than order type, and that more than item group.
    #[must_use]
    pub fn specificity(&self) -> (usize, [bool; 3]) {
        let named = [&self.plants, &self.order_types, &self.item_groups].map(|names| !names.iter().any(|name| name == EVERY));
        (named.into_iter().filter(|named| *named).count(), named)
    }

    /// Whether some order is meant by both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let share = |ours: &[String], theirs: &[String]| {
            ours.iter().any(|one| one == EVERY) || theirs.iter().any(|one| one == EVERY) || ours.iter().any(|one| theirs.contains(one))
        };
        share(&self.plants, &other.plants) && share(&self.order_types, &other.order_types) && share(&self.item_groups, &other.item_groups)
    }
}

/// Who published a version, when and why; and what a second person decided of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Governance {
    /// A second person has to approve it, and later versions of the name.
    pub is_protected: bool,
    /// Whether it was approved.
    pub approval: RuleApproval,
    /// Who published it.
    pub published_by: String,
    /// When.
    pub published_at: Timestamp,
    /// Account by which the publisher's client was known to Kafka.
    pub published_as: Option<String>,
    /// Why.
    pub reason: String,
    /// Published although its begin had passed.
    pub is_retroactive: bool,
    /// What the second person decided.
    pub decision: Option<Decision>,
}

/// An approval or a rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Who decided; never who published.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Account by which that client was known to Kafka.
    pub known_as: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A version of a rule set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// Name.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// What it is for.
    pub description: Option<String>,
    /// Which orders it holds for.
    pub scope: Scope,
    /// From when, by the source time of events.
    pub effective_from: Timestamp,
    /// Until when, that instant not included; until the next version when absent.
    pub effective_to: Option<Timestamp>,
    /// Who answers for it.
    pub governance: Governance,
    /// What it says.
    pub rule: Rule,
}

impl RuleSet {
    /// The one that is part of the program: [`Rule::built_in`], for every order and at every time.
    #[must_use]
    pub fn built_in() -> Self {
        Self {
            name: "default".to_owned(),
            version: 1,
            description: Some("Posts on completion, and what comes later as deltas".to_owned()),
            scope: Scope::every(),
            effective_from: Timestamp::MIN,
            effective_to: None,
            governance: Governance {
                is_protected: false,
                approval: RuleApproval::NotRequired,
                published_by: "Lineside".to_owned(),
                published_at: Timestamp::MIN,
                published_as: None,
                reason: "part of the program".to_owned(),
                is_retroactive: false,
                decision: None,
            },
            rule: Rule::built_in(),
        }
    }

    /// `name/version`: the key of its record, and how postings name it.
    #[must_use]
    pub fn id(&self) -> String {
        rule_id(&self.name, self.version)
    }

    /// Whether it may be in force at all: nobody has to approve it, or a second person did.
    #[must_use]
    pub fn is_released(&self) -> bool {
        let by_another = || self.governance.decision.as_ref().is_some_and(|decision| !is_same_person(&decision.by, &self.governance.published_by));
        match self.governance.approval {
            RuleApproval::NotRequired => !self.governance.is_protected,
            RuleApproval::Approved => by_another(),
            RuleApproval::Pending | RuleApproval::Rejected | RuleApproval::Unknown => false,
        }
    }

    /// As if nobody had to approve it: for running it where nothing is published.
    #[must_use]
    pub fn as_if_approved(mut self) -> Self {
        self.governance.is_protected = false;
        self.governance.approval = RuleApproval::NotRequired;
        self
    }

    /// Whether it has begun and not ended at an instant.
    #[must_use]
    pub fn is_effective(&self, at: Timestamp) -> bool {
        self.effective_from <= at && self.effective_to.is_none_or(|end| at < end)
    }
}

/// `name/version`
#[must_use]
pub fn rule_id(name: &str, version: u32) -> String {
    format!("{name}/{version}")
}

/// Whether two names are one person's: letter case and blanks around and between words do not count.
#[must_use]
pub fn is_same_person(one: &str, other: &str) -> bool {
    let words = |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(one) == words(other)
}
