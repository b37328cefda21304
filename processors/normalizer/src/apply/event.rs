//! One canonical event from what a rule selected.

use lineside_schemas::Timestamp;

use super::Reading;
use super::envelope::Identity;
use super::evaluate::Found;
use super::recorder::Origin;
use super::select::Selected;
use crate::convert::time;
use crate::mapping::{EventPlan, Expression, KeyPlan, MAX_KEYS};
use crate::refusals::{Checked, Code, Fault, Known};

/// The key of an event, and the texts that it is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) text: &'a str,
    /// `None` where a part is absent; then nothing stands for it in the key.
    pub(super) parts: [Option<&'a str>; MAX_KEYS],
}

/// What of an event is not in its datum alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'a> {
    pub(super) key: &'a str,
    pub(super) event_id: &'a str,
    pub(super) plant: &'a str,
    pub(super) correlation_id: &'a str,
    pub(super) source_time: Timestamp,
    pub(super) content_start: usize,
}

impl<'a> Reading<'a> {
    /// Makes an event: writes its datum to `out`, which is cleared first. What is known of it is noted in `known` as soon as it is, for refusals to name it.
    pub(super) fn event(&self, plan: &'a EventPlan, selected: Selected, known: &mut Known<'a>, out: &mut Vec<u8>) -> Checked<Made<'a>> {
        let mapped = &plan.envelope;
        // First what identifies the event.
        let plant = self.noting("envelope.plant", || self.plant(&mapped.plant, selected)).map_err(of_envelope)?;
        known.plant = Some(plant);
        let event_id = self.noting("envelope.event_id", || self.text_of(&mapped.event_id, "event_id", selected)).map_err(of_envelope)?;
        known.event_id = Some(event_id);
        if plan.refers {
            self.set_time(plan, plant, selected).map_err(of_envelope)?;
        }
        let key = self.key(plant, &plan.keys, selected)?;
        known.key = Some(key.text);
        let correlation_id = self
            .noting("envelope.correlation_id", || self.optional_text(mapped.correlation_id.as_ref(), selected))
            .map_err(|fault| of_envelope(fault.within("correlation_id")))?;
        if correlation_id.is_none() {
            self.note("envelope.correlation_id", || Origin::Normalizer { what: "the key".to_owned() });
        }
        let correlation_id = correlation_id.unwrap_or(key.text);
        known.correlation_id = Some(correlation_id);

        out.clear();
        let source_time = self.envelope(plan, &Identity { plant, event_id, correlation_id }, selected, out).map_err(of_envelope)?;
        let content_start = out.len();
        if !plan.contract.is_flat() {
            self.note("type", || Origin::Normalizer { what: "the rule".to_owned() });
        }
        self.content(&plan.content, &key, selected, out)?;
        if out.len() > self.limits.event_bytes {
            let message = format!("an event of {} bytes, where {} are allowed", out.len(), self.limits.event_bytes);
            return Err(Fault::new(Code::EventTooLarge, message).at(self.document.location(selected.innermost())));
        }
        Ok(Made { key: key.text, event_id, plant, correlation_id, source_time, content_start })
    }

    /// Says for which plant and time references hold: those of the event.
    fn set_time(&self, plan: &'a EventPlan, plant: &'a str, selected: Selected) -> Checked<()> {
        let Some(master) = self.master else { return Ok(()) };
        let found = self.needed(&plan.envelope.source_time, "source_time", selected)?;
        let time = self.instant(&found).map_err(|fault| fault.within("source_time"))?;
        if let Some(recorder) = self.recorder {
            recorder.take_found();
        }
        master.at(plant, Timestamp::from_micros(time.micros));
        Ok(())
    }

    fn key(&self, plant: &'a str, keys: &'a [KeyPlan], selected: Selected) -> Checked<Key<'a>> {
        let mut parts = [None; MAX_KEYS];
        let mut length = plant.len();
        for (KeyPlan { field, expression }, part) in keys.iter().zip(&mut parts) {
            *part = self.noting(&field.name, || match expression {
                Some(expression) if field.required() => self.text_of(expression, &field.name, selected).map(Some),
                expression => self.optional_text(expression.as_ref(), selected).map_err(|fault| fault.within(&field.name)),
            })?;
            length += 1 + part.map_or(0, str::len);
        }
        let mut text = bumpalo::collections::String::with_capacity_in(length, self.arena);
        text.push_str(plant);
        for part in &parts[..keys.len().min(MAX_KEYS)] {
            text.push('/');
            text.push_str(part.unwrap_or_default());
        }
        Ok(Key { text: text.into_bump_str(), parts })
    }

    fn plant(&self, expression: &'a Expression, selected: Selected) -> Checked<&'a str> {
        // A plant that the table does not have is a matter of its own: somebody sends to the wrong place.
        let unknown = |fault: Fault| if fault.code == Code::UnknownCode { fault.under(Code::UnknownPlant) } else { fault };
        self.text_of(expression, "plant", selected).map_err(unknown)
    }

    /// Value of an expression that has to have one.
    pub(super) fn needed(&self, expression: &'a Expression, name: &str, selected: Selected) -> Checked<Found<'a>> {
        let found = self.evaluate(expression, selected).map_err(|fault| fault.within(name))?;
        found.ok_or_else(|| self.missing(expression, name, selected).within(name))
    }

    pub(super) fn text_of(&self, expression: &'a Expression, name: &str, selected: Selected) -> Checked<&'a str> {
        self.checked_text(&self.needed(expression, name, selected)?, false).map_err(|fault| fault.within(name))
    }

    pub(super) fn optional_text(&self, expression: Option<&'a Expression>, selected: Selected) -> Checked<Option<&'a str>> {
        let Some(expression) = expression else { return Ok(None) };
        self.evaluate(expression, selected)?.map(|found| self.checked_text(&found, false)).transpose()
    }

    pub(super) fn instant(&self, found: &Found<'a>) -> Checked<time::Instant> {
        let text = self.checked_text(found, false)?;
        time::instant(text, self.plan.zone.as_ref()).map_err(|fault| self.at(fault, found))
    }

    /// Reads a value under a field's name, and takes note of where it came from.
    pub(super) fn noting<T>(&self, field: &str, read: impl FnOnce() -> T) -> T {
        let Some(recorder) = self.recorder else { return read() };
        let outer = recorder.enter(field);
        let value = read();
        recorder.note_found();
        recorder.leave(outer);
        value
    }

    /// Notes the origin of a field that the normalizer fills itself.
    pub(super) fn note(&self, field: &str, origin: impl FnOnce() -> Origin) {
        if let Some(recorder) = self.recorder {
            let outer = recorder.enter(field);
            recorder.note(origin());
            recorder.leave(outer);
        }
    }
}

fn of_envelope(fault: Fault) -> Fault {
    fault.within("envelope")
}
