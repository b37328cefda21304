//! What the connector reads: documents for the ERP, and what people say of those in doubt.

use lineside_api::{Input, RawRecord};
use lineside_schemas::codec::encode_datum;
use lineside_schemas::json::{JsonError, JsonView};
use lineside_schemas::records::{ErpConfirmation, ErpGoodsMovement, PostingSettlement};
use lineside_schemas::{Codec, CodecError, Contract, ContractId, EventTimes, Timestamp, contract};
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_POSTING_SETTLEMENTS};
use serde_json::{Map, Value};

use crate::dialect::Kind;
use crate::ledger::Entry;
use crate::posting::{Fate, Line, Posting};

/// The connector's input, by topic.
#[derive(Debug)]
pub struct Incoming;

/// A record of one of its topics.
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it is not moved")]
#[derive(Debug, Clone, PartialEq)]
pub enum Read<'a> {
    /// A confirmation to be made.
    Confirmation(ErpConfirmation<'a>),
    /// A material document to be booked.
    GoodsMovement(ErpGoodsMovement<'a>),
    /// A person's word.
    Settlement(PostingSettlement<'a>),
}

impl Input for Incoming {
    type Value<'a> = Read<'a>;

    fn decode<'a>(codec: &Codec, raw: &RawRecord<'a>) -> Result<Read<'a>, CodecError> {
        let bytes = raw.value.unwrap_or_default();
        if raw.topic == ERP_CONFIRMATIONS.name() {
            codec.decode::<contract::ErpConfirmation>(bytes).map(Read::Confirmation)
        } else if raw.topic == ERP_POSTING_SETTLEMENTS.name() {
            codec.decode::<contract::PostingSettlement>(bytes).map(Read::Settlement)
        } else {
            codec.decode::<contract::ErpGoodsMovement>(bytes).map(Read::GoodsMovement)
        }
    }

    fn times(_raw: &RawRecord<'_>, _value: &Read<'_>) -> EventTimes {
        EventTimes::UNKNOWN
    }

    fn correlation_id<'v>(value: &'v Read<'_>) -> Option<&'v str> {
        match value {
            Read::Confirmation(document) => Some(document.correlation_id),
            Read::GoodsMovement(document) => Some(document.correlation_id),
            Read::Settlement(_) => None,
        }
    }
}

/// Shows records of the two contracts as JSON, which dialects speak of.
#[derive(Debug)]
pub struct Views {
    confirmation: JsonView,
    goods_movement: JsonView,
}

impl Views {
    /// Views of both contracts.
    ///
    /// # Panics
    /// Never: the schemas are part of the build.
    #[must_use]
    pub fn new() -> Self {
        let view = |id: ContractId| JsonView::new(id.schema_text()).expect("the schema is part of the build and its own tests parse it");
        Self { confirmation: view(ContractId::ErpConfirmation), goods_movement: view(ContractId::ErpGoodsMovement) }
    }

    /// A new entry for a confirmation; its key is still to be made.
    ///
    /// # Errors
    /// When the record cannot be shown, which a record that was decoded always can.
    pub fn confirmation(&self, document: &ErpConfirmation<'_>, now: Timestamp) -> Result<Entry, JsonError> {
        Ok(Entry {
            id: document.confirmation_id.to_owned(),
            kind: Kind::Confirmation,
            content: shown::<contract::ErpConfirmation>(&self.confirmation, document)?,
            key: String::new(),
            plant: document.plant.to_owned(),
            order: document.order.to_owned(),
            sequence: document.sequence,
            posting_id: document.posting_id.to_owned(),
            correlation_id: document.correlation_id.to_owned(),
            posting: Posting::new(document.confirmation_id, vec![Line { line: 0, posting_line: None, fate: Fate::Open }], now),
        })
    }

    /// A new entry for a material document; its key is still to be made.
    ///
    /// # Errors
    /// When the record cannot be shown, which a record that was decoded always can.
    pub fn goods_movement(&self, document: &ErpGoodsMovement<'_>, now: Timestamp) -> Result<Entry, JsonError> {
        let lines = document.items.iter().map(|item| Line { line: item.item, posting_line: Some(item.posting_line), fate: Fate::Open }).collect();
        Ok(Entry {
            id: document.document_id.to_owned(),
            kind: Kind::GoodsMovement,
            content: shown::<contract::ErpGoodsMovement>(&self.goods_movement, document)?,
            key: String::new(),
            plant: document.plant.to_owned(),
            order: document.order.to_owned(),
            sequence: document.sequence,
            posting_id: document.posting_id.to_owned(),
            correlation_id: document.correlation_id.to_owned(),
            posting: Posting::new(document.document_id, lines, now),
        })
    }
}

impl Default for Views {
    fn default() -> Self {
        Self::new()
    }
}

fn shown<C: Contract>(view: &JsonView, value: &C::Value<'_>) -> Result<Map<String, Value>, JsonError> {
    let mut datum = Vec::with_capacity(512);
    encode_datum::<C>(value, &mut datum).map_err(|error| JsonError { path: String::new(), reason: error.to_string() })?;
    match view.show(&datum)? {
        Value::Object(members) => Ok(members),
        _ => Err(JsonError { path: String::new(), reason: "the contract is a record".to_owned() }),
    }
}
