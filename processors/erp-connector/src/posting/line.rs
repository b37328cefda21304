//! What is known of one line of a document.

/// A line of a document: what the ERP made of it, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// 0 for a confirmation itself, else the number of the item.
    pub line: i32,
    /// Line of the posting, for a goods movement.
    pub posting_line: Option<i32>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Fate {
    /// Not known to be in the ERP.
    #[default]
    Open,
    /// Booked.
    Posted(Place),
    /// Taken by the ERP and not booked yet: a clerk has to.
    Parked(Place, Option<Refusal>),
    /// Refused for good.
    Rejected(Refusal),
    /// Booked, and cancelled in the ERP.
    Cancelled(Place),
}

impl Fate {
    /// The ERP has it, or it is refused for good: nothing is to be sent.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        !matches!(self, Self::Open)
    }
}

/// Where the ERP booked a line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Place {
    /// Number of the document.
    pub document: Option<String>,
    /// Its year.
    pub year: Option<String>,
    /// Its item.
    pub item: Option<String>,
}

/// What the ERP answered when it refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Refusal {
    /// Class, of the dialect's table.
    pub class: String,
    /// The ERP's code.
    pub number: Option<String>,
    /// The ERP's words.
    pub text: Option<String>,
}

/// A line as an answer or a reading shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FoundLine {
    /// Number of the line.
    pub line: i32,
    /// What became of it. Never [`Fate::Open`].
    pub fate: Fate,
}

/// Puts what was found over what is known. Gives the lines that stand in the ERP more than once, which only somebody else can have done.
///
/// What is settled is replaced by news only: parked by anything, posted by cancelled. A line that an answer does not show stays as it is.
pub fn merge(lines: &mut [Line], found: &[FoundLine]) -> Vec<i32> {
    let mut doubled = Vec::new();
    for line in lines {
        let mut shown = found.iter().filter(|found| found.line == line.line && found.fate.is_settled());
        // Of several, the one that is booked counts: a cancelled one beside it was undone on purpose.
        let Some(best) = shown.clone().min_by_key(|found| rank(&found.fate)) else { continue };
        let booked = shown.by_ref().filter(|found| matches!(found.fate, Fate::Posted(_) | Fate::Parked(..))).count();
        if booked > 1 {
            doubled.push(line.line);
        }
        let news = match line.fate {
            Fate::Open | Fate::Parked(..) => true,
            Fate::Posted(_) => matches!(best.fate, Fate::Cancelled(_)),
            Fate::Rejected(_) => matches!(best.fate, Fate::Posted(_) | Fate::Parked(..)),
            Fate::Cancelled(_) => false,
        };
        if news {
            line.fate = best.fate.clone();
        }
    }
    doubled
}

const fn rank(fate: &Fate) -> u8 {
    match fate {
        Fate::Posted(_) => 0,
        Fate::Parked(..) => 1,
        Fate::Cancelled(_) => 2,
        Fate::Rejected(_) => 3,
        Fate::Open => 4,
    }
}
