//! The command line that starts one Java server.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Java's archive of loaded classes: with one, a server starts in about half the time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClassArchive {
    /// Start without.
    Absent,
    /// Start from this file. Java ignores it when it does not fit.
    Read(PathBuf),
    /// Write this file when the server ends.
    Write(PathBuf),
}

/// What all Java servers of a stack have in common, and the size of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Jvm {
    /// The `java` program.
    pub program: PathBuf,
    /// Heap limit, MiB.
    pub heap_mib: u32,
    /// Whether hot code is compiled fully (slower start, faster long run).
    pub compile_fully: bool,
    /// Where the server puts its temporary files.
    pub temporary: PathBuf,
    /// The archive of loaded classes.
    pub class_archive: ClassArchive,
}

impl Jvm {
    /// The program and its options, up to the class path.
    pub fn command(&self) -> Vec<OsString> {
        let mut command: Vec<OsString> = vec![self.program.clone().into()];
        command.push(format!("-Xmx{}m", self.heap_mib).into());
        // The serial collector needs the least memory and no threads of its own, which a two-core machine would feel.
        command.push("-XX:+UseSerialGC".into());
        command.push("-XX:+ExitOnOutOfMemoryError".into());
        // Otherwise every Java process leaves a file in /tmp when it is killed.
        command.push("-XX:-UsePerfData".into());
        if !self.compile_fully {
            command.push("-XX:TieredStopAtLevel=1".into());
        }
        command.push(option("-Djava.io.tmpdir=", &self.temporary));
        match &self.class_archive {
            ClassArchive::Absent => {}
            ClassArchive::Read(file) => command.push(option("-XX:SharedArchiveFile=", file)),
            ClassArchive::Write(file) => command.push(option("-XX:ArchiveClassesAtExit=", file)),
        }
        command
    }
}

fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}

/// The archives in `folder` as a class path, in the order of their names: a class archive holds for one order only.
pub(crate) fn class_path(folder: &Path) -> std::io::Result<OsString> {
    let mut jars = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| path.as_ref().map_or(true, |path| path.extension().is_some_and(|extension| extension == "jar")))
        .collect::<std::io::Result<Vec<_>>>()?;
    jars.sort();
    std::env::join_paths(jars).map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jvm(compile_fully: bool, class_archive: ClassArchive) -> Vec<String> {
        let jvm = Jvm { program: "java".into(), heap_mib: 300, compile_fully, temporary: "/data/tmp".into(), class_archive };
        jvm.command().into_iter().map(|part| part.into_string().unwrap()).collect()
    }

    #[test]
    fn a_load_run_compiles_hot_code_fully_and_a_test_run_does_not() {
        assert!(jvm(false, ClassArchive::Absent).contains(&"-XX:TieredStopAtLevel=1".to_owned()));
        assert!(!jvm(true, ClassArchive::Absent).iter().any(|part| part.contains("Tiered")));
    }

    #[test]
    fn a_class_archive_is_read_or_written_but_never_both() {
        let read = jvm(false, ClassArchive::Read("/a.jsa".into()));
        assert!(read.contains(&"-XX:SharedArchiveFile=/a.jsa".to_owned()));
        assert!(!read.iter().any(|part| part.contains("ArchiveClassesAtExit")));
        let write = jvm(false, ClassArchive::Write("/a.jsa".into()));
        assert!(write.contains(&"-XX:ArchiveClassesAtExit=/a.jsa".to_owned()));
        assert!(!write.iter().any(|part| part.contains("SharedArchiveFile")));
    }

    #[test]
    fn a_class_path_holds_the_jars_alone_sorted_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.jar", "a.jar", "notes.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let expected = std::env::join_paths([folder.path().join("a.jar"), folder.path().join("b.jar")]).unwrap();
        assert_eq!(class_path(folder.path()).unwrap(), expected);
    }
}
