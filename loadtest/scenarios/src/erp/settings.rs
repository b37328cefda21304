//! An ERP that misbehaves, and a connector that waits as long as fits it: short times, so that a run is short.

use std::path::Path;

use lineside_erp_simulator::faults::{Clerk, Faults};

use crate::pipeline::{ErpSettings, PipelineError};

/// How long a call may take, and how long after it the ERP may still book.
const CALL_MS: u64 = 500;
const PROCESSING_MS: u64 = 500;

/// How the two are set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Seed of what goes wrong.
    pub seed: u64,
    /// Of a thousand calls, so many meet each fault.
    pub per_mille: u16,
    /// `s4` or `odoo`; the first if empty.
    pub profile: String,
    /// Whether the connector sends again without reading back, which only a test build of it can.
    pub blind: bool,
    /// Calls per second that the connector may make.
    pub per_second: Option<u32>,
}

/// Settings of both; what goes wrong is written to a file in the folder.
///
/// # Errors
/// [`PipelineError::Io`].
pub fn settings(setup: &Setup, folder: &Path) -> Result<ErpSettings, PipelineError> {
    let faults = Faults {
        slow_ms: 200,
        hold_ms: 5000,
        retry_after_s: 1,
        closed_ms: 100,
        lost_ms: 200,
        locked_ms: 200,
        clerk: Clerk { books_parked_after_ms: Some(300), ..Clerk::default() },
        ..Faults::every(setup.seed, setup.per_mille)
    };
    let path = folder.join("faults.json");
    std::fs::create_dir_all(folder).map_err(PipelineError::io(format!("create {}", folder.display())))?;
    // Names and numbers always have a JSON form.
    let text = serde_json::to_string_pretty(&faults).unwrap_or_default();
    std::fs::write(&path, text).map_err(PipelineError::io(format!("write {}", path.display())))?;
    let (profile, dialect) = if setup.profile == "odoo" { ("odoo", "odoo") } else { ("s4", "s4hana") };
    let mut connector = vec![
        ("LINESIDE_ERP_DIALECT", dialect.to_owned()),
        ("LINESIDE_ERP_CALL_MS", CALL_MS.to_string()),
        ("LINESIDE_ERP_PROCESSING_MS", PROCESSING_MS.to_string()),
        ("LINESIDE_ERP_REFUSED_MS", "100".to_owned()),
        ("LINESIDE_ERP_GATHER_MS", "300".to_owned()),
        ("LINESIDE_ERP_RETRY_MS", "200".to_owned()),
        ("LINESIDE_ERP_HELD_RETRY_MS", "500".to_owned()),
        ("LINESIDE_ERP_PARKED_LOOK_MS", "300".to_owned()),
        ("LINESIDE_ERP_CALLS", "64".to_owned()),
        ("LINESIDE_ERP_CALLS_PER_PLANT", "32".to_owned()),
        // Where most calls fail by intent, failures in a row say little.
        ("LINESIDE_ERP_BREAKER_FAILURES", "50".to_owned()),
        ("LINESIDE_ERP_BREAKER_PAUSE_MS", "100".to_owned()),
    ];
    connector.extend(setup.per_second.map(|rate| ("LINESIDE_ERP_CALLS_PER_SECOND", rate.to_string())));
    connector.extend(setup.blind.then(|| ("LINESIDE_ERP_BLIND", "1".to_owned())));
    let erp = vec![
        ("ERP_PROFILE", profile.to_owned()),
        ("ERP_FAULTS", path.display().to_string()),
        // What it promises is less than what the connector waits.
        ("ERP_MAX_PROCESSING_MS", (PROCESSING_MS - 100).to_string()),
        ("ERP_TOKEN_TTL_S", "5".to_owned()),
    ];
    let owned = |pairs: Vec<(&str, String)>| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(ErpSettings { erp: owned(erp), connector: owned(connector) })
}
