//! The group of an event as serde pulls it: each field is read from the document when the contract's type asks for it.
//!
//! So a contract that grows needs no new code here: the compiler knows its fields from the schema, and serde from the generated type.

use std::fmt;

use lineside_schemas::records::Quantity;
use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Reading;
use super::select::Selected;
use crate::convert::{boolean, number, quantity};
use crate::document::Kind;
use crate::mapping::{EventPlan, Expression, FieldPlan, Filler, Target};
use crate::refusals::{Checked, Code, Fault, shown};

/// A fault, as serde passes it on.
#[derive(Debug)]
pub(super) struct GroupError(pub(super) Fault);

impl fmt::Display for GroupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for GroupError {}

impl de::Error for GroupError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Fault::new(Code::ContractMismatch, message.to_string()))
    }
}

/// A converted value.
enum Value<'a> {
    Text(&'a str),
    Whole(i64),
    Boolean(bool),
    Quantity(Quantity<'a>),
}

/// Reads the fields of a group, in the order of the plan.
pub(super) struct GroupReader<'r, 'a> {
    reading: &'r Reading<'a>,
    fields: std::slice::Iter<'a, FieldPlan>,
    selected: Selected,
    next: Option<Value<'a>>,
}

impl<'r, 'a> GroupReader<'r, 'a> {
    pub(super) fn new(reading: &'r Reading<'a>, plan: &'a EventPlan, selected: Selected) -> Self {
        Self { reading, fields: plan.fields.iter(), selected, next: None }
    }

    /// Value of a field, or `None` where it may be absent and is.
    fn value(&self, field: &'a FieldPlan) -> Checked<Option<Value<'a>>> {
        let value = match &field.filler {
            Filler::Scalar(expression) => self.scalar(expression, field.target),
            Filler::Quantity { value, unit } => self.quantity(value, unit, field),
        }?;
        match (value, &field.filler) {
            (None, Filler::Scalar(expression) | Filler::Quantity { value: expression, .. }) if field.required => {
                Err(self.reading.missing(expression, &field.name, self.selected))
            }
            (value, _) => Ok(value),
        }
    }

    fn scalar(&self, expression: &'a Expression, target: Target) -> Checked<Option<Value<'a>>> {
        let reading = self.reading;
        let Some(found) = reading.evaluate(expression, self.selected)? else { return Ok(None) };
        let value = match target {
            Target::Text => Value::Text(reading.checked_text(&found, false)?),
            Target::Int => Value::Whole(reading.whole(&found, i32::MIN.into(), i32::MAX.into())?),
            Target::Long => Value::Whole(reading.whole(&found, i64::MIN, i64::MAX)?),
            Target::Boolean => match boolean(found.text) {
                Some(value) if found.kind != Kind::Number => Value::Boolean(value),
                _ => return Err(reading.wrong_type(&found, "true or false")),
            },
            Target::Timestamp => {
                let instant = reading.instant(&found)?;
                if instant.nanos != 0 {
                    return Err(reading.at(Fault::new(Code::BadTime, format!("{}: finer than a microsecond", shown(found.text))), &found));
                }
                Value::Whole(instant.micros)
            }
            Target::Quantity | Target::Unsupported => return Err(Fault::new(Code::ContractMismatch, "a scalar for a field that takes none")),
        };
        Ok(Some(value))
    }

    fn quantity(&self, value: &'a Expression, unit: &'a Expression, field: &FieldPlan) -> Checked<Option<Value<'a>>> {
        let reading = self.reading;
        let (amount, found_unit) = match (reading.evaluate(value, self.selected)?, reading.evaluate(unit, self.selected)?) {
            (Some(amount), Some(unit)) => (amount, unit),
            (None, None) => return Ok(None),
            // Half a quantity is none that could be left out: something was meant.
            (Some(_), None) => return Err(reading.missing(unit, &format!("{}.unit", field.name), self.selected)),
            (None, Some(found)) if found.node.is_none() => return Ok(None),
            (None, Some(_)) => return Err(reading.missing(value, &format!("{}.value", field.name), self.selected)),
        };
        let text = reading.checked_text(&amount, amount.kind == Kind::Number)?;
        let amount_value = number::decimal(text).map_err(|fault| reading.at(fault, &amount))?;
        let unit_text = reading.checked_text(&found_unit, false)?;
        let quantity = quantity::quantity(amount_value, unit_text, &reading.plan.units).map_err(|fault| {
            let place = if fault.code == Code::UnknownUnit { &found_unit } else { &amount };
            reading.at(fault, place)
        })?;
        if field.positive && !quantity.value.is_positive() {
            let fault = Fault::new(Code::QuantityNotPositive, format!("{} is not above zero, as `{}` has to be", shown(amount.text), field.name));
            return Err(reading.at(fault, &amount));
        }
        Ok(Some(Value::Quantity(quantity)))
    }
}

impl<'de> Deserializer<'de> for GroupReader<'_, 'de> {
    type Error = GroupError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GroupError> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'a> MapAccess<'a> for GroupReader<'_, 'a> {
    type Error = GroupError;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, GroupError> {
        while let Some(field) = self.fields.next() {
            if let Some(value) = self.value(field).map_err(GroupError)? {
                self.next = Some(value);
                let name: StrDeserializer<'_, GroupError> = (*field.name).into_deserializer();
                return seed.deserialize(name).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, GroupError> {
        let value = self.next.take().ok_or_else(|| de::Error::custom("a value without its name"))?;
        seed.deserialize(ValueReader(value))
    }
}

/// A converted value, as serde pulls it.
struct ValueReader<'a>(Value<'a>);

impl<'de> Deserializer<'de> for ValueReader<'de> {
    type Error = GroupError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GroupError> {
        match self.0 {
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Whole(value) => visitor.visit_i64(value),
            Value::Boolean(value) => visitor.visit_bool(value),
            Value::Quantity(quantity) => visitor.visit_map(QuantityReader { quantity, at: 0 }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GroupError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, GroupError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The two fields of a quantity.
struct QuantityReader<'a> {
    quantity: Quantity<'a>,
    at: u8,
}

impl<'a> MapAccess<'a> for QuantityReader<'a> {
    type Error = GroupError;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, GroupError> {
        self.at += 1;
        let name = match self.at {
            1 => "value",
            2 => "unit",
            _ => return Ok(None),
        };
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, GroupError> {
        if self.at == 1 {
            // The bytes that a decimal is on the wire: its unscaled value.
            seed.deserialize(UnscaledReader(self.quantity.value.unscaled().to_be_bytes()))
        } else {
            seed.deserialize(BorrowedStrDeserializer::new(self.quantity.unit))
        }
    }
}

struct UnscaledReader([u8; 16]);

impl<'de> Deserializer<'de> for UnscaledReader {
    type Error = GroupError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, GroupError> {
        visitor.visit_bytes(&self.0)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
