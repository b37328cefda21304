//! Writes a rule set as the file that reads back as it: with every key, so that what was left to its default is seen.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use super::span;
use super::words::Word;
use crate::posting_date::PostingDate;
use crate::rule::{Rule, ShiftEnd, Triggers};
use crate::rule_set::RuleSet;

use super::read::FOR_EVER;

impl RuleSet {
    /// The file. What was published when and by whom is no part of it.
    ///
    /// # Panics
    /// Never: a String takes whatever is written to it.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut out = String::new();
        write(&mut out, self).expect("a String takes whatever is written to it");
        out
    }
}

fn write(out: &mut String, set: &RuleSet) -> fmt::Result {
    writeln!(out, "rule_set: {}", set.name)?;
    writeln!(out, "version: {}", set.version)?;
    if let Some(description) = &set.description {
        writeln!(out, "description: {}", quoted(description))?;
    }
    writeln!(out, "applies_to:")?;
    writeln!(out, "  plants: {}", list(&set.scope.plants))?;
    writeln!(out, "  order_types: {}", list(&set.scope.order_types))?;
    writeln!(out, "  item_groups: {}", list(&set.scope.item_groups))?;
    writeln!(out, "effective_from: {}", set.effective_from)?;
    if let Some(to) = set.effective_to {
        writeln!(out, "effective_to: {to}")?;
    }
    writeln!(out, "protected: {}", set.governance.is_protected)?;
    write_rule(out, &set.rule)
}

fn write_rule(out: &mut String, rule: &Rule) -> fmt::Result {
    writeln!(out, "mode: {}", rule.mode.word())?;
    if !rule.milestones.is_empty() {
        writeln!(out, "milestones: {}", list(&rule.milestones))?;
    }
    write_triggers(out, &rule.triggers)?;
    writeln!(out, "completeness:\n  watermark: {}", rule.completeness.watermark.word())?;
    if rule.completeness.watermark.word() != "none" {
        if !rule.completeness.sources.is_empty() {
            writeln!(out, "  sources: {}", list(&rule.completeness.sources))?;
        }
        writeln!(out, "  meanwhile: {}", rule.completeness.meanwhile.word())?;
        if let Some(wait) = rule.completeness.wait_ms {
            writeln!(out, "  wait: {}\n  overdue: {}", span::display(wait), rule.completeness.overdue.word())?;
        }
    }
    writeln!(out, "late_events: {}", rule.late.word())?;
    if !rule.tolerances.is_empty() {
        writeln!(out, "tolerances:")?;
    }
    for tolerance in &rule.tolerances {
        write!(out, "  - {{check: {}", tolerance.check.word())?;
        if let Some(item) = &tolerance.item {
            write!(out, ", item: {}", quoted(item))?;
        }
        if let Some(percent) = tolerance.percent {
            write!(out, ", percent: {percent}")?;
        }
        if let Some((value, unit)) = &tolerance.absolute {
            write!(out, ", absolute: {value} {unit}")?;
        }
        writeln!(out, ", beyond: {}}}", tolerance.beyond.word())?;
    }
    writeln!(out, "rounding:\n  mode: {}", rule.rounding.mode.word())?;
    write_map(out, "  digits", &rule.rounding.digits.iter().map(|(unit, digits)| (unit, digits.to_string())).collect())?;
    writeln!(out, "units: {}", rule.units.word())?;
    write_posting_date(out, &rule.posting_date)?;
    writeln!(out, "lots: {}\nserials: {}", rule.lots.word(), rule.serials.word())?;
    writeln!(out, "scrap:\n  book: {}", rule.scrap.book.word())?;
    write_map(out, "  reasons", &rule.scrap.reasons.iter().map(|(reason, book)| (reason, book.word())).collect())?;
    writeln!(out, "by_products: {}\nco_products: {}", rule.by_products.word(), rule.co_products.word())?;
    writeln!(out, "double_consumption: {}", rule.double_consumption.word())?;
    writeln!(out, "reversals: {}\nreversal_of_reversal: {}", rule.reversals.word(), rule.reversal_of_reversal.word())?;
    writeln!(out, "cancelled_orders: {}\nclosed_orders: {}", rule.cancelled_orders.word(), rule.closed_orders.word())?;
    writeln!(out, "negative_net: {}", rule.negative_net.word())?;
    match rule.closed_orders_kept_days {
        Some(days) => writeln!(out, "keep_closed_orders: {days}d"),
        None => writeln!(out, "keep_closed_orders: {FOR_EVER}"),
    }
}

fn write_triggers(out: &mut String, triggers: &Triggers) -> fmt::Result {
    writeln!(out, "post:\n  on_completion: {}\n  at_milestones: {}", triggers.on_completion, triggers.at_milestones)?;
    if let Some(count) = triggers.after_events {
        writeln!(out, "  after_events: {count}")?;
    }
    if let Some(wait) = triggers.after_wait_ms {
        writeln!(out, "  after_wait: {}", span::display(wait))?;
    }
    match &triggers.shift_end {
        Some(ShiftEnd::Calendar(calendar)) => writeln!(out, "  at_shift_end: {{calendar: {}}}", quoted(calendar)),
        Some(ShiftEnd::Times { times, time_zone }) => writeln!(out, "  at_shift_end: {{times: {}, time_zone: {time_zone}}}", list(times)),
        None => Ok(()),
    }
}

fn write_posting_date(out: &mut String, date: &PostingDate) -> fmt::Result {
    writeln!(out, "posting_date:\n  basis: {}", date.basis.word())?;
    if let Some(calendar) = &date.shift_calendar {
        writeln!(out, "  shift_calendar: {}", quoted(calendar))?;
    }
    if let Some(open_from) = date.open_from {
        writeln!(out, "  open_from: {open_from}")?;
    }
    if !date.closed_periods.is_empty() {
        writeln!(out, "  closed_periods:")?;
    }
    for (from, to) in &date.closed_periods {
        writeln!(out, "    - {{from: {from}, to: {to}}}")?;
    }
    if let Some(minutes) = date.month_end_cutoff_minutes {
        writeln!(out, "  month_end_cutoff: \"{:02}:{:02}\"", minutes / 60, minutes % 60)?;
    }
    if let Some(days) = date.month_open_days {
        writeln!(out, "  month_open_days: {days}")?;
    }
    writeln!(out, "  closed: {}", date.closed.word())
}

fn write_map(out: &mut String, key: &str, map: &BTreeMap<&String, String>) -> fmt::Result {
    if map.is_empty() {
        return Ok(());
    }
    let members: Vec<String> = map.iter().map(|(key, value)| format!("{}: {value}", quoted(key))).collect();
    writeln!(out, "{key}: {{{}}}", members.join(", "))
}

fn list(names: &[String]) -> String {
    format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
}

/// A double-quoted scalar: YAML reads the escapes of JSON.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control() || matches!(character, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
