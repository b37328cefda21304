//! The tutorials, followed to the letter: every edit they show fits the sources as they are, and what they run succeeds.
#![allow(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod steps;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use steps::{Step, apply, steps};

const TUTORIALS: [&str; 2] = ["add-a-topic", "add-a-processor"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn steps_of(tutorial: &str) -> Vec<Step> {
    steps(&std::fs::read_to_string(root().join("docs/tutorials").join(tutorial).with_extension("md")).unwrap())
}

#[test]
fn every_edit_of_a_tutorial_fits_the_sources() {
    for tutorial in TUTORIALS {
        let mut files = BTreeMap::new();
        let mut edits = 0;
        for step in steps_of(tutorial) {
            let Step::Edit { path, hunks } = step else {
                if let Step::Create { path, text } = step {
                    assert!(!root().join(&path).exists(), "{tutorial} creates {path}, which is there");
                    files.insert(path, text);
                }
                continue;
            };
            let text = files.remove(&path).unwrap_or_else(|| std::fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{tutorial}: {path}: {error}")));
            let edited = apply(&text, &hunks).unwrap_or_else(|problem| panic!("{tutorial}: {path}: {problem}"));
            files.insert(path, edited);
            edits += 1;
        }
        assert!(edits > 5 && files.len() > edits, "{tutorial} has {edits} edits of {} files", files.len());
    }
}

#[test]
#[ignore = "builds most of the workspace, some minutes"]
fn adding_a_topic_as_told_succeeds() {
    follow("add-a-topic");
}

#[test]
#[ignore = "builds most of the workspace, some minutes"]
fn adding_a_processor_as_told_succeeds() {
    follow("add-a-processor");
}

/// Does what the page tells in a copy of the sources, and builds in a folder of its own.
fn follow(tutorial: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tutorials");
    let copy = target.join(format!("{tutorial}-{}", std::process::id()));
    copy_sources(&copy);
    for step in steps_of(tutorial) {
        match step {
            Step::Create { path, text } => {
                std::fs::create_dir_all(copy.join(&path).parent().unwrap()).unwrap();
                std::fs::write(copy.join(path), text).unwrap();
            }
            Step::Edit { path, hunks } => {
                let edited = apply(&std::fs::read_to_string(copy.join(&path)).unwrap(), &hunks).unwrap();
                std::fs::write(copy.join(path), edited).unwrap();
            }
            Step::Run { script } => {
                let mut command = Command::new("sh");
                command.args(["-ec", &script]).current_dir(&copy).env("CARGO_TARGET_DIR", target.join("build"));
                assert!(command.status().unwrap().success(), "{tutorial}, in {}:\n{script}", copy.display());
            }
        }
    }
    std::fs::remove_dir_all(copy).unwrap();
}

/// What git knows of, as it stands now.
fn copy_sources(to: &Path) {
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().unwrap();
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    for path in String::from_utf8(list.stdout).unwrap().split('\0').filter(|path| !path.is_empty()) {
        std::fs::create_dir_all(to.join(path).parent().unwrap()).unwrap();
        std::fs::copy(root().join(path), to.join(path)).unwrap();
    }
}
