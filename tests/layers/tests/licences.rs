//! Whether `deny.toml` covers the licence of everything that we link, for those without `cargo deny`.

use crate::workspace::root;
use cargo_metadata::MetadataCommand;
use std::collections::BTreeSet;
use toml::Table;

#[test]
fn every_licence_is_allowed() {
    let deny: Table = std::fs::read_to_string(root().join("deny.toml")).unwrap().parse().unwrap();
    let texts = |value: &toml::Value| -> BTreeSet<String> {
        value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    let allowed = texts(&deny["licenses"]["allow"]);
    let exceptions = deny["licenses"]["exceptions"].as_array().unwrap();
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--filter-platform".into(), "x86_64-unknown-linux-gnu".into()])
        .exec()
        .unwrap();
    let linked: BTreeSet<_> = metadata.resolve.unwrap().nodes.into_iter().map(|node| node.id).collect();
    let mut wrong = Vec::new();
    for package in metadata.packages.iter().filter(|package| linked.contains(&package.id)) {
        let name = package.name.as_str();
        let mut allowed = allowed.clone();
        for exception in exceptions.iter().filter(|exception| exception["crate"].as_str() == Some(name)) {
            allowed.extend(texts(&exception["allow"]));
        }
        let licence = package.license.as_deref().unwrap_or("none given");
        if !is_allowed(licence, &allowed) {
            wrong.push(format!("{name} {}: {licence}", package.version));
        }
    }
    assert!(wrong.is_empty(), "deny.toml does not allow\n{}", wrong.join("\n"));
}

#[test]
fn expressions_are_understood() {
    let allowed: BTreeSet<String> = ["MIT", "ISC"].map(str::to_owned).into();
    for (licence, is_fine) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 OR MIT AND ISC", true),
        ("(GPL-3.0 OR MIT) AND BSL-1.0", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("MIT WITH some-exception", false),
        ("none given", false),
    ] {
        assert_eq!(is_allowed(licence, &allowed), is_fine, "{licence}");
    }
}

/// Whether the terms of `expression` (SPDX, or the older `A/B`) can be met with the `allowed` licences.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "-WITH-");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, allowed) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut is_fine = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        is_fine |= both(words, allowed);
    }
    is_fine
}

fn both(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    let mut is_fine = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        is_fine &= one(words, allowed);
    }
    is_fine
}

fn one(words: &mut Words, allowed: &BTreeSet<String>) -> bool {
    match words.next() {
        Some("(") => either(words, allowed) & words.next_if_eq(&")").is_some(),
        Some(licence) => allowed.contains(licence),
        None => false,
    }
}
