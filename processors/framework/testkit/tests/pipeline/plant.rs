//! A plant that is not there: orders and what happens to them, drawn from a seed, and the documents that its MES would send.

use std::fmt::Write as _;

use lineside_schemas::Decimal;
use lineside_testkit::dice::Dice;

/// 2026-11-20T08:00:00+01:00, when the first order is released.
pub const START_MILLIS: i64 = 1_795_158_000_000;

/// A component of a movement document.
#[derive(Debug, Clone)]
pub struct Component {
    pub reservation_item: String,
    pub material: String,
    pub batch: String,
    /// As the source writes it.
    pub quantity: String,
    pub uom: &'static str,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Happening {
    Released { quantity: u32 },
    Started { operation: String },
    Confirmed { operation: String, good: u32, scrap: u32, is_final: bool },
    Consumed { operation: String, components: Vec<Component> },
    Returned { operation: String, components: Vec<Component> },
    Reversed { event_id: String },
    Received { batch: String, quantity: u32 },
    Completed,
}

/// A document of the MES.
#[derive(Debug, Clone)]
pub struct Document {
    pub event_id: String,
    pub order: String,
    /// Seconds after the start.
    pub second: usize,
    pub happening: Happening,
}

impl Document {
    /// Canonical events that it becomes.
    pub fn events(&self) -> usize {
        match &self.happening {
            Happening::Consumed { components, .. } | Happening::Returned { components, .. } => components.len(),
            _ => 1,
        }
    }

    /// As the MES sends it.
    pub fn json(&self) -> String {
        let (kind, operation, order, rest) = match &self.happening {
            Happening::Released { quantity } => (
                "ORDER_RELEASED",
                None,
                format!(r#","material":"FG-1","quantity":{quantity},"uom":"ST","plannedStart":"2026-11-20T08:00:00","plannedEnd":"2026-11-21T08:00:00""#),
                String::new(),
            ),
            Happening::Started { operation } => ("OPERATION_STARTED", Some(operation), String::new(), String::new()),
            Happening::Confirmed { operation, good, scrap, is_final } => (
                "OPERATION_CONFIRMED",
                Some(operation),
                String::new(),
                format!(r#","yield":{{"quantity":{good},"uom":"ST"}},"scrap":{{"quantity":"{scrap}","uom":"ST"}},"final":{is_final}"#),
            ),
            Happening::Consumed { operation, components } => ("MATERIAL_CONSUMED", Some(operation), String::new(), components_json(components)),
            Happening::Returned { operation, components } => ("MATERIAL_RETURNED", Some(operation), String::new(), components_json(components)),
            Happening::Reversed { event_id } => ("CONSUMPTION_REVERSED", None, String::new(), format!(r#","reverses":"{event_id}","reason":"scanned twice""#)),
            Happening::Received { batch, quantity } => (
                "GOODS_RECEIVED",
                None,
                String::new(),
                format!(r#","product":{{"material":"FG-1","batch":"{batch}","storageLocation":"0002","quantity":{quantity},"uom":"ST"}}"#),
            ),
            Happening::Completed => ("ORDER_COMPLETED", None, String::new(), String::new()),
        };
        let (minutes, seconds) = (self.second / 60, self.second % 60);
        let time = format!("2026-11-20T{:02}:{:02}:{seconds:02}.250+01:00", 8 + minutes / 60, minutes % 60);
        let operation = operation.map(|operation| format!(r#","operation":"{operation}","workCenter":"MIX-01""#)).unwrap_or_default();
        format!(
            r#"{{"eventId":"{}","eventType":"{kind}","site":"PLANT-A","occurredAt":"{time}","sequence":{},"order":{{"number":"{}","type":"ZP01"{order}}}{operation}{rest}}}"#,
            self.event_id, self.second, self.order
        )
    }
}

fn components_json(components: &[Component]) -> String {
    let mut json = String::from(r#","components":["#);
    for (index, component) in components.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // Every other quantity is a JSON string, as some systems send them.
        let quote = if index % 2 == 0 { "" } else { "\"" };
        let Component { reservation_item, material, batch, quantity, uom } = component;
        write!(
            json,
            r#"{comma}{{"reservation":"0000004711","reservationItem":"{reservation_item}","position":"0010","material":"{material}","batch":"{batch}","storageLocation":"0001","quantity":{quote}{quantity}{quote},"uom":"{uom}"}}"#
        )
        .unwrap();
    }
    json.push(']');
    json
}

/// The documents of so many orders, by order and time.
pub fn documents(seed: u64, orders: usize) -> Vec<Document> {
    let mut dice = Dice::new(seed);
    let mut documents = Vec::new();
    for order in 0..orders {
        let mut story = Story { order: format!("0001{order:05}"), second: dice.below(600), documents: Vec::new(), components: Vec::new() };
        story.tell(&mut dice);
        documents.append(&mut story.documents);
    }
    documents
}

/// One order as it is told.
struct Story {
    order: String,
    second: usize,
    documents: Vec<Document>,
    /// Event ids and components consumed so far, by operation.
    components: Vec<(String, String, Component)>,
}

impl Story {
    fn tell(&mut self, dice: &mut Dice) {
        self.add(dice, Happening::Released { quantity: 40 });
        for operation in 1..=dice.within(1..=3) {
            self.operation(dice, &format!("00{operation}0"));
        }
        for receipt in 0..dice.within(1..=3) {
            let quantity = u32::try_from(dice.within(1..=20)).unwrap();
            self.add(dice, Happening::Received { batch: format!("L-{}", receipt % 2), quantity });
        }
        self.add(dice, Happening::Completed);
        // What people remember after the order was closed.
        for _ in 0..dice.below(3) {
            self.movement(dice, "0010");
        }
    }

    fn operation(&mut self, dice: &mut Dice, operation: &str) {
        self.add(dice, Happening::Started { operation: operation.to_owned() });
        for _ in 0..dice.within(1..=4) {
            self.movement(dice, operation);
        }
        let good = u32::try_from(dice.within(0..=40)).unwrap();
        let scrap = u32::try_from(dice.below(3)).unwrap();
        self.add(dice, Happening::Confirmed { operation: operation.to_owned(), good, scrap, is_final: true });
    }

    /// Mostly a consumption; sometimes one is taken back, in part or as a whole.
    fn movement(&mut self, dice: &mut Dice, operation: &str) {
        let earlier = dice.below(self.components.len().max(1));
        match dice.below(6) {
            0 if !self.components.is_empty() => {
                let (_, operation, component) = self.components[earlier].clone();
                let happening = Happening::Returned { operation, components: vec![Component { quantity: quantity(dice, component.uom, 4), ..component }] };
                self.add(dice, happening);
            }
            1 if !self.components.is_empty() => {
                let (event_id, ..) = self.components.remove(earlier);
                self.add(dice, Happening::Reversed { event_id });
            }
            _ => {
                let components: Vec<Component> = (0..dice.within(1..=3)).map(|line| component(dice, operation, line)).collect();
                let event_id = self.add(dice, Happening::Consumed { operation: operation.to_owned(), components: components.clone() });
                for (number, component) in (1..).zip(components) {
                    self.components.push((format!("{event_id}#{number}"), operation.to_owned(), component));
                }
            }
        }
    }

    fn add(&mut self, dice: &mut Dice, happening: Happening) -> String {
        self.second += dice.within(1..=120);
        let event_id = format!("A-{}-{}", self.order, self.documents.len());
        self.documents.push(Document { event_id: event_id.clone(), order: self.order.clone(), second: self.second, happening });
        event_id
    }
}

/// The component of a line: its material and unit go with the line, its batch does not.
fn component(dice: &mut Dice, operation: &str, line: usize) -> Component {
    let uom = ["KG", "G", "ST"][line % 3];
    Component {
        reservation_item: format!("{operation}{line}"),
        material: format!("RM-{line}"),
        batch: format!("B-{}", dice.below(2)),
        quantity: quantity(dice, uom, 1),
        uom,
    }
}

/// A quantity above zero as the source writes it, a `share`th of what is usual. Grams come finer than an ERP books kilograms.
fn quantity(dice: &mut Dice, uom: &str, share: usize) -> String {
    match uom {
        "ST" => dice.within(1..=8).div_ceil(share).to_string(),
        "G" => format!("{}.{}", dice.within(1..=900).div_ceil(share), dice.below(10)),
        _ => format!("{}.{:03}", dice.below(5) / share, dice.within(1..=999)),
    }
}

/// A quantity in the unit that the contract has, and that unit.
pub fn canonical(component: &Component) -> (Decimal, &'static str) {
    let value: Decimal = component.quantity.parse().unwrap();
    match component.uom {
        "KG" => (value, "KGM"),
        "G" => (value.checked_mul_exact("0.001".parse().unwrap()).unwrap(), "KGM"),
        _ => (value, "C62"),
    }
}
