//! Arrays: an item for every node that a part of the plan selects.

use std::ops::ControlFlow;

use lineside_schemas::binary::{bytes, length};

use super::Reading;
use super::select::{Binding, Selected};
use crate::mapping::{ItemPlan, Level, ListPart};
use crate::refusals::{Checked, Code, Fault};

/// Counts that take one byte: an Avro long below 64.
const ONE_BYTE: usize = 64;

impl<'a> Reading<'a> {
    /// Writes an array, as one block, and gives the number of its items.
    pub(super) fn list(&self, parts: &'a [ListPart], selected: Selected, out: &mut Vec<u8>) -> Checked<usize> {
        let start = out.len();
        // Where the count will stand; without items it is the end of the array.
        out.push(0);
        let mut items = 0;
        for part in parts {
            self.part(part, &part.levels, selected, &mut items, out)?;
        }
        if items == 0 {
            return Ok(0);
        }
        if items < ONE_BYTE {
            out[start] = u8::try_from(items * 2).unwrap_or_default();
        } else {
            let mut count = Vec::with_capacity(4);
            length(items, &mut count);
            out.splice(start..=start, count);
        }
        out.push(0);
        Ok(items)
    }

    /// The items of a part: `levels` are the selections that are still to be made.
    fn part(&self, part: &'a ListPart, levels: &'a [Level], selected: Selected, items: &mut usize, out: &mut Vec<u8>) -> Checked<()> {
        let Some((level, inner_levels)) = levels.split_first() else {
            return if self.all_hold(&part.conditions, selected)? { self.item(part, selected, items, out) } else { Ok(()) };
        };
        let mut count = 0;
        let stopped = self.each_of(level, selected, &mut |node| {
            count += 1;
            let inner = selected.with(Binding { node, in_parent: count, in_document: count });
            match self.count_item().and_then(|()| self.part(part, inner_levels, inner, items, out)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(fault) => ControlFlow::Break(fault),
            }
        });
        match stopped {
            ControlFlow::Break(fault) => Err(fault),
            ControlFlow::Continue(()) if count == 0 && level.required => Err(self.nothing_at(level, selected)),
            ControlFlow::Continue(()) => Ok(()),
        }
    }

    fn item(&self, part: &'a ListPart, selected: Selected, items: &mut usize, out: &mut Vec<u8>) -> Checked<()> {
        let before = *items;
        let Some(recorder) = self.recorder else { return self.write_item(part, selected, items, out).map_err(|fault| fault.within_item(before)) };
        let (outer, mark) = (recorder.enter_item(before), recorder.mark());
        let done = self.write_item(part, selected, items, out).map_err(|fault| fault.within_item(before));
        if *items == before {
            recorder.forget(mark);
        }
        recorder.leave(outer);
        done
    }

    fn write_item(&self, part: &'a ListPart, selected: Selected, items: &mut usize, out: &mut Vec<u8>) -> Checked<()> {
        let start = out.len();
        let is_there = match &part.item {
            ItemPlan::Text(expression) => match self.evaluate(expression, selected)? {
                Some(found) => {
                    bytes(self.checked_text(&found, false)?.as_bytes(), out);
                    if let Some(recorder) = self.recorder {
                        recorder.note_found();
                    }
                    true
                }
                None => false,
            },
            ItemPlan::Record(pieces) => {
                // What a path selects is an item, come what may; an item that just stands in the mapping needs something of the document.
                let lenient = part.levels.is_empty();
                let written = self.pieces(pieces, None, selected, lenient, out)?;
                match &written.missing {
                    Some(missing) if written.sourced => return Err(self.missing_fault(missing, selected)),
                    missing => missing.is_none() && (!lenient || written.sourced),
                }
            }
        };
        if is_there {
            *items += 1;
            if out.len() > self.limits.event_bytes {
                let message = format!("an event of more than {} bytes", self.limits.event_bytes);
                return Err(Fault::new(Code::EventTooLarge, message).at(self.document.location(selected.innermost())));
            }
        } else {
            out.truncate(start);
        }
        Ok(())
    }

    /// Counts what lists select, in all events of a record: a mapping may look through the whole document for each of them.
    fn count_item(&self) -> Checked<()> {
        let count = self.memo.list_items.get() + 1;
        self.memo.list_items.set(count);
        if count > self.limits.list_items {
            return Err(Fault::new(Code::TooManyItems, format!("more than {} items in the lists of one record's events", self.limits.list_items)));
        }
        Ok(())
    }
}
