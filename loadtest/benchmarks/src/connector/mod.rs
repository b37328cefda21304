//! The ERP connector against an ERP that always answers: postings per second, CPU per posting, calls at a time.

mod erp;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use lineside_registry::{RegistryClient, RegistrySettings};
use lineside_schemas::contract::ErpConfirmation as Confirmation;
use lineside_schemas::ids::deterministic_id;
use lineside_schemas::records::ErpConfirmation;
use lineside_schemas::{Codec, ContractId, Decimal};
use lineside_topology::processors::ERP_CONNECTOR;
use lineside_topology::topics::{ERP_CONFIRMATIONS, topics};
use serde::Serialize;

use crate::clients::Filler;
use crate::cpu::{Clocks, per_item_us};
use crate::error::BenchError;
use crate::report;
use crate::stack::BenchStack;
use erp::IdealErp;

const PARTITIONS: u16 = 4;
const PLANTS: usize = 4;
const PATIENCE: Duration = Duration::from_mins(5);

/// What is measured.
#[derive(Debug, Clone, Serialize, clap::Args)]
pub struct ConnectorOptions {
    /// Confirmations that count, each of an order of its own.
    #[arg(long, default_value_t = 5_000)]
    pub postings: usize,
    /// Confirmations before them, which do not.
    #[arg(long, default_value_t = 1_000)]
    pub warm_up: usize,
    /// How long the ERP takes to answer, ms.
    #[arg(long, default_value_t = 1)]
    pub answer_ms: u64,
    /// Calls at a time.
    #[arg(long, default_value_t = 32)]
    pub calls: u32,
    /// Documents in one call.
    #[arg(long, default_value_t = 1)]
    pub batch: u32,
    /// The folder of the binaries; by default this program's own.
    #[arg(long, value_name = "DIR")]
    pub bin_dir: Option<PathBuf>,
}

/// What was found.
#[derive(Debug, Clone, Serialize)]
pub struct ConnectorReport {
    /// What was asked for.
    pub options: ConnectorOptions,
    /// Confirmations booked per second.
    pub postings_per_s: f64,
    /// CPU of the connector per confirmation, us.
    pub connector_us: f64,
    /// CPU of Kafka per confirmation, us.
    pub broker_us: f64,
    /// Most calls at a time.
    pub most_calls: usize,
    /// Cores kept busy by everything else, the ERP of this program included.
    pub others_cores: f64,
}

/// Measures on a stack that has no topics yet.
///
/// # Errors
/// [`BenchError`].
pub fn measure(stack: &BenchStack, options: &ConnectorOptions, bin_dir: &Path, work_dir: &Path) -> Result<ConnectorReport, BenchError> {
    for row in topics() {
        let own = ERP_CONNECTOR.reads.contains(&row.name.as_str()) || ERP_CONNECTOR.writes.contains(&row.name.as_str()) || row.name.contains(ERP_CONNECTOR.name);
        if own {
            stack.create_topics(&[&row.name], PARTITIONS)?;
            for (_, contract) in row.value.subjects(&row.name) {
                stack.register(&row.name, contract.schema_text())?;
            }
        }
    }
    let erp = IdealErp::start(Duration::from_millis(options.answer_ms))?;
    let filler = Filler::new(stack.bootstrap(), 5)?;
    let mut codec =
        Codec::new(Box::new(RegistryClient::new(&RegistrySettings::at(stack.registry_url())).map_err(|error| BenchError::Failed(format!("schema registry: {error}")))?));
    codec.resolve(ERP_CONFIRMATIONS.name(), ContractId::ErpConfirmation).map_err(|error| BenchError::Failed(error.to_string()))?;
    let mut connector = Running::start(stack, options, bin_dir, work_dir, &erp)?;
    let booked = || usize::try_from(erp.counters.booked.load(Ordering::Relaxed)).unwrap_or(usize::MAX);
    fill(&filler, &codec, 0, options.warm_up)?;
    connector.until(|| booked() >= options.warm_up)?;
    erp.counters.most.store(0, Ordering::Relaxed);
    let begin = Clocks::read(&[connector.0.id()], stack.broker())?;
    fill(&filler, &codec, options.warm_up, options.postings)?;
    connector.until(|| booked() >= options.warm_up + options.postings)?;
    let spent = begin.until(&Clocks::read(&[connector.0.id()], stack.broker())?);
    let postings = options.postings as u64;
    Ok(ConnectorReport {
        options: options.clone(),
        postings_per_s: 1e6 / per_item_us(spent.wall, postings),
        connector_us: per_item_us(spent.clients, postings),
        broker_us: per_item_us(spent.broker, postings),
        most_calls: erp.counters.most.load(Ordering::Relaxed),
        others_cores: spent.others_cores(),
    })
}

fn fill(filler: &Filler, codec: &Codec, first: usize, count: usize) -> Result<(), BenchError> {
    let mut value = Vec::new();
    for number in first..first + count {
        let (plant, order) = (format!("plant-{}", number % PLANTS), format!("{number:012}"));
        let id = deterministic_id(&[order.as_bytes()]);
        let confirmation = ErpConfirmation {
            confirmation_id: &id,
            posting_id: &id,
            sequence: 1,
            plant: &plant,
            order: &order,
            operation: "0010",
            unit: "C62",
            yield_quantity: Decimal::from_int(5),
            ..ErpConfirmation::default()
        };
        value.clear();
        codec.encode::<Confirmation>(ERP_CONFIRMATIONS.name(), &confirmation, &mut value).map_err(|error| BenchError::Failed(error.to_string()))?;
        filler.send(ERP_CONFIRMATIONS.name(), None, format!("{plant}/{order}").as_bytes(), &value)?;
    }
    filler.flush()
}

/// The connector's process; it ends with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(stack: &BenchStack, options: &ConnectorOptions, bin_dir: &Path, work_dir: &Path, erp: &IdealErp) -> Result<Self, BenchError> {
        let log = std::fs::File::create(work_dir.join("erp-connector.log")).map_err(BenchError::io("make a log"))?;
        let path = bin_dir.join(ERP_CONNECTOR.name);
        let mut command = Command::new(&path);
        command
            .envs([
                ("LINESIDE_BOOTSTRAP_SERVERS", stack.bootstrap().to_owned()),
                ("LINESIDE_SCHEMA_REGISTRY", stack.registry_url().to_owned()),
                ("LINESIDE_HTTP_ADDRESS", "127.0.0.1:0".to_owned()),
                ("LINESIDE_STATE_DIR", work_dir.join("state").display().to_string()),
                ("LINESIDE_ERP_URL", format!("http://{}", erp.address)),
                ("LINESIDE_ERP_USER", "bench".to_owned()),
                ("LINESIDE_ERP_SECRET", "bench".to_owned()),
                ("LINESIDE_ERP_CALLS", options.calls.to_string()),
                ("LINESIDE_ERP_CALLS_PER_PLANT", options.calls.to_string()),
                ("LINESIDE_ERP_BATCH", options.batch.to_string()),
                ("LINESIDE_ERP_GATHER_MS", "0".to_owned()),
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        command.spawn().map(Self).map_err(BenchError::io(format!("start {}", path.display())))
    }

    fn until(&mut self, done: impl Fn() -> bool) -> Result<(), BenchError> {
        let deadline = Instant::now() + PATIENCE;
        while !done() {
            if let Some(status) = self.0.try_wait().map_err(BenchError::io("watch the connector"))? {
                return Err(BenchError::Failed(format!("the connector ended with {status}")));
            }
            if Instant::now() > deadline {
                return Err(BenchError::Failed("not everything was booked".to_owned()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl ConnectorReport {
    /// For people.
    #[must_use]
    pub fn text(&self) -> String {
        let heads = ["answer ms", "calls allowed", "in one call", "postings/s", "connector us", "Kafka us", "most calls at a time", "others, cores"];
        let row = vec![
            self.options.answer_ms.to_string(),
            self.options.calls.to_string(),
            self.options.batch.to_string(),
            format!("{:.0}", self.postings_per_s),
            format!("{:.0}", self.connector_us),
            format!("{:.0}", self.broker_us),
            self.most_calls.to_string(),
            format!("{:.2}", self.others_cores),
        ];
        format!("ERP connector, {} confirmations, per confirmation\n{}", self.options.postings, report::table(&heads, &[row]))
    }
}
