//! A document of the ledger, for people and for programs.

use comfy_table::{Table, presets};
use lineside_schemas::Timestamp;
use lineside_schemas::records::{ErpDocumentKind, LedgerDocument, LedgerState, OutcomeStatus};
use serde_json::{Value, json};

use super::arguments::StateArgument;
use crate::dead_letters::content::printable;

/// A document as it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) plant: String,
    pub(super) order: String,
    kind: &'static str,
    state: LedgerState,
    until: Option<Timestamp>,
    sequence: i32,
    posting_id: String,
    key: String,
    attempts: i32,
    readings: i32,
    arrived: Timestamp,
    doubtful_since: Option<Timestamp>,
    held_since: Option<Timestamp>,
    refusal: Option<String>,
    settled_by: Option<String>,
    content: String,
    lines: Vec<String>,
}

impl Listed {
    pub(super) fn of(id: &str, document: &LedgerDocument<'_>) -> Self {
        let join = |parts: [Option<&str>; 3]| parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let line = |line: &lineside_schemas::records::OutcomeLine<'_>| {
            let status = match line.status {
                OutcomeStatus::Unknown | OutcomeStatus::InDoubt => "open",
                OutcomeStatus::Posted => "posted",
                OutcomeStatus::Parked => "parked",
                OutcomeStatus::Rejected => "rejected",
                OutcomeStatus::Cancelled => "cancelled",
            };
            let place = [line.document, line.year, line.item].into_iter().flatten().collect::<Vec<_>>().join("/");
            format!("{} {status} {place} {}", line.line, join([line.error_class, line.error_number, line.error_text])).trim_end().to_owned()
        };
        Self {
            id: id.to_owned(),
            plant: document.plant.to_owned(),
            order: document.order.to_owned(),
            kind: match document.kind {
                ErpDocumentKind::Confirmation => "confirmation",
                ErpDocumentKind::GoodsMovement => "goods movement",
                ErpDocumentKind::Unknown => "unknown",
            },
            state: document.state,
            until: document.until,
            sequence: document.sequence,
            posting_id: document.posting_id.to_owned(),
            key: document.key.to_owned(),
            attempts: document.attempts,
            readings: document.readings,
            arrived: document.arrived,
            doubtful_since: document.doubtful_since,
            held_since: document.held_since,
            refusal: document.refusal.as_ref().map(|refusal| join([Some(refusal.error_class), refusal.error_number, refusal.error_text])),
            settled_by: document.settled_by.as_ref().map(|by| format!("{}: {}", by.who, by.why)),
            content: document.content.to_owned(),
            lines: document.lines.iter().map(line).collect(),
        }
    }

    pub(super) fn is_settled(&self) -> bool {
        self.is(StateArgument::Settled)
    }

    pub(super) fn is(&self, state: StateArgument) -> bool {
        match state {
            StateArgument::Waiting => self.state == LedgerState::Waiting,
            StateArgument::Queued => self.state == LedgerState::Queued,
            StateArgument::Calling => self.state == LedgerState::Intent,
            StateArgument::InDoubt => matches!(self.state, LedgerState::Doubt | LedgerState::Reading),
            StateArgument::Held => self.state == LedgerState::Held,
            StateArgument::Settled => matches!(self.state, LedgerState::Settled | LedgerState::Watching | LedgerState::Over),
        }
    }

    /// What is in doubt first, then what is held, the oldest of each before the others.
    pub(super) fn rank(&self) -> (u8, Timestamp, &str) {
        let of_kind = [StateArgument::InDoubt, StateArgument::Held, StateArgument::Calling, StateArgument::Queued, StateArgument::Waiting];
        let rank = of_kind.iter().position(|state| self.is(*state)).unwrap_or(of_kind.len());
        (u8::try_from(rank).unwrap_or(u8::MAX), self.since(), &self.id)
    }

    fn since(&self) -> Timestamp {
        self.doubtful_since.or(self.held_since).unwrap_or(self.arrived)
    }

    fn word(&self) -> &'static str {
        match self.state {
            LedgerState::Waiting => "waiting",
            LedgerState::Queued => "queued",
            LedgerState::Intent => "calling",
            LedgerState::Doubt | LedgerState::Reading => "in doubt",
            LedgerState::Held => "held",
            LedgerState::Settled | LedgerState::Watching | LedgerState::Over => "settled",
            LedgerState::Unknown => "unknown",
        }
    }

    fn age_seconds(&self, now: Timestamp) -> i64 {
        (now.micros().saturating_sub(self.since().micros()) / 1_000_000).max(0)
    }

    /// One object.
    pub(super) fn json(&self, now: Timestamp) -> String {
        let content: Value = serde_json::from_str(&self.content).unwrap_or_default();
        json!({
            "document_id": self.id, "kind": self.kind, "plant": self.plant, "order": self.order, "sequence": self.sequence, "posting_id": self.posting_id,
            "idempotency_key": self.key, "state": self.word(), "age_seconds": self.age_seconds(now), "until": self.until.map(|time| time.to_string()),
            "attempts": self.attempts, "readings": self.readings, "refusal": self.refusal, "settled_by": self.settled_by, "lines": self.lines, "content": content,
        })
        .to_string()
    }
}

/// A table, and how many there are.
pub(super) fn table(listed: &[&Listed], now: Timestamp) -> String {
    if listed.is_empty() {
        return "no documents match\n".to_owned();
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    table.set_header(["document", "kind", "plant", "order", "state", "for", "attempts", "last refusal"]);
    for one in listed {
        table.add_row([
            one.id.clone(),
            one.kind.to_owned(),
            printable(&one.plant),
            printable(&one.order),
            one.word().to_owned(),
            format!("{} s", one.age_seconds(now)),
            one.attempts.to_string(),
            one.refusal.as_deref().map_or_else(|| "-".to_owned(), |text| printable(&text.chars().take(80).collect::<String>())),
        ]);
    }
    format!("{table}\n{} documents; `lineside postings show DOCUMENT` shows one\n", listed.len())
}

/// Everything about one.
pub(super) fn report(one: &Listed, now: Timestamp) -> String {
    let dash = |text: Option<String>| text.map_or_else(|| "-".to_owned(), |text| printable(&text));
    let rows = [
        ("document", one.id.clone()),
        ("kind", one.kind.to_owned()),
        ("plant, order", printable(&format!("{}, {}", one.plant, one.order))),
        ("posting", format!("{}, sequence {}", one.posting_id, one.sequence)),
        ("key in the ERP", printable(&one.key)),
        ("state", format!("{} for {} s", one.word(), one.age_seconds(now))),
        ("until", dash(one.until.map(|time| time.to_string()))),
        ("attempts", format!("{}, read back {} times", one.attempts, one.readings)),
        ("last refusal", dash(one.refusal.clone())),
        ("settled by", dash(one.settled_by.clone())),
    ];
    let lines = one.lines.iter().map(|line| ("line", printable(line)));
    let mut text = String::new();
    for (name, value) in rows.into_iter().chain(lines) {
        text.extend([&format!("{name:<16}"), value.as_str(), "\n"]);
    }
    let content: Value = serde_json::from_str(&one.content).unwrap_or_default();
    text + &format!("{content:#}\n")
}

#[cfg(test)]
mod tests {
    use lineside_schemas::records::{LedgerRefusal, OutcomeLine, Remedy};

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_772_467_200_000_000);

    fn listed(id: &str, state: LedgerState, seconds_ago: i64) -> Listed {
        let since = NOW.saturating_add_micros(-seconds_ago * 1_000_000);
        let refusal = LedgerRefusal { error_class: "PERIOD_CLOSED", error_number: Some("M7/053"), error_text: Some("closed"), remedy: Remedy::Owner, not_before: None };
        let line = |line, status, document| OutcomeLine { line, status, document, ..OutcomeLine::default() };
        Listed::of(
            id,
            &LedgerDocument {
                kind: ErpDocumentKind::GoodsMovement,
                content: r#"{"items":[]}"#,
                plant: "plant-a",
                order: "4711",
                state,
                arrived: since,
                doubtful_since: (state == LedgerState::Doubt).then_some(since),
                refusal: (state == LedgerState::Held).then_some(refusal),
                lines: vec![line(1, OutcomeStatus::Posted, Some("4900000001")), line(2, OutcomeStatus::Unknown, None)],
                ..LedgerDocument::default()
            },
        )
    }

    #[test]
    fn what_is_in_doubt_comes_first_and_the_oldest_before_the_others() {
        let mut all = [
            listed("w", LedgerState::Waiting, 900),
            listed("young", LedgerState::Doubt, 10),
            listed("h", LedgerState::Held, 800),
            listed("old", LedgerState::Doubt, 700),
            listed("s", LedgerState::Settled, 999),
        ];
        all.sort_by(|a, b| a.rank().cmp(&b.rank()));
        assert_eq!(all.each_ref().map(|one| one.id.as_str()), ["old", "young", "h", "w", "s"]);
        assert!(all[4].is_settled() && all[0].is(StateArgument::InDoubt));
    }

    #[test]
    fn a_document_is_shown_with_its_age_its_refusal_and_its_lines() {
        let held = listed("aa1e", LedgerState::Held, 120);
        let text = table(&[&held], NOW);
        assert!(text.contains("held") && text.contains("120 s") && text.contains("PERIOD_CLOSED M7/053 closed"), "{text}");
        let text = report(&held, NOW);
        assert!(text.contains("1 posted 4900000001") && text.contains("2 open") && text.contains("held for 120 s"), "{text}");
        let json: Value = serde_json::from_str(&held.json(NOW)).unwrap();
        assert_eq!((&json["state"], &json["age_seconds"], &json["content"]["items"]), (&json!("held"), &json!(120), &json!([])));
        assert_eq!(table(&[], NOW), "no documents match\n");
    }
}
