//! Single values: from the text of the document to the bytes of the field.

use lineside_schemas::binary::{bytes, decimal, length, long};
use lineside_schemas::records::Quantity;
use lineside_schemas::{Date, Decimal};

use super::Reading;
use super::evaluate::Found;
use super::fields::Missing;
use super::recorder::Origin;
use super::select::Selected;
use crate::convert::{boolean, number, quantity, time};
use crate::document::Kind;
use crate::mapping::{Expression, FieldPlan, QuantityPlan, Target};
use crate::refusals::{Checked, Code, Fault, shown};

impl<'a> Reading<'a> {
    /// Writes what was found to a field of the type `target`.
    pub(super) fn write_scalar(&self, found: &Found<'a>, target: Target, out: &mut Vec<u8>) -> Checked<()> {
        match target {
            Target::Text => bytes(self.checked_text(found, false)?.as_bytes(), out),
            Target::Int => long(self.whole(found, i32::MIN.into(), i32::MAX.into())?, out),
            Target::Long => long(self.whole(found, i64::MIN, i64::MAX)?, out),
            Target::Boolean => match boolean(found.text) {
                Some(value) if found.kind != Kind::Number => out.push(value.into()),
                _ => return Err(self.wrong_type(found, "true or false")),
            },
            Target::Timestamp => {
                let instant = self.instant(found)?;
                if instant.nanos != 0 && !self.plan.cuts_fractions {
                    return Err(self.at(Fault::new(Code::BadTime, format!("{}: finer than a microsecond", shown(found.text))), found));
                }
                self.note_zone(found);
                long(instant.micros, out);
            }
            Target::Date => {
                let text = self.checked_text(found, false)?;
                let bad = || self.at(Fault::new(Code::BadTime, format!("{}: not an ISO 8601 date such as 2026-11-20", shown(text))), found);
                long(Date::from_iso(text).ok_or_else(bad)?.days().into(), out);
            }
            Target::Decimal => decimal(self.number(found)?, out),
            Target::Enum(symbols) => {
                let text = self.checked_text(found, false)?;
                let unknown = || {
                    let known: Vec<_> = symbols.known().collect();
                    self.at(Fault::new(Code::UnknownCode, format!("{} is none of {}", shown(text), known.join(", "))), found)
                };
                length(symbols.index(text).ok_or_else(unknown)?, out);
            }
            Target::Quantity | Target::Record(_) | Target::Texts | Target::Records(_) | Target::Unsupported => {
                return Err(Fault::new(Code::ContractMismatch, "a scalar for a field that takes none"));
            }
        }
        Ok(())
    }

    /// Writes a quantity. What is not there is noted in `missing`; gives whether it was there.
    pub(super) fn write_quantity(&self, plan: &'a FieldPlan, quantity: &'a QuantityPlan, selected: Selected, out: &mut Vec<u8>) -> Checked<Option<Found<'a>>> {
        let (field, QuantityPlan { value, unit, per_item, .. }) = (plan.field, quantity);
        let found_amount = self.noted_evaluation("value", value, selected)?;
        let (amount, found_unit) = match (found_amount, self.evaluate(unit, selected)?) {
            (Some(amount), Some(unit)) => (amount, unit),
            (None, None) => return Ok(None),
            // Half a quantity is none that could be left out: something was meant.
            (Some(_), None) => return Err(self.missing(unit, &format!("{}.unit", field.name), selected).within("unit")),
            (None, Some(found)) if !found.sourced => return Ok(None),
            (None, Some(_)) => return Err(self.missing(value, &format!("{}.value", field.name), selected).within("value")),
        };
        let amount_value = self.number(&amount)?;
        let unit_text = self.checked_text(&found_unit, false)?;
        let quantity = match per_item {
            Some(per_item) if self.plan.units.get(unit_text).is_none() => {
                let (value, unit) = self.converted(per_item, (amount_value, &amount), &found_unit, selected)?;
                Quantity { value, unit }
            }
            _ => quantity::quantity(amount_value, unit_text, &self.plan.units).map_err(|fault| {
                let place = if fault.code == Code::UnknownUnit { &found_unit } else { &amount };
                self.at(fault, place)
            })?,
        };
        if plan.positive && !quantity.value.is_positive() {
            let fault = Fault::new(Code::QuantityNotPositive, format!("{} is not above zero, as `{}` has to be", shown(amount.text), field.name));
            return Err(self.at(fault, &amount));
        }
        decimal(quantity.value, out);
        bytes(quantity.unit.as_bytes(), out);
        self.note_unit(&found_unit, quantity.unit, per_item.is_some() && self.plan.units.get(unit_text).is_none());
        Ok(Some(amount))
    }

    pub(super) fn whole(&self, found: &Found<'a>, min: i64, max: i64) -> Checked<i64> {
        let text = self.checked_text(found, found.kind == Kind::Number)?;
        number::whole(text, min, max).map_err(|fault| self.at(fault, found))
    }

    fn number(&self, found: &Found<'a>) -> Checked<Decimal> {
        let text = self.checked_text(found, found.kind == Kind::Number)?;
        number::decimal(text).map_err(|fault| self.at(fault, found))
    }

    /// What is missing of a field, for later.
    pub(super) fn missing_field(plan: &'a FieldPlan, expression: Option<&'a Expression>) -> Missing<'a> {
        Missing { name: &plan.field.name, expression, within: Vec::new() }
    }

    fn noted_evaluation(&self, part: &str, expression: &'a Expression, selected: Selected) -> Checked<Option<Found<'a>>> {
        self.noting(part, || self.evaluate(expression, selected))
    }

    /// Notes that the time just found was read in the mapping's zone, if it was.
    pub(super) fn note_zone(&self, found: &Found<'a>) {
        let (Some(recorder), Some(rule)) = (self.recorder, &self.plan.zone) else { return };
        if !time::has_offset(found.text)
            && let Some(source) = recorder.take_found()
        {
            let zone = rule.zone.iana_name().unwrap_or_default().to_owned();
            recorder.found(Origin::TimeZone { zone, source: Box::new(source) });
        }
    }

    fn note_unit(&self, found: &Found<'a>, unit: &str, is_converted: bool) {
        let Some(recorder) = self.recorder else { return };
        if !is_converted {
            recorder.found_through("units", found.text, unit);
        }
        let outer = recorder.enter("unit");
        recorder.note_found();
        recorder.leave(outer);
    }
}
