//! The content of an event: the fields that the plan fills, between the bytes that are the same in every event.

use lineside_schemas::binary::bytes;

use super::Reading;
use super::event::Key;
use super::recorder::{Origin, Recorder};
use super::select::Selected;
use crate::mapping::{Expression, FieldPlan, Filler, Piece};
use crate::refusals::{Checked, Code, Fault};

/// A field that has to have a value and has none.
#[derive(Debug, Clone)]
pub(super) struct Missing<'a> {
    pub(super) name: &'a str,
    /// What should have given it.
    pub(super) expression: Option<&'a Expression>,
    /// Fields that it stands in, within the record at hand; the innermost first.
    pub(super) within: Vec<&'a str>,
}

/// What became of a record.
#[derive(Debug, Clone, Default)]
pub(super) struct Written<'a> {
    /// Something in it comes from the document.
    pub(super) sourced: bool,
    /// The first field that has no value and needs one; the bytes are then of no use.
    pub(super) missing: Option<Missing<'a>>,
}

impl<'a> Reading<'a> {
    /// Writes what stands behind the envelope.
    pub(super) fn content(&self, pieces: &'a [Piece], key: &Key<'a>, selected: Selected, out: &mut Vec<u8>) -> Checked<()> {
        self.pieces(pieces, Some(key), selected, false, out).map(|_| ())
    }

    /// Writes a record. With `lenient` what is missing is told and no fault: the record may be absent as a whole.
    pub(super) fn pieces(&self, pieces: &'a [Piece], key: Option<&Key<'a>>, selected: Selected, lenient: bool, out: &mut Vec<u8>) -> Checked<Written<'a>> {
        let mut written = Written::default();
        for piece in pieces {
            match piece {
                Piece::Fixed { bytes, defaults } => {
                    out.extend_from_slice(bytes);
                    if self.recorder.is_some() {
                        for field in defaults {
                            let value = field.absent.as_ref().and_then(|absent| absent.value.clone()).unwrap_or_default();
                            self.note(&field.name, || Origin::Default { value });
                        }
                    }
                }
                Piece::Key { number, field } => match key.and_then(|key| key.parts[*number]) {
                    Some(text) => {
                        out.extend_from_slice(&field.present);
                        bytes(text.as_bytes(), out);
                    }
                    None => out.extend_from_slice(field.absent.as_ref().map_or(&[][..], |absent| &absent.bytes)),
                },
                Piece::Group { field, pieces } => {
                    let outer = self.recorder.map(|recorder| recorder.enter(&field.name));
                    self.pieces(pieces, None, selected, false, out).map_err(|fault| fault.within(&field.name))?;
                    if let (Some(recorder), Some(outer)) = (self.recorder, outer) {
                        recorder.leave(outer);
                    }
                }
                Piece::Field(plan) => {
                    let field = self.field(plan, selected, lenient, out).map_err(|fault| fault.within(&plan.field.name))?;
                    written.sourced |= field.sourced;
                    if let Some(missing) = field.missing {
                        if !lenient {
                            return Err(self.missing_fault(&missing, selected));
                        }
                        written.missing.get_or_insert(missing);
                    }
                }
            }
        }
        Ok(written)
    }

    fn field(&self, plan: &'a FieldPlan, selected: Selected, lenient: bool, out: &mut Vec<u8>) -> Checked<Written<'a>> {
        let Some(recorder) = self.recorder else { return self.write_field(plan, selected, lenient, out) };
        let outer = recorder.enter(&plan.field.name);
        let written = self.write_field(plan, selected, lenient, out);
        recorder.leave(outer);
        written
    }

    fn write_field(&self, plan: &'a FieldPlan, selected: Selected, lenient: bool, out: &mut Vec<u8>) -> Checked<Written<'a>> {
        let field = plan.field;
        let start = out.len();
        let mark = self.recorder.map_or(0, Recorder::mark);
        out.extend_from_slice(&field.present);
        let mut required = false;
        let expression = match &plan.filler {
            Filler::Scalar(expression) => {
                // What the mapping requires is as if the contract did: an absent record around it may be absent as a whole.
                let expression = match expression {
                    Expression::Required { source, .. } => {
                        required = true;
                        source
                    }
                    expression => expression,
                };
                if let Some(found) = self.evaluate(expression, selected)? {
                    self.write_scalar(&found, field.target, out)?;
                    if let Some(recorder) = self.recorder {
                        recorder.note_found();
                    }
                    return Ok(Written { sourced: found.sourced, missing: None });
                }
                Some(expression)
            }
            Filler::Quantity(quantity) if !self.all_hold(&quantity.conditions, selected)? => None,
            Filler::Quantity(quantity) => {
                if let Some(amount) = self.write_quantity(plan, quantity, selected, out)? {
                    return Ok(Written { sourced: amount.sourced, missing: None });
                }
                required = quantity.required;
                Some(&quantity.value)
            }
            Filler::Record { conditions, .. } if !self.all_hold(conditions, selected)? => None,
            Filler::Record { pieces, .. } => {
                let may_be_absent = !field.required();
                let mut written = self.pieces(pieces, None, selected, lenient || may_be_absent, out)?;
                match &mut written.missing {
                    _ if may_be_absent && !written.sourced => None,
                    Some(missing) if may_be_absent => return Err(self.missing_fault(missing, selected)),
                    missing => {
                        if let Some(missing) = missing {
                            missing.within.push(&field.name);
                        }
                        return Ok(written);
                    }
                }
            }
            Filler::List(parts) => {
                let items = self.list(parts, selected, out)?;
                if items > 0 || field.required() {
                    return Ok(Written { sourced: items > 0, missing: None });
                }
                None
            }
        };
        out.truncate(start);
        if let Some(recorder) = self.recorder {
            recorder.forget(mark);
        }
        let Some(absent) = field.absent.as_ref().filter(|_| !required) else {
            return Ok(Written { sourced: false, missing: Some(Self::missing_field(plan, expression)) });
        };
        out.extend_from_slice(&absent.bytes);
        if let (Some(recorder), Some(value)) = (self.recorder, &absent.value) {
            recorder.note(Origin::Default { value: value.clone() });
        }
        Ok(Written::default())
    }

    /// The fault as seen from the record that lacks the field.
    pub(super) fn missing_fault(&self, missing: &Missing<'a>, selected: Selected) -> Fault {
        let fault = match missing.expression {
            Some(expression) => self.missing(expression, missing.name, selected),
            None => Fault::new(Code::MissingField, format!("`{}` has no value", missing.name)),
        };
        missing.within.iter().fold(fault.within(missing.name), |fault, outer| fault.within(outer))
    }
}
