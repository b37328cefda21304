//! Runs the processor in memory: a posting in; confirmations, documents or a dead letter out. Bytes on both sides, as on a topic.

use lineside_api::{Erased, Hosted, Timestamp};
use lineside_erp_publisher::ErpPublisher;
use lineside_schemas::Contract;
use lineside_schemas::records::{DeadLetter, ErpConfirmation, ErpGoodsMovement, OrderPosting};
use lineside_testkit::TestDriver;
use lineside_topology::Topic;
use lineside_topology::processors::ERP_PUBLISHER;
use lineside_topology::topics::{ERP_CONFIRMATIONS, ERP_GOODS_MOVEMENTS, ORDER_POSTINGS};

/// What came of a posting.
pub struct Published(TestDriver);

impl Published {
    /// Confirmations, in order.
    pub fn confirmations(&self) -> Vec<ErpConfirmation<'_>> {
        self.0.values(ERP_CONFIRMATIONS).unwrap()
    }

    /// Material documents, in order.
    pub fn documents(&self) -> Vec<ErpGoodsMovement<'_>> {
        self.0.values(ERP_GOODS_MOVEMENTS).unwrap()
    }

    /// Keys: those of the confirmations, then those of the documents.
    pub fn keys(&self) -> Vec<String> {
        [self.keys_of(ERP_CONFIRMATIONS), self.keys_of(ERP_GOODS_MOVEMENTS)].concat()
    }

    /// The dead letter, if the posting was refused; then nothing was sent.
    pub fn dead_letter(&self) -> Option<DeadLetter<'_>> {
        let letter = self.0.dead_letters().unwrap().pop();
        assert!(letter.is_none() || self.keys().is_empty(), "what is refused is not sent");
        letter
    }

    fn keys_of<C: Contract>(&self, topic: Topic<C>) -> Vec<String> {
        let outputs = self.0.outputs(topic).unwrap();
        outputs.into_iter().map(|output| String::from_utf8(output.key.unwrap().to_vec()).unwrap()).collect()
    }
}

/// Publishes a posting.
pub fn publish(posting: &OrderPosting<'_>) -> Published {
    let mut driver = TestDriver::new(|| Box::new(Hosted::new(&ERP_PUBLISHER, ErpPublisher)) as Box<dyn Erased>).unwrap();
    driver.pipe_value(ORDER_POSTINGS, 0, "plant-a/000100012", posting, Timestamp::EPOCH).unwrap();
    Published(driver)
}
