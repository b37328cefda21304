//! What two versions of a rule differ in, field by field and in words.

use std::collections::BTreeSet;
use std::fmt;

use lineside_schemas::Timestamp;

use crate::file::Word;
use crate::file::span;
use crate::rule::{Rule, ShiftEnd};
use crate::rule_set::RuleSet;
use crate::tolerance::Tolerance;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The key in the file, with `.` between the parts.
    pub field: String,
    /// What it was, in words.
    pub was: String,
    /// What it is, in words.
    pub is: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, was {}", self.field, self.is, self.was)
    }
}

/// Everything that `new` says otherwise than `old`, in the order of the file. Who published either of them does not count, nor do their numbers.
#[must_use]
pub fn difference(old: &RuleSet, new: &RuleSet) -> Vec<Difference> {
    let (was, is) = (facts(old), facts(new));
    // Fields that both have stand in the order of the file; what only the old one has comes where it stood.
    let fields: BTreeSet<(usize, String)> = was.iter().chain(&is).map(|fact| (fact.order, fact.field.clone())).collect();
    let value = |facts: &[Fact], field: &str| facts.iter().find(|fact| fact.field == field).map_or_else(|| NOTHING.to_owned(), |fact| fact.value.clone());
    fields
        .into_iter()
        .map(|(_, field)| Difference { was: value(&was, &field), is: value(&is, &field), field })
        .filter(|difference| difference.was != difference.is)
        .collect()
}

const NOTHING: &str = "nothing";

struct Fact {
    order: usize,
    field: String,
    value: String,
}

/// What a version says, a line per field, in words.
#[must_use]
pub fn statements(set: &RuleSet) -> Vec<(String, String)> {
    facts(set).into_iter().map(|fact| (fact.field, fact.value)).collect()
}

fn facts(set: &RuleSet) -> Vec<Fact> {
    let rule = &set.rule;
    let mut facts = Facts(Vec::new(), 0);
    facts.add("description", set.description.clone());
    facts.add("applies_to.plants", Some(among(&set.scope.plants)));
    facts.add("applies_to.order_types", Some(among(&set.scope.order_types)));
    facts.add("applies_to.item_groups", Some(among(&set.scope.item_groups)));
    facts.add("effective_from", Some(if set.effective_from == Timestamp::MIN { "always".to_owned() } else { set.effective_from.to_string() }));
    facts.add("effective_to", Some(set.effective_to.map_or_else(|| "until the next version".to_owned(), |to| to.to_string())));
    facts.add("protected", Some(yes(set.governance.is_protected)));
    facts.add("mode", Some(rule.mode.word()));
    facts.add("milestones", (!rule.milestones.is_empty()).then(|| among(&rule.milestones)));
    add_triggers(&mut facts, rule);
    add_completeness(&mut facts, rule);
    facts.add("late_events", Some(rule.late.word()));
    facts.group();
    for tolerance in &rule.tolerances {
        let of = tolerance.item.as_ref().map_or_else(|| "every item".to_owned(), Clone::clone);
        facts.put(format!("tolerances.{}.{of}", tolerance.check.word()), tolerance_words(tolerance));
    }
    facts.add("rounding.mode", Some(rule.rounding.mode.word()));
    facts.group();
    for (unit, digits) in &rule.rounding.digits {
        facts.put(format!("rounding.digits.{unit}"), digits.to_string());
    }
    facts.add("units", Some(rule.units.word()));
    add_posting_date(&mut facts, rule);
    facts.add("lots", Some(rule.lots.word()));
    facts.add("serials", Some(rule.serials.word()));
    facts.add("scrap.book", Some(rule.scrap.book.word()));
    facts.group();
    for (reason, book) in &rule.scrap.reasons {
        facts.put(format!("scrap.reasons.{reason}"), book.word());
    }
    facts.add("by_products", Some(rule.by_products.word()));
    facts.add("co_products", Some(rule.co_products.word()));
    facts.add("double_consumption", Some(rule.double_consumption.word()));
    facts.add("reversals", Some(rule.reversals.word()));
    facts.add("reversal_of_reversal", Some(rule.reversal_of_reversal.word()));
    facts.add("cancelled_orders", Some(rule.cancelled_orders.word()));
    facts.add("closed_orders", Some(rule.closed_orders.word()));
    facts.add("negative_net", Some(rule.negative_net.word()));
    facts.add("keep_closed_orders", Some(rule.closed_orders_kept_days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"))));
    facts.0
}

struct Facts(Vec<Fact>, usize);

impl Facts {
    /// A field, if the rule says anything of it.
    fn add(&mut self, field: &str, value: Option<String>) {
        self.group();
        if let Some(value) = value {
            self.put(field.to_owned(), value);
        }
    }

    /// What comes next stands after what came before.
    fn group(&mut self) {
        self.1 += 1;
    }

    fn put(&mut self, field: String, value: String) {
        self.0.push(Fact { order: self.1, field, value });
    }
}

fn add_triggers(facts: &mut Facts, rule: &Rule) {
    let triggers = &rule.triggers;
    facts.add("post.on_completion", Some(yes(triggers.on_completion)));
    facts.add("post.at_milestones", Some(yes(triggers.at_milestones)));
    facts.add("post.after_events", triggers.after_events.map(|count| count.to_string()));
    facts.add("post.after_wait", triggers.after_wait_ms.map(span::display));
    facts.add(
        "post.at_shift_end",
        triggers.shift_end.as_ref().map(|shift_end| match shift_end {
            ShiftEnd::Calendar(calendar) => format!("of calendar {calendar}"),
            ShiftEnd::Times { times, time_zone } => format!("at {} in {time_zone}", times.join(", ")),
        }),
    );
}

fn add_completeness(facts: &mut Facts, rule: &Rule) {
    let gate = &rule.completeness;
    let waits = gate.watermark.word() != "none";
    facts.add("completeness.watermark", Some(gate.watermark.word()));
    facts.add("completeness.sources", waits.then(|| if gate.sources.is_empty() { "those that reported".to_owned() } else { gate.sources.join(", ") }));
    facts.add("completeness.meanwhile", waits.then(|| gate.meanwhile.word()));
    facts.add("completeness.wait", waits.then(|| gate.wait_ms.map_or_else(|| "for ever".to_owned(), span::display)));
    facts.add("completeness.overdue", gate.wait_ms.filter(|_| waits).map(|_| gate.overdue.word()));
}

fn add_posting_date(facts: &mut Facts, rule: &Rule) {
    let date = &rule.posting_date;
    facts.add("posting_date.basis", Some(date.basis.word()));
    facts.add("posting_date.shift_calendar", date.shift_calendar.clone());
    facts.add("posting_date.open_from", date.open_from.map(|day| day.to_string()));
    facts.group();
    for (from, to) in &date.closed_periods {
        facts.put(format!("posting_date.closed_periods.{from}"), format!("to {to}"));
    }
    facts.add("posting_date.month_end_cutoff", date.month_end_cutoff_minutes.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)));
    facts.add("posting_date.month_open_days", date.month_open_days.map(|days| days.to_string()));
    facts.add("posting_date.closed", Some(date.closed.word()));
}

fn tolerance_words(tolerance: &Tolerance) -> String {
    let percent = tolerance.percent.map(|percent| format!("{percent} %"));
    let absolute = tolerance.absolute.as_ref().map(|(value, unit)| format!("{value} {unit}"));
    let limits: Vec<String> = percent.into_iter().chain(absolute).collect();
    format!("beyond {} {}", limits.join(" or "), tolerance.beyond.word())
}

fn among(names: &[String]) -> String {
    if names.iter().any(|name| name == crate::rule::EVERY) { "every one".to_owned() } else { names.join(", ") }
}

fn yes(flag: bool) -> String {
    if flag { "yes" } else { "no" }.to_owned()
}
