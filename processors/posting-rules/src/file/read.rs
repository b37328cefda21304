//! Reads a file into a rule set, and says everything that is wrong with it.

use lineside_schemas::Timestamp;
use lineside_schemas::records::RuleApproval;
use lineside_yaml::{Errors, FileErrors, Item, Section, read};

use super::members::{date, days, flag, instant, name, names, number, prose, word};
use super::read_parts::{completeness, posting_date, rounding, scrap, tolerances, triggers};
use crate::rule::{EVERY, Rule};
use crate::rule_set::{Governance, RuleSet, Scope, rule_id};

/// Highest version: what the contract's `int` holds.
const MAX_VERSION: u32 = i32::MAX as u32;

impl RuleSet {
    /// Reads the file of a rule set that was not published yet: [`Governance::draft`].
    ///
    /// # Errors
    /// Everything wrong with it, each with its line and the nearest right name.
    pub fn from_yaml(file_name: &str, text: &str) -> Result<Self, FileErrors> {
        let mut errors = Errors::new(file_name);
        let set = read(text, &mut errors).and_then(|root| rule_set(&root, &mut errors));
        match set {
            Some(set) if errors.is_empty() => Ok(set),
            _ => Err(errors.finish()),
        }
    }
}

impl Governance {
    /// Of what nobody published yet.
    #[must_use]
    pub fn draft(is_protected: bool) -> Self {
        Self {
            is_protected,
            approval: if is_protected { RuleApproval::Pending } else { RuleApproval::NotRequired },
            published_by: String::new(),
            published_at: Timestamp::EPOCH,
            published_as: None,
            reason: String::new(),
            is_retroactive: false,
            decision: None,
        }
    }
}

fn rule_set(root: &Item, errors: &mut Errors) -> Option<RuleSet> {
    root.map().or_else(|| {
        root.entries("the file", errors);
        None
    })?;
    let mut file = Section::new(root, "the file", errors);
    let set_name = file.need("rule_set", errors).and_then(|item| set_name(item, errors));
    let version = file.need("version", errors).and_then(|item| number(item, "version", 1..=MAX_VERSION, errors));
    let description = file.take("description").and_then(|item| prose(item, "`description`", errors));
    let scope = file.take("applies_to").map_or_else(Scope::every, |item| scope(item, errors));
    let effective_from = file.need("effective_from", errors).and_then(|item| instant(item, "effective_from", errors));
    let until = file.take("effective_to");
    let effective_to = until.and_then(|item| instant(item, "effective_to", errors));
    if let (Some(from), Some(to), Some(item)) = (effective_from, effective_to, until)
        && to <= from
    {
        errors.add(item.line, format!("`effective_to` is not after `effective_from`, {from}"));
    }
    let is_protected = flag(&mut file, "protected", false, errors);
    let rule = rule(&mut file, errors);
    file.finish(errors);
    let (name, version) = (set_name?, version?);
    Some(RuleSet {
        rule: Rule { version: rule_id(&name, version), ..rule },
        name,
        version,
        description,
        scope,
        effective_from: effective_from?,
        effective_to,
        governance: Governance::draft(is_protected),
    })
}

/// Names of rule sets are part of keys and of commands.
fn set_name(item: &Item, errors: &mut Errors) -> Option<String> {
    let text = name(item, "`rule_set`", errors)?;
    if !text.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')) {
        errors.add(item.line, format!("`rule_set` is made of letters, digits, `-`, `_` and `.`; `{text}` is not"));
        return None;
    }
    Some(text.to_owned())
}

fn scope(item: &Item, errors: &mut Errors) -> Scope {
    let mut section = Section::new(item, "`applies_to`", errors);
    let mut list = |key: &'static str| section.take(key).map_or_else(|| vec![EVERY.to_owned()], |item| names(item, &format!("`{key}`"), true, errors));
    let (plants, order_types, item_groups) = (list("plants"), list("order_types"), list("item_groups"));
    section.finish(errors);
    Scope { plants, order_types, item_groups }
}

fn rule(file: &mut Section<'_>, errors: &mut Errors) -> Rule {
    let base = Rule::built_in();
    let mode = file.need("mode", errors).and_then(|item| super::members::word_at(item, "mode", errors)).unwrap_or(base.mode);
    let milestones = file.take("milestones");
    let milestones_line = milestones.map_or(1, |item| item.line);
    let milestones = milestones.map(|item| names(item, "`milestones`", true, errors)).unwrap_or_default();
    let post = file.take("post");
    let triggers = post.map_or_else(|| base.triggers.clone(), |item| triggers(item, errors));
    match (triggers.at_milestones, milestones.is_empty()) {
        (true, true) => errors.add(post.map_or(1, |item| item.line), "`at_milestones` posts at milestones, but no `milestones` are named"),
        (false, false) => errors.add(milestones_line, "`milestones` are named, but `post` says nothing of `at_milestones`"),
        _ => {}
    }
    let completeness = file.take("completeness").map_or_else(|| base.completeness.clone(), |item| completeness(item, errors));
    let late = file.take("late_events");
    let late_line = late.map_or(1, |item| item.line);
    let late = late.and_then(|item| super::members::word_at(item, "late_events", errors)).unwrap_or(base.late);
    let batches = triggers.after_events.is_some() || triggers.after_wait_ms.is_some() || triggers.shift_end.is_some();
    if late == lineside_schemas::records::LateEventAction::Batched && !batches {
        errors.add(late_line, "`late_events` are batched, but neither `after_events`, `after_wait` nor `at_shift_end` would ever post them");
    }
    let tolerances = file.take("tolerances").map(|item| tolerances(item, errors)).unwrap_or_default();
    let rounding = file.take("rounding").map_or_else(|| base.rounding.clone(), |item| rounding(item, errors));
    let posting_date = file.take("posting_date").map_or_else(|| base.posting_date.clone(), |item| posting_date(item, triggers.shift_end.as_ref(), errors));
    let scrap = file.take("scrap").map_or_else(|| base.scrap.clone(), |item| scrap(item, errors));
    Rule {
        version: String::new(),
        mode,
        milestones,
        triggers,
        completeness,
        late,
        tolerances,
        rounding,
        units: word(file, "units", base.units, errors),
        posting_date,
        lots: word(file, "lots", base.lots, errors),
        serials: word(file, "serials", base.serials, errors),
        scrap,
        by_products: word(file, "by_products", base.by_products, errors),
        co_products: word(file, "co_products", base.co_products, errors),
        double_consumption: word(file, "double_consumption", base.double_consumption, errors),
        reversals: word(file, "reversals", base.reversals, errors),
        reversal_of_reversal: word(file, "reversal_of_reversal", base.reversal_of_reversal, errors),
        cancelled_orders: word(file, "cancelled_orders", base.cancelled_orders, errors),
        closed_orders: word(file, "closed_orders", base.closed_orders, errors),
        negative_net: word(file, "negative_net", base.negative_net, errors),
        closed_orders_kept_days: match file.take("keep_closed_orders") {
            Some(item) if item.scalar() == Some(FOR_EVER) => None,
            Some(item) => days(item, "keep_closed_orders", errors).or(base.closed_orders_kept_days),
            None => base.closed_orders_kept_days,
        },
    }
}

/// How long closed orders are kept that are never dropped.
pub(super) const FOR_EVER: &str = "for-ever";

/// First and last day of a period, in order.
pub(super) fn period(item: &Item, errors: &mut Errors) -> Option<(lineside_schemas::Date, lineside_schemas::Date)> {
    let mut section = Section::new(item, "a closed period", errors);
    let from = section.need("from", errors).and_then(|item| date(item, "from", errors));
    let to = section.need("to", errors).and_then(|item| date(item, "to", errors));
    section.finish(errors);
    let (from, to) = from.zip(to)?;
    if to < from {
        errors.add(item.line, format!("the closed period ends on {to}, before it begins on {from}"));
        return None;
    }
    Some((from, to))
}
