//! Restoring a worker's stores.

use lineside_schemas::Codec;
use lineside_state::TaskState;
use lineside_topology::ProcessorSpec;
use lineside_topology::topics::changelog_topic;

use super::WorkerError;
use crate::broker::Broker;
use crate::log::Log;

/// Brings every store to the end of its changelog. `left` counts down the records until the worker dies; gives false if it did.
pub(super) fn restore(
    spec: &'static ProcessorSpec,
    partition: i32,
    state: &mut TaskState,
    codec: &Codec,
    broker: &Broker,
    left: &mut Option<usize>,
) -> Result<bool, WorkerError> {
    for store in spec.stores {
        let log = broker.log(&changelog_topic(spec, store.name), partition);
        let end = log.map_or(0, Log::end);
        let mut from = state.position(store.name);
        if from.is_some_and(|position| position > end) {
            state.wipe(store.name)?;
            from = None;
        }
        if from == Some(end) {
            continue;
        }
        let mut from = from.unwrap_or_default();
        while let Some((offset, record)) = log.and_then(|log| log.read(from)) {
            if let Some(left) = left {
                if *left == 0 {
                    return Ok(false);
                }
                *left -= 1;
            }
            state.restore(store.name, codec, record.key.as_deref(), record.value.as_deref())?;
            from = offset + 1;
        }
        state.restored(store.name, end)?;
    }
    Ok(true)
}
