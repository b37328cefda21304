//! Decimals of a generic Avro value.

use apache_avro::types::Value;
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;
use lineside_scenarios::books::DECIMAL_SCALE;

/// Every decimal in the order of the schema, and the count of all leaves.
pub fn of(value: &Value) -> (Vec<BigDecimal>, usize) {
    let mut found = (Vec::new(), 0);
    collect(value, &mut found);
    found
}

fn collect(value: &Value, found: &mut (Vec<BigDecimal>, usize)) {
    match value {
        Value::Union(_, inner) => collect(inner, found),
        Value::Record(fields) => fields.iter().for_each(|(_, field)| collect(field, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Decimal(decimal) => {
            found.0.push(BigDecimal::new(BigInt::from(decimal.clone()), DECIMAL_SCALE));
            found.1 += 1;
        }
        _ => found.1 += 1,
    }
}
