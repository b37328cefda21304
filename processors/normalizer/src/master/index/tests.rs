use lineside_schemas::contract;
use lineside_schemas::records::{
    Alias, Envelope, Item, OrderAlias, OrderCrossReference, Quantity, RawPosition, StatusCode, StatusCodeTable, Supplier, UnitConversion, UnitRatio,
};

use super::*;

const SECOND: i64 = 1_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * SECOND)
}

fn envelope(seconds: i64) -> Envelope<'static> {
    Envelope { plant: "plant-d", source_time: at(seconds), raw: RawPosition { topic: "raw.plant-d.master", partition: 1, offset: seconds }, ..Envelope::default() }
}

fn alias(id: &str, from: Option<i64>, to: Option<i64>) -> Alias<'_> {
    Alias { scheme: "plant-d.csv", id, valid_from: from.map(at), valid_to: to.map(at) }
}

/// An index with the codec that its records are written with.
struct World {
    index: MasterIndex,
    codec: Codec,
}

impl World {
    fn new() -> Self {
        Self { index: MasterIndex::new(MasterEntity::ALL), codec: lineside_testkit::codec() }
    }

    fn put<C: lineside_schemas::Contract>(&mut self, entity: MasterEntity, key: &str, value: &C::Value<'_>) -> Vec<String> {
        let mut bytes = Vec::new();
        self.codec.encode::<C>(entity.topic(), value, &mut bytes).unwrap();
        self.take(entity, key, Some(&bytes))
    }

    fn item(&mut self, item: &str, seconds: i64, is_deleted: bool, aliases: Vec<Alias<'_>>) -> Vec<String> {
        let record = Item { envelope: envelope(seconds), item, is_deleted, aliases, ..Item::default() };
        self.put::<contract::Item>(MasterEntity::Item, &format!("plant-d/{item}"), &record)
    }

    fn take(&mut self, entity: MasterEntity, key: &str, value: Option<&[u8]>) -> Vec<String> {
        let mut changed = Vec::new();
        self.index.apply(entity.topic(), key, value, &self.codec, &mut |reference| changed.push(reference.id.to_string())).unwrap();
        changed
    }

    fn find(&self, entity: MasterEntity, scheme: &str, id: &str, seconds: i64) -> String {
        let reference = Reference { entity, plant: "plant-d", scheme, id, kind: None, at: at(seconds) };
        match self.index.find(&reference) {
            Answer::Found(found) => format!("{}@{}", found.value, found.version.raw.2),
            Answer::Missing { is_known } => if is_known { "not then" } else { "missing" }.to_owned(),
            Answer::Ambiguous(keys) => keys.join("|"),
        }
    }

    fn item_of(&self, id: &str, seconds: i64) -> String {
        self.find(MasterEntity::Item, "plant-d.csv", id, seconds)
    }
}

#[test]
fn an_alias_holds_from_its_first_instant_until_before_its_last() {
    let mut world = World::new();
    assert_eq!(world.item("FG-1", 5, false, vec![alias("4711", Some(10), Some(20)), alias("always", None, None)]), ["4711", "always"]);
    for (seconds, expected) in [(9, "not then"), (10, "FG-1@5"), (19, "FG-1@5"), (20, "not then")] {
        assert_eq!(world.item_of("4711", seconds), expected, "{seconds}");
    }
    assert_eq!((world.item_of("always", i64::MIN / SECOND), world.item_of("47110", 10)), ("FG-1@5".to_owned(), "missing".to_owned()));
    assert_eq!(world.find(MasterEntity::Item, "other", "4711", 10), "missing", "another scheme");
    assert_eq!(world.find(MasterEntity::Supplier, "plant-d.csv", "4711", 10), "missing", "another entity");
}

#[test]
fn two_records_that_claim_one_alias_at_a_time_are_ambiguous_and_one_after_the_other_are_not() {
    let mut world = World::new();
    world.item("OLD", 1, false, vec![alias("4711", None, Some(10)), alias("both", None, None)]);
    world.item("NEW", 2, false, vec![alias("4711", Some(10), None), alias("both", Some(50), None)]);
    assert_eq!((world.item_of("4711", 9), world.item_of("4711", 10)), ("OLD@1".to_owned(), "NEW@2".to_owned()));
    assert_eq!((world.item_of("both", 49), world.item_of("both", 50)), ("OLD@1".to_owned(), "plant-d/NEW|plant-d/OLD".to_owned()));
}

#[test]
fn the_last_version_counts_and_tells_what_may_have_changed() {
    let mut world = World::new();
    world.item("FG-1", 1, false, vec![alias("a", None, None), alias("b", None, None)]);
    assert_eq!(world.item("FG-1", 2, false, vec![alias("b", None, None), alias("c", None, None)]), ["a", "b", "b", "c"]);
    assert_eq!([world.item_of("a", 0), world.item_of("b", 0), world.item_of("c", 0)], ["missing", "FG-1@2", "FG-1@2"]);
    assert_eq!(world.take(MasterEntity::Item, "plant-d/FG-1", None), ["b", "c"]);
    assert_eq!((world.item_of("c", 0), world.index.records(), world.index.claims()), ("missing".to_owned(), 0, 0));
}

#[test]
fn what_is_deleted_holds_for_events_before_its_source_said_so() {
    let mut world = World::new();
    world.item("FG-1", 100, true, vec![alias("4711", None, None)]);
    assert_eq!((world.item_of("4711", 99), world.item_of("4711", 100)), ("FG-1@100".to_owned(), "not then".to_owned()));
}

#[test]
fn a_suppliers_own_validity_bounds_its_aliases_and_carrier_codes_are_aliases() {
    let mut world = World::new();
    let aliases = vec![Alias { scheme: "GLN", id: "4012345000009", valid_from: None, valid_to: Some(at(90)) }];
    let carrier_codes = vec![Alias { scheme: "SCAC", id: "ABFS", valid_from: None, valid_to: None }];
    let record = Supplier { envelope: envelope(1), supplier: "V-100", valid_from: Some(at(10)), valid_to: Some(at(50)), aliases, carrier_codes, ..Supplier::default() };
    world.put::<contract::Supplier>(MasterEntity::Supplier, "plant-d/V-100", &record);
    for (scheme, id) in [("GLN", "4012345000009"), ("SCAC", "ABFS")] {
        let found: Vec<_> = [9, 10, 49, 50].map(|seconds| world.find(MasterEntity::Supplier, scheme, id, seconds)).into();
        assert_eq!(found, ["not then", "V-100@1", "V-100@1", "not then"], "{scheme}");
    }
}

#[test]
fn numbers_of_an_order_are_told_apart_by_their_kind() {
    let mut world = World::new();
    let number = |kind, id, operation| OrderAlias { kind, scheme: "plant-d.csv", id, operation, valid_from: None, valid_to: None };
    for (order, kind, operation) in [("1000", OrderAliasKind::PlantSequence, None), ("2000", OrderAliasKind::OperationExecution, Some("0020"))] {
        let record = OrderCrossReference { envelope: envelope(1), order, aliases: vec![number(kind, "7", operation)], ..OrderCrossReference::default() };
        world.put::<contract::OrderCrossReference>(MasterEntity::Order, &format!("plant-d/{order}"), &record);
    }
    let found = |kind| {
        let reference = Reference { entity: MasterEntity::Order, plant: "plant-d", scheme: "plant-d.csv", id: "7", kind, at: at(0) };
        match world.index.find(&reference) {
            Answer::Found(found) => format!("{} {:?}", found.value, found.operation),
            answer => format!("{answer:?}"),
        }
    };
    assert_eq!(found(Some(OrderAliasKind::PlantSequence)), "1000 None");
    assert_eq!(found(Some(OrderAliasKind::OperationExecution)), "2000 Some(\"0020\")");
    assert_eq!(found(None), "Ambiguous([\"plant-d/1000\", \"plant-d/2000\"])");
}

#[test]
fn units_have_a_ratio_for_each_time_and_codes_a_meaning() {
    let mut world = World::new();
    let quantity = |value: &str, unit| Quantity { value: value.parse().unwrap(), unit };
    let ratio = |base: &str, from: Option<i64>, to: Option<i64>| UnitRatio {
        quantity: quantity("1", "XBX"),
        base_quantity: quantity(base, "KGM"),
        valid_from: from.map(at),
        valid_to: to.map(at),
    };
    let ratios = vec![ratio("25", None, Some(10)), ratio("20", Some(10), Some(20)), ratio("0", Some(20), None)];
    let record = UnitConversion { envelope: envelope(1), item: "FG-1", unit: "SACK", ratios, ..UnitConversion::default() };
    world.put::<contract::UnitConversion>(MasterEntity::Unit, "plant-d/FG-1/SACK", &record);
    let base = |seconds| match world.index.find(&Reference { entity: MasterEntity::Unit, plant: "plant-d", scheme: "FG-1", id: "SACK", kind: None, at: at(seconds) }) {
        Answer::Found(found) => found.ratio.map(|ratio| ratio.base_quantity.to_string()),
        _ => None,
    };
    assert_eq!([base(9), base(10), base(20)], [Some("25".to_owned()), Some("20".to_owned()), None], "a ratio of nothing converts nothing");

    let codes = vec![StatusCode { code: "77", meaning: "BREAKDOWN", ..StatusCode::default() }];
    let table = StatusCodeTable { envelope: envelope(1), table: "plant-d.csv/reason", codes, ..StatusCodeTable::default() };
    world.put::<contract::StatusCodeTable>(MasterEntity::StatusCode, "plant-d/plant-d.csv/reason", &table);
    assert_eq!(world.find(MasterEntity::StatusCode, "plant-d.csv/reason", "77", 0), "BREAKDOWN@1");
}

#[test]
fn an_index_is_as_large_as_what_it_holds_however_often_records_change() {
    let mut world = World::new();
    for round in 0..50 {
        for item in 0..40 {
            let ids = [format!("{item}-{round}"), format!("{item}")];
            world.item(&format!("I-{item}"), round, false, ids.iter().map(|id| alias(id, None, None)).collect());
        }
    }
    assert_eq!((world.index.records(), world.index.claims(), world.index.records.len()), (40, 80, 40));
    assert!((0..40).all(|item| world.item_of(&item.to_string(), 0) == format!("I-{item}@49")));
}

#[test]
fn entities_that_nobody_asks_for_take_no_memory() {
    let mut world = World { index: MasterIndex::new([MasterEntity::Order]), codec: lineside_testkit::codec() };
    world.item("FG-1", 1, false, vec![alias("4711", None, None)]);
    assert_eq!(world.index.records(), 0);
}
