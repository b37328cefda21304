//! A rule set comes back the same from its record and from its file.

use std::collections::BTreeMap;

use lineside_posting_rules::rule_set::rule_id;
use lineside_posting_rules::{
    Completeness, Decision, Governance, PostingDate, Rounding, Rule, RuleRecordError, RuleSet, Scope, Scrap, ShiftEnd, Tolerance, Triggers, difference,
};
use lineside_schemas::codec::{decode_datum, encode_datum};
use lineside_schemas::records::{
    CancelledOrderAction, ClosedDateAction, ClosedOrderAction, DateBasis, DoubleConsumptionGuard, LateEventAction, MeanwhileAction, OutputBooking, OverdueAction,
    PostingMode, PostingUnits, ReversalOfReversalAction, ReversalStyle, RoundingMode, RuleApproval, ScrapBooking, ToleranceAction, ToleranceCheck, TrackingRule,
    WatermarkKind,
};
use lineside_schemas::{Date, Decimal, Timestamp, contract};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Any symbol of an enum but `UNKNOWN`.
macro_rules! any_of {
    ($name:ident) => {
        select($name::SYMBOLS[1..].to_vec()).prop_map($name::from_symbol)
    };
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z0-9#:\"\\\\ü.-]{1,8}"
}

fn names() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![Just(vec!["*".to_owned()]), btree_set(name(), 1..4).prop_map(|names| names.into_iter().collect())]
}

fn amount() -> impl Strategy<Value = Decimal> {
    (0..10_i128.pow(20)).prop_map(|unscaled| Decimal::from_unscaled(unscaled).unwrap())
}

fn date() -> impl Strategy<Value = Date> {
    (0..40_000_i32).prop_map(Date::from_days)
}

fn unit() -> impl Strategy<Value = String> {
    select(vec!["KGM", "LTR", "C62", "HUR"]).prop_map(str::to_owned)
}

fn wait() -> impl Strategy<Value = i64> {
    (1..315_000_000_i64).prop_map(|seconds| seconds * 1000)
}

fn triggers() -> impl Strategy<Value = Triggers> {
    let times = btree_set((0..24_u32, 0..60_u32).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}")), 1..4);
    let times = (times, select(vec!["UTC", "Europe/Paris", "America/New_York"]))
        .prop_map(|(times, zone)| ShiftEnd::Times { times: times.into_iter().collect(), time_zone: zone.to_owned() });
    let shift_end = prop_oneof![name().prop_map(ShiftEnd::Calendar), times];
    (option::of(1..=1_000_000_u32), option::of(wait()), option::of(shift_end)).prop_map(|(after_events, after_wait_ms, shift_end)| Triggers {
        on_completion: true,
        at_milestones: false,
        after_events,
        after_wait_ms,
        shift_end,
    })
}

fn completeness() -> impl Strategy<Value = Completeness> {
    let waits =
        (select(vec![WatermarkKind::Sequence, WatermarkKind::Time]), btree_set(name(), 0..3), any_of!(MeanwhileAction), option::of((wait(), any_of!(OverdueAction))));
    let waits = waits.prop_map(|(watermark, sources, meanwhile, wait)| Completeness {
        watermark,
        sources: sources.into_iter().collect(),
        meanwhile,
        wait_ms: wait.map(|(wait, _)| wait),
        overdue: wait.map_or(OverdueAction::PostProvisionally, |(_, overdue)| overdue),
    });
    prop_oneof![Just(Rule::built_in().completeness), waits]
}

/// A percentage, and an amount with its unit.
type Limits = (Option<Decimal>, Option<(Decimal, String)>);

fn tolerances() -> impl Strategy<Value = Vec<Tolerance>> {
    let limits = prop_oneof![
        (0..=100_i64).prop_map(|percent| (Some(Decimal::from_int(percent)), None)),
        (amount(), unit()).prop_map(|absolute| (None, Some(absolute))),
        (0..=100_i64, amount(), unit()).prop_map(|(percent, value, unit)| (Some(Decimal::from_int(percent)), Some((value, unit)))),
    ];
    let key = (select(ToleranceCheck::SYMBOLS[1..].to_vec()), option::of(name()));
    btree_map(key, (limits, any_of!(ToleranceAction)), 0..4).prop_map(|tolerances| {
        let tolerance = |((check, item), (limits, beyond))| {
            let (percent, absolute): Limits = limits;
            Tolerance { check: ToleranceCheck::from_symbol(check), item, percent, absolute, beyond }
        };
        tolerances.into_iter().map(tolerance).collect()
    })
}

fn posting_date() -> impl Strategy<Value = PostingDate> {
    let closed = vec((1..30_i32, 0..30_i32), 0..3).prop_map(|periods| {
        let mut day = 20_000;
        let mut closed = Vec::new();
        for (gap, length) in periods {
            closed.push((Date::from_days(day + gap), Date::from_days(day + gap + length)));
            day += gap + length;
        }
        closed
    });
    let by_clock = (select(vec![DateBasis::EventDate, DateBasis::PostingTime]), option::of(1..1440_u32)).prop_map(|(basis, cutoff)| (basis, None, cutoff));
    let basis = prop_oneof![by_clock, name().prop_map(|calendar| (DateBasis::ShiftDate, Some(calendar), None))];
    (basis, option::of(date()), closed, option::of(0..=366_u32), any_of!(ClosedDateAction)).prop_map(|(basis, open_from, closed_periods, month_open_days, closed)| {
        let (basis, shift_calendar, month_end_cutoff_minutes) = basis;
        PostingDate { basis, shift_calendar, open_from, closed_periods, month_end_cutoff_minutes, month_open_days, closed }
    })
}

fn rule() -> impl Strategy<Value = Rule> {
    let rounding = (any_of!(RoundingMode), btree_map(unit(), 0..=9_u32, 0..3)).prop_map(|(mode, digits)| Rounding { mode, digits });
    let scrap = (any_of!(ScrapBooking), btree_map(name(), any_of!(ScrapBooking), 0..3)).prop_map(|(book, reasons)| Scrap { book, reasons });
    let parts = (triggers(), completeness(), tolerances(), rounding, posting_date(), scrap, option::of(names()));
    let modes = (any_of!(PostingMode), any_of!(PostingUnits), any_of!(TrackingRule), any_of!(TrackingRule), any_of!(OutputBooking), any_of!(OutputBooking));
    let actions = (
        any_of!(DoubleConsumptionGuard),
        any_of!(ReversalStyle),
        any_of!(ReversalOfReversalAction),
        any_of!(CancelledOrderAction),
        any_of!(ClosedOrderAction),
        option::of(1..3653_u32),
        any::<bool>(),
    );
    (parts, modes, actions).prop_map(|(parts, modes, actions)| {
        let (mut triggers, completeness, tolerances, rounding, posting_date, scrap, milestones) = parts;
        let (mode, units, lots, serials, by_products, co_products) = modes;
        let (double_consumption, reversals, reversal_of_reversal, cancelled_orders, closed_orders, closed_orders_kept_days, late_together) = actions;
        triggers.at_milestones = milestones.is_some();
        let batches = triggers.after_events.is_some() || triggers.after_wait_ms.is_some() || triggers.shift_end.is_some();
        Rule {
            mode,
            milestones: milestones.unwrap_or_default(),
            triggers,
            completeness,
            late: if late_together && batches { LateEventAction::Batched } else { LateEventAction::Delta },
            tolerances,
            rounding,
            units,
            posting_date,
            lots,
            serials,
            scrap,
            by_products,
            co_products,
            double_consumption,
            reversals,
            reversal_of_reversal,
            cancelled_orders,
            closed_orders,
            closed_orders_kept_days,
            ..Rule::built_in()
        }
    })
}

/// Sets that a file can say.
pub fn draft() -> impl Strategy<Value = RuleSet> {
    let scope = (names(), names(), names()).prop_map(|(plants, order_types, item_groups)| Scope { plants, order_types, item_groups });
    let time = (0..4_000_000_000_000_000_i64, option::of(1..1_000_000_000_000_i64));
    ("[a-z][a-z0-9.-]{0,10}", 1..=i32::MAX.unsigned_abs(), option::of("[ -~ü]{0,10}x"), scope, time, any::<bool>(), rule()).prop_map(
        |(name, version, description, scope, (from, length), is_protected, rule)| RuleSet {
            rule: Rule { version: rule_id(&name, version), ..rule },
            name,
            version,
            description: description.map(|text| text.trim().to_owned()),
            scope,
            effective_from: Timestamp::from_micros(from),
            effective_to: length.map(|length| Timestamp::from_micros(from + length)),
            governance: Governance::draft(is_protected),
        },
    )
}

fn published() -> impl Strategy<Value = RuleSet> {
    let decision = (name(), any::<i64>(), option::of(name()), option::of(name())).prop_map(|(by, at, known_as, reason)| Decision {
        by,
        at: Timestamp::from_micros(at),
        known_as,
        reason,
    });
    (draft(), any_of!(RuleApproval), name(), any::<i64>(), option::of(name()), name(), any::<bool>(), option::of(decision)).prop_map(
        |(draft, approval, by, at, account, reason, is_retroactive, decision)| RuleSet {
            governance: Governance {
                approval,
                published_by: by,
                published_at: Timestamp::from_micros(at),
                published_as: account,
                reason,
                is_retroactive,
                decision,
                ..draft.governance
            },
            ..draft
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn from_its_record(set in published()) {
        let strings = set.strings();
        let mut bytes = Vec::new();
        encode_datum::<contract::PostingRuleSet>(&set.to_record(&strings), &mut bytes).unwrap();
        let record = decode_datum::<contract::PostingRuleSet>(&bytes).unwrap();
        prop_assert_eq!(RuleSet::from_record(&record), Ok(set));
    }

    #[test]
    fn from_its_file(set in draft()) {
        let file = set.to_yaml();
        let again = RuleSet::from_yaml("f", &file);
        prop_assert_eq!(again, Ok(set), "{}", file);
    }

    #[test]
    fn the_fingerprint_and_the_difference_tell_whether_two_say_the_same(one in published(), other in published(), published_by in name()) {
        let same = RuleSet { governance: Governance { published_by, ..one.governance.clone() }, ..one.clone() };
        prop_assert_eq!(same.fingerprint(), one.fingerprint());
        prop_assert!(difference(&one, &same).is_empty());
        prop_assert_ne!(one.fingerprint(), other.fingerprint());
        prop_assert!(!difference(&one, &other).is_empty());
    }
}

#[test]
fn a_record_that_was_altered_is_told_by_its_fingerprint() {
    let set = RuleSet::built_in();
    let strings = set.strings();
    let mut record = set.to_record(&strings);
    record.mode = PostingMode::ConfirmOnly;
    assert!(matches!(RuleSet::from_record(&record), Err(RuleRecordError::Fingerprint { .. })));
}

#[test]
fn the_built_in_set_has_a_file_too() {
    let text = RuleSet::built_in().to_yaml().replace(&format!("effective_from: {}", Timestamp::MIN), "effective_from: 1970-01-01T00:00:00Z");
    let again = RuleSet::from_yaml("f", &text).unwrap();
    assert_eq!(again.rule, Rule::built_in());
    assert_eq!(again.rule.scrap, Scrap { book: ScrapBooking::ConfirmationOnly, reasons: BTreeMap::new() });
}
