//! The two plants.

use crate::amount::SourceUnit;

/// A simulated plant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plant {
    /// A discrete plant whose manufacturing execution system sends JSON.
    A,
    /// A process plant that sends B2MML V0401.
    B,
}

impl Plant {
    /// Both.
    pub const ALL: [Self; 2] = [Self::A, Self::B];

    /// Name of the plant in canonical events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "plant-a",
            Self::B => "plant-b",
        }
    }

    /// Topic that its raw records go to.
    #[must_use]
    pub const fn topic(self) -> &'static str {
        match self {
            Self::A => "raw.plant-a.mes",
            Self::B => "raw.plant-b.b2mml",
        }
    }

    /// Name of the source in canonical events.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::A => "plant-a.mes",
            Self::B => "plant-b.b2mml",
        }
    }

    /// Units that its system reports in.
    pub(crate) const fn units(self) -> &'static [SourceUnit] {
        const A: &[SourceUnit] = &[SourceUnit::KILOGRAM, SourceUnit::GRAM, SourceUnit::LITRE, SourceUnit::MILLILITRE, SourceUnit::pieces("ST")];
        const B: &[SourceUnit] = &[SourceUnit::KILOGRAM, SourceUnit::GRAM, SourceUnit::LITRE, SourceUnit::pieces("PC")];
        match self {
            Self::A => A,
            Self::B => B,
        }
    }
}
