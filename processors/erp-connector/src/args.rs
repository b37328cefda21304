//! Settings of the connector.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use lineside_api::{Erased, Hosted};
use lineside_outbound::{CallMetrics, Credentials, Csrf, Files, Http, HttpSettings, Target};
use lineside_runtime::settings::{Secret, SecretSource};
use lineside_runtime::{Application, Caller, StartError};
use lineside_topology::ProcessorSpec;
use lineside_topology::processors::ERP_CONNECTOR;

use prometheus::core::Collector;

use crate::caller::ErpCaller;
use crate::census::Census;
use crate::dialect::file::{Auth, Transport};
use crate::dialect::{Dialect, SHIPPED};
use crate::gate::{Gate, Limits};
use crate::posting::{Backoff, Policy, Proof};
use crate::processor::Connector;

/// The ERP's secret: of the `OAuth2` client, the API key, or the user's password, as the dialect's `auth` says.
pub const ERP_SECRET: SecretSource = SecretSource { name: "erp_secret", env: "LINESIDE_ERP_SECRET", file: "erp_secret_file" };

/// Settings of the ERP connector.
#[derive(Debug, Clone, clap::Args)]
pub struct ErpConnectorArgs {
    /// Address of the ERP, that the dialect's paths stand below
    #[arg(long, env = "LINESIDE_ERP_URL", value_name = "URL")]
    pub erp_url: Option<String>,

    /// How the ERP is spoken to: s4hana, odoo, file, or a dialect file
    #[arg(long, env = "LINESIDE_ERP_DIALECT", value_name = "NAME|FILE", default_value = "s4hana")]
    pub erp_dialect: String,

    /// Folder that documents are put into, for a dialect whose transport is `file`
    #[arg(long, env = "LINESIDE_ERP_FOLDER", value_name = "FOLDER")]
    pub erp_folder: Option<PathBuf>,

    /// Folders that the ERP moves files to when it took them; separated by commas
    #[arg(long, env = "LINESIDE_ERP_TAKEN_FOLDERS", value_name = "FOLDER", value_delimiter = ',')]
    pub erp_taken_folders: Vec<PathBuf>,

    /// Client id, or user, as the dialect's `auth` says
    #[arg(long, env = "LINESIDE_ERP_USER", value_name = "USER")]
    pub erp_user: Option<String>,

    /// File with the secret of that client or user, or with the API key; or `LINESIDE_ERP_SECRET` holds it
    #[arg(long, env = "LINESIDE_ERP_SECRET_FILE", value_name = "FILE")]
    pub erp_secret_file: Option<PathBuf>,

    /// Certificates of the authorities that sign the ERP's, PEM; the system's when not set
    #[arg(long, env = "LINESIDE_ERP_CA_FILE", value_name = "FILE")]
    pub erp_ca_file: Option<PathBuf>,

    /// The connector's own certificate towards the ERP, PEM
    #[arg(long, env = "LINESIDE_ERP_CERTIFICATE_FILE", value_name = "FILE")]
    pub erp_certificate_file: Option<PathBuf>,

    /// Private key of that certificate, PEM, PKCS #8
    #[arg(long, env = "LINESIDE_ERP_KEY_FILE", value_name = "FILE")]
    pub erp_key_file: Option<PathBuf>,

    /// Calls to the ERP at a time, of this process
    #[arg(long, env = "LINESIDE_ERP_CALLS", value_name = "COUNT", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub erp_calls: u32,

    /// Calls at a time for one plant
    #[arg(long, env = "LINESIDE_ERP_CALLS_PER_PLANT", value_name = "COUNT", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub erp_calls_per_plant: u32,

    /// Calls per second, of this process; as many as there are when not set
    #[arg(long, env = "LINESIDE_ERP_CALLS_PER_SECOND", value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub erp_calls_per_second: Option<u32>,

    /// Failures in a row (no answer, or an error of the ERP itself) after which no calls are made for a while
    #[arg(long, env = "LINESIDE_ERP_BREAKER_FAILURES", value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub erp_breaker_failures: u32,

    /// How long that is at first; it doubles up to sixty times as long, while the ERP fails each time it is tried
    #[arg(long, env = "LINESIDE_ERP_BREAKER_PAUSE_MS", value_name = "MILLISECONDS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    pub erp_breaker_pause_ms: u64,

    /// Documents in one call, where the ERP takes several
    #[arg(long, env = "LINESIDE_ERP_BATCH", value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub erp_batch: u32,

    /// How long a call may take
    #[arg(long, env = "LINESIDE_ERP_CALL_MS", value_name = "MILLISECONDS", default_value_t = 30_000, value_parser = clap::value_parser!(u64).range(100..=3_600_000))]
    pub erp_call_ms: u64,

    /// How long after a call ended without a word the ERP may still book it, at most: the longest that a request may run there, and what stands between. Too short a time books twice
    #[arg(long, env = "LINESIDE_ERP_PROCESSING_MS", value_name = "MILLISECONDS", default_value_t = 600_000)]
    pub erp_processing_ms: u64,

    /// Look for each document in the ERP before it is sent for the first time. For as long as the ledger may not know what was booked: after it was lost, or after its input was made anew
    #[arg(long, env = "LINESIDE_ERP_READ_FIRST")]
    pub erp_read_first: bool,

    /// How long after a refusal the document is read back, before the refusal is believed
    #[arg(long, env = "LINESIDE_ERP_REFUSED_MS", value_name = "MILLISECONDS", default_value_t = 2000)]
    pub erp_refused_ms: u64,

    /// How long a document waits for others of its order that belong before it
    #[arg(long, env = "LINESIDE_ERP_GATHER_MS", value_name = "MILLISECONDS", default_value_t = 1000)]
    pub erp_gather_ms: u64,

    /// First wait before a document is sent again; it doubles up to five minutes, or up to itself if it is longer
    #[arg(long, env = "LINESIDE_ERP_RETRY_MS", value_name = "MILLISECONDS", default_value_t = 2000)]
    pub erp_retry_ms: u64,

    /// Attempts before a document that might still go is handed to its owner, who is told
    #[arg(long, env = "LINESIDE_ERP_ATTEMPTS", value_name = "COUNT", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..))]
    pub erp_attempts: u32,

    /// First wait before a document is tried again whose cause is with its owner; it doubles up to an hour, or up to itself if it is longer
    #[arg(long, env = "LINESIDE_ERP_HELD_RETRY_MS", value_name = "MILLISECONDS", default_value_t = 300_000)]
    pub erp_held_retry_ms: u64,

    /// Days after which such a document is rejected for good
    #[arg(long, env = "LINESIDE_ERP_HELD_DAYS", value_name = "DAYS", default_value_t = 14)]
    pub erp_held_days: u32,

    /// First wait before one looks what became of a parked line; it doubles up to an hour, or up to itself if it is longer
    #[arg(long, env = "LINESIDE_ERP_PARKED_LOOK_MS", value_name = "MILLISECONDS", default_value_t = 300_000)]
    pub erp_parked_look_ms: u64,

    /// Days after which a line that is still parked is told as such for good
    #[arg(long, env = "LINESIDE_ERP_PARKED_DAYS", value_name = "DAYS", default_value_t = 30)]
    pub erp_parked_days: u32,

    /// Hours after its end at which one looks whether a document was cancelled in the ERP; separated by commas. The ledger keeps it until the last
    #[arg(long, env = "LINESIDE_ERP_WATCH_HOURS", value_name = "HOURS", value_delimiter = ',', default_values_t = [24_u32, 168, 720])]
    pub erp_watch_hours: Vec<u32>,

    /// Shared by the stream threads of the process.
    #[arg(skip)]
    pub shared: Arc<Shared>,
}

/// What the stream threads of a process share, made when it is first needed.
#[derive(Debug, Default)]
pub struct Shared {
    dialect: OnceLock<Arc<Dialect>>,
    gate: OnceLock<Arc<Mutex<Gate>>>,
    seen: OnceLock<(CallMetrics, Census)>,
}

const MILLI: i64 = 1000;
const MINUTE: i64 = 60_000 * MILLI;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn micros(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX).saturating_mul(MILLI)
}

fn backoff(first: u64, most: i64) -> Backoff {
    Backoff { first: micros(first), most: most.max(micros(first)) }
}

impl ErpConnectorArgs {
    /// Whether it was said where the ERP is.
    #[must_use]
    pub const fn is_configured(&self) -> bool {
        self.erp_url.is_some() || self.erp_folder.is_some()
    }

    /// The dialect.
    ///
    /// # Errors
    /// When there is no such dialect, or its file is wrong.
    pub fn dialect(&self) -> Result<Dialect, StartError> {
        if let Some(dialect) = Dialect::shipped(&self.erp_dialect) {
            return Ok(dialect);
        }
        let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
        let text = std::fs::read_to_string(&self.erp_dialect)
            .map_err(|error| StartError(format!("erp_dialect is `{}`, which is none of {} and no file that can be read: {error}", self.erp_dialect, names.join(", "))))?;
        Dialect::parse(&self.erp_dialect, &text).map_err(|errors| StartError(errors.to_string()))
    }

    /// How long and how often.
    #[must_use]
    pub fn policy(&self, dialect: &Dialect) -> Policy {
        Policy {
            gather: micros(self.erp_gather_ms),
            call: micros(self.erp_call_ms),
            processing: micros(self.erp_processing_ms),
            refused: micros(self.erp_refused_ms),
            retry: backoff(self.erp_retry_ms, 5 * MINUTE),
            attempts: self.erp_attempts,
            held: backoff(self.erp_held_retry_ms, HOUR),
            held_for: i64::from(self.erp_held_days) * DAY,
            parked: backoff(self.erp_parked_look_ms, HOUR),
            parked_for: i64::from(self.erp_parked_days) * DAY,
            watch: self.erp_watch_hours.iter().map(|hours| i64::from(*hours) * HOUR).collect(),
            read_first: self.erp_read_first,
            proof: proof(dialect),
            ..Policy::default()
        }
    }

    fn shared_dialect(&self) -> Result<Arc<Dialect>, StartError> {
        if let Some(dialect) = self.shared.dialect.get() {
            return Ok(Arc::clone(dialect));
        }
        let dialect = Arc::new(self.dialect()?);
        Ok(Arc::clone(self.shared.dialect.get_or_init(|| dialect)))
    }

    fn seen(&self) -> &(CallMetrics, Census) {
        let made = || CallMetrics::new().and_then(|calls| Ok((calls, Census::new()?)));
        self.shared.seen.get_or_init(|| made().expect("names and labels are constants, and a test makes them"))
    }

    fn shared_gate(&self) -> Arc<Mutex<Gate>> {
        let limits = Limits {
            calls: self.erp_calls as usize,
            calls_per_plant: self.erp_calls_per_plant as usize,
            per_second: self.erp_calls_per_second,
            trip_after: self.erp_breaker_failures,
            pause: backoff(self.erp_breaker_pause_ms, micros(self.erp_breaker_pause_ms).saturating_mul(60)),
        };
        Arc::clone(self.shared.gate.get_or_init(|| Arc::new(Mutex::new(Gate::new(limits)))))
    }

    /// Where calls go.
    ///
    /// # Errors
    /// When a setting that the dialect needs is missing or wrong.
    pub fn target(&self, dialect: &Dialect, variable: impl FnOnce(&str) -> Option<String>) -> Result<Target, StartError> {
        if dialect.file().transport == Transport::File {
            let folder = self.erp_folder.clone().ok_or_else(|| StartError("the dialect writes files, so erp_folder must be set".to_owned()))?;
            std::fs::create_dir_all(&folder).map_err(|error| StartError(format!("erp_folder: cannot make {}: {error}", folder.display())))?;
            return Ok(Target::Files(Files { folder, taken: self.erp_taken_folders.clone() }));
        }
        let address = self.erp_url.clone().ok_or_else(|| StartError("erp_url must be set: it says where the ERP is".to_owned()))?;
        let secret = ERP_SECRET.read(self.erp_secret_file.as_deref(), variable).map_err(StartError)?;
        let identity = match (&self.erp_certificate_file, &self.erp_key_file) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            _ => return Err(StartError("erp_certificate_file and erp_key_file go together".to_owned())),
        };
        let settings = HttpSettings {
            address,
            credentials: self.credentials(&dialect.file().auth, secret.as_ref())?,
            csrf: dialect.file().csrf.as_ref().map(|csrf| Csrf { path: csrf.path.clone(), header: csrf.header.clone() }),
            connections: self.erp_calls as usize,
            connect_timeout: Duration::from_millis(self.erp_call_ms.min(10_000)),
            answer_bytes: 16 * 1024 * 1024,
            ca_file: self.erp_ca_file.clone(),
            identity,
        };
        Http::new(&settings).map(|http| Target::Http(Box::new(http))).map_err(|error| StartError(error.to_string()))
    }

    fn credentials(&self, auth: &Auth, secret: Option<&Secret>) -> Result<Credentials, StartError> {
        let user = || self.erp_user.clone().ok_or_else(|| StartError("erp_user must be set: the dialect's auth needs it".to_owned()));
        let secret = || secret.cloned().ok_or_else(|| StartError("the dialect's auth needs a secret (LINESIDE_ERP_SECRET or erp_secret_file)".to_owned()));
        Ok(match auth {
            Auth::None => Credentials::None,
            Auth::Oauth2 { token, scope } => Credentials::Oauth2 { token: token.clone(), client: user()?, secret: secret()?, scope: scope.clone() },
            Auth::ApiKey { header } => Credentials::ApiKey { header: header.clone(), key: secret()? },
            Auth::Basic => Credentials::Basic { user: user()?, password: secret()? },
        })
    }
}

fn proof(dialect: &Dialect) -> Proof {
    #[cfg(debug_assertions)]
    if std::env::var_os("LINESIDE_ERP_BLIND").is_some() {
        return Proof::Blind;
    }
    if dialect.reads_back() { Proof::ReadBack } else { Proof::Person }
}

impl Application for ErpConnectorArgs {
    const SPEC: &'static ProcessorSpec = &ERP_CONNECTOR;

    fn processor(&self) -> Result<Box<dyn Erased>, StartError> {
        let dialect = self.shared_dialect()?;
        let policy = self.policy(&dialect);
        let connector = Connector::new(dialect, policy, self.shared_gate()).with_batches(self.erp_batch as usize).with_census(self.seen().1.clone());
        Ok(Box::new(Hosted::new(Self::SPEC, connector)))
    }

    fn caller(&self) -> Result<Option<Arc<dyn Caller>>, StartError> {
        let target = self.target(&*self.shared_dialect()?, |name| std::env::var(name).ok())?;
        Ok(Some(Arc::new(ErpCaller::new(target, self.seen().0.clone()))))
    }

    fn collectors(&self) -> Vec<Box<dyn Collector>> {
        let (calls, census) = self.seen();
        calls.collectors().into_iter().chain(census.collectors()).collect()
    }
}
