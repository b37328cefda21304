//! Writes `src/records/*.rs` from `avro/**/*.avsc`: one Rust type per Avro record or enum, one module per namespace.
//! With `--check` it writes nothing and exits 1 when a file is not what it would write.

mod render;
mod schema_files;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

fn main() -> ExitCode {
    let check = std::env::args().nth(1).as_deref() == Some("--check");
    match run(check) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            eprintln!("not what the schemas say: {}; run `cargo run -p lineside-codegen`", stale.join(", "));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Names of the files that differ; none after writing.
fn run(check: bool) -> anyhow::Result<Vec<String>> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let types = schema_files::named_types(&root.join("avro"))?;
    let mut stale = Vec::new();
    for (file, text) in render::modules(&types)? {
        let path = root.join("src/records").join(&file);
        if std::fs::read_to_string(&path).is_ok_and(|current| current == text) {
            continue;
        }
        if check {
            stale.push(file);
        } else {
            std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    Ok(stale)
}
