//! What an entry does to what the ERP holds.

use super::{ConfirmationRecord, DocumentRecord, LineIndex, LineRecord, Lock, Receipt, State};
use crate::command::ItemNumber;
use crate::entry::{Change, Confirmed, Document, Entry, Fate, Place};
use crate::movement::{self, Direction};

/// The number before the first material document's.
const FIRST_DOCUMENT: u64 = 4_900_000_000;

impl State {
    /// Takes an entry in. Entries come in the order of their numbers.
    pub fn apply(&mut self, entry: Entry) {
        self.last_seq = entry.seq;
        let at = entry.at;
        match entry.change {
            Change::Asked { key, attempt, fault } => {
                self.attempts.insert(key, attempt);
                if let Some(fault) = fault {
                    *self.faults.entry(fault).or_default() += 1;
                }
            }
            Change::Confirmed(confirmed) => self.confirmed(*confirmed, at),
            Change::Document(document) => self.document(*document, at),
            Change::ParkedBooked { parked, number } => {
                if let Some(index) = self.parked.remove(&parked) {
                    self.documents[index.0].lines[index.1].fate = Fate::Booked { number };
                    self.booked(index, number);
                }
            }
            Change::ParkedDiscarded { parked } => {
                if let Some((document, line)) = self.parked.remove(&parked) {
                    self.documents[document].lines[line].fate = Fate::Discarded { parked };
                }
            }
            Change::Order(plan) => {
                let order = self.orders.entry(plan.key.clone()).or_default();
                order.plan = Some(*plan);
            }
            Change::Material { plant, material } => {
                self.materials.insert((plant, material));
            }
            Change::Stock(count) => {
                self.stock.insert(count.place, count.quantity);
            }
            Change::Locked { order, until, user } => {
                self.locks.insert(order, Lock { until, user });
            }
            Change::PeriodClosed { plant, period, until } => {
                self.closed.insert((plant, period), until);
            }
            Change::PeriodsOpen { from, to } => self.open_periods = Some((from, to)),
            Change::MaterialLost { plant, material, until } => {
                self.lost.insert((plant, material), until);
            }
        }
    }

    fn confirmed(&mut self, confirmed: Confirmed, at: jiff::Timestamp) {
        let Confirmed { number, confirmation, reverses, request_id } = confirmed;
        let index = self.confirmations.len();
        let order = confirmation.order.clone();
        self.groups.insert((order.clone(), confirmation.operation.clone()), (number.group, number.count));
        if !confirmation.key.is_empty() {
            self.confirmations_by_key.entry(confirmation.key.clone()).or_default().push(index);
        }
        self.confirmations_by_number.insert(number, index);
        self.orders.entry(order).or_default().confirmations.push(index);
        if let Some(request) = request_id {
            self.requests.insert(request, Receipt::Confirmation(index));
        }
        if let Some(original) = reverses.and_then(|original| self.confirmations_by_number.get(&original)) {
            self.confirmations[*original].reversed_by = Some(number);
        }
        self.confirmations.push(ConfirmationRecord { seq: self.last_seq, number, at, confirmation, reverses, reversed_by: None, document: None });
    }

    fn document(&mut self, document: Document, at: jiff::Timestamp) {
        let Document { number, header, confirmation, request_id, lines } = document;
        let index = self.documents.len();
        self.last_document = self.last_document.max(number.map_or(FIRST_DOCUMENT, |number| number.number));
        if let Some(confirmation) = confirmation.and_then(|number| self.confirmations_by_number.get(&number)) {
            self.confirmations[*confirmation].document = Some(index);
        }
        // What came with a confirmation has no key of its own.
        if !header.key.is_empty() {
            self.documents_by_key.entry(header.key.clone()).or_default().push(index);
        }
        if let Some(request) = request_id {
            self.requests.insert(request, Receipt::Document(index));
        }
        let lines: Vec<LineRecord> = lines.into_iter().map(LineRecord::from).collect();
        for line in &lines {
            let documents = &mut self.orders.entry(line.movement.order_key()).or_default().documents;
            if documents.last() != Some(&index) {
                documents.push(index);
            }
        }
        self.documents.push(DocumentRecord { seq: self.last_seq, number, at, header, confirmation, lines });
        for line in 0..self.documents[index].lines.len() {
            let record = &self.documents[index].lines[line];
            let (fate, reverses) = (record.fate.clone(), record.reverses);
            if !record.movement.text.is_empty() {
                self.lines_by_text.entry(record.movement.text.clone()).or_default().push((index, line));
            }
            match fate {
                Fate::Booked { number } => self.booked((index, line), number),
                Fate::Parked { parked, .. } => {
                    self.last_parked = self.last_parked.max(parked);
                    self.parked.insert(parked, (index, line));
                }
                Fate::Discarded { .. } => {}
            }
            if let (Some(original), Some(number)) = (reverses, self.documents[index].lines[line].number()) {
                self.reversed(original, number);
            }
        }
    }

    fn booked(&mut self, (document, line): LineIndex, number: ItemNumber) {
        self.last_document = self.last_document.max(number.document.number);
        self.lines_by_number.entry(number.document).or_default().push((document, line));
        let movement = &self.documents[document].lines[line].movement;
        let Some(row) = movement::by_code(&movement.movement_type) else { return };
        let place = Place {
            plant: movement.plant.clone(),
            material: movement.material.clone(),
            storage_location: movement.storage_location.clone(),
            batch: movement.batch.clone(),
            unit: movement.unit_code.clone(),
        };
        let stock = self.stock.remove(&place).unwrap_or_default();
        let stock = match row.direction {
            Direction::In => stock + &movement.quantity,
            Direction::Out => stock - &movement.quantity,
            Direction::Neither => stock,
        };
        self.stock.insert(place, stock);
    }

    fn reversed(&mut self, original: ItemNumber, by: ItemNumber) {
        for (document, line) in self.lines_by_number.get(&original.document).cloned().unwrap_or_default() {
            let record = &mut self.documents[document].lines[line];
            if record.number() == Some(original) {
                record.reversed_by = Some(by);
            }
        }
    }

    /// Number of the next material document.
    pub(crate) fn next_document(&self) -> u64 {
        self.last_document.max(FIRST_DOCUMENT) + 1
    }
}
