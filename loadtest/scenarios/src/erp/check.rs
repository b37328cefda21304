//! Whether each line was booked exactly once, and what was said of it is so.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use lineside_erp_simulator::state::{LineState, LineView};

use super::documents::{Document, Kind};
use crate::books::facts::{Outcome, OutcomeLine};

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// A line is not in the ERP, though it is said to be, or nothing is said of it.
    Lost,
    /// A line is in the ERP more than once.
    Doubled,
    /// The ERP holds a line that nobody asked for, or another than was asked for.
    Wrong,
    /// There is not exactly one final outcome, or it does not say what the ERP holds.
    Outcome,
    /// An order's documents were not booked in their order.
    Sequence,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub check: Check,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.check, self.message)
    }
}

fn finding(check: Check, message: String) -> Finding {
    Finding { check, message }
}

/// Everything that is not as it has to be. Numbers of documents are compared where outcomes have the ERP's own.
#[must_use]
pub fn check(documents: &[Document], erp: &[LineView], outcomes: &[Outcome], has_numbers: bool) -> Vec<Finding> {
    let mut booked: HashMap<&str, Vec<&LineView>> = HashMap::new();
    for line in erp {
        booked.entry(&line.text).or_default().push(line);
    }
    let mut said: HashMap<&str, Vec<&Outcome>> = HashMap::new();
    for outcome in outcomes {
        said.entry(&outcome.document_id).or_default().push(outcome);
    }
    let mut findings = Vec::new();
    for document in documents {
        let said = said.remove(document.id.as_str()).unwrap_or_default();
        let last = last(document, &said, &mut findings);
        for (index, (text, number)) in document.lines().into_iter().enumerate() {
            let lines = booked.remove(text.as_str()).unwrap_or_default();
            if lines.len() > 1 {
                findings.push(finding(Check::Doubled, format!("{text} of order {} stands {} times in the ERP: {}", document.order, lines.len(), places(&lines))));
            }
            for line in &lines {
                findings.extend(differs(document, index, line).map(|what| finding(Check::Wrong, format!("{text}: {what}"))));
            }
            let outcome = last.and_then(|outcome| outcome.lines.iter().find(|line| line.line == number));
            findings.extend(disagrees(&text, outcome, lines.first().copied(), has_numbers));
        }
    }
    findings.extend(booked.keys().map(|text| finding(Check::Wrong, format!("the ERP holds {text:?}, which nobody asked for"))));
    findings.extend(said.keys().map(|id| finding(Check::Outcome, format!("an outcome is about {id}, which is no document"))));
    findings.extend(sequence(documents, erp));
    findings.sort_by(|a, b| (a.check, &a.message).cmp(&(b.check, &b.message)));
    findings
}

/// The final outcome. What was learned later replaces it, line by line, and here that is never in part.
fn last<'o>(document: &Document, said: &[&'o Outcome], findings: &mut Vec<Finding>) -> Option<&'o Outcome> {
    let finals = said.iter().filter(|outcome| outcome.is_final).count();
    if finals != 1 {
        findings.push(finding(Check::Outcome, format!("{} of order {} has {finals} final outcomes of {}", document.id, document.order, said.len())));
    }
    said.last().copied()
}

fn places(lines: &[&LineView]) -> String {
    lines.iter().map(|line| format!("{} {:?}", line.document, line.state)).collect::<Vec<_>>().join(", ")
}

/// What the ERP's line has otherwise than the document's.
fn differs(document: &Document, index: usize, line: &LineView) -> Option<String> {
    let thousandths = |amount: i64| lineside_erp_simulator::quantity::Quantity::parse(&format!("{}.{:03}", amount / 1000, amount % 1000));
    let (item, movement_type, amount, unit) = match &document.kind {
        Kind::Confirmation { operation, yields } => (operation.as_str(), "", *yields, "C62"),
        Kind::Movement { lines, .. } => {
            let own = lines.get(index)?;
            (own.material.as_str(), own.movement_type, own.quantity, own.unit)
        }
    };
    let same = line.item == item
        && line.movement_type == movement_type
        && Some(&line.quantity) == thousandths(amount).as_ref()
        && line.unit == unit
        && line.order.plant == document.plant
        && line.order.order == document.order;
    (!same).then(|| format!("asked for {movement_type} {item} {amount} thousandths {unit} for {}, the ERP has {line:?}", document.order))
}

/// Whether what was said of a line is how it stands in the ERP.
fn disagrees(text: &str, said: Option<&OutcomeLine>, booked: Option<&LineView>, has_numbers: bool) -> Option<Finding> {
    let Some(said) = said else { return Some(finding(Check::Outcome, format!("nothing is said of {text}"))) };
    let state = booked.map(|line| line.state);
    let right = match said.status.as_str() {
        "POSTED" => state == Some(LineState::Booked),
        "PARKED" => state == Some(LineState::Parked),
        "CANCELLED" => state == Some(LineState::Cancelled),
        // Every document of a run is one that an ERP takes: nothing may be given up but by a clerk.
        "REJECTED" => state == Some(LineState::Discarded),
        _ => false,
    };
    if !right {
        let check = if state.is_none() && said.status == "POSTED" { Check::Lost } else { Check::Outcome };
        return Some(finding(check, format!("{text} is said to be {} ({:?}), in the ERP it is {state:?}", said.status, said.error_number)));
    }
    let line = booked.filter(|_| said.status == "POSTED" && has_numbers)?;
    let number = said.document.clone().unwrap_or_default();
    let number = if line.kind == "confirmation" { format!("{number}/{}", said.item.clone().unwrap_or_default()) } else { number };
    (number != line.document).then(|| finding(Check::Outcome, format!("{text} is said to be document {number:?}, in the ERP it is {:?}", line.document)))
}

/// Postings of an order were booked one after another.
fn sequence(documents: &[Document], erp: &[LineView]) -> Vec<Finding> {
    let sequences: HashMap<String, (&str, i32)> =
        documents.iter().flat_map(|document| document.lines().into_iter().map(|(text, _)| (text, (document.order.as_str(), document.sequence)))).collect();
    // First and last entry of each posting, by order and sequence.
    let mut spans: BTreeMap<(&str, i32), (u64, u64)> = BTreeMap::new();
    for line in erp {
        if let Some(own) = sequences.get(&line.text) {
            let span = spans.entry(*own).or_insert((line.seq, line.seq));
            *span = (span.0.min(line.seq), span.1.max(line.seq));
        }
    }
    let neighbours = spans.iter().zip(spans.iter().skip(1)).filter(|((before, _), (after, _))| before.0 == after.0);
    let broken = neighbours.filter(|((_, before), (_, after))| before.1 > after.0);
    broken
        .map(|((before, _), (after, _))| finding(Check::Sequence, format!("order {}: posting {} was booked before posting {} was done", before.0, after.1, before.1)))
        .collect()
}

#[cfg(test)]
mod tests {
    use lineside_erp_simulator::command::OrderKey;
    use lineside_erp_simulator::quantity::Quantity;

    use super::super::documents::documents;
    use super::*;

    fn booked(document: &Document, seq: u64) -> Vec<LineView> {
        let line = |(index, (text, _)): (usize, (String, i64))| {
            let (item, movement_type, amount, unit) = match &document.kind {
                Kind::Confirmation { operation, yields } => (operation.clone(), String::new(), *yields, "C62"),
                Kind::Movement { lines, .. } => (lines[index].material.clone(), lines[index].movement_type.to_owned(), lines[index].quantity, lines[index].unit),
            };
            let is_confirmation = movement_type.is_empty();
            LineView {
                key: document.id.clone(),
                text,
                kind: if is_confirmation { "confirmation" } else { "movement" }.to_owned(),
                order: OrderKey { plant: document.plant.clone(), order: document.order.clone() },
                item,
                movement_type,
                batch: String::new(),
                quantity: Quantity::parse(&format!("{}.{:03}", amount / 1000, amount % 1000)).unwrap(),
                unit: unit.to_owned(),
                state: LineState::Booked,
                document: if is_confirmation { format!("{seq:010}/00000001") } else { seq.to_string() },
                year: 2026,
                seq,
            }
        };
        document.lines().into_iter().enumerate().map(line).collect()
    }

    fn said(document: &Document, erp: &[LineView]) -> Outcome {
        let line = |(text, number): (String, i64)| {
            let own = erp.iter().find(|line| line.text == text).unwrap();
            let (document, item) = own.document.split_once('/').unwrap_or((&own.document, "0001"));
            OutcomeLine {
                line: number,
                status: "POSTED".to_owned(),
                document: Some(document.to_owned()),
                item: Some(item.to_owned()),
                error_class: None,
                error_number: None,
            }
        };
        Outcome {
            document_id: document.id.clone(),
            posting_id: document.posting_id.clone(),
            order: (document.plant.clone(), document.order.clone()),
            attempts: 1,
            is_final: true,
            lines: document.lines().into_iter().map(line).collect(),
        }
    }

    fn world() -> (Vec<Document>, Vec<LineView>, Vec<Outcome>) {
        let documents = documents(1, 18);
        let erp: Vec<LineView> = (1..).zip(&documents).flat_map(|(seq, document)| booked(document, seq)).collect();
        let outcomes = documents.iter().map(|document| said(document, &erp)).collect();
        (documents, erp, outcomes)
    }

    fn kinds(findings: &[Finding]) -> Vec<Check> {
        let mut kinds: Vec<Check> = findings.iter().map(|finding| finding.check).collect();
        kinds.dedup();
        kinds
    }

    #[test]
    fn nothing_is_found_where_each_line_is_booked_once() {
        let (documents, erp, outcomes) = world();
        assert_eq!(check(&documents, &erp, &outcomes, true), []);
    }

    #[test]
    fn each_thing_that_is_wrong_is_named() {
        let (documents, erp, outcomes) = world();
        let with = |change: &dyn Fn(&mut Vec<LineView>, &mut Vec<Outcome>)| {
            let (mut erp, mut outcomes) = (erp.clone(), outcomes.clone());
            change(&mut erp, &mut outcomes);
            kinds(&check(&documents, &erp, &outcomes, true))
        };
        assert_eq!(with(&|erp, _| drop(erp.remove(3))), [Check::Lost]);
        assert_eq!(with(&|erp, _| erp.push(erp[0].clone())), [Check::Doubled]);
        assert_eq!(with(&|erp, _| erp[1].quantity = Quantity::parse("0.001").unwrap()), [Check::Wrong]);
        assert_eq!(with(&|erp, _| erp.push(LineView { text: "stranger".to_owned(), ..erp[0].clone() })), [Check::Wrong]);
        assert_eq!(with(&|_, outcomes| drop(outcomes.remove(0))), [Check::Outcome]);
        assert_eq!(with(&|_, outcomes| outcomes.push(outcomes[0].clone())), [Check::Outcome]);
        assert_eq!(with(&|_, outcomes| outcomes[0].lines[0].status = "IN_DOUBT".to_owned()), [Check::Outcome]);
        assert_eq!(with(&|_, outcomes| outcomes[0].lines[0].document = Some("1234567890".to_owned())), [Check::Outcome]);
        assert_eq!(with(&|erp, _| erp[0].state = LineState::Cancelled), [Check::Outcome]);
        assert_eq!(with(&|erp, _| erp.iter_mut().filter(|line| line.seq == 1).for_each(|line| line.seq = 5)), [Check::Sequence]);
    }
}
