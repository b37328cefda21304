//! Movement types and how an ERP takes them.

/// How the ERP takes a movement type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovementType {
    /// Movement type (SAP `GoodsMovementType`).
    pub code: &'static str,
    /// Goods movement code of the document that it goes into (SAP `GoodsMovementCode`).
    pub goods_movement_code: &'static str,
    /// Reference document type (SAP `GoodsMovementRefDocType`); `F` names the production order.
    pub reference_type: Option<&'static str>,
    /// It is booked to the order.
    pub is_of_order: bool,
}

const fn movement_type(code: &'static str, goods_movement_code: &'static str, reference_type: Option<&'static str>) -> MovementType {
    MovementType { code, goods_movement_code, reference_type, is_of_order: true }
}

/// Issue of goods.
pub const GOODS_ISSUE: &str = "03";
/// Receipt from an order.
pub const ORDER_RECEIPT: &str = "02";
/// By-product of an order.
pub const BY_PRODUCT: &str = "05";

/// The codes of documents, in the order in which a posting's documents are sent: an order takes in before it gives out.
pub const GOODS_MOVEMENT_CODES: &[&str] = &[GOODS_ISSUE, ORDER_RECEIPT, BY_PRODUCT];

/// Every movement type that a posting may carry, sorted by code.
pub const MOVEMENT_TYPES: &[MovementType] = &[
    movement_type("101", ORDER_RECEIPT, Some("F")),
    movement_type("102", ORDER_RECEIPT, Some("F")),
    movement_type("261", GOODS_ISSUE, None),
    movement_type("262", GOODS_ISSUE, None),
    movement_type("531", BY_PRODUCT, Some("F")),
    movement_type("532", BY_PRODUCT, Some("F")),
    MovementType { is_of_order: false, ..movement_type("551", GOODS_ISSUE, None) },
    MovementType { is_of_order: false, ..movement_type("552", GOODS_ISSUE, None) },
];

/// The movement type of that code, if it is known.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static MovementType> {
    MOVEMENT_TYPES.iter().find(|movement_type| movement_type.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_movement_type_goes_into_a_document_that_is_sent() {
        assert!(MOVEMENT_TYPES.iter().all(|movement_type| GOODS_MOVEMENT_CODES.contains(&movement_type.goods_movement_code)));
    }

    #[test]
    fn receipts_name_the_order_and_issues_do_not() {
        let shape = |code| by_code(code).map(|movement_type| (movement_type.goods_movement_code, movement_type.reference_type));
        assert_eq!([shape("101"), shape("102")], [Some(("02", Some("F"))); 2]);
        assert_eq!([shape("261"), shape("262")], [Some(("03", None)); 2]);
        assert_eq!([shape("531"), shape("532")], [Some(("05", Some("F"))); 2]);
        assert_eq!([shape("551"), shape("552")], [Some(("03", None)); 2]);
        assert_eq!(shape("311"), None);
    }
}
