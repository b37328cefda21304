//! What a tutorial tells to do, read from its fenced blocks.
//!
//! The word after the language of a block is a file: ```` ```rust path ```` is the whole of a new one, ```` ```diff path ```` an edit of one that is there.
//! ```` ```sh ```` without a file is to be run. Other blocks are only to be read.

/// A step of a tutorial.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// A new file.
    Create { path: String, text: String },
    /// Changes to a file.
    Edit { path: String, hunks: Vec<Hunk> },
    /// Commands.
    Run { script: String },
}

/// One place of an edit: lines as they are, and as they become.
#[derive(Debug, PartialEq, Eq)]
pub struct Hunk {
    before: String,
    after: String,
}

/// The steps of a page, in order.
pub fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String = lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        match info.split_once(' ') {
            Some(("diff", path)) => steps.push(Step::Edit { path: path.to_owned(), hunks: hunks(&text) }),
            Some((_, path)) => steps.push(Step::Create { path: path.to_owned(), text }),
            None if info == "sh" => steps.push(Step::Run { script: text }),
            None => {}
        }
    }
    steps
}

/// Places are set apart by lines that begin with `@@`.
fn hunks(diff: &str) -> Vec<Hunk> {
    let mut hunks = vec![Hunk { before: String::new(), after: String::new() }];
    for line in diff.split_inclusive('\n') {
        if line.starts_with("@@") {
            hunks.push(Hunk { before: String::new(), after: String::new() });
            continue;
        }
        let Some(hunk) = hunks.last_mut() else { continue };
        match line.split_at_checked(1) {
            Some(("-", text)) => hunk.before.push_str(text),
            Some(("+", text)) => hunk.after.push_str(text),
            // Some editors cut the blank of an empty line.
            _ => {
                let text = line.strip_prefix(' ').unwrap_or(line);
                hunk.before.push_str(text);
                hunk.after.push_str(text);
            }
        }
    }
    hunks.retain(|hunk| !hunk.before.is_empty() || !hunk.after.is_empty());
    hunks
}

/// The text with every hunk applied; each must fit in exactly one place.
pub fn apply(text: &str, hunks: &[Hunk]) -> Result<String, String> {
    let mut text = text.to_owned();
    for Hunk { before, after } in hunks {
        let places: Vec<usize> = text.match_indices(before.as_str()).map(|(at, _)| at).filter(|at| *at == 0 || text.as_bytes()[at - 1] == b'\n').collect();
        let [at] = places[..] else { return Err(format!("{} places fit:\n{before}", places.len())) };
        text.replace_range(at..at + before.len(), after);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "Do\n```toml a/b.toml\nx = 1\n```\nthen\n```diff a/b.toml\n-x = 1\n+x = 2\n```\nand\n```sh\nmake\n```\n```text\nlook\n```\n";

    #[test]
    fn blocks_are_files_edits_and_commands_in_order() {
        let steps = steps(PAGE);
        assert_eq!(steps[0], Step::Create { path: "a/b.toml".to_owned(), text: "x = 1\n".to_owned() });
        assert!(matches!(&steps[1], Step::Edit { path, hunks } if path == "a/b.toml" && apply("y\nx = 1\nz\n", hunks).unwrap() == "y\nx = 2\nz\n"));
        assert_eq!(steps[2..], [Step::Run { script: "make\n".to_owned() }]);
    }

    #[test]
    fn an_edit_that_fits_nowhere_or_twice_is_refused() {
        let hunks = hunks(" a\n-b\n+c\n");
        assert!(apply("a\nx\n", &hunks).unwrap_err().starts_with("0 places"));
        assert!(apply("a\nb\na\nb\n", &hunks).unwrap_err().starts_with("2 places"));
        assert_eq!(apply("xa\nb\n a\na\nb\n", &hunks).unwrap(), "xa\nb\n a\na\nc\n");
    }
}
