//! The ERP over HTTP: its dialects, its admin interface and its page.

mod admin;
mod answer;
mod calls;
mod odoo;
mod page;
mod query;
mod s4;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::erp::Erp;
use crate::http::s4::Access;

/// A request's body is this long at most.
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// How often clerks look.
const CLERK_INTERVAL: Duration = Duration::from_millis(50);

/// Which dialect the ERP speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// S/4HANA-like: `OData` v4, access tokens, CSRF tokens.
    S4,
    /// Odoo-like: plain JSON, an API key.
    Odoo,
}

/// How the ERP is served.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Dialect.
    pub profile: Profile,
    /// Client that access tokens are given to.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// An access token is good for so long.
    pub token_ttl: Duration,
    /// A session that is not used ends after so long.
    pub session_ttl: Duration,
    /// API key of the plain dialect.
    pub api_key: String,
    /// Whether a request repeated under its id is booked once (`Repeatability-Request-ID`).
    pub repeatable_requests: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            profile: Profile::S4,
            client_id: "lineside".to_owned(),
            client_secret: "simulated".to_owned(),
            token_ttl: Duration::from_secs(20),
            session_ttl: Duration::from_mins(1),
            api_key: "simulated".to_owned(),
            repeatable_requests: false,
        }
    }
}

/// What handlers share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub erp: Arc<Erp>,
    pub access: Access,
    pub options: HttpOptions,
}

/// An ERP that is being served. It ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    erp: Arc<Erp>,
    tasks: [JoinHandle<()>; 2],
}

impl Server {
    /// Serves the ERP at that address; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn start(address: SocketAddr, erp: Erp, options: HttpOptions) -> std::io::Result<Self> {
        let listener = wire::WireListener(TcpListener::bind(address).await?);
        let address = listener.0.local_addr()?;
        let erp = Arc::new(erp);
        let shared = Arc::new(Shared { erp: Arc::clone(&erp), access: Access::default(), options });
        let service = router(shared).into_make_service_with_connect_info::<wire::Wire>();
        let served = tokio::spawn(async move {
            // It serves until it is dropped; accepting has no error that ends it.
            let _ = axum::serve(listener, service).await;
        });
        let clerks = tokio::spawn(clerks(Arc::clone(&erp)));
        Ok(Self { address, erp, tasks: [served, clerks] })
    }

    /// Where it is served.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The ERP itself.
    #[must_use]
    pub fn erp(&self) -> &Erp {
        &self.erp
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn clerks(erp: Arc<Erp>) {
    loop {
        tokio::time::sleep(CLERK_INTERVAL).await;
        erp.clerks(Timestamp::now());
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let dialect = match shared.options.profile {
        Profile::S4 => s4::router(),
        Profile::Odoo => odoo::router(),
    };
    dialect.merge(admin::router()).merge(page::router()).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)).with_state(shared)
}
