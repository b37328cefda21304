//! What is wrong with a file is said with its line and the nearest right name.

use lineside_posting_rules::RuleSet;

const HEAD: &str = "rule_set: a\nversion: 1\neffective_from: 2026-01-01T00:00:00Z\nmode: explicit-movements\n";

/// What is wrong with these lines behind a right beginning of four.
fn wrong(rest: &str) -> String {
    wrong_file(&format!("{HEAD}{rest}"))
}

fn wrong_file(text: &str) -> String {
    RuleSet::from_yaml("r.yaml", text).map_or_else(|errors| errors.to_string(), |set| format!("right: {}", set.id()))
}

#[test]
fn names_that_are_nearly_right_are_told() {
    assert_eq!(wrong(""), "right: a/1");
    assert_eq!(wrong("late_event: delta\n"), "r.yaml:5: the file has no key `late_event`; did you mean `late_events`?");
    assert_eq!(wrong("post:\n  at_milestone: true\n"), "r.yaml:6: `post` has no key `at_milestone`; did you mean `at_milestones`?");
    assert_eq!(wrong("lots: requird\n"), "r.yaml:5: `lots` is no `requird`; did you mean `required`?");
    assert_eq!(wrong("rounding: {digits: {KG: 3}}\n"), "r.yaml:5: there is no unit `KG`; did you mean `KGM`?");
    assert_eq!(
        wrong("post: {at_shift_end: {times: [\"06:00\"], time_zone: Europe/Pari}}\n"),
        "r.yaml:5: there is no time zone `Europe/Pari`; did you mean `Europe/Paris`?"
    );
}

#[test]
fn everything_wrong_is_told_at_once_in_the_order_of_the_file() {
    let told = wrong_file("rule_set: a b\nversion: 0\nmode: backflush\nunits: kilogram\n");
    assert_eq!(
        told,
        "r.yaml:1: `rule_set` is made of letters, digits, `-`, `_` and `.`; `a b` is not\n\
         r.yaml:1: the file has no `effective_from`\n\
         r.yaml:2: `version` is a whole number from 1 to 2147483647; `0` is not\n\
         r.yaml:3: `mode` is no `backflush`; did you mean `erp-backflush`?\n\
         r.yaml:4: `units` is no `kilogram`; there is `as-reported`, `planned`"
    );
}

#[test]
fn what_contradicts_itself_is_found() {
    for (rest, told) in [
        ("effective_to: 2026-01-01T00:00:00Z\n", "5: `effective_to` is not after `effective_from`, 2026-01-01T00:00:00Z"),
        ("post: {at_milestones: true}\n", "5: `at_milestones` posts at milestones, but no `milestones` are named"),
        ("milestones: [\"0010\"]\n", "5: `milestones` are named, but `post` says nothing of `at_milestones`"),
        ("milestones: [\"0010\", \"0010\"]\npost: {at_milestones: true}\n", "5: `milestones` has `0010` twice"),
        ("post: {on_completion: false}\n", "5: `post` never posts anything"),
        ("late_events: batched\n", "5: `late_events` are batched, but neither `after_events`, `after_wait` nor `at_shift_end` would ever post them"),
        ("applies_to: {plants: [\"*\", plant-a]}\n", "5: `plants` has `*`, which stands for every one, beside others"),
        ("applies_to: {plants: []}\n", "5: `plants` is empty; `\"*\"` stands for every one"),
        ("completeness: {watermark: none, wait: 2h}\n", "5: `completeness` waits for nothing: with `watermark: none` nothing else may stand here"),
        ("completeness: {watermark: time, overdue: post-finally}\n", "5: `overdue` says what is done after the `wait`, but there is no `wait`"),
        ("completeness: {watermark: time, sources: \"*\"}\n", "5: `sources` cannot be `*`"),
        ("tolerances: [{check: over-delivery, beyond: hold}]\n", "5: a tolerance has a `percent`, an `absolute` amount, or both"),
        ("tolerances: [{check: over-delivery, percent: -1, beyond: hold}]\n", "5: `percent` is negative"),
        ("tolerances: [{check: over-delivery, absolute: -1 KGM, beyond: hold}]\n", "5: `absolute` is negative"),
        ("tolerances: [{check: under-consumption, percent: 101, beyond: hold}]\n", "5: nothing is consumed less than by 100 percent"),
        (
            "tolerances:\n  - {check: over-delivery, percent: 1, beyond: hold}\n  - {check: over-delivery, percent: 2, beyond: hold}\n",
            "7: a second tolerance for the same check",
        ),
        ("posting_date: {basis: shift-date}\n", "5: `basis: shift-date` needs a `shift_calendar`, or shifts in `at_shift_end`"),
        ("posting_date: {shift_calendar: X}\n", "5: `shift_calendar` has no meaning without `basis: shift-date`"),
        ("posting_date: {closed_periods: [{from: 2026-02-02, to: 2026-02-01}]}\n", "5: the closed period ends on 2026-02-01, before it begins on 2026-02-02"),
        ("posting_date: {closed_periods: [{from: 2026-02-01, to: 2026-02-10}, {from: 2026-02-10, to: 2026-02-11}]}\n", "5: closed periods overlap on 2026-02-10"),
        ("post: {at_shift_end: {calendar: X, times: [\"06:00\"], time_zone: UTC}}\n", "5: `at_shift_end` has either a `calendar` or `times` with their `time_zone`"),
        ("keep_closed_orders: 36h\n", "5: `keep_closed_orders` is a number of days, such as 90d"),
    ] {
        assert_eq!(wrong(rest), format!("r.yaml:{told}"), "{rest}");
    }
}

#[test]
fn values_that_are_none_are_found() {
    for rest in [
        "post: {after_events: 0}\n",
        "post: {after_wait: 4 hours}\n",
        "post: {after_wait: 4000d}\n",
        "effective_to: 2026-02-01\n",
        "effective_to: 2026-02-01T00:00:00\n",
        "protected: maybe\n",
        "rounding: {digits: {KGM: 10}}\n",
        "posting_date: {open_from: 2026-02-30}\n",
        "posting_date: {month_end_cutoff: \"24:30\"}\n",
        "posting_date: {month_end_cutoff: \"00:00\"}\n",
        "post: {at_shift_end: {times: [\"06:00\", \"06:00:00\"], time_zone: UTC}}\n",
        "tolerances: [{check: over-delivery, percent: 1 %, beyond: hold}]\n",
        "tolerances: [{check: over-delivery, percent: 0.0000000001, beyond: hold}]\n",
        "tolerances: [{check: over-delivery, absolute: 1KGM, beyond: hold}]\n",
        "applies_to: plant-a\n",
        "scrap: [1]\n",
        "description: \"\"\n",
    ] {
        assert!(wrong(rest).starts_with("r.yaml:5: "), "{rest}: {}", wrong(rest));
    }
    assert!(wrong_file(&format!("rule_set: {}\nversion: 1\n", "a".repeat(101))).starts_with("r.yaml:1: `rule_set` has 1 to 100 characters"));
    assert_eq!(wrong_file("- a\n"), "r.yaml:1: the file is a list, where a map should stand");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "(rule_set|version|post|tolerances|[a-z]{1,4}|[:{}\\[\\]\\- \n\"*&]|[0-9]){0,60}") {
        let _ = RuleSet::from_yaml("f", &text);
    }
}
