//! Differences in words.

use lineside_posting_rules::{RuleSet, difference};

fn set(text: &str) -> RuleSet {
    RuleSet::from_yaml("f", &format!("rule_set: a\nversion: 1\neffective_from: 2026-01-01T00:00:00Z\nmode: explicit-movements\n{text}")).unwrap()
}

fn told(old: &str, new: &str) -> Vec<String> {
    difference(&set(old), &set(new)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_version_against_itself_differs_in_nothing() {
    assert!(told("lots: required\n", "lots: required\n").is_empty());
    assert!(told("", "lots: keep\n").is_empty(), "what is left out is its default");
}

#[test]
fn differences_are_told_field_by_field_in_the_order_of_the_file() {
    assert_eq!(
        told(
            "post: {after_wait: 4h}\ntolerances: [{check: over-delivery, percent: 5, beyond: hold}]\nrounding: {digits: {KGM: 2}}\n",
            "applies_to: {plants: [plant-a, plant-b]}\npost: {after_wait: 90m, at_shift_end: {calendar: EARLY}}\n\
             tolerances: [{check: over-delivery, percent: 5, absolute: 2 KGM, beyond: accept}, {check: over-delivery, item: RM-1, percent: 1, beyond: hold}]\n\
             closed_orders: hold\nkeep_closed_orders: for-ever\n",
        ),
        [
            "applies_to.plants: plant-a, plant-b, was every one",
            "post.after_wait: 1h30m, was 4h",
            "post.at_shift_end: of calendar EARLY, was nothing",
            "tolerances.over-delivery.RM-1: beyond 1 % hold, was nothing",
            "tolerances.over-delivery.every item: beyond 5 % or 2 KGM accept, was beyond 5 % hold",
            "rounding.digits.KGM: nothing, was 2",
            "closed_orders: hold, was reopen",
            "keep_closed_orders: for ever, was 90 days",
        ]
    );
}
