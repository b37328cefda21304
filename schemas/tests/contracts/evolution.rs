//! What may change in a schema and what may not, on the largest contract.

use lineside_schemas::ContractId;
use lineside_schemas::compatibility::{Incompatible, check_mutually_readable, check_readable};
use serde_json::{Value, json};

fn current() -> Value {
    serde_json::from_str(ContractId::ProductionEvent.schema_text()).unwrap()
}

/// The current schema after a change, and what the check says of the two.
fn after(change: impl FnOnce(&mut Value)) -> (String, Result<(), Incompatible>) {
    let mut schema = current();
    change(&mut schema);
    assert_ne!(schema, current(), "the change changes something");
    let changed = schema.to_string();
    let result = check_mutually_readable(&changed, &current().to_string());
    (changed, result)
}

fn refused(path: &str, reason: &str, change: impl FnOnce(&mut Value)) {
    let (_, result) = after(change);
    let error = result.expect_err("the change is refused");
    assert_eq!(error.path, path, "{error}");
    assert!(error.reason.contains(reason), "{error}");
}

fn accepted(change: impl FnOnce(&mut Value)) {
    after(change).1.unwrap();
}

/// The field of a record.
pub fn field<'v>(record: &'v mut Value, name: &str) -> &'v mut Value {
    record["fields"].as_array_mut().unwrap().iter_mut().find(|field| field["name"] == name).unwrap_or_else(|| panic!("no field {name}"))
}

/// Adds a field at the end of a record.
pub fn add(record: &mut Value, field: Value) {
    record["fields"].as_array_mut().unwrap().push(field);
}

fn consumed(schema: &mut Value) -> &mut Value {
    &mut field(schema, "material_consumed")["type"][1]
}

fn quantity(schema: &mut Value) -> &mut Value {
    &mut field(&mut field(schema, "order_released")["type"][1], "planned_quantity")["type"]
}

#[test]
fn a_field_without_a_default_is_refused() {
    refused("shift", "has no default", |schema| add(schema, json!({"name": "shift", "type": "string"})));
    refused("envelope.shift", "has no default", |schema| add(&mut field(schema, "envelope")["type"], json!({"name": "shift", "type": ["null", "string"]})));
}

#[test]
fn removing_a_required_field_is_refused() {
    refused("order", "has no default", |schema| schema["fields"].as_array_mut().unwrap().retain(|field| field["name"] != "order"));
}

#[test]
fn another_type_is_refused() {
    refused("order", "long cannot be read as string", |schema| field(schema, "order")["type"] = json!("long"));
    refused("envelope.raw.offset", "long cannot be read as int", |schema| {
        field(&mut field(&mut field(schema, "envelope")["type"], "raw")["type"], "offset")["type"] = json!("int");
    });
    refused("material_consumed.item", "null cannot be read as string", |schema| field(consumed(schema), "item")["type"] = json!(["null", "string"]));
    refused("material_returned", "array cannot be read as record", |schema| {
        field(schema, "material_returned")["type"] = json!(["null", {"type": "array", "items": "string"}]);
    });
}

#[test]
fn another_logical_type_is_refused() {
    let source_time = |schema: &mut Value, to: Value| field(&mut field(schema, "envelope")["type"], "source_time")["type"] = to;
    refused("envelope.source_time", "timestampmillis cannot be read as timestampmicros", |schema| {
        source_time(schema, json!({"type": "long", "logicalType": "timestamp-millis"}));
    });
    refused("envelope.source_time", "long cannot be read as timestampmicros", |schema| source_time(schema, json!("long")));
}

#[test]
fn another_decimal_is_refused() {
    refused("order_released.planned_quantity.value", "decimal(38, 6) cannot be read as decimal(38, 9)", |schema| {
        field(quantity(schema), "value")["type"]["scale"] = json!(6);
    });
    refused("order_released.planned_quantity.value", "decimal(20, 9) cannot be read as decimal(38, 9)", |schema| {
        field(quantity(schema), "value")["type"]["precision"] = json!(20);
    });
    refused("order_released.planned_quantity.value", "bytes cannot be read as decimal", |schema| field(quantity(schema), "value")["type"] = json!("bytes"));
}

#[test]
fn another_branch_of_a_union_is_refused() {
    refused("material_consumed.lot", "long cannot be read as string", |schema| field(consumed(schema), "lot")["type"] = json!(["null", "string", "long"]));
    refused("material_consumed.lot", "null cannot be read as string", |schema| {
        let lot = field(consumed(schema), "lot");
        lot["type"] = json!("string");
        lot["default"] = json!("");
    });
}

#[test]
fn another_name_is_refused() {
    refused("", "ProductionFact cannot be read as", |schema| schema["name"] = json!("ProductionFact"));
    refused("order", "has no default", |schema| {
        field(schema, "order")["aliases"] = json!(["order"]);
        field(schema, "order")["name"] = json!("order_number");
    });
}

#[test]
fn a_symbol_is_refused_only_where_the_enum_has_no_default() {
    let add_symbol = |schema: &mut Value| field(schema, "type")["type"]["symbols"].as_array_mut().unwrap().push(json!("MATERIAL_SCRAPPED"));
    accepted(add_symbol);
    let mut old = current();
    field(&mut old, "type")["type"].as_object_mut().unwrap().remove("default");
    let mut new = old.clone();
    add_symbol(&mut new);
    let error = check_mutually_readable(&new.to_string(), &old.to_string()).unwrap_err();
    assert_eq!((error.path.as_str(), error.reason.as_str()), ("type", "the reader does not know the symbol MATERIAL_SCRAPPED and has no default"));
    check_readable(&old.to_string(), &new.to_string()).expect("the new reader knows all old symbols");
}

#[test]
fn a_new_event_type_is_a_nullable_group_and_a_symbol() {
    accepted(|schema| {
        field(schema, "type")["type"]["symbols"].as_array_mut().unwrap().push(json!("MATERIAL_SCRAPPED"));
        add(schema, json!({"name": "material_scrapped", "type": ["null", "ComponentMovement"], "default": null}));
    });
}

#[test]
fn what_readers_do_not_see_may_change() {
    accepted(|schema| schema["doc"] = json!("other words"));
    accepted(|schema| schema["fields"].as_array_mut().unwrap().swap(0, 1));
    accepted(|schema| schema["namespace"] = json!("com.example"));
    // The definition of a record that several fields use stands at the first of them.
    accepted(|schema| {
        let definition = std::mem::replace(&mut field(schema, "material_consumed")["type"][1], json!("ComponentMovement"));
        field(schema, "material_returned")["type"][1] = definition;
        let fields = schema["fields"].as_array_mut().unwrap();
        let consumed = fields.iter().position(|field| field["name"] == "material_consumed").unwrap();
        fields.swap(consumed, consumed + 1);
    });
}

#[test]
fn a_schema_that_refers_to_itself_is_compared_in_finite_time() {
    let list =
        |item: &str| format!(r#"{{"type": "record", "name": "List", "fields": [{{"name": "item", "type": "{item}"}}, {{"name": "next", "type": ["null", "List"]}}]}}"#);
    check_mutually_readable(&list("int"), &list("int")).unwrap();
    check_readable(&list("int"), &list("long")).expect("an int is a long");
    assert_eq!(check_readable(&list("long"), &list("int")).unwrap_err().path, "item");
}

#[test]
fn a_text_that_is_no_schema_is_refused() {
    let schema = ContractId::ProductionEvent.schema_text();
    assert!(check_readable("{", schema).unwrap_err().reason.contains("the writer's schema"));
    assert!(check_readable(schema, "\"Nothing\"").unwrap_err().reason.contains("the reader's schema"));
}
