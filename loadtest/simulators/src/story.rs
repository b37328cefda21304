//! How an order goes: from its release to what still arrives after its completion.

use jiff::Timestamp;

use crate::amount::{Amount, BaseUnit, Reported, component_amount, finest_step};
use crate::order::{Component, Order, after};
use crate::plant::Plant;
use crate::random::Random;
use crate::report::{Fact, FactAddress, Movement, Report};

/// Reports of the order, in the order in which it happened.
pub(crate) fn tell(order: &Order, random: &mut Random) -> Vec<Report> {
    let mut teller = Teller { order, random, now: order.planned_start, reports: Vec::new() };
    if order.plant == Plant::A {
        teller.report(Fact::Released);
    }
    for operation in 0..order.operations.len() {
        teller.operation(operation);
    }
    teller.receipts();
    // A few orders are still running when the simulation ends: their books stay open.
    if teller.random.chance(97) {
        teller.pass(60, 600);
        if order.plant == Plant::B && teller.random.chance(50) {
            teller.add_to_last(Fact::Completed);
        } else {
            teller.report(Fact::Completed);
        }
        teller.afterthoughts();
    }
    teller.reports
}

struct Teller<'a> {
    order: &'a Order,
    random: &'a mut Random,
    now: Timestamp,
    reports: Vec<Report>,
}

impl Teller<'_> {
    fn operation(&mut self, operation: usize) {
        self.pass(120, 1800);
        if self.order.plant == Plant::A {
            self.report(Fact::Started { operation });
        }
        self.consumption(operation);
        if self.random.chance(15) {
            self.return_some(operation);
        }
        if self.random.chance(12) {
            self.reverse(Some(operation), true);
        }
        self.confirmations(operation);
    }

    /// Each component of the operation once or twice, together or one by one.
    fn consumption(&mut self, operation: usize) {
        let components: Vec<Component> = self.order.components.iter().filter(|component| component.operation == operation).cloned().collect();
        let together = self.random.chance(60);
        let mut facts = Vec::new();
        for component in components {
            for _ in 0..if self.random.chance(35) { 2 } else { 1 } {
                let amount = component_amount(component.base, self.order.plant.units(), self.random);
                facts.push(Fact::Consumed(self.movement(&component, amount)));
                if !together {
                    self.pass(30, 600);
                    self.report_all(std::mem::take(&mut facts));
                }
            }
        }
        if !facts.is_empty() {
            self.pass(60, 900);
            self.report_all(facts);
        }
    }

    /// Part of an earlier consumption goes back to the store.
    fn return_some(&mut self, operation: usize) {
        let consumed = self.undisturbed_consumptions(Some(operation));
        if consumed.is_empty() {
            return;
        }
        let address = *self.random.pick(&consumed);
        let Fact::Consumed(movement) = self.fact(address).clone() else { return };
        let step = finest_step(self.order.plant.units(), movement.component.base);
        let most = movement.quantity.amount.millionths() / step;
        let amount = Amount::from_millionths(self.random.between(1, most) * step);
        let returned = Reported::of(amount, movement.component.base, self.order.plant.units(), self.random);
        self.pass(60, 900);
        self.report(Fact::Returned(Movement { quantity: returned, ..movement }));
    }

    /// An earlier consumption was wrong and is undone, usually to be reported again as it should have been.
    fn reverse(&mut self, operation: Option<usize>, corrected: bool) {
        let consumed = self.undisturbed_consumptions(operation);
        if consumed.is_empty() {
            return;
        }
        let target = *self.random.pick(&consumed);
        let Fact::Consumed(movement) = self.fact(target).clone() else { return };
        let component = movement.component;
        self.pass(60, 900);
        let reason = *self.random.pick(&["typing error", "wrong lot scanned", "counted twice"]);
        self.report(Fact::Reversed { target, operation: component.operation, material: component.material.clone(), reason });
        if corrected && self.random.chance(70) {
            self.pass(10, 120);
            let amount = component_amount(component.base, self.order.plant.units(), self.random);
            let again = self.movement(&component, amount);
            self.report(Fact::Consumed(again));
        }
    }

    fn confirmations(&mut self, operation: usize) {
        let parts = self.random.between(1, 3);
        for part in 1..=parts {
            self.pass(300, 1800);
            let good = self.product_amount(5, 120);
            let scrap = if self.random.chance(30) { Some(self.product_amount(1, 6)) } else { None };
            let rework = if self.random.chance(15) { Some(self.product_amount(1, 4)) } else { None };
            let confirmed = Fact::Confirmed { operation, good, scrap, rework, is_final: part == parts };
            if self.order.plant == Plant::B && part == 1 && self.random.chance(40) && self.last_is_of(operation) {
                self.add_to_last(confirmed);
            } else {
                self.report(confirmed);
            }
        }
    }

    fn receipts(&mut self) {
        let last = self.order.operations.len() - 1;
        for part in 1..=self.random.between(1, 2) {
            self.pass(60, 900);
            let quantity = self.product_amount(10, 200);
            self.report(Fact::Received { operation: last, lot: format!("L-{}-{part}", self.order.number.trim_start_matches('0')), quantity });
        }
    }

    /// What reaches the books after the order was completed.
    fn afterthoughts(&mut self) {
        if self.random.chance(10) {
            self.pass(600, 5 * 3600);
            let component = self.random.pick(&self.order.components).clone();
            let amount = component_amount(component.base, self.order.plant.units(), self.random);
            let forgotten = self.movement(&component, amount);
            self.report(Fact::Consumed(forgotten));
        }
        if self.random.chance(8) {
            self.pass(600, 5 * 3600);
            self.reverse(None, false);
        }
    }

    fn movement(&mut self, component: &Component, amount: Amount) -> Movement {
        let lot = format!("{}-B{:02}", component.material, self.random.between(1, 4));
        let sublot = (self.order.plant == Plant::B && self.random.chance(40)).then(|| format!("4301473300{:08}", self.random.between(0, 99_999_999)));
        Movement { quantity: Reported::of(amount, component.base, self.order.plant.units(), self.random), component: component.clone(), lot, sublot }
    }

    fn product_amount(&mut self, low: i64, high: i64) -> Reported {
        let whole = self.random.between(low, high) * 1_000_000;
        let fraction = if self.order.product_base == BaseUnit::Piece { 0 } else { self.random.between(0, 999) * 1000 };
        Reported::of(Amount::from_millionths(whole + fraction), self.order.product_base, self.order.plant.units(), self.random)
    }

    /// Consumptions that were neither returned from nor reversed, so that no line goes below zero.
    fn undisturbed_consumptions(&self, operation: Option<usize>) -> Vec<FactAddress> {
        let addresses = self.reports.iter().enumerate().flat_map(|(report, sent)| (0..sent.facts.len()).map(move |fact| FactAddress { report, fact }));
        addresses
            .filter(|address| match self.fact(*address) {
                Fact::Consumed(movement) => operation.is_none_or(|wanted| movement.component.operation == wanted) && !self.is_disturbed(*address, movement),
                _ => false,
            })
            .collect()
    }

    fn is_disturbed(&self, address: FactAddress, consumed: &Movement) -> bool {
        self.reports.iter().flat_map(|report| &report.facts).any(|fact| match fact {
            Fact::Reversed { target, .. } => *target == address,
            Fact::Returned(back) => back.component == consumed.component && back.lot == consumed.lot,
            _ => false,
        })
    }

    fn fact(&self, address: FactAddress) -> &Fact {
        &self.reports[address.report].facts[address.fact]
    }

    fn last_is_of(&self, operation: usize) -> bool {
        self.reports.last().is_some_and(|report| report.facts.iter().all(|fact| fact.operation() == Some(operation)))
    }

    fn pass(&mut self, low_s: i64, high_s: i64) {
        let seconds = self.random.between(low_s, high_s);
        let millis = self.random.between(0, 999);
        self.now = after(self.now, seconds).checked_add(jiff::SignedDuration::from_millis(millis)).unwrap_or(Timestamp::MAX);
    }

    fn report(&mut self, fact: Fact) {
        self.report_all(vec![fact]);
    }

    fn report_all(&mut self, facts: Vec<Fact>) {
        self.reports.push(Report { at: self.now, arrives: self.now, facts });
    }

    fn add_to_last(&mut self, fact: Fact) {
        match self.reports.last_mut() {
            Some(last) => last.facts.push(fact),
            None => self.report(fact),
        }
    }
}
