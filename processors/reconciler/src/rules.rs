//! The tables: posting rules, and the groups of materials that rules are for.

use std::collections::HashMap;

use lineside_api::TableRecord;
use lineside_posting_rules::{Rounding, Rule, RuleBook};
use lineside_schemas::{Codec, Timestamp, contract};
use lineside_topology::topics::{MASTER_ITEM, RULES_POSTING};

use crate::account::Account;

/// Rules and item groups, as the topics have them.
#[derive(Debug, Clone)]
pub struct Rules {
    book: RuleBook,
    /// By plant and item.
    groups: HashMap<String, String>,
    default: Rounding,
}

impl Default for Rules {
    fn default() -> Self {
        Self { book: RuleBook::new(), groups: HashMap::new(), default: Rounding::default() }
    }
}

impl Rules {
    /// Takes in a record of a table. What cannot be read says nothing.
    pub fn take(&mut self, record: &TableRecord<'_>, codec: &Codec) {
        if record.topic == RULES_POSTING.name() {
            match record.value.map(|bytes| codec.decode::<contract::PostingRuleSet>(bytes)) {
                Some(Ok(set)) => drop(self.book.put(&set)),
                Some(Err(_)) => {}
                None => self.book.remove(record.key),
            }
        } else if record.topic == MASTER_ITEM.name() {
            let group = record.value.and_then(|bytes| codec.decode::<contract::Item>(bytes).ok()).and_then(|item| item.item_group.map(str::to_owned));
            match group {
                Some(group) => drop(self.groups.insert(record.key.to_owned(), group)),
                None => drop(self.groups.remove(record.key)),
            }
        }
    }

    /// The rule in force for an order at a time, if any.
    #[must_use]
    pub fn in_force(&self, account: &Account, at: Timestamp) -> Option<&Rule> {
        let group = account.item.as_ref().and_then(|item| self.groups.get(&format!("{}/{item}", account.plant)));
        self.book.in_force(&account.plant, account.order_type.as_deref(), group.map(String::as_str), at)
    }

    /// How the last posting of the order was rounded.
    #[must_use]
    pub fn rounding(&self, account: &Account) -> &Rounding {
        account.rule_version.as_deref().and_then(|version| self.book.by_version(version)).map_or(&self.default, |rule| &rule.rounding)
    }
}
