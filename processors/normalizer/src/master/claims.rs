//! What a record of master data claims: its identifiers, each for the time that it holds.

use lineside_schemas::records::{Alias, Envelope, OrderAliasKind};
use lineside_schemas::{Codec, CodecError, Timestamp, contract};

use super::entity::MasterEntity;
use super::reference::Ratio;

/// A span of time: from the first instant on, the second not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Span {
    const ALWAYS: Self = Self { from: i64::MIN, to: i64::MAX };

    fn of(from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        Self { from: from.map_or(i64::MIN, Timestamp::micros), to: to.map_or(i64::MAX, Timestamp::micros) }
    }

    fn within(self, outer: Self) -> Self {
        Self { from: self.from.max(outer.from), to: self.to.min(outer.to) }
    }

    pub(super) const fn holds(&self, at: Timestamp) -> bool {
        self.from <= at.micros() && (at.micros() < self.to || self.to == i64::MAX)
    }
}

/// An identifier that a record claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim<'a> {
    pub(super) scheme: &'a str,
    pub(super) id: &'a str,
    /// Meaning of a code, operation of an order's number; else empty.
    pub(super) gives: &'a str,
    pub(super) kind: OrderAliasKind,
    pub(super) span: Span,
    /// Number of the ratio, for units.
    pub(super) ratio: u32,
}

/// What a version of a record says.
#[derive(Debug)]
pub(super) struct Version<'a> {
    pub(super) envelope: Envelope<'a>,
    /// Canonical id.
    pub(super) value: &'a str,
    pub(super) claims: Vec<Claim<'a>>,
    pub(super) ratios: Vec<Ratio>,
}

/// Reads a record. `bytes` is its wire format.
pub(super) fn read<'a>(entity: MasterEntity, codec: &Codec, bytes: &'a [u8]) -> Result<Version<'a>, CodecError> {
    Ok(match entity {
        MasterEntity::Item => {
            let record = codec.decode::<contract::Item>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::ALWAYS);
            Version::new(record.envelope, record.item, aliases(&record.aliases, whole))
        }
        MasterEntity::Supplier => {
            let record = codec.decode::<contract::Supplier>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::of(record.valid_from, record.valid_to));
            let mut claims = aliases(&record.aliases, whole);
            claims.extend(aliases(&record.carrier_codes, whole));
            Version::new(record.envelope, record.supplier, claims)
        }
        MasterEntity::Customer => {
            let record = codec.decode::<contract::Customer>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::of(record.valid_from, record.valid_to));
            Version::new(record.envelope, record.customer, aliases(&record.aliases, whole))
        }
        MasterEntity::WorkCenter => {
            let record = codec.decode::<contract::WorkCenter>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::of(record.valid_from, record.valid_to));
            Version::new(record.envelope, record.work_center, aliases(&record.aliases, whole))
        }
        MasterEntity::StorageLocation => {
            let record = codec.decode::<contract::StorageLocation>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::of(record.valid_from, record.valid_to));
            Version::new(record.envelope, record.storage_location, aliases(&record.aliases, whole))
        }
        MasterEntity::Order => {
            let record = codec.decode::<contract::OrderCrossReference>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::of(record.valid_from, record.valid_to));
            let claims = record.aliases.iter().map(|alias| Claim {
                gives: alias.operation.unwrap_or_default(),
                kind: alias.kind,
                ..claim(alias.scheme, alias.id, Span::of(alias.valid_from, alias.valid_to).within(whole))
            });
            let claims = claims.collect();
            Version::new(record.envelope, record.order, claims)
        }
        MasterEntity::StatusCode => {
            let record = codec.decode::<contract::StatusCodeTable>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::ALWAYS);
            let claims = record.codes.iter();
            let claims = claims.map(|code| Claim { gives: code.meaning, ..claim(record.table, code.code, Span::of(code.valid_from, code.valid_to).within(whole)) });
            let claims = claims.collect();
            Version::new(record.envelope, record.table, claims)
        }
        MasterEntity::Unit => {
            let record = codec.decode::<contract::UnitConversion>(bytes)?;
            let whole = life(&record.envelope, record.is_deleted, Span::ALWAYS);
            let (mut claims, mut ratios) = (Vec::new(), Vec::new());
            // A ratio with nothing or less on a side converts nothing.
            let sound = record.ratios.iter().filter(|ratio| ratio.quantity.value.is_positive() && ratio.base_quantity.value.is_positive());
            for (number, ratio) in (0..).zip(sound) {
                claims.push(Claim { ratio: number, ..claim(record.item, record.unit, Span::of(ratio.valid_from, ratio.valid_to).within(whole)) });
                ratios.push(Ratio {
                    quantity: ratio.quantity.value,
                    unit: ratio.quantity.unit.into(),
                    base_quantity: ratio.base_quantity.value,
                    base_unit: ratio.base_quantity.unit.into(),
                });
            }
            Version { ratios, ..Version::new(record.envelope, record.unit, claims) }
        }
    })
}

impl<'a> Version<'a> {
    fn new(envelope: Envelope<'a>, value: &'a str, claims: Vec<Claim<'a>>) -> Self {
        Self { envelope, value, claims, ratios: Vec::new() }
    }
}

/// When a record holds: its own validity, and not beyond the time at which its source says that it is gone.
fn life(envelope: &Envelope<'_>, is_deleted: bool, own: Span) -> Span {
    if is_deleted { own.within(Span { to: envelope.source_time.micros(), ..Span::ALWAYS }) } else { own }
}

const fn claim<'a>(scheme: &'a str, id: &'a str, span: Span) -> Claim<'a> {
    Claim { scheme, id, gives: "", kind: OrderAliasKind::Unknown, span, ratio: 0 }
}

fn aliases<'a>(aliases: &[Alias<'a>], whole: Span) -> Vec<Claim<'a>> {
    aliases.iter().map(|alias| claim(alias.scheme, alias.id, Span::of(alias.valid_from, alias.valid_to).within(whole))).collect()
}
