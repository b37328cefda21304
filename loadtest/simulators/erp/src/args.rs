//! The command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::erp::ErpOptions;
use crate::faults::Faults;
use crate::http::{HttpOptions, Profile};

/// An ERP to test against: books production order confirmations and goods movements over HTTP, and misbehaves as asked.
#[derive(Debug, clap::Parser)]
#[command(name = "erp-simulator", version)]
pub struct Args {
    /// Dialect it speaks.
    #[arg(long, value_enum, default_value_t = Profile::S4, env = "ERP_PROFILE")]
    profile: Profile,

    /// Address to serve; port 0 takes a free one, which the log tells.
    #[arg(long, default_value = "127.0.0.1:0", env = "ERP_LISTEN")]
    listen: SocketAddr,

    /// File of the ledger, kept over restarts. In memory without it.
    #[arg(long, value_name = "FILE", env = "ERP_LEDGER")]
    ledger: Option<PathBuf>,

    /// How it misbehaves: a JSON file, as PUT /admin/faults takes it.
    #[arg(long, value_name = "FILE", env = "ERP_FAULTS")]
    faults: Option<PathBuf>,

    /// Seed of its misbehaviour; goes before the one in the file.
    #[arg(long, env = "ERP_SEED")]
    seed: Option<u64>,

    /// Whether orders, materials and stocks that nobody made known are there all the same.
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, env = "ERP_OPEN_WORLD")]
    open_world: bool,

    /// A request that was not answered is booked so late at most.
    #[arg(long, default_value_t = 1500, env = "ERP_MAX_PROCESSING_MS")]
    max_processing_ms: u64,

    /// Book a request once that is repeated under its Repeatability-Request-ID.
    #[arg(long, env = "ERP_REPEATABLE_REQUESTS")]
    repeatable_requests: bool,

    /// Client that access tokens are given to.
    #[arg(long, default_value = "lineside", env = "ERP_CLIENT_ID")]
    client_id: String,

    /// File of that client's secret; else the variable `ERP_CLIENT_SECRET`, else "simulated".
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// File of the API key; else the variable `ERP_API_KEY`, else "simulated".
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Seconds that an access token is good for.
    #[arg(long, default_value_t = 20, env = "ERP_TOKEN_TTL_S")]
    token_ttl_s: u64,

    /// Seconds after which an unused session ends.
    #[arg(long, default_value_t = 60, env = "ERP_SESSION_TTL_S")]
    session_ttl_s: u64,
}

/// Why the command line cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum ArgsError {
    /// A file cannot be read.
    #[error("read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file of faults is wrong.
    #[error("{}: {reason}", .path.display())]
    Faults {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It would be reachable from elsewhere.
    #[error("{0} is not an address of this machine alone: the simulator has no protection of its own")]
    NotLocal(SocketAddr),
}

impl Args {
    /// Address, ERP and server that it asks for.
    ///
    /// # Errors
    /// [`ArgsError`].
    pub fn options(self) -> Result<(SocketAddr, ErpOptions, HttpOptions), ArgsError> {
        if !self.listen.ip().is_loopback() {
            return Err(ArgsError::NotLocal(self.listen));
        }
        let mut faults = self.faults.as_deref().map_or_else(|| Ok(Faults::default()), faults)?;
        faults.seed = self.seed.unwrap_or(faults.seed);
        let erp = ErpOptions { open_world: self.open_world, ledger: self.ledger, faults, max_processing: Duration::from_millis(self.max_processing_ms) };
        let http = HttpOptions {
            profile: self.profile,
            client_id: self.client_id,
            client_secret: secret(self.client_secret_file.as_deref(), "ERP_CLIENT_SECRET")?,
            token_ttl: Duration::from_secs(self.token_ttl_s),
            session_ttl: Duration::from_secs(self.session_ttl_s),
            api_key: secret(self.api_key_file.as_deref(), "ERP_API_KEY")?,
            repeatable_requests: self.repeatable_requests,
        };
        Ok((self.listen, erp, http))
    }
}

fn faults(path: &Path) -> Result<Faults, ArgsError> {
    let wrong = |reason: String| ArgsError::Faults { path: path.to_owned(), reason };
    let faults: Faults = serde_json::from_str(&text(path)?).map_err(|error| wrong(error.to_string()))?;
    faults.check().map_err(|error| wrong(error.to_string()))?;
    Ok(faults)
}

fn secret(path: Option<&Path>, variable: &str) -> Result<String, ArgsError> {
    match path {
        Some(path) => Ok(text(path)?.trim_end().to_owned()),
        None => Ok(std::env::var(variable).unwrap_or_else(|_| "simulated".to_owned())),
    }
}

fn text(path: &Path) -> Result<String, ArgsError> {
    std::fs::read_to_string(path).map_err(|source| ArgsError::Read { path: path.to_owned(), source })
}
