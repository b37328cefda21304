//! Rule sets as the contract has them.

use lineside_schemas::codec::encode_datum;
use lineside_schemas::contract;
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::{
    ClosedPeriod, CompletenessGate, PostingDateRule, PostingRuleSet, PostingTolerance, PostingTriggers, Quantity, RoundingRule, RuleApproval, ScrapReason, ScrapRule,
    ShiftEndTrigger, UnitDigits,
};

use crate::posting_date::PostingDate;
use crate::rounding::Rounding;
use crate::rule::{Completeness, Rule, Scrap, ShiftEnd, Triggers};
use crate::rule_set::{Decision, Governance, RuleSet, Scope};
use crate::tolerance::Tolerance;

/// Why a record is no rule set that this program understands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleRecordError {
    /// A symbol that this version of the program does not know.
    #[error("its `{0}` has a symbol that this version does not know")]
    UnknownSymbol(&'static str),
    /// A number outside its range.
    #[error("its `{field}` is {value}")]
    OutOfRange {
        /// Field.
        field: &'static str,
        /// What stands there.
        value: i64,
    },
    /// Neither a calendar nor times of day.
    #[error("its shift end has neither a calendar nor times with a time zone")]
    ShiftEnd,
    /// What was published is not what it says it is.
    #[error("its fingerprint is {found}, but its content's is {expected}")]
    Fingerprint {
        /// The record's.
        found: String,
        /// Of what the record holds.
        expected: String,
    },
}

/// Texts that a record needs and its set does not have. [`RuleSet::to_record`] borrows them.
#[derive(Debug)]
pub struct RecordStrings {
    fingerprint: String,
}

impl RuleSet {
    /// What [`Self::to_record`] needs besides.
    #[must_use]
    pub fn strings(&self) -> RecordStrings {
        RecordStrings { fingerprint: self.fingerprint() }
    }

    /// Fingerprint of what is published, whoever published and approved it, as 32 hexadecimal digits.
    ///
    /// # Panics
    /// Never: text, numbers and enums always encode.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let content = PostingRuleSet {
            approval: RuleApproval::Unknown,
            published_by: "",
            published_at: lineside_schemas::Timestamp::EPOCH,
            published_as: None,
            reason: "",
            is_retroactive: false,
            decided_by: None,
            decided_at: None,
            decided_as: None,
            decision_reason: None,
            ..self.record_with("")
        };
        let mut bytes = Vec::new();
        encode_datum::<contract::PostingRuleSet>(&content, &mut bytes).expect("a rule set has only text, numbers and enums, which always encode");
        deterministic_id(&[&bytes])
    }

    /// The record to publish under [`Self::id`].
    #[must_use]
    pub fn to_record<'s>(&'s self, strings: &'s RecordStrings) -> PostingRuleSet<'s> {
        self.record_with(&strings.fingerprint)
    }

    fn record_with<'s>(&'s self, fingerprint: &'s str) -> PostingRuleSet<'s> {
        let (governance, rule) = (&self.governance, &self.rule);
        let decision = governance.decision.as_ref();
        PostingRuleSet {
            name: &self.name,
            version: signed(self.version),
            description: self.description.as_deref(),
            plants: texts(&self.scope.plants),
            order_types: texts(&self.scope.order_types),
            item_groups: texts(&self.scope.item_groups),
            effective_from: self.effective_from,
            effective_to: self.effective_to,
            is_protected: governance.is_protected,
            approval: governance.approval,
            published_by: &governance.published_by,
            published_at: governance.published_at,
            published_as: governance.published_as.as_deref(),
            reason: &governance.reason,
            is_retroactive: governance.is_retroactive,
            decided_by: decision.map(|decision| decision.by.as_str()),
            decided_at: decision.map(|decision| decision.at),
            decided_as: decision.and_then(|decision| decision.known_as.as_deref()),
            decision_reason: decision.and_then(|decision| decision.reason.as_deref()),
            fingerprint,
            mode: rule.mode,
            milestones: texts(&rule.milestones),
            triggers: triggers_record(&rule.triggers),
            completeness: completeness_record(&rule.completeness),
            late: rule.late,
            tolerances: rule.tolerances.iter().map(tolerance_record).collect(),
            rounding: RoundingRule {
                mode: rule.rounding.mode,
                digits: rule.rounding.digits.iter().map(|(unit, digits)| UnitDigits { unit, digits: signed(*digits) }).collect(),
            },
            units: rule.units,
            posting_date: posting_date_record(&rule.posting_date),
            lots: rule.lots,
            serials: rule.serials,
            scrap: ScrapRule { book: rule.scrap.book, reasons: rule.scrap.reasons.iter().map(|(reason_code, book)| ScrapReason { reason_code, book: *book }).collect() },
            by_products: rule.by_products,
            co_products: rule.co_products,
            double_consumption: rule.double_consumption,
            reversals: rule.reversals,
            reversal_of_reversal: rule.reversal_of_reversal,
            cancelled_orders: rule.cancelled_orders,
            closed_orders: rule.closed_orders,
            negative_net: rule.negative_net,
            closed_orders_kept_days: rule.closed_orders_kept_days.map(signed),
        }
    }

    /// The set of a record.
    ///
    /// # Errors
    /// See [`RuleRecordError`].
    pub fn from_record(record: &PostingRuleSet<'_>) -> Result<Self, RuleRecordError> {
        refuse_unknown(record)?;
        let version = unsigned("version", i64::from(record.version))?;
        let decision = record.decided_by.zip(record.decided_at).map(|(by, at)| Decision {
            by: by.to_owned(),
            at,
            known_as: record.decided_as.map(str::to_owned),
            reason: record.decision_reason.map(str::to_owned),
        });
        let set = Self {
            name: record.name.to_owned(),
            version,
            description: record.description.map(str::to_owned),
            scope: scope_of(record),
            effective_from: record.effective_from,
            effective_to: record.effective_to,
            governance: Governance {
                is_protected: record.is_protected,
                approval: record.approval,
                published_by: record.published_by.to_owned(),
                published_at: record.published_at,
                published_as: record.published_as.map(str::to_owned),
                reason: record.reason.to_owned(),
                is_retroactive: record.is_retroactive,
                decision,
            },
            rule: rule(record)?,
        };
        let expected = set.fingerprint();
        if record.fingerprint == expected { Ok(set) } else { Err(RuleRecordError::Fingerprint { found: record.fingerprint.to_owned(), expected }) }
    }
}

/// The scope of a record.
pub(crate) fn scope_of(record: &PostingRuleSet<'_>) -> Scope {
    Scope { plants: owned(&record.plants), order_types: owned(&record.order_types), item_groups: owned(&record.item_groups) }
}

fn rule(record: &PostingRuleSet<'_>) -> Result<Rule, RuleRecordError> {
    let digits = record.rounding.digits.iter().map(|of| Ok((of.unit.to_owned(), unsigned("rounding.digits", i64::from(of.digits))?)));
    Ok(Rule {
        version: format!("{}/{}", record.name, record.version),
        mode: record.mode,
        milestones: owned(&record.milestones),
        triggers: triggers(&record.triggers)?,
        completeness: Completeness {
            watermark: record.completeness.watermark,
            sources: owned(&record.completeness.sources),
            meanwhile: record.completeness.meanwhile,
            wait_ms: record.completeness.wait_ms,
            overdue: record.completeness.overdue,
        },
        late: record.late,
        tolerances: record.tolerances.iter().map(tolerance).collect(),
        rounding: Rounding { mode: record.rounding.mode, digits: digits.collect::<Result<_, _>>()? },
        units: record.units,
        posting_date: posting_date(&record.posting_date)?,
        lots: record.lots,
        serials: record.serials,
        scrap: Scrap { book: record.scrap.book, reasons: record.scrap.reasons.iter().map(|of| (of.reason_code.to_owned(), of.book)).collect() },
        by_products: record.by_products,
        co_products: record.co_products,
        double_consumption: record.double_consumption,
        reversals: record.reversals,
        reversal_of_reversal: record.reversal_of_reversal,
        cancelled_orders: record.cancelled_orders,
        closed_orders: record.closed_orders,
        negative_net: record.negative_net,
        closed_orders_kept_days: record.closed_orders_kept_days.map(|days| unsigned("closed_orders_kept_days", i64::from(days))).transpose()?,
    })
}

/// Refuses a record with a symbol that reads as unknown: to guess what it says would be to post by another rule.
fn refuse_unknown(record: &PostingRuleSet<'_>) -> Result<(), RuleRecordError> {
    macro_rules! known {
        ($($($field:ident).+),* $(,)?) => {
            $(if record.$($field).+.symbol() == "UNKNOWN" {
                return Err(RuleRecordError::UnknownSymbol(stringify!($($field).+)));
            })*
        };
    }
    known!(
        approval,
        mode,
        completeness.watermark,
        completeness.meanwhile,
        completeness.overdue,
        late,
        rounding.mode,
        units,
        posting_date.basis,
        posting_date.closed,
        lots,
        serials,
        scrap.book,
        by_products,
        co_products,
        double_consumption,
        reversals,
        reversal_of_reversal,
        cancelled_orders,
        closed_orders,
        negative_net,
    );
    if record.tolerances.iter().any(|tolerance| tolerance.check.symbol() == "UNKNOWN" || tolerance.beyond.symbol() == "UNKNOWN") {
        return Err(RuleRecordError::UnknownSymbol("tolerances"));
    }
    if record.scrap.reasons.iter().any(|reason| reason.book.symbol() == "UNKNOWN") {
        return Err(RuleRecordError::UnknownSymbol("scrap.reasons"));
    }
    Ok(())
}

fn triggers_record(triggers: &Triggers) -> PostingTriggers<'_> {
    PostingTriggers {
        on_completion: triggers.on_completion,
        at_milestones: triggers.at_milestones,
        after_events: triggers.after_events.map(signed),
        after_wait_ms: triggers.after_wait_ms,
        shift_end: triggers.shift_end.as_ref().map(|shift_end| match shift_end {
            ShiftEnd::Calendar(calendar) => ShiftEndTrigger { calendar: Some(calendar), times: Vec::new(), time_zone: None },
            ShiftEnd::Times { times, time_zone } => ShiftEndTrigger { calendar: None, times: texts(times), time_zone: Some(time_zone) },
        }),
    }
}

fn triggers(record: &PostingTriggers<'_>) -> Result<Triggers, RuleRecordError> {
    let shift_end = |record: &ShiftEndTrigger<'_>| match (record.calendar, record.time_zone) {
        (Some(calendar), None) if record.times.is_empty() => Ok(ShiftEnd::Calendar(calendar.to_owned())),
        (None, Some(time_zone)) if !record.times.is_empty() => Ok(ShiftEnd::Times { times: owned(&record.times), time_zone: time_zone.to_owned() }),
        _ => Err(RuleRecordError::ShiftEnd),
    };
    Ok(Triggers {
        on_completion: record.on_completion,
        at_milestones: record.at_milestones,
        after_events: record.after_events.map(|count| unsigned("triggers.after_events", i64::from(count))).transpose()?,
        after_wait_ms: record.after_wait_ms,
        shift_end: record.shift_end.as_ref().map(shift_end).transpose()?,
    })
}

fn completeness_record(completeness: &Completeness) -> CompletenessGate<'_> {
    CompletenessGate {
        watermark: completeness.watermark,
        sources: texts(&completeness.sources),
        meanwhile: completeness.meanwhile,
        wait_ms: completeness.wait_ms,
        overdue: completeness.overdue,
    }
}

fn tolerance_record(tolerance: &Tolerance) -> PostingTolerance<'_> {
    PostingTolerance {
        check: tolerance.check,
        item: tolerance.item.as_deref(),
        percent: tolerance.percent,
        absolute: tolerance.absolute.as_ref().map(|(value, unit)| Quantity { value: *value, unit }),
        beyond: tolerance.beyond,
    }
}

fn tolerance(record: &PostingTolerance<'_>) -> Tolerance {
    Tolerance {
        check: record.check,
        item: record.item.map(str::to_owned),
        percent: record.percent,
        absolute: record.absolute.as_ref().map(|quantity| (quantity.value, quantity.unit.to_owned())),
        beyond: record.beyond,
    }
}

fn posting_date_record(date: &PostingDate) -> PostingDateRule<'_> {
    PostingDateRule {
        basis: date.basis,
        shift_calendar: date.shift_calendar.as_deref(),
        open_from: date.open_from,
        closed_periods: date.closed_periods.iter().map(|(first_day, last_day)| ClosedPeriod { first_day: *first_day, last_day: *last_day }).collect(),
        month_end_cutoff_minutes: date.month_end_cutoff_minutes.map(signed),
        month_open_days: date.month_open_days.map(signed),
        closed: date.closed,
    }
}

fn posting_date(record: &PostingDateRule<'_>) -> Result<PostingDate, RuleRecordError> {
    let days = |field, days: Option<i32>| days.map(|days| unsigned(field, i64::from(days))).transpose();
    Ok(PostingDate {
        basis: record.basis,
        shift_calendar: record.shift_calendar.map(str::to_owned),
        open_from: record.open_from,
        closed_periods: record.closed_periods.iter().map(|period| (period.first_day, period.last_day)).collect(),
        month_end_cutoff_minutes: days("posting_date.month_end_cutoff_minutes", record.month_end_cutoff_minutes)?,
        month_open_days: days("posting_date.month_open_days", record.month_open_days)?,
        closed: record.closed,
    })
}

fn texts(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Numbers of rules are far below 2^31; one that is not is held there, where its record's fingerprint tells.
fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn unsigned(field: &'static str, value: i64) -> Result<u32, RuleRecordError> {
    u32::try_from(value).map_err(|_| RuleRecordError::OutOfRange { field, value })
}
