//! Calls as files: a document is a file whose name is made of its key. To write it again is to write the same file.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use lineside_api::Timestamp;

use crate::call::{Call, Purpose, Reply};

/// Largest file that is read back, in bytes.
const FILE_MOST: u64 = 16 * 1024 * 1024;

/// A folder that an ERP takes files from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// Where files are put.
    pub folder: PathBuf,
    /// Where the ERP puts those that it took, under the same names. A file that stands there is not written again.
    pub taken: Vec<PathBuf>,
}

impl Files {
    pub(crate) async fn call(&self, call: &Call, deadline: Timestamp, now: fn() -> Timestamp) -> Reply {
        let (files, call) = (self.clone(), call.clone());
        let done = tokio::task::spawn_blocking(move || if now() < deadline { files.act(&call) } else { late() });
        done.await.unwrap_or_else(|error| Reply::Lost { reason: error.to_string() })
    }

    fn act(&self, call: &Call) -> Reply {
        let plain = !call.path.is_empty() && !call.path.starts_with('.') && !call.path.contains(['/', '\\', '\0']);
        if !plain {
            return Reply::Unsent { reason: format!("`{}` is no name of a file", call.path), retry_after: None };
        }
        let found = match self.find(&call.path) {
            Ok(found) => found,
            Err(error) => return Reply::Lost { reason: format!("cannot look for {}: {error}", call.path) },
        };
        match (call.purpose, found) {
            (Purpose::Read, found) => answered(200, &format!("{{\"files\":[{}]}}", found.unwrap_or_default())),
            (Purpose::Book, Some(content)) => answered(200, &format!("{{\"content\":{content}}}")),
            (Purpose::Book, None) => {
                let content = call.body.as_deref().unwrap_or("null");
                match self.write(&call.path, content) {
                    Ok(()) => answered(201, &format!("{{\"content\":{content}}}")),
                    Err(error) => Reply::Lost { reason: format!("cannot write {}: {error}", call.path) },
                }
            }
        }
    }

    fn find(&self, name: &str) -> io::Result<Option<String>> {
        for folder in std::iter::once(&self.folder).chain(&self.taken) {
            let path = folder.join(name);
            match fs::metadata(&path) {
                Ok(about) if about.len() > FILE_MOST => return Err(io::Error::other("it is larger than any that was written")),
                Ok(_) => match fs::read_to_string(&path) {
                    // Moved on between the two: it stands in one of the other folders.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    read => return read.map(Some),
                },
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Under its name there is nothing or the whole file, whenever the process or the machine ends.
    fn write(&self, name: &str, content: &str) -> io::Result<()> {
        let hidden = self.folder.join(format!(".{name}.part"));
        let mut file = File::create(&hidden)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&hidden, self.folder.join(name))?;
        sync_folder(&self.folder)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn answered(status: u16, body: &str) -> Reply {
    Reply::Answered { status, retry_after: None, body: body.to_owned() }
}

fn late() -> Reply {
    Reply::Unsent { reason: "its deadline passed before it could be written".to_owned(), retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(purpose: Purpose, name: &str, body: Option<&str>) -> Call {
        Call { purpose, path: name.to_owned(), headers: Vec::new(), body: body.map(str::to_owned) }
    }

    fn body(reply: Reply) -> String {
        let Reply::Answered { body, .. } = reply else { panic!("{reply:?}") };
        body
    }

    #[test]
    fn a_file_is_written_whole_and_once_and_found_where_it_was_taken_to() {
        let (folder, taken) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let files = Files { folder: folder.path().to_owned(), taken: vec![taken.path().to_owned()] };
        assert_eq!(body(files.act(&call(Purpose::Read, "d.json", None))), r#"{"files":[]}"#);
        assert_eq!(body(files.act(&call(Purpose::Book, "d.json", Some(r#"{"key":1}"#)))), r#"{"content":{"key":1}}"#);
        assert_eq!(body(files.act(&call(Purpose::Read, "d.json", None))), r#"{"files":[{"key":1}]}"#);
        fs::rename(folder.path().join("d.json"), taken.path().join("d.json")).unwrap();
        assert_eq!(body(files.act(&call(Purpose::Book, "d.json", Some(r#"{"key":1}"#)))), r#"{"content":{"key":1}}"#);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "what was taken is not put there again");
    }

    #[test]
    fn a_name_leads_nowhere_else_and_a_missing_folder_is_doubt() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { folder: folder.path().to_owned(), taken: vec![] };
        for name in ["../d.json", "/etc/d", ".d", "", "a/b"] {
            assert!(matches!(files.act(&call(Purpose::Book, name, Some("{}"))), Reply::Unsent { .. }), "{name}");
        }
        let files = Files { folder: folder.path().join("absent"), taken: vec![] };
        assert!(matches!(files.act(&call(Purpose::Book, "d.json", Some("{}"))), Reply::Lost { .. }));
    }
}
