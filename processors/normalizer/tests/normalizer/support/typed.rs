//! Data through the typed codec and back, whatever its contract.

use lineside_schemas::codec::{decode_datum, encode_datum};
use lineside_schemas::{CodecError, ContractId, contract};

macro_rules! reencode {
    ($id:expr, $datum:expr, $($name:ident)*) => {
        match $id {
            $(ContractId::$name => {
                let mut out = Vec::new();
                decode_datum::<contract::$name>($datum).and_then(|value| encode_datum::<contract::$name>(&value, &mut out)).map(|()| out)
            })*
            other => panic!("{} is not for mappings", other.name()),
        }
    };
}

/// What the typed codec writes for what it has read.
pub fn reencoded(id: ContractId, datum: &[u8]) -> Result<Vec<u8>, CodecError> {
    reencode!(
        id, datum,
        ProductionEvent QualityEvent TraceabilityEvent InventoryEvent InboundEvent OutboundEvent PlanningEvent WorkCenterEvent
        Item BillOfMaterial Routing WorkCenter UnitConversion StorageLocation Lot Supplier Customer ShiftCalendar StatusCodeTable OrderCrossReference
    )
}
