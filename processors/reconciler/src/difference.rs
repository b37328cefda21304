//! Differences and their classes. `docs/books.md` has a section for each class.

use lineside_schemas::{Decimal, Timestamp};

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// An accepted event that no posting covers.
    EventNotPosted,
    /// An event that counts twice.
    EventDoubled,
    /// A posting that covers nothing that was accepted.
    PostedWithoutEvent,
    /// A posting that stands on the topic twice.
    PostedTwice,
    /// A posting that covers other events than it says.
    CoverageDiffers,
    /// A line whose postings are not what its events come to.
    QuantityDiffers,
    /// The same by less than a last digit: rounded wrong.
    RemainderTooLarge,
    /// A posting that the ERP topics do not have in full.
    ErpMissing,
    /// An ERP record that says something else than its posting.
    ErpDiffers,
    /// An ERP record that stands on its topic twice.
    ErpDoubled,
    /// An ERP record of a posting that is not there.
    ErpWithoutPosting,
    /// An outcome of a document that is not there.
    OutcomeWithoutDocument,
    /// An outcome that contradicts an earlier final one.
    OutcomeContradicts,
    /// The ERP refused.
    ErpRejected,
    /// The ERP cancelled what it had booked.
    ErpCancelled,
    /// Not known whether the ERP booked.
    ErpInDoubt,
    /// The ERP has it and has not booked it.
    ErpParked,
    /// A rule holds it.
    Held,
}

impl Class {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::EventNotPosted,
        Self::EventDoubled,
        Self::PostedWithoutEvent,
        Self::PostedTwice,
        Self::CoverageDiffers,
        Self::QuantityDiffers,
        Self::RemainderTooLarge,
        Self::ErpMissing,
        Self::ErpDiffers,
        Self::ErpDoubled,
        Self::ErpWithoutPosting,
        Self::OutcomeWithoutDocument,
        Self::OutcomeContradicts,
        Self::ErpRejected,
        Self::ErpCancelled,
        Self::ErpInDoubt,
        Self::ErpParked,
        Self::Held,
    ];

    /// Its name in books, metrics and docs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventNotPosted => "event-not-posted",
            Self::EventDoubled => "event-doubled",
            Self::PostedWithoutEvent => "posted-without-event",
            Self::PostedTwice => "posted-twice",
            Self::CoverageDiffers => "coverage-differs",
            Self::QuantityDiffers => "quantity-differs",
            Self::RemainderTooLarge => "remainder-too-large",
            Self::ErpMissing => "erp-missing",
            Self::ErpDiffers => "erp-differs",
            Self::ErpDoubled => "erp-doubled",
            Self::ErpWithoutPosting => "erp-without-posting",
            Self::OutcomeWithoutDocument => "outcome-without-document",
            Self::OutcomeContradicts => "outcome-contradicts",
            Self::ErpRejected => "erp-rejected",
            Self::ErpCancelled => "erp-cancelled",
            Self::ErpInDoubt => "erp-in-doubt",
            Self::ErpParked => "erp-parked",
            Self::Held => "held",
        }
    }

    /// True for what waits for somebody or something known, and is nobody's mistake: it keeps an order open, and is no gap.
    #[must_use]
    pub const fn only_waits(self) -> bool {
        matches!(self, Self::ErpInDoubt | Self::ErpParked | Self::Held)
    }

    /// The class of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its class.
    pub class: Class,
    /// What it is about.
    pub subject: String,
    /// Index of the line in the account, where it is about an amount.
    pub line: Option<usize>,
    /// How much: positive is missing from the postings, negative too much.
    pub amount: Option<Decimal>,
    /// Time of the record that it began with.
    pub since: Timestamp,
    /// No record that may still be on its way can explain it.
    pub is_proven: bool,
    /// What is known of it.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_name_of_its_own_and_a_section_in_the_docs() {
        let page = include_str!("../../../docs/books.md");
        for class in Class::ALL {
            assert_eq!(Class::named(class.name()), Some(*class));
            assert!(page.contains(&format!("### {}\n", class.name())), "{} has no section", class.name());
        }
        assert_eq!(Class::named("nothing"), None);
    }
}
