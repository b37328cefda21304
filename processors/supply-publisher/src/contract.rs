//! Between [`Progress`] and the record that store and topic carry. Both carry the same, so the store also says who the order is and what changed it last.

use lineside_schemas::records::{OrderProgress, OrderProgressStatus, Quantity};

use crate::progress::{Amount, Progress, Status};

/// Whose progress it is, and what changed it last. Text is borrowed from the event or the stored record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Plant.
    pub plant: &'a str,
    /// Production order.
    pub order: &'a str,
    /// Correlation of the order's story.
    pub correlation_id: &'a str,
    /// `event_id` of the event that changed it.
    pub caused_by_event_id: &'a str,
}

/// The progress in a record.
#[must_use]
pub fn from_record(record: &OrderProgress<'_>) -> Progress {
    Progress {
        status: match record.status {
            OrderProgressStatus::Unknown => Status::Unknown,
            OrderProgressStatus::Released => Status::Released,
            OrderProgressStatus::Executing => Status::Executing,
            OrderProgressStatus::Completed => Status::Completed,
        },
        item: record.item.map(str::to_owned),
        planned: record.planned_quantity.as_ref().map(Amount::from),
        produced: record.produced_quantity.as_ref().map(Amount::from),
        scrapped: record.scrapped_quantity.as_ref().map(Amount::from),
        planned_end: record.planned_end,
        as_of: Some(record.as_of),
    }
}

/// The record of a progress that has seen at least one event; the earliest instant stands for none.
#[must_use]
pub fn to_record<'a>(identity: Identity<'a>, progress: &'a Progress) -> OrderProgress<'a> {
    OrderProgress {
        plant: identity.plant,
        order: identity.order,
        correlation_id: identity.correlation_id,
        caused_by_event_id: identity.caused_by_event_id,
        status: match progress.status {
            Status::Unknown => OrderProgressStatus::Unknown,
            Status::Released => OrderProgressStatus::Released,
            Status::Executing => OrderProgressStatus::Executing,
            Status::Completed => OrderProgressStatus::Completed,
        },
        item: progress.item.as_deref(),
        planned_quantity: progress.planned.as_ref().map(quantity),
        produced_quantity: progress.produced.as_ref().map(quantity),
        scrapped_quantity: progress.scrapped.as_ref().map(quantity),
        planned_end: progress.planned_end,
        completion_percent: progress.completion_percent(),
        as_of: progress.as_of.unwrap_or(lineside_schemas::Timestamp::MIN),
    }
}

fn quantity(amount: &Amount) -> Quantity<'_> {
    Quantity { value: amount.value, unit: &amount.unit }
}

#[cfg(test)]
mod tests {
    use lineside_schemas::Timestamp;

    use super::*;

    #[test]
    fn a_record_says_all_that_a_progress_knows() {
        let amount = |text: &str| Some(Amount { value: text.parse().unwrap(), unit: "KGM".to_owned() });
        for status in [Status::Unknown, Status::Released, Status::Executing, Status::Completed] {
            let progress = Progress {
                status,
                item: Some("FG-1".to_owned()),
                planned: amount("8"),
                produced: amount("2.5"),
                scrapped: amount("0.25"),
                planned_end: Some(Timestamp::from_millis(5)),
                as_of: Some(Timestamp::from_millis(4)),
            };
            let identity = Identity { plant: "plant-a", order: "1", correlation_id: "plant-a/1", caused_by_event_id: "A-1" };
            let record = to_record(identity, &progress);
            assert_eq!(record.completion_percent.unwrap().to_string(), "31.25");
            assert_eq!(from_record(&record), progress);
        }
    }
}
