//! A registry that several stacks share: half of what a stack costs to start is its registry.

use crate::artifacts::fetch;
use crate::class_archive::{ArchiveUse, ClassArchives};
use crate::data_folder::HeldFolder;
use crate::error::StackError;
use crate::jvm::Jvm;
use crate::options::{DataFolder, StackOptions};
use crate::ports::Ports;
use crate::prerequisites::find_java;
use crate::readiness::{await_answers, registry_answers};
use crate::registry::{self, Schemas};
use crate::stack::START_ATTEMPTS;
use crate::watched_process::{ServerSpec, WatchedProcess};

/// A running registry for several stacks (see [`StackOptions::registry`]). Its schemas are in memory and gone with it; it ends when this is dropped or its
/// process dies.
#[derive(Debug)]
pub struct SharedRegistry {
    // Fields drop in this order: the server needs the folder.
    _server: WatchedProcess,
    url: String,
    _folder: HeldFolder,
}

impl SharedRegistry {
    /// Starts it and waits until it answers, some 3 s.
    ///
    /// # Errors
    /// As [`LocalStack::start`](crate::LocalStack::start).
    pub fn start() -> Result<Self, StackError> {
        let java = find_java().map_err(|missing| StackError::Prerequisites(vec![missing]))?;
        let artifacts = fetch()?;
        let folder = HeldFolder::open(&DataFolder::Temporary { keep: false }, &artifacts.home)?;
        let options = StackOptions::default();
        let class_archive = ClassArchives::of(&artifacts, &java).registry(ArchiveUse::Read);
        let jvm = Jvm { program: java.program, heap_mib: options.registry_heap_mib, compile_fully: false, temporary: folder.java_temporary(), class_archive };
        let mut attempt = 1;
        loop {
            let port = Ports::free().map_err(StackError::io("find free ports"))?.registry;
            let mut server = WatchedProcess::start(ServerSpec {
                name: "registry",
                command: registry::server_command(&jvm, &artifacts.registry_jar, port, Schemas::InMemory),
                folder: folder.registry(),
                log: folder.logs().join("registry.log"),
                remove_if_orphaned: folder.remove_if_orphaned().map(ToOwned::to_owned),
                grace: registry::GRACE,
            })?;
            match await_answers(&mut [(&mut server, &|| registry_answers(port))], options.ready_timeout) {
                Ok(()) => return Ok(Self { _server: server, url: registry::url(port), _folder: folder }),
                Err(StackError::Taken { .. }) if attempt < START_ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The base address of its Confluent API, such as `http://127.0.0.1:34569/apis/ccompat/v7`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
