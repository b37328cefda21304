//! Why the normalizer refuses a record: every code, who has to act on it, and what is known of the event by then.

use std::ops::Deref;

use lineside_api::{ErrorClass, Refusal};

use crate::master::MissingReference;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $class:ident;)*) => {
        /// A reason for a refusal. Each has a stable code and a page of documentation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code: lower-case words joined by hyphens.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Who has to act.
            #[must_use]
            pub const fn class(self) -> ErrorClass {
                match self { $(Self::$name => ErrorClass::$class,)* }
            }
        }
    };
}

codes! {
    /// The record has no value, or an empty one.
    EmptyRecord = "empty-record", DataQuality;
    /// The record is larger than the bound.
    RecordTooLarge = "record-too-large", DataQuality;
    /// The bytes are not in the character set that the mapping or the document names, which is UTF-8 unless said.
    InvalidEncoding = "invalid-encoding", DataQuality;
    /// Not JSON (RFC 8259), or cut off.
    InvalidJson = "invalid-json", DataQuality;
    /// A JSON object has two members of one name.
    DuplicateMember = "duplicate-member", DataQuality;
    /// Not well-formed XML, or cut off.
    InvalidXml = "invalid-xml", DataQuality;
    /// The XML has a DOCTYPE or names an entity that XML itself does not define.
    XmlDoctype = "xml-doctype", DataQuality;
    /// Not CSV with the columns that it should have, or cut off.
    InvalidCsv = "invalid-csv", DataQuality;
    /// Not an ANSI X12 interchange.
    InvalidX12 = "invalid-x12", Partner;
    /// Not a UN/EDIFACT interchange.
    InvalidEdifact = "invalid-edifact", Partner;
    /// An interchange, group, transaction set or message has no trailer, or ends within a segment.
    UnterminatedInterchange = "unterminated-interchange", Partner;
    /// A trailer's control number or reference is not that of the header.
    ControlNumberMismatch = "control-number-mismatch", Partner;
    /// A trailer's count is not what stands before it.
    ControlCountMismatch = "control-count-mismatch", Partner;
    /// Levels that name each other by ids do not make a tree.
    InvalidHierarchy = "invalid-hierarchy", Partner;
    /// Deeper nested than the bound.
    NestingTooDeep = "nesting-too-deep", DataQuality;
    /// More values or elements than the bound.
    TooManyNodes = "too-many-nodes", DataQuality;
    /// More events in one document than the bound.
    TooManyEvents = "too-many-events", DataQuality;
    /// The lists of a record's events select more than the bound.
    TooManyItems = "too-many-items", DataQuality;
    /// An event is larger than the bound.
    EventTooLarge = "event-too-large", DataQuality;
    /// A field that the contract requires is not there.
    MissingField = "missing-field", DataQuality;
    /// A field that the contract requires is there, but empty.
    EmptyField = "empty-field", DataQuality;
    /// A field that can stand once stands several times.
    RepeatedField = "repeated-field", DataQuality;
    /// A value is of another type than the field.
    WrongType = "wrong-type", DataQuality;
    /// A text is longer than the bound.
    TextTooLong = "text-too-long", DataQuality;
    /// Not a number.
    BadNumber = "bad-number", DataQuality;
    /// A number has more digits after the point than the contract keeps; nothing is rounded.
    NumberTooFine = "number-too-fine", DataQuality;
    /// A number has more digits before the point than the contract keeps.
    NumberTooLarge = "number-too-large", DataQuality;
    /// A quantity is zero or negative where the contract wants a positive one.
    QuantityNotPositive = "quantity-not-positive", DataQuality;
    /// A unit that the mapping's unit table does not have.
    UnknownUnit = "unknown-unit", DataQuality;
    /// A code that the mapping's code table does not have.
    UnknownCode = "unknown-code", DataQuality;
    /// A site that the mapping's plant table does not have.
    UnknownPlant = "unknown-plant", DataQuality;
    /// Not a time, or a local one where the mapping gives no zone.
    BadTime = "bad-time", DataQuality;
    /// A local time that the clocks skipped.
    TimeInGap = "time-in-gap", DataQuality;
    /// A local time that the clocks showed twice.
    TimeInOverlap = "time-in-overlap", DataQuality;
    /// An expression of the mapping has no result for the texts of the document.
    ExpressionFailed = "expression-failed", Application;
    /// Something that the event refers to is not in the master data at its time.
    ReferenceMissing = "reference-missing", Recoverable;
    /// Several records of master data claim what the event refers to.
    AmbiguousReference = "ambiguous-reference", DataQuality;
    /// Two events of one document have the same id.
    DuplicateEventId = "duplicate-event-id", DataQuality;
    /// No rule of the mapping reads this type of document, or none finds an event in it.
    UnmappedDocument = "unmapped-document", Application;
    /// The document holds something that the mapping says it cannot read.
    UnmappedContent = "unmapped-content", Application;
    /// No mapping reads this topic.
    UnmappedTopic = "unmapped-topic", Application;
    /// A mapped value does not fit the contract's type: an error of this program.
    ContractMismatch = "contract-mismatch", Application;
}

/// What is wrong with a document, before it is known of which event. Boxed, because the good case should not pay for its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault(Box<Details>);

/// What a [`Fault`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) code: Code,
    pub(crate) message: String,
    /// Field of the contract, the outermost name first.
    pub(crate) field: Option<String>,
    /// Place in the document.
    pub(crate) path: Option<String>,
    /// What the record can wait for.
    pub(crate) missing: Option<Box<MissingReference>>,
}

/// Something, unless the document is at fault.
pub(crate) type Checked<T> = Result<T, Fault>;

impl Fault {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Details { code, message: message.into(), field: None, path: None, missing: None }))
    }

    /// With the place in the document.
    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// As seen from the field of the contract that was to be filled; from the inside out.
    pub(crate) fn within(mut self, field: &str) -> Self {
        self.0.field = Some(match self.0.field {
            Some(inner) if inner.starts_with('[') => format!("{field}{inner}"),
            Some(inner) => format!("{field}.{inner}"),
            None => field.to_owned(),
        });
        self
    }

    /// As seen from the list whose item with this index, from 0, was to be filled: `[1].quantity`.
    pub(crate) fn within_item(mut self, index: usize) -> Self {
        self.0.field = Some(match self.0.field {
            Some(inner) => format!("[{index}].{inner}"),
            None => format!("[{index}]"),
        });
        self
    }

    /// That the record can wait for a reference.
    pub(crate) fn waiting_for(mut self, missing: MissingReference) -> Self {
        self.0.missing = Some(Box::new(missing));
        self
    }

    /// With words before the message.
    pub(crate) fn behind(mut self, words: &str) -> Self {
        self.0.message.insert_str(0, words);
        self
    }

    /// Under another code.
    pub(crate) fn under(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }
}

impl Deref for Fault {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

/// What is known of the event that a fault belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Known<'a> {
    pub(crate) plant: Option<&'a str>,
    pub(crate) event_id: Option<&'a str>,
    pub(crate) correlation_id: Option<&'a str>,
    pub(crate) key: Option<&'a str>,
}

impl Known<'_> {
    pub(crate) fn refusal(self, fault: Fault) -> Box<Refusal> {
        let Details { code, message, field, path, missing: _ } = *fault.0;
        let mut refusal = Refusal::new(code.class(), code.as_str(), message);
        refusal.field = field;
        refusal.path = path;
        refusal.plant = self.plant.map(str::to_owned);
        refusal.event_id = self.event_id.map(str::to_owned);
        refusal.correlation_id = self.correlation_id.map(str::to_owned);
        Box::new(refusal)
    }
}

/// A text of the source, shortened for a message.
pub(crate) fn shown(text: &str) -> String {
    const SHOWN_CHARS: usize = 60;
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("`{}...`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_lower_case_words() {
        let codes: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        assert!(codes.iter().all(|code| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')));
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(shown("KG"), "`KG`");
        assert!(shown(&"ü".repeat(1000)).len() < 200);
    }
}
