//! `atrium room check DIR`: what is wrong with a place, and where.

use anyhow::{Context as _, bail};
use atrium_place::Place;
use std::path::Path;

/// Checks a place's folder; prints what it has when all is well.
///
/// # Errors
/// Every mistake with its line.
pub fn room(folder: &Path) -> anyhow::Result<()> {
    let file = folder.join("room.ron");
    let text = std::fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}: give the folder that holds a room.ron", file.display()))?;
    let place = match Place::parse(&text) {
        Ok(place) => place,
        Err(problems) => {
            for problem in problems.iter() {
                eprintln!("{}:{}:{}: {}", file.display(), problem.line, problem.column, problem.message);
            }
            bail!("this room needs correction: {} in {}", count(problems.iter().count(), "mistake"), file.display());
        }
    };
    let layout = place.layout();
    let missing: Vec<_> = layout.file_names().filter(|name| !folder.join(name).is_file()).collect();
    if let Some(first) = missing.first() {
        bail!("{} names the file {first}, which is not there: add it, or remove the name", file.display());
    }
    println!(
        "{} is fine: {}, {}, {}, {}, {}",
        layout.title,
        count(layout.seats.len(), "seat"),
        count(layout.boards.len(), "board"),
        count(layout.screens.len(), "screen"),
        count(layout.zones.len(), "zone"),
        count(place.colliders().len(), "collider"),
    );
    Ok(())
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
