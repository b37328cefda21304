//! Pages of the documentation with commands and what these print.

use std::path::Path;
use std::process::Command;

/// The page with what the commands of its console blocks print now. A block is commands, each behind `$ `, and what each prints; one that ends in `...` shows how that
/// begins. Gives how many blocks there are, too.
pub fn as_printed(page: &str, folder: &Path) -> (String, usize) {
    let (mut text, mut blocks, mut lines) = (String::new(), 0, page.lines().peekable());
    while let Some(line) = lines.next() {
        text += line;
        text.push('\n');
        if line != "```console" {
            continue;
        }
        blocks += 1;
        while let Some(command) = lines.next_if(|line| *line != "```") {
            let command = command.strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {command}"));
            let mut shown = Vec::new();
            while let Some(line) = lines.next_if(|line| *line != "```" && !line.starts_with("$ ")) {
                shown.push(line);
            }
            let printed = printed(command, folder);
            let is_cut = shown.last() == Some(&"...");
            let count = if is_cut { shown.len() - 1 } else { usize::MAX };
            let beginning: String = printed.split_inclusive('\n').take(count).collect();
            text.extend(["$ ", command, "\n", &beginning, if is_cut { "...\n" } else { "" }]);
        }
    }
    (text, blocks)
}

/// What a shell prints that knows this `lineside`.
fn printed(command: &str, folder: &Path) -> String {
    let binaries = Path::new(env!("CARGO_BIN_EXE_lineside")).parent().expect("a folder");
    let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh").args(["-c", command]).current_dir(folder).env("PATH", path).env_remove("LINESIDE_MAPPINGS").output().expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Compares a page with what it should be, or writes it anew if that is asked for.
pub fn compare(file: &Path, expected: &str) {
    if std::env::var_os("LINESIDE_UPDATE_GOLDEN").is_some() {
        std::fs::write(file, expected).expect("the page is written");
    }
    assert_eq!(std::fs::read_to_string(file).expect("the page"), expected, "LINESIDE_UPDATE_GOLDEN=1 writes it anew");
}
