//! Plant B's documents: B2MML V0401 `SyncProductionPerformance`, elements in the order of its schema.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::amount::Reported;
use crate::order::Order;
use crate::report::{Fact, Identity, Movement, Report};

/// Namespace of B2MML V0401.
pub(crate) const NAMESPACE: &str = "http://www.wbf.org/xml/B2MML-V0401";

/// The event id under which the normalizer's mapping knows a material movement of a document: numbers of the segment and
/// of the material within it, from 1.
pub(crate) fn event_id(bod: &str, report: &Report, fact: usize) -> String {
    for (segment, facts) in segments(report).iter().enumerate() {
        let materials = facts.iter().filter(|index| is_material(&report.facts[**index]));
        if let Some(material) = materials.clone().position(|index| *index == fact) {
            return format!("{bod}/{}/{}", segment + 1, material + 1);
        }
    }
    bod.to_owned()
}

/// The document of a report; `identities` and `story` are those of the whole order.
pub(crate) fn render(order: &Order, story: &[Report], identities: &[Identity], report: &Report, identity: &Identity) -> Vec<u8> {
    // A repeat is written anew, but what it tells of ended when it ended.
    let ended = story.iter().zip(identities).find(|(_, of)| of.id == identity.id).map_or(report.at, |(first, _)| first.at);
    let mut response = Xml::new(4);
    response.text("ID", &order.number);
    for facts in segments(report) {
        response.open("SegmentResponse");
        segment(&mut response, order, (story, identities), report, ended, &facts);
        response.close("SegmentResponse");
    }
    if report.facts.contains(&Fact::Completed) {
        response.text("ResponseState", "Completed");
    }
    document("SyncProductionPerformance", &identity.id, report.at, &["ProductionPerformance", "ProductionResponse"], &response.out)
}

/// A document of any kind: root, application area, and `body` within the data area's nested elements.
pub(crate) fn document(root: &str, bod: &str, created: Timestamp, nested: &[&str], body: &str) -> Vec<u8> {
    let mut xml = Xml::new(0);
    // The byte order mark and the seven-digit fractions are how .NET systems write.
    xml.out.push_str("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let _ = writeln!(xml.out, "<{root} releaseID=\"\" xmlns=\"{NAMESPACE}\">");
    xml.depth = 1;
    xml.open("ApplicationArea");
    xml.open("Sender");
    xml.text("LogicalID", "PLANT-B-MES");
    xml.close("Sender");
    xml.text("CreationDateTime", &precise(created));
    xml.text("BODID", bod);
    xml.close("ApplicationArea");
    xml.open("DataArea");
    xml.empty("Sync");
    for name in nested {
        xml.open(name);
    }
    xml.out.push_str(body);
    for name in nested.iter().rev() {
        xml.close(name);
    }
    xml.close("DataArea");
    let _ = writeln!(xml.out, "</{root}>");
    xml.out.into_bytes()
}

/// Facts of the report by operation: indices, in the order of first appearance. Facts without an operation stand outside.
fn segments(report: &Report) -> Vec<Vec<usize>> {
    let mut segments: Vec<(usize, Vec<usize>)> = Vec::new();
    for (index, fact) in report.facts.iter().enumerate() {
        let Some(operation) = fact.operation() else { continue };
        match segments.iter_mut().find(|(of, _)| *of == operation) {
            Some((_, facts)) => facts.push(index),
            None => segments.push((operation, vec![index])),
        }
    }
    segments.into_iter().map(|(_, facts)| facts).collect()
}

fn is_material(fact: &Fact) -> bool {
    matches!(fact, Fact::Consumed(_) | Fact::Returned(_) | Fact::Received { .. } | Fact::Reversed { .. })
}

fn segment(xml: &mut Xml, order: &Order, (story, identities): (&[Report], &[Identity]), report: &Report, ended: Timestamp, facts: &[usize]) {
    let facts = || facts.iter().map(|index| &report.facts[*index]);
    if let Some(operation) = facts().next().and_then(Fact::operation) {
        xml.text("ID", &order.operations[operation].id);
    }
    xml.text("ActualEndTime", &precise(ended));
    for fact in facts() {
        if let Fact::Confirmed { good, scrap, rework, is_final, .. } = fact {
            production_data(xml, "YieldQuantity", &good.text, "decimal", good.unit);
            for (name, quantity) in [("ScrapQuantity", scrap), ("ReworkQuantity", rework)] {
                if let Some(quantity) = quantity {
                    production_data(xml, name, &quantity.text, "decimal", quantity.unit);
                }
            }
            production_data(xml, "FinalConfirmation", if *is_final { "true" } else { "false" }, "boolean", "");
        }
    }
    for fact in facts() {
        match fact {
            Fact::Consumed(movement) => material(xml, "Consumed", movement),
            Fact::Returned(movement) => material(xml, "Returned", movement),
            Fact::Received { lot, quantity, .. } => produced(xml, order, lot, quantity),
            Fact::Reversed { target, material, .. } => {
                let undone = event_id(&identities[target.report].id, &story[target.report], target.fact);
                reversed(xml, material, &undone);
            }
            Fact::Released | Fact::Started { .. } | Fact::Confirmed { .. } | Fact::Completed => {}
        }
    }
}

fn production_data(xml: &mut Xml, id: &str, value: &str, data_type: &str, unit: &str) {
    xml.open("ProductionData");
    xml.text("ID", id);
    value_element(xml, value, data_type, unit);
    xml.close("ProductionData");
}

fn material(xml: &mut Xml, material_use: &str, movement: &Movement) {
    let component = &movement.component;
    xml.open("MaterialActual");
    xml.text("MaterialDefinitionID", &component.material);
    xml.text("MaterialLotID", &movement.lot);
    if let Some(sublot) = &movement.sublot {
        xml.text("MaterialSubLotID", sublot);
    }
    location(xml, &component.storage_location);
    xml.text("MaterialUse", material_use);
    quantity(xml, &movement.quantity);
    property(xml, "Indice", &component.position);
    for (id, value) in [("Reservation", &component.reservation), ("ReservationItem", &component.reservation_item)] {
        if let Some(value) = value {
            property(xml, id, value);
        }
    }
    xml.close("MaterialActual");
}

fn produced(xml: &mut Xml, order: &Order, lot: &str, amount: &Reported) {
    xml.open("MaterialActual");
    xml.text("MaterialDefinitionID", &order.product);
    xml.text("MaterialLotID", lot);
    location(xml, &order.product_location);
    xml.text("MaterialUse", "Produced");
    quantity(xml, amount);
    xml.close("MaterialActual");
}

fn reversed(xml: &mut Xml, material: &str, undone: &str) {
    xml.open("MaterialActual");
    xml.text("MaterialDefinitionID", material);
    xml.text("MaterialUse", "Reversed");
    property(xml, "ReversedEventID", undone);
    xml.close("MaterialActual");
}

fn location(xml: &mut Xml, storage_location: &str) {
    xml.open("Location");
    xml.text("EquipmentID", storage_location);
    xml.text("EquipmentElementLevel", "StorageZone");
    xml.close("Location");
}

fn quantity(xml: &mut Xml, reported: &Reported) {
    xml.open("Quantity");
    xml.text("QuantityString", &reported.text);
    xml.text("DataType", "decimal");
    xml.text("UnitOfMeasure", reported.unit);
    xml.close("Quantity");
}

fn property(xml: &mut Xml, id: &str, value: &str) {
    xml.open("MaterialActualProperty");
    xml.text("ID", id);
    value_element(xml, value, "string", "");
    xml.close("MaterialActualProperty");
}

fn value_element(xml: &mut Xml, value: &str, data_type: &str, unit: &str) {
    xml.open("Value");
    xml.text("ValueString", value);
    xml.text("DataType", data_type);
    xml.text("UnitOfMeasure", unit);
    xml.close("Value");
}

fn precise(time: Timestamp) -> String {
    time.to_zoned(TimeZone::fixed(Offset::constant(1))).strftime("%Y-%m-%dT%H:%M:%S%.7f%:z").to_string()
}

/// Indented elements.
struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    fn new(depth: usize) -> Self {
        Self { out: String::new(), depth }
    }

    fn open(&mut self, name: &str) {
        let _ = writeln!(self.out, "{:1$}<{name}>", "", self.depth * 2);
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        let _ = writeln!(self.out, "{:1$}</{name}>", "", self.depth * 2);
    }

    fn empty(&mut self, name: &str) {
        let _ = writeln!(self.out, "{:1$}<{name} />", "", self.depth * 2);
    }

    fn text(&mut self, name: &str, text: &str) {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = writeln!(self.out, "{:1$}<{name}>{escaped}</{name}>", "", self.depth * 2);
    }
}
