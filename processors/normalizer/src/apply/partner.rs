//! Who sent a record that is refused. Looked for only then, and never a reason for a refusal itself.

use std::ops::ControlFlow;

use bumpalo::Bump;
use lineside_api::{RawRecord, Refusal};

use super::select::{Binding, Selected};
use super::{Aids, Reading};
use crate::document::Document;
use crate::limits::Limits;
use crate::mapping::Plan;

impl Plan {
    /// Who sent a record that cannot be read: of an interchange of which something does not agree its head still tells.
    pub(super) fn sender_of_unreadable(&self, record: &RawRecord<'_>, limits: &Limits) -> Option<String> {
        self.partner.as_ref()?;
        let arena = Bump::new();
        let head = Document::head(&self.document_format, record.value.unwrap_or_default(), limits, &arena)?;
        let record = RawRecord { headers: &[], ..*record };
        self.reading_of(head, &record, limits, &arena, Aids::default()).sender_of_first()
    }
}

impl Reading<'_> {
    /// The refusal of a document, naming who sent it.
    pub(super) fn naming_sender(&self, document: Selected, mut refusal: Box<Refusal>) -> Box<Refusal> {
        refusal.partner = refusal.partner.or_else(|| self.sender(document));
        refusal
    }

    /// The refusal of a record as a whole, naming who sent its first document.
    pub(super) fn naming_first_sender(&self, mut refusal: Box<Refusal>) -> Box<Refusal> {
        refusal.partner = refusal.partner.or_else(|| self.sender_of_first());
        refusal
    }

    /// Who sent what the first node of each selection leads to, as far as they lead.
    fn sender_of_first(&self) -> Option<String> {
        let mut first = Selected::none();
        for level in &self.plan.documents {
            let ControlFlow::Break(node) = self.each_of(level, first, &mut ControlFlow::Break) else { break };
            first = first.with(Binding { node, in_parent: 1, in_document: 1 });
        }
        self.sender(first)
    }

    fn sender(&self, document: Selected) -> Option<String> {
        let quietly = Reading { recorder: None, ..*self };
        let found = quietly.evaluate(self.plan.partner.as_ref()?, document).ok()??;
        quietly.checked_text(&found, false).ok().map(str::to_owned)
    }
}
