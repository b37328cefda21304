//! Movement types: what they do to stock, in which document they may stand, and what takes them back.

/// What a movement does to the unrestricted stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Adds to it.
    In,
    /// Takes from it.
    Out,
    /// Neither: a transfer within the plant.
    Neither,
}

/// A movement type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovementType {
    /// Its code.
    pub code: &'static str,
    /// The code of what takes it back.
    pub reversal: &'static str,
    /// Goods movement codes of documents that it may stand in.
    pub documents: &'static [&'static str],
    /// What it does to stock.
    pub direction: Direction,
    /// Whether it must name its order by reference type F.
    pub refers_to_order: bool,
    /// Name in the plain dialect, if that knows it.
    pub plain: Option<&'static str>,
}

const fn row(
    code: &'static str,
    reversal: &'static str,
    documents: &'static [&'static str],
    direction: Direction,
    refers_to_order: bool,
    plain: Option<&'static str>,
) -> MovementType {
    MovementType { code, reversal, documents, direction, refers_to_order, plain }
}

/// Every movement type that the ERP books.
pub const MOVEMENT_TYPES: &[MovementType] = &[
    row("101", "102", &["01", "02"], Direction::In, true, Some("produce")),
    row("102", "101", &["01", "02"], Direction::Out, true, Some("unproduce")),
    row("261", "262", &["03"], Direction::Out, false, Some("consume")),
    row("262", "261", &["03"], Direction::In, false, Some("unconsume")),
    row("311", "312", &["04"], Direction::Neither, false, None),
    row("312", "311", &["04"], Direction::Neither, false, None),
    row("321", "322", &["04"], Direction::Neither, false, None),
    row("322", "321", &["04"], Direction::Neither, false, None),
    row("531", "532", &["05"], Direction::In, true, Some("byproduct")),
    row("532", "531", &["05"], Direction::Out, true, Some("unbyproduct")),
    row("551", "552", &["03"], Direction::Out, false, None),
    row("552", "551", &["03"], Direction::In, false, None),
];

/// The movement type of that code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static MovementType> {
    MOVEMENT_TYPES.iter().find(|row| row.code == code)
}

/// The movement type of that name in the plain dialect.
#[must_use]
pub fn by_plain_name(name: &str) -> Option<&'static MovementType> {
    MOVEMENT_TYPES.iter().find(|row| row.plain == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_a_movement_back_is_taken_back_by_it() {
        for row in MOVEMENT_TYPES {
            let reversal = by_code(row.reversal).unwrap();
            assert_eq!((reversal.reversal, reversal.documents), (row.code, row.documents));
            assert!(row.direction == Direction::Neither || row.direction != reversal.direction);
        }
    }
}
