//! An ERP in memory that speaks as the dialect `s4hana` expects, books whatever it is asked, and misbehaves as it is told.

use std::collections::BTreeMap;

use lineside_outbound::{Call, Purpose, Reply};
use serde_json::{Value, json};

/// What goes wrong with a call that reached it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Booked; an error of the ERP itself is answered.
    ErrorAfter,
    /// Not booked; an error of the ERP itself is answered.
    ErrorBefore,
    /// Some lines are booked, then an error.
    Half,
    /// Refused, to be tried again.
    Locked,
    /// Refused for a cause that its owner has to mend.
    PeriodClosed,
    /// Too many calls.
    Busy,
    /// Booked; the answer is about another document.
    OthersAnswer,
    /// Booked; the answer ends in the middle.
    Torn,
    /// Taken and parked.
    Parks,
}

/// A line that was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    pub order: String,
    pub document: String,
    pub parked: bool,
    pub cancelled: bool,
}

/// The ERP.
#[derive(Debug, Default)]
pub struct Erp {
    /// By the line's text, each time it was booked.
    pub lines: BTreeMap<String, Vec<Booked>>,
    /// Texts of lines in the order in which they were first booked, by order.
    pub history: BTreeMap<String, Vec<String>>,
    documents: BTreeMap<String, Vec<Value>>,
    number: u32,
}

impl Erp {
    /// Does what a call asks.
    pub fn take(&mut self, call: &Call, fault: Option<Fault>) -> Reply {
        if call.path.ends_with("$batch") {
            let asked: Value = serde_json::from_str(call.body.as_ref().unwrap()).unwrap();
            let mut responses = Vec::new();
            for (index, request) in asked["requests"].as_array().unwrap().iter().enumerate() {
                let one = Call { path: request["url"].as_str().unwrap().to_owned(), body: Some(request["body"].to_string()), ..call.clone() };
                // The fault is of one of them.
                let Reply::Answered { status, body, .. } = self.take(&one, fault.filter(|_| index == 0)) else { continue };
                responses.push(json!({"id": request["id"], "status": status, "body": serde_json::from_str::<Value>(&body).unwrap_or_default()}));
            }
            return answered(200, &json!({ "responses": responses }));
        }
        match call.purpose {
            Purpose::Read => match fault {
                None => answered(200, &json!({ "value": self.documents.get(&key_in(&call.path)).cloned().unwrap_or_default() })),
                Some(Fault::OthersAnswer) => {
                    let others = self.documents.iter().find(|(key, _)| **key != key_in(&call.path)).map(|(_, documents)| documents.clone());
                    others.map_or_else(|| answered(500, &json!({})), |others| answered(200, &json!({ "value": others })))
                }
                Some(_) => answered(500, &json!({})),
            },
            Purpose::Book => self.book(&serde_json::from_str(call.body.as_ref().unwrap()).unwrap(), call.path.ends_with("ProductionOrderConfirmation"), fault),
        }
    }

    fn book(&mut self, asked: &Value, confirmation: bool, fault: Option<Fault>) -> Reply {
        let error = |status, code: &str| answered(status, &json!({"error": {"code": code, "message": "as told"}}));
        match fault {
            Some(Fault::ErrorBefore) => return error(500, "SY/530"),
            Some(Fault::Locked) => return error(400, "CO/469"),
            Some(Fault::PeriodClosed) => return error(400, "M7/053"),
            Some(Fault::Busy) => return Reply::Answered { status: 429, retry_after: Some(2), body: String::new() },
            _ => {}
        }
        self.number += 1;
        let number = format!("49{:08}", self.number);
        let parked = fault == Some(Fault::Parks) && !confirmation;
        let document = if confirmation {
            let key = asked["ExternalSystemConfirmation"].as_str().unwrap();
            self.note(key, asked["OrderID"].as_str().unwrap(), &number, false);
            let mut document = asked.clone();
            document.as_object_mut().unwrap().extend([
                ("ConfirmationGroup".to_owned(), json!(number)),
                ("ConfirmationCount".to_owned(), json!("00000001")),
                ("ConfirmationYear".to_owned(), json!("2026")),
                ("IsReversed".to_owned(), json!(false)),
                ("IsReversal".to_owned(), json!(false)),
            ]);
            document
        } else {
            let items = asked["to_MaterialDocumentItem"].as_array().unwrap();
            let taken = if fault == Some(Fault::Half) { items.len().div_ceil(2) } else { items.len() };
            let mut booked = Vec::new();
            for (index, item) in items[..taken].iter().enumerate() {
                self.note(item["MaterialDocumentItemText"].as_str().unwrap(), item["ManufacturingOrder"].as_str().unwrap(), &number, parked);
                let mut item = item.clone();
                item.as_object_mut().unwrap().extend([
                    ("MaterialDocument".to_owned(), json!(if parked { "" } else { &number })),
                    ("MaterialDocumentYear".to_owned(), json!("2026")),
                    ("MaterialDocumentItem".to_owned(), json!(format!("{:04}", index + 1))),
                    ("GoodsMovementIsCancelled".to_owned(), json!(false)),
                    ("ReversedMaterialDocument".to_owned(), json!("")),
                    ("GoodsMovementIsParked".to_owned(), json!(parked)),
                ]);
                booked.push(item);
            }
            let mut document = asked.clone();
            document["to_MaterialDocumentItem"] = Value::Array(booked);
            document
        };
        self.documents.entry(key_of(asked)).or_default().push(document.clone());
        match fault {
            Some(Fault::ErrorAfter | Fault::Half) => error(500, "SY/530"),
            Some(Fault::OthersAnswer) => {
                let key = key_of(asked);
                let other = self.documents.iter().find(|(known, _)| **known != key).map(|(_, documents)| documents[0].clone());
                other.map_or_else(|| error(500, "SY/530"), |other| answered(201, &other))
            }
            Some(Fault::Torn) => {
                let text = document.to_string();
                Reply::Answered { status: 201, retry_after: None, body: text[..text.len() / 2].to_owned() }
            }
            _ => answered(201, &document),
        }
    }

    fn note(&mut self, line: &str, order: &str, document: &str, parked: bool) {
        self.history.entry(order.to_owned()).or_default().push(line.to_owned());
        self.lines.entry(line.to_owned()).or_default().push(Booked { order: order.to_owned(), document: document.to_owned(), parked, cancelled: false });
    }

    /// A clerk books all that is parked.
    pub fn book_parked(&mut self) {
        for document in self.documents.values_mut().flatten() {
            for item in document["to_MaterialDocumentItem"].as_array_mut().into_iter().flatten() {
                if item["GoodsMovementIsParked"] == true {
                    item["GoodsMovementIsParked"] = json!(false);
                    item["MaterialDocument"] = json!("5000000001");
                }
            }
        }
    }

    /// A clerk cancels all documents.
    pub fn cancel_all(&mut self) {
        for document in self.documents.values_mut().flatten() {
            document["IsReversed"] = json!(true);
            for item in document["to_MaterialDocumentItem"].as_array_mut().into_iter().flatten() {
                item["GoodsMovementIsCancelled"] = json!(true);
            }
        }
    }
}

fn answered(status: u16, body: &Value) -> Reply {
    Reply::Answered { status, retry_after: None, body: body.to_string() }
}

fn key_of(document: &Value) -> String {
    document["ExternalSystemConfirmation"].as_str().or_else(|| document["MaterialDocumentHeaderText"].as_str()).unwrap().to_owned()
}

fn key_in(path: &str) -> String {
    path.split("eq%20").nth(1).unwrap().split('&').next().unwrap().trim_matches('\'').to_owned()
}
