//! Addresses of entities, and `$filter`.

use super::super::query::{Condition, Query, What};
use super::requests::guid;
use super::{kind, one};
use crate::command::{ConfirmationNumber, DocumentNumber};
use crate::refusal::Refusal;

/// What `GET entity?query` looks for.
pub(super) fn query(entity: &str, query: &str) -> Result<Query, Refusal> {
    let (mut filter, mut expanded) = (String::new(), false);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "$filter" => filter = value.into_owned(),
            "$expand" => expanded = true,
            "$select" | "$format" | "$top" | "$orderby" | "$count" | "sap-client" => {}
            other => return Err(Refusal::malformed(other, format!("query option {other} is not supported"))),
        }
    }
    if let Some((what, condition)) = address(entity)? {
        return Ok(one(what, condition, expanded));
    }
    let what = kind(entity)?;
    let conditions = conditions(&filter)?.into_iter().map(|(field, value)| condition(what, &field, value)).collect::<Result<_, _>>()?;
    Ok(Query { what, single: false, conditions, expanded })
}

/// The entity that `Set(Key='value',…)` names; none for a set alone.
pub(super) fn address(entity: &str) -> Result<Option<(What, Condition)>, Refusal> {
    let Some((set, keys)) = entity.split_once('(') else { return Ok(None) };
    let keys = keys.strip_suffix(')').ok_or(Refusal::NotFound)?;
    let mut values = std::collections::HashMap::new();
    for pair in keys.split(',') {
        let (name, value) = pair.split_once('=').ok_or(Refusal::NotFound)?;
        values.insert(name.trim(), value.trim().trim_matches('\''));
    }
    let number = |name: &str| values.get(name).and_then(|value| value.parse::<u64>().ok()).ok_or(Refusal::NotFound);
    let small = |name: &str| number(name).and_then(|number| u32::try_from(number).map_err(|_| Refusal::NotFound));
    let text = keys.to_owned();
    let condition = match kind(set)? {
        What::Confirmations => Condition::Number(text, ConfirmationNumber { group: number("ConfirmationGroup")?, count: small("ConfirmationCount")? }),
        What::Documents | What::Lines => {
            let year = small("MaterialDocumentYear").and_then(|year| i16::try_from(year).map_err(|_| Refusal::NotFound))?;
            Condition::Document(text, DocumentNumber { year, number: number("MaterialDocument")? })
        }
    };
    Ok(Some((kind(set)?, condition)))
}

/// The line that `MaterialDocumentItem(…,MaterialDocumentItem='0001')` names.
pub(super) fn line_number(entity: &str) -> Option<u32> {
    let (_, keys) = entity.split_once('(')?;
    let value = keys.trim_end_matches(')').split(',').find_map(|pair| pair.trim().strip_prefix("MaterialDocumentItem="))?;
    value.trim_matches('\'').parse().ok()
}

fn condition(what: What, field: &str, value: String) -> Result<Condition, Refusal> {
    match (what, field) {
        (What::Confirmations, "ExternalSystemConfirmation") => guid(&value).map(Condition::Key).ok_or_else(|| Refusal::malformed(field, format!("{value:?} is no GUID"))),
        (What::Confirmations, "OrderID") | (What::Lines, "ManufacturingOrder") => Ok(Condition::Order(value)),
        (What::Confirmations | What::Lines, "Plant") => Ok(Condition::Plant(value)),
        (What::Documents, "MaterialDocumentHeaderText") => Ok(Condition::Key(value)),
        (What::Documents, "ReferenceDocument") => Ok(Condition::Reference(value)),
        (What::Lines, "MaterialDocumentItemText") => Ok(Condition::LineText(value)),
        _ => Err(Refusal::malformed(field, format!("property {field} cannot be filtered by"))),
    }
}

/// `Field eq 'value' and …`; quotes in a value are doubled.
fn conditions(filter: &str) -> Result<Vec<(String, String)>, Refusal> {
    let wrong = || Refusal::malformed("$filter", format!("{filter:?} is not supported: only comparisons by eq, joined by and"));
    let (mut rest, mut found) = (filter.trim(), Vec::new());
    while !rest.is_empty() {
        let (field, after) = rest.split_once(' ').ok_or_else(wrong)?;
        let after = after.trim_start().strip_prefix("eq ").ok_or_else(wrong)?.trim_start();
        let (value, after) = literal(after).ok_or_else(wrong)?;
        found.push((field.to_owned(), value));
        let after = after.trim_start();
        rest = if after.is_empty() { after } else { after.strip_prefix("and ").ok_or_else(wrong)?.trim_start() };
    }
    Ok(found)
}

fn literal(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('\'') else {
        let end = text.find(' ').unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    loop {
        let (part, after) = rest.split_once('\'')?;
        value.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Some((value, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_read_with_their_quotes() {
        let of = |filter: &str| conditions(filter).unwrap();
        let pair = |field: &str, value: &str| (field.to_owned(), value.to_owned());
        assert_eq!(of("A eq 'it''s' and B eq 5"), [pair("A", "it's"), pair("B", "5")]);
        assert_eq!(of("A eq ' and B eq '"), [pair("A", " and B eq ")]);
        assert_eq!(of(""), []);
        for wrong in ["A", "A ne 'x'", "A eq 'x", "A eq 'x' or B eq 'y'", "A eq 'x' and", "A eq "] {
            assert!(conditions(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_entity_is_found_by_its_address() {
        let found = address("MaterialDocumentHeader(MaterialDocumentYear='2026',MaterialDocument='4900000011')").unwrap().unwrap();
        assert!(matches!(found, (What::Documents, Condition::Document(_, DocumentNumber { year: 2026, number: 4_900_000_011 }))));
        assert_eq!(line_number("MaterialDocumentItem(MaterialDocumentYear='2026',MaterialDocument='49',MaterialDocumentItem='0002')"), Some(2));
        assert_eq!(address("MaterialDocumentHeader").unwrap(), None);
        assert_eq!(address("Nothing(A='1')"), Err(Refusal::NotFound));
    }
}
