//! How the segments of one transaction set or message, which come one behind the other, stand below each other.

/// A mapping's `segments`, compiled. By default all segments are siblings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Segmentation {
    pub(crate) hierarchy: Option<Hierarchy>,
    /// Outermost loops; they count below a hierarchy's levels too.
    pub(crate) loops: Box<[Loop]>,
}

/// Levels that name themselves and their parent, as HL of X12 and CPS of EDIFACT do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hierarchy {
    /// Tag of the segment that starts a level.
    pub(crate) start: Box<str>,
    /// Number of its element with the level's id, from 1.
    pub(crate) id: usize,
    /// Number of its element with the id of the level above.
    pub(crate) parent: usize,
    /// Tags of segments that belong to no level any more.
    pub(crate) until: Box<[Box<str>]>,
}

/// Segments that belong to the one before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loop {
    pub(crate) start: Box<str>,
    pub(crate) members: Box<[Box<str>]>,
    pub(crate) loops: Box<[Loop]>,
}

impl Loop {
    /// The one of several that a segment starts.
    pub(crate) fn started<'l>(loops: &'l [Self], tag: &str) -> Option<&'l Self> {
        loops.iter().find(|known| *known.start == *tag)
    }
}
