//! Where the values of an event come from, noted while they are read and written.

use std::cell::{Cell, RefCell};
use std::fmt::{self, Write as _};

use lineside_schemas::Timestamp;

/// A field of an event and where its value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOrigin {
    /// Path of the field in the contract: names with dots between them and indexes in brackets, as in `material_consumed.quantity.value` and `lines[0].item`.
    pub field: String,
    /// Where its value comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// What stands there in the raw record.
    Raw {
        /// Place in the document, as refusals name it, e.g. `/components[2]/quantity`.
        path: String,
    },
    /// A fixed text of the mapping.
    Constant {
        /// The text.
        text: String,
    },
    /// A row of a code or unit table.
    Table {
        /// Name of the table.
        name: String,
        /// What the source wrote.
        code: String,
        /// What the table has for it.
        value: String,
        /// Where the code comes from.
        source: Box<Self>,
    },
    /// A text put together.
    Template {
        /// Its parts, in order.
        parts: Vec<Self>,
    },
    /// Computed by an expression.
    Expression {
        /// The expression, in CEL.
        text: String,
        /// What it was given, in order.
        parts: Vec<Self>,
    },
    /// A digest of all that stands there, or of most of it.
    Digest {
        /// Place in the document.
        path: String,
    },
    /// A record of master data.
    Master {
        /// What kind of record, as mappings name it.
        entity: &'static str,
        /// Scheme of the identifier; for a unit the item, for a status code the table.
        scheme: String,
        /// What the source wrote.
        id: String,
        /// What the record has for it.
        value: String,
        /// Key of the record.
        key: String,
        /// Which version of it: when its source says that it was so.
        version: Timestamp,
        /// Raw record that the version came from: topic, partition, offset.
        raw: (String, i32, i64),
        /// Where the identifier comes from.
        source: Box<Self>,
    },
    /// The mapping's value for where there is none, or the contract's.
    Default {
        /// The value.
        value: String,
    },
    /// A time without an offset, read in the mapping's time zone.
    TimeZone {
        /// Name of the zone.
        zone: String,
        /// Where the local time comes from.
        source: Box<Self>,
    },
    /// The normalizer itself: from the raw record's position and time, the mapping's name, or the type of the rule.
    Normalizer {
        /// In words.
        what: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Raw { path } => f.write_str(path),
            Self::Constant { text } => write!(f, "constant `{text}`"),
            Self::Table { name, code, value, source } => write!(f, "{source}, in {name} `{code}` is `{value}`"),
            Self::Template { parts } => {
                f.write_str("template of ")?;
                joined(parts, " + ", f)
            }
            Self::Expression { text, parts } => {
                write!(f, "expression `{text}` of ")?;
                joined(parts, ", ", f)
            }
            Self::Digest { path } => write!(f, "digest of {path}"),
            Self::Master { entity, scheme, id, key, version, raw: (topic, partition, offset), source, .. } => {
                write!(f, "{source}, in master {entity} {key} by alias {scheme}/{id} (version of {version}, {topic}-{partition}@{offset})")
            }
            Self::Default { value } => write!(f, "default `{value}`"),
            Self::TimeZone { zone, source } => write!(f, "{source}, local time in {zone}"),
            Self::Normalizer { what } => write!(f, "normalizer: {what}"),
        }
    }
}

fn joined(parts: &[Origin], separator: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        write!(f, "{}{part}", if index > 0 { separator } else { "" })?;
    }
    Ok(())
}

/// A place of a document that a rule deliberately makes no event of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Line of the mapping at which the rule stands, from 1.
    pub rule_line: usize,
    /// Place in the document.
    pub path: String,
    /// The rule's reason.
    pub reason: String,
}

/// Notes of one event, and of what is ignored in the whole record.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    ignored: RefCell<Vec<Ignored>>,
    fields: RefCell<Vec<FieldOrigin>>,
    /// The field being written.
    path: RefCell<String>,
    /// Origins of the values that an expression has found so far.
    found: RefCell<Vec<Origin>>,
    /// Which rule is at work: its line.
    rule: Cell<usize>,
}

impl Recorder {
    /// Goes into a field and gives what [`Self::leave`] needs.
    pub(super) fn enter(&self, name: &str) -> usize {
        let mut path = self.path.borrow_mut();
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        length
    }

    /// Goes into an item of the list at hand.
    pub(super) fn enter_item(&self, index: usize) -> usize {
        let mut path = self.path.borrow_mut();
        let length = path.len();
        let _ = write!(path, "[{index}]");
        length
    }

    pub(super) fn leave(&self, length: usize) {
        self.path.borrow_mut().truncate(length);
    }

    /// Notes an origin of the field at hand.
    pub(super) fn note(&self, origin: Origin) {
        let field = self.path.borrow().clone();
        self.fields.borrow_mut().push(FieldOrigin { field, origin });
    }

    /// Notes what the last expression found as the origin of the field at hand.
    pub(super) fn note_found(&self) {
        if let Some(origin) = self.take_found() {
            self.note(origin);
        }
    }

    /// What the last expression found.
    pub(super) fn take_found(&self) -> Option<Origin> {
        let origin = self.found.borrow_mut().pop();
        self.found.borrow_mut().clear();
        origin
    }

    /// How many fields are noted, for [`Self::forget`].
    pub(super) fn mark(&self) -> usize {
        self.fields.borrow().len()
    }

    /// Forgets what was noted after a mark: the record was not written after all.
    pub(super) fn forget(&self, mark: usize) {
        self.fields.borrow_mut().truncate(mark);
    }

    /// How many values are found, for [`Self::found_as`].
    pub(super) fn height(&self) -> usize {
        self.found.borrow().len()
    }

    /// A value was found.
    pub(super) fn found(&self, origin: Origin) {
        self.found.borrow_mut().push(origin);
    }

    /// Makes one origin of all those found behind `height`; none where `make` gives none.
    pub(super) fn found_as(&self, height: usize, make: impl FnOnce(Vec<Origin>) -> Option<Origin>) {
        let mut found = self.found.borrow_mut();
        let height = height.min(found.len());
        let parts = found.split_off(height);
        found.extend(make(parts));
    }

    /// The value found last became another one, by a row of a table.
    pub(super) fn found_through(&self, table: &str, code: &str, value: &str) {
        self.found_as(self.height().saturating_sub(1), |mut parts| {
            let source = Box::new(parts.pop()?);
            Some(Origin::Table { name: table.to_owned(), code: code.to_owned(), value: value.to_owned(), source })
        });
    }

    /// The value found last became another one; where from, `make` says of what it came from itself.
    pub(super) fn found_within(&self, make: impl FnOnce(Origin) -> Origin) {
        self.found_as(self.height().saturating_sub(1), |mut parts| Some(make(parts.pop()?)));
    }

    /// The same for the part of the field at hand that was noted last.
    pub(super) fn noted_within(&self, part: &str, make: impl FnOnce(Origin) -> Origin) {
        let field = format!("{}.{part}", self.path.borrow());
        if let Some(noted) = self.fields.borrow_mut().last_mut().filter(|noted| noted.field == field) {
            let source = std::mem::replace(&mut noted.origin, Origin::Default { value: String::new() });
            noted.origin = make(source);
        }
    }

    /// Begins an event, for the rule at a line.
    pub(super) fn start(&self, rule: usize) {
        self.rule.set(rule);
        self.fields.borrow_mut().clear();
        self.path.borrow_mut().clear();
        self.found.borrow_mut().clear();
    }

    pub(super) fn ignored(&self, ignored: Ignored) {
        self.ignored.borrow_mut().push(ignored);
    }

    pub(super) fn into_ignored(self) -> Vec<Ignored> {
        self.ignored.into_inner()
    }

    pub(super) fn rule(&self) -> usize {
        self.rule.get()
    }

    pub(super) fn take(&self) -> Vec<FieldOrigin> {
        std::mem::take(&mut *self.fields.borrow_mut())
    }
}
