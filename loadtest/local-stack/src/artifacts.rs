//! The servers' Java archives: fetched once with Maven, kept below `target/local-stack/`, keyed by version.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::StackError;
use crate::prerequisites::find_maven;

/// The Apache Kafka release that is run.
pub const KAFKA_VERSION: &str = "4.3.1";
/// The Apicurio Registry release that is run; the last line that runs on Java 17.
pub const REGISTRY_VERSION: &str = "3.0.9";

/// Maven keeps what it fetches here, so that nothing is left outside the target folder.
const MAVEN_REPOSITORY: &str = "maven";
const POM: &str = include_str!("../pom.xml");

/// Where the fetched servers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifacts {
    /// The folder of everything this crate keeps: `<cargo's target folder>/local-stack`.
    pub home: PathBuf,
    /// The folder of Kafka's archives.
    pub kafka: PathBuf,
    /// The registry's own archive, which names the others.
    pub registry_jar: PathBuf,
}

impl Artifacts {
    fn below(home: PathBuf) -> Self {
        let registry = home.join(format!("registry-{REGISTRY_VERSION}"));
        Self { kafka: home.join(format!("kafka-{KAFKA_VERSION}")), registry_jar: registry.join(format!("apicurio-registry-app-{REGISTRY_VERSION}-runner.jar")), home }
    }

    fn complete(&self) -> bool {
        // Both folders appear by one rename each, so being there means being complete.
        self.kafka.is_dir() && self.registry_jar.is_file()
    }
}

/// Fetches the servers unless they are there already (about 10 s and 165 MB the first time).
///
/// # Errors
/// [`StackError::Prerequisites`] without Maven, [`StackError::Fetch`] when Maven fails, [`StackError::Io`] when the
/// target folder cannot be written.
pub fn fetch() -> Result<Artifacts, StackError> {
    let artifacts = Artifacts::below(target_folder().join("local-stack"));
    if artifacts.complete() {
        return Ok(artifacts);
    }
    let home = &artifacts.home;
    std::fs::create_dir_all(home).map_err(StackError::io(format!("create {}", home.display())))?;
    // Held until the end of this function: of two starts at once, one fetches and the other waits.
    let lock = File::create(home.join("fetch.lock")).map_err(StackError::io("create the lock of the fetch"))?;
    lock.lock().map_err(StackError::io("wait for the lock of the fetch"))?;
    if !artifacts.complete() {
        find_maven().map_err(|missing| StackError::Prerequisites(vec![missing]))?;
        if !artifacts.kafka.is_dir() {
            fetch_folder(home, &format!("Apache Kafka {KAFKA_VERSION}"), "copy-dependencies", &artifacts.kafka)?;
        }
        if let Some(folder) = artifacts.registry_jar.parent().filter(|folder| !folder.is_dir()) {
            fetch_folder(home, &format!("Apicurio Registry {REGISTRY_VERSION}"), "unpack", folder)?;
        }
    }
    Ok(artifacts)
}

/// Runs one goal of Maven's dependency plugin in a temporary folder and renames what it wrote to `folder`.
fn fetch_folder(home: &Path, what: &str, goal: &str, folder: &Path) -> Result<(), StackError> {
    let work = tempfile::Builder::new().prefix("fetch-").tempdir_in(home).map_err(StackError::io(format!("create a folder in {}", home.display())))?;
    let pom = work.path().join("pom.xml");
    let fetched = work.path().join("fetched");
    std::fs::write(&pom, POM).map_err(StackError::io("write the pom"))?;
    let maven = Command::new("mvn")
        .args(["--quiet", "--batch-mode", "--file"])
        .arg(&pom)
        .arg(format!("dependency:{goal}"))
        .arg(format!("-DoutputDirectory={}", fetched.display()))
        // Nothing is left outside the target folder.
        .arg(format!("-Dmaven.repo.local={}", home.join(MAVEN_REPOSITORY).display()))
        .output()
        .map_err(StackError::io("run mvn"))?;
    if !maven.status.success() || !fetched.is_dir() {
        let output = String::from_utf8_lossy(&maven.stdout);
        return Err(StackError::Fetch { what: what.to_owned(), output: first_lines(&output, 12) });
    }
    std::fs::rename(&fetched, folder).map_err(StackError::io(format!("create {}", folder.display())))
}

/// Maven says what is wrong first and how to ask for more afterwards.
fn first_lines(text: &str, count: usize) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).take(count).collect::<Vec<_>>().join("\n")
}

/// Cargo's target folder: `CARGO_TARGET_DIR` (relative to the workspace), else the workspace's `target`.
fn target_folder() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..");
    let workspace = workspace.canonicalize().unwrap_or(workspace);
    workspace.join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pom_fetches_the_versions_the_cache_is_keyed_by() {
        assert!(POM.contains(&format!("<kafka.version>{KAFKA_VERSION}</kafka.version>")));
        assert!(POM.contains(&format!("<registry.version>{REGISTRY_VERSION}</registry.version>")));
    }

    #[test]
    fn a_goal_that_maven_refuses_is_an_error_with_mavens_reason_and_leaves_nothing() {
        if find_maven().is_err() {
            println!("not run: mvn is not on this machine");
            return;
        }
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("kafka");
        let error = fetch_folder(home.path(), "a test", "no-such-goal", &folder).unwrap_err();
        assert!(error.to_string().contains("no-such-goal"), "{error}");
        let left: Vec<_> = std::fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [MAVEN_REPOSITORY], "only Maven's own repository");
    }
}
