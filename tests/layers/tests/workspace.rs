//! The packages of this workspace, as cargo describes them.

use cargo_metadata::{DependencyKind, MetadataCommand};
use std::path::PathBuf;
use std::process::Command;

/// A package of this workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// From the workspace's root, such as `crates/model/room`; empty for the app itself.
    pub(crate) folder: String,
    /// The packages of this workspace that it declares, for whatever use.
    pub(crate) siblings: Vec<Sibling>,
}

/// A declared dependency on another package of this workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sibling {
    pub(crate) folder: String,
    pub(crate) only_for_tests: bool,
}

/// The workspace's root. Looked up while the test runs: one target folder may serve several checkouts.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..").canonicalize().unwrap()
}

/// Every package of this workspace. Reads manifests only, so it works without a network.
pub(crate) fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let folder_of = |path: &cargo_metadata::camino::Utf8Path| {
        path.strip_prefix(&metadata.workspace_root).unwrap().as_str().to_owned()
    };
    let packages = metadata.workspace_packages();
    assert!(packages.len() > 1, "cargo found no workspace");
    let describe = |package: &&cargo_metadata::Package| Package {
        name: package.name.to_string(),
        folder: folder_of(package.manifest_path.parent().unwrap()),
        siblings: package
            .dependencies
            .iter()
            .filter_map(|dependency| {
                let folder = folder_of(dependency.path.as_ref()?);
                Some(Sibling { folder, only_for_tests: dependency.kind == DependencyKind::Development })
            })
            .collect(),
    };
    packages.iter().map(describe).collect()
}

/// Every crate that `package` links when built alone, tests aside: the features that other packages of the
/// workspace ask for do not count, which `cargo metadata` cannot tell apart.
pub(crate) fn linked_crates(package: &Package) -> Vec<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args([
            "tree",
            "--quiet",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--package",
            &package.name,
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).unwrap();
    let mut crates: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    crates.sort();
    crates.dedup();
    assert!(crates.contains(&package.name), "cargo tree does not name {} itself", package.name);
    crates
}

/// Whether `folder` is `layer` or lies in it. The empty layer is the app's own folder only.
pub(crate) fn is_in(folder: &str, layer: &str) -> bool {
    folder == layer || (!layer.is_empty() && folder.starts_with(layer) && folder[layer.len()..].starts_with('/'))
}
