//! What every manifest has in common.

use crate::workspace::{packages, root};
use toml::{Table, Value};

#[test]
fn every_package_shares_the_lints_and_the_licence() {
    let mut wrong = Vec::new();
    for (folder, manifest) in manifests() {
        if !is_inherited(manifest.get("lints")) {
            wrong.push(format!("{folder}: write `[lints] workspace = true`, so that the shared lints apply"));
        }
        for key in ["version", "edition", "rust-version", "license"] {
            if !is_inherited(manifest["package"].get(key)) {
                wrong.push(format!("{folder}: write `{key}.workspace = true`; it is the same everywhere"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_dependency_is_pinned_in_one_place() {
    let mut wrong = Vec::new();
    for (folder, manifest) in manifests() {
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        let tables = std::iter::once(&manifest)
            .chain(
                manifest
                    .get("target")
                    .and_then(Value::as_table)
                    .into_iter()
                    .flatten()
                    .filter_map(|(_, t)| t.as_table()),
            )
            .flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()));
        for (name, dependency) in tables.flatten() {
            if !is_inherited(Some(dependency)) {
                wrong.push(format!(
                    "{folder}: `{name}` belongs into [workspace.dependencies], here only `{name}.workspace = true`"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn clippy_bans_queues_without_bounds() {
    let clippy: Table = read("clippy.toml");
    let banned: Vec<_> =
        clippy["disallowed-methods"].as_array().unwrap().iter().map(|ban| ban["path"].as_str().unwrap()).collect();
    for unbounded in
        ["std::sync::mpsc::channel", "tokio::sync::mpsc::unbounded_channel", "crossbeam_channel::unbounded"]
    {
        assert!(banned.contains(&unbounded), "clippy.toml must ban {unbounded}");
    }
}

fn is_inherited(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

fn manifests() -> Vec<(String, Table)> {
    let folders = packages().into_iter().map(|package| package.folder);
    folders.map(|folder| (folder.clone(), read(&format!("{folder}/Cargo.toml")))).collect()
}

fn read(path: &str) -> Table {
    std::fs::read_to_string(root().join(path.trim_start_matches('/'))).unwrap().parse().unwrap()
}
