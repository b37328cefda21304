//! Any value of a contract is the same for every reader.

use apache_avro::Schema;
use apache_avro::schema::{RecordSchema, ResolvedSchema};
use base64::Engine as _;
use lineside_schemas::json::JsonView;
use lineside_schemas::{ContractId, Date, Decimal, Timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::reencode;

type Names<'s> = std::collections::HashMap<apache_avro::schema::Name, &'s Schema>;

/// Views of any value of the schema.
fn views(schema: &Schema, names: &Names<'_>) -> BoxedStrategy<Value> {
    match schema {
        Schema::Null => Just(Value::Null).boxed(),
        Schema::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Schema::Int => any::<i32>().prop_map(Value::from).boxed(),
        Schema::Long => any::<i64>().prop_map(Value::from).boxed(),
        Schema::String => any::<String>().prop_map(Value::from).boxed(),
        Schema::Bytes => proptest::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| base64::prelude::BASE64_STANDARD.encode(bytes).into()).boxed(),
        Schema::Decimal(_) => any::<i128>().prop_map(|unscaled| Decimal::from_unscaled(unscaled % 10_i128.pow(38)).unwrap().to_string().into()).boxed(),
        Schema::Date => any::<i32>().prop_map(|days| Date::from_days(days).to_iso().map_or(json!(days), Value::from)).boxed(),
        Schema::TimestampMicros => any::<i64>().prop_map(|micros| Timestamp::from_micros(micros).to_iso().map_or(json!(micros), Value::from)).boxed(),
        Schema::Enum(definition) => proptest::sample::select(definition.symbols.clone()).prop_map(Value::from).boxed(),
        Schema::Union(union) => proptest::strategy::Union::new(union.variants().iter().map(|branch| views(branch, names))).boxed(),
        Schema::Array(array) => proptest::collection::vec(views(&array.items, names), 0..3).prop_map(Value::from).boxed(),
        Schema::Record(record) => records(record, names),
        Schema::Ref { name } => views(names[name], names),
        other => panic!("no contract uses {other:?}"),
    }
}

fn records(record: &RecordSchema, names: &Names<'_>) -> BoxedStrategy<Value> {
    let fields: Vec<_> = record.fields.iter().map(|field| views(&field.schema, names)).collect();
    let labels: Vec<String> = record.fields.iter().map(|field| field.name.clone()).collect();
    fields.prop_map(move |values| labels.iter().cloned().zip(values).collect::<Map<_, _>>().into()).boxed()
}

#[test]
fn every_value_of_a_contract_keeps_its_bytes_and_its_view() {
    for &id in ContractId::ALL {
        let schema = Schema::parse_str(id.schema_text()).unwrap();
        let names = ResolvedSchema::new(&schema).unwrap();
        let view = JsonView::new(id.schema_text()).unwrap();
        let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 100, source_file: Some(file!()), ..ProptestConfig::default() });
        let result = runner.run(&views(&schema, names.get_names()), |value| {
            let datum = view.encode(&value).unwrap();
            prop_assert_eq!(reencode(id, &datum), Ok(datum.clone()));
            prop_assert_eq!(view.show(&datum), Ok(value));
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{id:?}: {error}"));
    }
}
