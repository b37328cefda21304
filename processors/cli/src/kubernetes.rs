//! Kubernetes manifests, rendered and written.

use std::path::Path;

use lineside_deploy::{Installation, ManifestFile, manifests};
use lineside_topology::Environment;

use crate::arguments::KubernetesArguments;
use crate::topology::{Outcome, TopologyError, print, sound};

/// Prints the manifests, or writes a file for each group of them.
///
/// # Errors
/// [`TopologyError`], in words for an operator.
pub fn render(arguments: &KubernetesArguments) -> Result<Outcome, TopologyError> {
    let environment = sound(&arguments.environment)?;
    let installation = Installation {
        namespace: arguments.namespace.clone(),
        image: arguments.image.clone(),
        kafka_cluster: arguments.kafka_cluster.clone(),
        schema_registry: arguments.registry.clone(),
        environment_file: environment_file(&environment)?,
    };
    let files = manifests(&environment, &installation)?;
    if arguments.output.as_os_str() == "-" {
        return print(&files.iter().map(|file| file.text.as_str()).collect::<String>());
    }
    write(&files, &arguments.output)
}

/// Text of the environment's file; nothing for one that is built in, which the image has too.
fn environment_file(environment: &Environment) -> Result<Option<String>, TopologyError> {
    if Environment::builtin(&environment.name).is_ok() {
        return Ok(None);
    }
    let path = Path::new(&environment.name);
    std::fs::read_to_string(path).map(Some).map_err(|source| TopologyError::File { path: path.to_owned(), source })
}

fn write(files: &[ManifestFile], folder: &Path) -> Result<Outcome, TopologyError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| TopologyError::File { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    for file in files {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.text).map_err(failed(&path))?;
    }
    print(&format!("{} files in {}; `kubectl apply -f {}` takes them all\n", files.len(), folder.display(), folder.display()))
}
