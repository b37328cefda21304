//! How scrap that was reported apart from confirmations is booked.

use lineside_schemas::records::{HoldReason, PostingMode, ScrapBooking};

use crate::due::View;
use crate::goods::Goods;

/// True if it is booked as scrap of stock (551), false if it is confirmed at its operation; or why it is neither.
///
/// # Errors
/// [`HoldReason::LeftToOthers`] where the rule confirms scrap and this is not of the order's product, or where goods movements are left to others.
pub fn booking(row: &Goods, view: View<'_>) -> Result<bool, HoldReason> {
    let product = view.plan.and_then(|plan| plan.item.as_deref());
    let is_product = row.key.item.is_empty() || product.is_none_or(|product| product == row.key.item);
    let is_stock = row.key.is_stock || view.rule.scrap.booking(row.key.reason_code.as_deref()) == ScrapBooking::StockMovement;
    if !is_stock {
        return if is_product { Ok(false) } else { Err(HoldReason::LeftToOthers) };
    }
    // A movement of stock needs a material.
    let has_item = !row.key.item.is_empty() || product.is_some();
    if view.mode == PostingMode::ConfirmOnly || !has_item { Err(HoldReason::LeftToOthers) } else { Ok(true) }
}

/// Material that scrap of stock is of: its own, or the order's product.
#[must_use]
pub fn item<'r>(row: &'r Goods, product: Option<&'r str>) -> &'r str {
    if row.key.item.is_empty() { product.unwrap_or_default() } else { &row.key.item }
}
