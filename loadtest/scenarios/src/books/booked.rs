//! What we posted against what the ERP says it booked: posted = booked + parked + cancelled + rejected + in doubt, for every order, material, lot and movement.
//!
//! What the ERP booked, parked or took back is read from its own ledger; what it refused, and what is not known, from the outcomes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::str::FromStr as _;

use bigdecimal::BigDecimal;
use lineside_erp_simulator::state::{LineState, LineView};

use super::facts::{Confirmation, GoodsMovement, MovementItem, Outcome, plain};
use super::{Check, Contents, Finding};

/// What amounts are kept by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BookedKey {
    /// Plant.
    pub plant: String,
    /// Order.
    pub order: String,
    /// Movement type; `yield` for what was confirmed.
    pub movement: String,
    /// Material of a movement, operation of a confirmation.
    pub item: String,
    /// Lot; empty for none.
    pub lot: String,
    /// Unit.
    pub unit: String,
}

impl fmt::Display for BookedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "order {} of {}, {} {} {} {}", self.order, self.plant, self.movement, self.item, self.lot, self.unit)
    }
}

/// Amounts of one key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amounts {
    /// Lines that we posted.
    pub lines: usize,
    /// Posted by us.
    pub posted: BigDecimal,
    /// Booked by the ERP, and not taken back.
    pub booked: BigDecimal,
    /// Parked in the ERP.
    pub parked: BigDecimal,
    /// Booked by the ERP, and taken back there.
    pub cancelled: BigDecimal,
    /// Refused by the ERP, or given up there.
    pub rejected: BigDecimal,
    /// Nobody knows.
    pub in_doubt: BigDecimal,
}

impl Amounts {
    fn accounted(&self) -> BigDecimal {
        &self.booked + &self.parked + &self.cancelled + &self.rejected + &self.in_doubt
    }

    /// These and others together.
    pub fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.posted += &other.posted;
        self.booked += &other.booked;
        self.parked += &other.parked;
        self.cancelled += &other.cancelled;
        self.rejected += &other.rejected;
        self.in_doubt += &other.in_doubt;
    }
}

/// Our books beside the ERP's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booked {
    /// Amounts, by plant, order, movement, material and lot.
    pub rows: BTreeMap<BookedKey, Amounts>,
    /// Everything in which they differ.
    pub findings: Vec<Finding>,
}

/// Lays our documents beside the ERP's lines.
#[must_use]
pub fn booked(contents: &Contents, erp: &[LineView]) -> Booked {
    let mut lines: HashMap<&str, Vec<&LineView>> = HashMap::new();
    for line in erp {
        lines.entry(&line.text).or_default().push(line);
    }
    // A later outcome of a document replaces the earlier ones.
    let outcomes: HashMap<&str, &Outcome> = contents.outcomes.iter().map(|outcome| (outcome.document_id.as_str(), outcome)).collect();
    let mut result = Booked::default();
    for own in contents.confirmations.iter().map(confirmation).chain(contents.movements.iter().flat_map(movements)) {
        let found = lines.remove(own.text.as_str()).unwrap_or_default();
        result.take(&own, &found, outcomes.get(own.document.as_str()).copied());
    }
    for line in lines.values().flatten().filter(|line| !line.text.is_empty()) {
        result.rows.entry(key_of(line)).or_default().booked += amount(line);
        result.found(format!("the ERP holds line {:?} of order {}, which we did not post", line.text, line.order.order));
    }
    let open = result.rows.iter().filter(|(_, amounts)| amounts.posted != amounts.accounted());
    let gaps: Vec<String> = open.map(|(key, amounts)| format!("{key}: posted {}, accounted for {}", plain(&amounts.posted), plain(&amounts.accounted()))).collect();
    for gap in gaps {
        result.found(gap);
    }
    result.finals(contents);
    result
}

/// A line that we posted.
struct Own {
    document: String,
    text: String,
    number: i64,
    key: BookedKey,
    amount: BigDecimal,
}

fn confirmation(own: &Confirmation) -> Own {
    let key = BookedKey {
        plant: own.order.0.clone(),
        order: own.order.1.clone(),
        movement: "yield".to_owned(),
        item: own.line.operation.clone(),
        lot: String::new(),
        unit: own.line.unit.clone(),
    };
    Own { document: own.id.clone(), text: own.id.clone(), number: 0, key, amount: own.line.good.clone() }
}

fn movements(own: &GoodsMovement) -> impl Iterator<Item = Own> {
    let line = |(item, number): (&MovementItem, &i64)| {
        let key = BookedKey {
            plant: own.order.0.clone(),
            order: own.order.1.clone(),
            movement: item.movement_type.clone(),
            item: item.item.clone(),
            lot: item.lot.clone().unwrap_or_default(),
            unit: item.quantity.unit.clone(),
        };
        Own { document: own.id.clone(), text: format!("{}/{number}", own.id), number: *number, key, amount: item.quantity.value.clone() }
    };
    own.items.iter().zip(&own.numbers).map(line)
}

fn key_of(line: &LineView) -> BookedKey {
    BookedKey {
        plant: line.order.plant.clone(),
        order: line.order.order.clone(),
        movement: if line.movement_type.is_empty() { "yield".to_owned() } else { line.movement_type.clone() },
        item: line.item.clone(),
        lot: line.batch.clone(),
        unit: line.unit.clone(),
    }
}

fn amount(line: &LineView) -> BigDecimal {
    BigDecimal::from_str(&line.quantity.to_string()).unwrap_or_default()
}

impl Booked {
    fn found(&mut self, message: String) {
        self.findings.push(Finding::new(Check::Booked, message));
    }

    /// A line of ours, with the ERP's lines of its key.
    fn take(&mut self, own: &Own, found: &[&LineView], outcome: Option<&Outcome>) {
        if found.len() > 1 {
            self.found(format!("{} of {} stands {} times in the ERP", own.text, own.key, found.len()));
        }
        let row = self.rows.entry(own.key.clone()).or_default();
        row.lines += 1;
        row.posted += &own.amount;
        for line in found {
            // Under the ERP's own key, so that what it booked otherwise shows as two gaps.
            let mut key = key_of(line);
            if key.order.is_empty() {
                // Scrap of stock names no order to the ERP.
                key.order.clone_from(&own.key.order);
            }
            let row = self.rows.entry(key).or_default();
            match line.state {
                LineState::Booked => row.booked += amount(line),
                LineState::Parked => row.parked += amount(line),
                LineState::Cancelled => row.cancelled += amount(line),
                LineState::Discarded => row.rejected += amount(line),
            }
        }
        let said = outcome.and_then(|outcome| outcome.lines.iter().find(|line| line.line == own.number)).map(|line| line.status.as_str());
        if found.is_empty() {
            let row = self.rows.entry(own.key.clone()).or_default();
            if said == Some("REJECTED") { row.rejected += &own.amount } else { row.in_doubt += &own.amount }
        }
        let holds = match found.first().map(|line| line.state) {
            Some(LineState::Booked) => "POSTED",
            Some(LineState::Parked) => "PARKED",
            Some(LineState::Cancelled) => "CANCELLED",
            Some(LineState::Discarded) | None => "REJECTED",
        };
        if said != Some(holds) {
            self.found(format!("{} of {}: the outcome says {}, the ERP's ledger {holds}", own.text, own.key, said.unwrap_or("nothing")));
        }
    }

    /// Each document has exactly one final outcome.
    fn finals(&mut self, contents: &Contents) {
        let mut finals: HashMap<&str, usize> = HashMap::new();
        for outcome in contents.outcomes.iter().filter(|outcome| outcome.is_final) {
            *finals.entry(&outcome.document_id).or_default() += 1;
        }
        for id in documents(contents) {
            let count = finals.remove(id).unwrap_or(0);
            if count != 1 {
                self.found(format!("document {id} has {count} final outcomes"));
            }
        }
    }

    /// Amounts by plant, movement and unit.
    #[must_use]
    pub fn by_movement(&self) -> BTreeMap<(&str, &str, &str), Amounts> {
        let mut sums: BTreeMap<(&str, &str, &str), Amounts> = BTreeMap::new();
        for (key, amounts) in &self.rows {
            sums.entry((&key.plant, &key.movement, &key.unit)).or_default().add(amounts);
        }
        sums
    }
}

fn documents(contents: &Contents) -> impl Iterator<Item = &str> {
    contents.confirmations.iter().map(|own| own.id.as_str()).chain(contents.movements.iter().map(|own| own.id.as_str()))
}

impl Contents {
    /// Documents for the ERP that have no final outcome yet.
    #[must_use]
    pub fn undecided(&self) -> usize {
        let decided: HashSet<&str> = self.outcomes.iter().filter(|outcome| outcome.is_final).map(|outcome| outcome.document_id.as_str()).collect();
        documents(self).filter(|id| !decided.contains(id)).count()
    }
}

#[cfg(test)]
mod tests {
    use bigdecimal::Zero as _;
    use lineside_erp_simulator::command::OrderKey;
    use lineside_erp_simulator::quantity::Quantity;

    use super::*;
    use crate::books::facts::OutcomeLine;
    use crate::books::tests::completed_order;

    fn line(own: &Own, state: LineState) -> LineView {
        LineView {
            key: own.document.clone(),
            text: own.text.clone(),
            kind: String::new(),
            order: OrderKey { plant: own.key.plant.clone(), order: own.key.order.clone() },
            item: own.key.item.clone(),
            movement_type: if own.number == 0 { String::new() } else { own.key.movement.clone() },
            batch: own.key.lot.clone(),
            quantity: Quantity::parse(&plain(&own.amount)).unwrap(),
            unit: own.key.unit.clone(),
            state,
            document: "1".to_owned(),
            year: 2026,
            seq: 1,
        }
    }

    /// An order of a confirmation and two material documents of a line each, all booked and said to be.
    fn world() -> (Contents, Vec<LineView>) {
        let mut contents = completed_order();
        let own: Vec<Own> = contents.confirmations.iter().map(confirmation).chain(contents.movements.iter().flat_map(movements)).collect();
        contents.outcomes = own.iter().map(|own| said(own, "POSTED")).collect();
        let erp = own.iter().map(|own| line(own, LineState::Booked)).collect();
        (contents, erp)
    }

    fn said(own: &Own, status: &str) -> Outcome {
        Outcome {
            document_id: own.document.clone(),
            posting_id: "p1".to_owned(),
            order: (own.key.plant.clone(), own.key.order.clone()),
            attempts: 1,
            is_final: true,
            lines: vec![OutcomeLine { line: own.number, status: status.to_owned(), document: None, item: None, error_class: None, error_number: None }],
        }
    }

    #[test]
    fn what_is_booked_once_and_said_to_be_leaves_nothing_open() {
        let (contents, erp) = world();
        let result = booked(&contents, &erp);
        assert_eq!((result.findings.as_slice(), contents.undecided()), (&[][..], 0));
        let issue = &result.by_movement()[&("plant-a", "261", "KGM")];
        assert_eq!((issue.lines, &issue.posted), (1, &issue.booked));
        assert!(!issue.posted.is_zero());
    }

    #[test]
    fn what_the_ledger_does_not_hold_once_is_found() {
        let (contents, erp) = world();
        let messages = |contents: &Contents, erp: &[LineView]| booked(contents, erp).findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(messages(&contents, &erp[1..]).contains("the outcome says POSTED, the ERP's ledger REJECTED"));
        let twice = [erp.clone(), vec![erp[1].clone()]].concat();
        assert!(messages(&contents, &twice).contains("stands 2 times in the ERP"));
        assert!(messages(&contents, &twice).contains("accounted for"));
        let mut more = erp.clone();
        more[1].quantity = Quantity::parse("99").unwrap();
        assert!(messages(&contents, &more).contains("accounted for 99"));
        let stranger = [erp.clone(), vec![LineView { text: "x".to_owned(), ..erp[0].clone() }]].concat();
        assert!(messages(&contents, &stranger).contains("which we did not post"));
        let mut undecided = contents.clone();
        undecided.outcomes.pop();
        assert!(messages(&undecided, &erp).contains("0 final outcomes"));
        assert_eq!(undecided.undecided(), 1);
    }

    #[test]
    fn what_is_parked_or_refused_is_accounted_for() {
        let (mut contents, mut erp) = world();
        erp[1].state = LineState::Parked;
        contents.outcomes[1].lines[0].status = "PARKED".to_owned();
        let gone = erp.pop().unwrap();
        contents.outcomes[2].lines[0].status = "REJECTED".to_owned();
        let result = booked(&contents, &erp);
        assert_eq!(result.findings, []);
        assert_eq!(result.rows[&key_of(&gone)].rejected, amount(&gone));
        assert_eq!(result.rows[&key_of(&erp[1])].parked, amount(&erp[1]));
    }
}
