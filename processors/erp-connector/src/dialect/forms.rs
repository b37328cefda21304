//! Parts of a dialect file that have several forms, told apart by what stands there.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use super::file::{Constant, Each, Field, FieldOf, Template, Test};

impl<'de> Deserialize<'de> for Test {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match value {
            Value::Object(mut members) => match (members.remove("not"), members.keys().next()) {
                (Some(not), None) => Ok(Self::Not { not }),
                (_, Some(other)) => Err(D::Error::unknown_field(other, &["not"])),
                (None, None) => Err(D::Error::missing_field("not")),
            },
            Value::Array(_) | Value::Null => Err(D::Error::custom("a text, number or truth value should stand here, or `not` one")),
            scalar => Ok(Self::Is(scalar)),
        }
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field, or a map with `field`, `constant`, `template` or `each`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Field, E> {
        Ok(Field::Name(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
        const FORMS: &[&str] = &["field", "constant", "template", "each"];
        let members = serde_json::Map::deserialize(MapAccessDeserializer::new(map))?;
        let form = FORMS.iter().find(|form| members.contains_key(**form)).copied();
        let value = Value::Object(members);
        let read = |error: serde_json::Error| A::Error::custom(error);
        match form {
            Some("field") => FieldOf::deserialize(value).map(Field::Of).map_err(read),
            Some("constant") => Constant::deserialize(value).map(Field::Constant).map_err(read),
            Some("template") => Template::deserialize(value).map(Field::Template).map_err(read),
            Some(_) => Each::deserialize(value).map(Field::Each).map_err(read),
            None => Err(A::Error::custom(format!("one of `{}` should stand here", FORMS.join("`, `")))),
        }
    }
}
