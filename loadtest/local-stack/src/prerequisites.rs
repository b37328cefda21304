//! The programs a local stack needs from the machine: Java, and Maven to fetch the servers.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::process::Command;

/// The lowest Java release both servers run on.
const JAVA_RELEASE_MIN: u32 = 17;

/// A program that is absent or too old, and how to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The program and the version asked for, such as `java 17 or newer`.
    pub program: String,
    /// What was found in its place, if anything.
    pub found: Option<String>,
    /// The command that installs it on Debian and Ubuntu.
    pub debian: &'static str,
    /// The command that installs it on macOS.
    pub macos: &'static str,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "missing: {}", self.program)?;
        if let Some(found) = &self.found {
            write!(f, " (found: {found})")?;
        }
        write!(f, "\n  Debian/Ubuntu: {}\n  macOS:         {}", self.debian, self.macos)
    }
}

/// A usable Java.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Java {
    /// The program: `$JAVA_HOME/bin/java`, else the `java` of the search path.
    pub program: PathBuf,
    /// Its full version, such as `17.0.15`.
    pub version: String,
}

/// What a first start of a stack would lack on this machine; empty when everything is there.
#[must_use]
pub fn prerequisites() -> Vec<Missing> {
    [find_java().err(), find_maven().err()].into_iter().flatten().collect()
}

/// Finds Java 17 or newer.
pub(crate) fn find_java() -> Result<Java, Missing> {
    java_at(program_path(std::env::var_os("JAVA_HOME")))
}

fn program_path(java_home: Option<OsString>) -> PathBuf {
    match java_home {
        Some(home) if !home.is_empty() => PathBuf::from(home).join("bin").join("java"),
        _ => PathBuf::from("java"),
    }
}

fn java_at(program: PathBuf) -> Result<Java, Missing> {
    let missing = |found| Missing {
        program: format!("java {JAVA_RELEASE_MIN} or newer"),
        found,
        debian: "sudo apt-get install openjdk-17-jre-headless   (from Debian 13 on: openjdk-21-jre-headless)",
        macos: "brew install --cask temurin",
    };
    // The version goes to stderr. On macOS a `java` without a Java behind it exists and fails.
    let answer = Command::new(&program).arg("-version").output().map_err(|_| missing(None))?;
    let text = String::from_utf8_lossy(&answer.stderr);
    match java_version(&text) {
        Some(version) if answer.status.success() && java_release(version) >= Some(JAVA_RELEASE_MIN) => Ok(Java { version: version.to_owned(), program }),
        found => Err(missing(found.map(|version| format!("{version} at {}", program.display())))),
    }
}

/// Finds Maven.
pub(crate) fn find_maven() -> Result<(), Missing> {
    let missing = || Missing { program: "mvn (Maven)".to_owned(), found: None, debian: "sudo apt-get install maven", macos: "brew install maven" };
    let answer = Command::new("mvn").arg("--version").output().map_err(|_| missing())?;
    answer.status.success().then_some(()).ok_or_else(missing)
}

/// The quoted version in the output of `java -version`.
fn java_version(output: &str) -> Option<&str> {
    output.lines().find(|line| line.contains(" version "))?.split('"').nth(1)
}

/// The release of a version: 17 for `17.0.15`, 21 for `21-ea`, 8 for the old form `1.8.0_292`.
fn java_release(version: &str) -> Option<u32> {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    match numbers.next()?.ok()? {
        1 => numbers.next()?.ok(),
        release => Some(release),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_java_prints() {
        let output = "Picked up JAVA_TOOL_OPTIONS: -Dx=\"y\"\nopenjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime";
        assert_eq!(java_version(output), Some("17.0.15"));
        assert_eq!(java_version("java version \"1.8.0_292\"\n"), Some("1.8.0_292"));
        assert_eq!(java_version("The operation couldn't be completed. Unable to locate a Java Runtime."), None);
    }

    #[test]
    fn the_release_is_told_from_old_new_and_early_access_versions() {
        assert_eq!(java_release("17.0.15"), Some(17));
        assert_eq!(java_release("21-ea"), Some(21));
        assert_eq!(java_release("25"), Some(25));
        assert_eq!(java_release("1.8.0_292"), Some(8));
        assert_eq!(java_release("unknown"), None);
    }

    #[test]
    fn java_home_comes_before_the_search_path() {
        assert_eq!(program_path(Some("/opt/jdk".into())), PathBuf::from("/opt/jdk/bin/java"));
        assert_eq!(program_path(Some("".into())), PathBuf::from("java"));
        assert_eq!(program_path(None), PathBuf::from("java"));
    }

    #[test]
    fn an_absent_java_is_named_with_the_commands_that_install_it() {
        let missing = java_at(PathBuf::from("/nonexistent/bin/java")).unwrap_err();
        let text = missing.to_string();
        assert!(text.contains("java 17 or newer"), "{text}");
        assert!(text.contains("sudo apt-get install openjdk-17-jre-headless"), "{text}");
        assert!(text.contains("brew install"), "{text}");
    }

    #[test]
    fn an_old_java_is_named_with_its_version() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("java");
        std::fs::write(&old, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n").unwrap();
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o755)).unwrap();
        let missing = java_at(old).unwrap_err();
        assert!(missing.to_string().contains("found: 11.0.2"), "{missing}");
    }
}
