//! Java's archives of loaded classes: written once, they halve the time of every later start.

use std::path::PathBuf;

use crate::artifacts::{Artifacts, KAFKA_VERSION, REGISTRY_VERSION, fetch};
use crate::error::StackError;
use crate::jvm::ClassArchive;
use crate::options::StackOptions;
use crate::prerequisites::{Java, find_java};
use crate::stack::LocalStack;

/// Which class archives a start reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArchiveUse {
    /// Those that exist are read.
    Read,
    /// Both are written when the servers end.
    Write,
}

/// The class archives of both servers for one Java.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClassArchives {
    kafka: PathBuf,
    registry: PathBuf,
}

impl ClassArchives {
    /// An archive holds for one version of the server and one of Java, so both are in its name.
    pub fn of(artifacts: &Artifacts, java: &Java) -> Self {
        let file = |server: &str| artifacts.home.join(format!("{server}-java-{}.jsa", java.version));
        Self { kafka: file(&format!("kafka-{KAFKA_VERSION}")), registry: file(&format!("registry-{REGISTRY_VERSION}")) }
    }

    fn exist(&self) -> bool {
        self.kafka.is_file() && self.registry.is_file()
    }

    /// The archive Kafka reads or writes.
    pub fn kafka(&self, usage: ArchiveUse) -> ClassArchive {
        archive(&self.kafka, usage)
    }

    /// The archive the registry reads or writes.
    pub fn registry(&self, usage: ArchiveUse) -> ClassArchive {
        archive(&self.registry, usage)
    }
}

fn archive(file: &std::path::Path, usage: ArchiveUse) -> ClassArchive {
    match usage {
        ArchiveUse::Write => ClassArchive::Write(unfinished(file)),
        ArchiveUse::Read if file.is_file() => ClassArchive::Read(file.to_owned()),
        ArchiveUse::Read => ClassArchive::Absent,
    }
}

/// Archives are written under a name of this process and renamed when complete: other starts never see half of one.
fn unfinished(file: &std::path::Path) -> PathBuf {
    file.with_extension(format!("{}.jsa", std::process::id()))
}

/// Writes the class archives unless they exist: starts a stack once, ends it, and keeps what Java wrote (about 130 MB
/// and half a minute). Later starts take about half the time, on this machine and with this Java.
///
/// # Errors
/// As [`LocalStack::start`] and [`LocalStack::stop`]; [`StackError::Io`] when an archive cannot be renamed.
pub fn write_class_archives() -> Result<(), StackError> {
    let java = find_java().map_err(|missing| StackError::Prerequisites(vec![missing]))?;
    let archives = ClassArchives::of(&fetch()?, &java);
    if archives.exist() {
        return Ok(());
    }
    LocalStack::start_with(&StackOptions::default(), ArchiveUse::Write)?.stop()?;
    for file in [&archives.kafka, &archives.registry] {
        std::fs::rename(unfinished(file), file).map_err(StackError::io(format!("create {}", file.display())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_read_only_where_one_exists_for_this_java() {
        let home = tempfile::tempdir().unwrap();
        let artifacts = Artifacts { home: home.path().to_owned(), kafka: PathBuf::new(), registry_jar: PathBuf::new() };
        let java = |version: &str| Java { program: "java".into(), version: version.to_owned() };
        let archives = ClassArchives::of(&artifacts, &java("17.0.15"));
        assert_eq!(archives.kafka(ArchiveUse::Read), ClassArchive::Absent);

        std::fs::write(&archives.kafka, "").unwrap();
        assert_eq!(archives.kafka(ArchiveUse::Read), ClassArchive::Read(archives.kafka.clone()));
        assert!(!archives.exist());
        assert_eq!(ClassArchives::of(&artifacts, &java("21.0.1")).kafka(ArchiveUse::Read), ClassArchive::Absent);
    }

    #[test]
    fn an_archive_is_written_under_another_name_first() {
        let file = PathBuf::from("/home/kafka-4.3.1-java-17.0.15.jsa");
        let ClassArchive::Write(written) = archive(&file, ArchiveUse::Write) else { panic!("not written") };
        assert_ne!(written, file);
        assert_eq!(written.parent(), file.parent());
    }
}
