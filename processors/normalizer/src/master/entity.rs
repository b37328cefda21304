//! What mappings can refer to.

use lineside_topology::topics::{
    MASTER_CUSTOMER, MASTER_ITEM, MASTER_ORDER_CROSS_REFERENCE, MASTER_STATUS_CODE_TABLE, MASTER_STORAGE_LOCATION, MASTER_SUPPLIER, MASTER_UNIT_CONVERSION,
    MASTER_WORK_CENTER,
};

/// A kind of master data that references are answered from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MasterEntity {
    /// The canonical item of an item number.
    Item,
    /// The one supplier of a partner id, a carrier's codes among them.
    Supplier,
    /// The one customer of a partner id.
    Customer,
    /// The work center of a resource's name.
    WorkCenter,
    /// The storage location of a place's name.
    StorageLocation,
    /// The order of an order's other numbers.
    Order,
    /// The meaning of a code; its scheme is the table.
    StatusCode,
    /// What a unit means for an item; its scheme is the item.
    Unit,
}

impl MasterEntity {
    /// All of them.
    pub const ALL: [Self; 8] = [Self::Item, Self::Supplier, Self::Customer, Self::WorkCenter, Self::StorageLocation, Self::Order, Self::StatusCode, Self::Unit];

    /// Its name in mappings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Supplier => "supplier",
            Self::Customer => "customer",
            Self::WorkCenter => "work-center",
            Self::StorageLocation => "storage-location",
            Self::Order => "order",
            Self::StatusCode => "status-code",
            Self::Unit => "unit",
        }
    }

    /// The compacted topic of its records.
    #[must_use]
    pub const fn topic(self) -> &'static str {
        match self {
            Self::Item => MASTER_ITEM.name(),
            Self::Supplier => MASTER_SUPPLIER.name(),
            Self::Customer => MASTER_CUSTOMER.name(),
            Self::WorkCenter => MASTER_WORK_CENTER.name(),
            Self::StorageLocation => MASTER_STORAGE_LOCATION.name(),
            Self::Order => MASTER_ORDER_CROSS_REFERENCE.name(),
            Self::StatusCode => MASTER_STATUS_CODE_TABLE.name(),
            Self::Unit => MASTER_UNIT_CONVERSION.name(),
        }
    }

    /// The entity of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name() == name)
    }

    /// The entity whose records stand on a topic.
    #[must_use]
    pub fn of_topic(topic: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.topic() == topic)
    }
}

#[cfg(test)]
mod tests {
    use lineside_topology::processors::NORMALIZER;

    use super::*;

    #[test]
    fn names_and_topics_lead_back() {
        for entity in MasterEntity::ALL {
            assert_eq!((MasterEntity::of_name(entity.name()), MasterEntity::of_topic(entity.topic())), (Some(entity), Some(entity)));
        }
        assert_eq!(NORMALIZER.tables, MasterEntity::ALL.map(MasterEntity::topic));
    }
}
