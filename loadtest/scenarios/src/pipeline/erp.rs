//! The simulated ERP at the end of the pipeline.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Pipeline;
use super::error::PipelineError;
use super::process::{Process, Program};

/// The simulated ERP: its binary, and the name of its log.
pub const ERP: &str = "erp-simulator";
/// Password of the connector, and its API key. A test looks for it in the logs.
const SECRET: &str = "geheim-erp";
const START_TIMEOUT: Duration = Duration::from_secs(30);
const INTERVAL: Duration = Duration::from_millis(10);

/// How the simulated ERP is run. What it is asked by, the connector is told.
#[derive(Debug, Clone, Default)]
pub struct ErpSettings {
    /// Its settings, as environment variables (`ERP_...`).
    pub erp: Vec<(String, String)>,
    /// Settings of the connector (`LINESIDE_ERP_...`).
    pub connector: Vec<(String, String)>,
}

/// A simulated ERP that runs.
#[derive(Debug)]
pub(super) struct Erp {
    settings: ErpSettings,
    address: String,
    process: Process,
}

impl Pipeline {
    /// Starts the simulated ERP, on a ledger in the work folder, which its settings may also use, and tells the connector where it is. Nothing happens if
    /// it runs.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn start_erp(&mut self, settings: impl FnOnce(&Path) -> Result<ErpSettings, PipelineError>) -> Result<(), PipelineError> {
        if self.erp.is_none() {
            let settings = settings(&self.options.work_dir)?;
            let (process, address) = self.run_erp(&settings, "127.0.0.1:0")?;
            self.erp = Some(Erp { settings, address, process });
        }
        Ok(())
    }

    /// Kills the ERP at once, and starts it again at the same address. Its ledger stays.
    ///
    /// # Errors
    /// [`PipelineError`].
    pub fn restart_erp(&mut self) -> Result<(), PipelineError> {
        let Erp { settings, address, process } = self.erp.take().ok_or_else(|| PipelineError::UnknownProcessor(ERP.to_owned()))?;
        process.kill(&mut self.orphans)?;
        let (process, address) = self.run_erp(&settings, &address)?;
        self.erp = Some(Erp { settings, address, process });
        Ok(())
    }

    /// The simulated ERP's page.
    #[must_use]
    pub fn erp_url(&self) -> Option<String> {
        self.erp.as_ref().map(|erp| format!("http://{}", erp.address))
    }

    /// The file of its ledger.
    #[must_use]
    pub fn erp_ledger(&self) -> PathBuf {
        self.options.work_dir.join("erp-ledger.jsonl")
    }

    /// An error if it has ended by itself.
    pub(super) fn check_erp(&mut self) -> Result<(), PipelineError> {
        self.erp.as_mut().map_or(Ok(()), |erp| erp.process.check())
    }

    /// Ends it in order.
    pub(super) fn stop_erp(&mut self) -> Result<(), PipelineError> {
        let Some(erp) = self.erp.take() else { return Ok(()) };
        erp.process.ask_to_end();
        erp.process.stop(&mut self.orphans)
    }

    /// What the connector has to know.
    pub(super) fn connector_settings(&self) -> Vec<(String, String)> {
        let Some(erp) = &self.erp else { return Vec::new() };
        let own = [("LINESIDE_ERP_URL", format!("http://{}", erp.address)), ("LINESIDE_ERP_USER", "lineside".to_owned()), ("LINESIDE_ERP_SECRET", SECRET.to_owned())];
        own.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(erp.settings.connector.iter().cloned()).collect()
    }

    fn run_erp(&mut self, settings: &ErpSettings, listen: &str) -> Result<(Process, String), PipelineError> {
        let log = self.log_dir().join(format!("{ERP}.log"));
        // The address is read from the log, so an earlier process's lines must not stand there.
        let said = std::fs::read_to_string(&log).map_or(0, |text| text.lines().count());
        let own = [
            ("ERP_LISTEN", listen.to_owned()),
            ("ERP_LEDGER", self.erp_ledger().display().to_string()),
            ("ERP_CLIENT_SECRET", SECRET.to_owned()),
            ("ERP_API_KEY", SECRET.to_owned()),
        ];
        let variables = own.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(settings.erp.iter().cloned()).collect();
        let program = Program { name: ERP.to_owned(), path: self.options.bin_dir.join(ERP), arguments: &[], settings: variables, log };
        let mut process = Process::start(program, &mut self.orphans)?;
        let deadline = Instant::now() + START_TIMEOUT;
        let address = loop {
            if let Some(address) = process.http_address_after(said) {
                break address;
            }
            process.check()?;
            if Instant::now() > deadline {
                return Err(PipelineError::Silent { name: ERP.to_owned(), waited_s: START_TIMEOUT.as_secs() });
            }
            std::thread::sleep(INTERVAL);
        };
        Ok((process, address))
    }
}
