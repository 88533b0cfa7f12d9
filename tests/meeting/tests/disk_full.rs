//! The disk is full while people draw: they are told, nothing is spoilt, and it goes on when there is room again.

use crate::world::ink::{Hand, document_of};
use crate::world::mirror::Mirror;
use crate::world::{Https, Person, PersonPlan, ServerProcess};
use atrium_protocol::{RefusalCode, Role};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const SIZE: &str = "size=8m";
const BETWEEN_STROKES: Duration = Duration::from_millis(30);
/// Strokes until the disk must have been found full, and until it must have been found free again.
const STROKES_MAX: usize = 600;

/// A disk of a few megabytes.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// # Errors
    /// Why this machine does not permit it.
    fn mount() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", SIZE, "atrium-small-disk"]).arg(folder.path());
        let output = command.output().map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(Self { folder })
        } else {
            Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(self.ballast()).expect("a file");
        for size in [64 << 10, 4 << 10, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).expect("the ballast");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever still has a file open keeps it until they are gone.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// Draws strokes until something is so.
async fn draw_until(who: &Person, hand: &mut Hand, what: &str, mut is_so: impl FnMut(&Mirror) -> bool) {
    for _ in 0..STROKES_MAX {
        who.append(&hand.stroke()).await;
        tokio::time::sleep(BETWEEN_STROKES).await;
        if who.look(&mut is_so) {
            return;
        }
    }
    panic!("not after {STROKES_MAX} strokes: {what}\n{}", who.look(Mirror::summary));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_got_over() {
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(why) => return println!("skipped: no small file system can be mounted here: {why}"),
    };
    let mut process = ServerProcess::start_in(disk.path().join("data")).await;
    let link = process.link(Role::Owner);
    let ada = Person::enter(PersonPlan::new("Ada", link.clone(), process.folder())).await;
    let bo = Person::enter(PersonPlan::new("Bo", link.clone(), process.folder())).await;
    for person in [&ada, &bo] {
        person.read_board().await;
    }
    let mut hand = Hand::new(1);
    draw_until(&ada, &mut hand, "drawn", |mirror| mirror.board.len() >= 20).await;

    disk.fill();
    let is_told = |mirror: &Mirror| mirror.board_refusals.iter().any(|(_, code)| *code == RefusalCode::StorageFailed);
    draw_until(&ada, &mut hand, "told that it is not stored", is_told).await;
    let settled = ada.look(|mirror| mirror.board.len());
    for _ in 0..20 {
        ada.append(&hand.stroke()).await;
        tokio::time::sleep(BETWEEN_STROKES).await;
    }
    let health = Https::to(&link).get("/healthz").await;
    println!("{settled} strokes before the disk was full; health: {} {}", health.status, health.text());
    assert_eq!(bo.look(|mirror| mirror.board_refusals.len()), 0, "nobody else is refused anything");
    for person in [&ada, &bo] {
        assert_eq!(person.look(Mirror::arrivals), 1, "nobody lost the connection");
    }

    disk.free();
    let answered = ada.look(|mirror| mirror.board.len());
    draw_until(&ada, &mut hand, "stored again", |mirror| mirror.board.len() > answered + 10).await;
    ada.eventually("every answer", |mirror| mirror.board.len() + mirror.board_refusals.len() == hand.drawn()).await;
    let board = ada.look(|mirror| mirror.board.clone());
    bo.eventually("the same", |mirror| mirror.board == board).await;
    assert!(board.iter().map(|settled| settled.sequence).eq(1..=board.len() as u64), "without gaps");
    let document = document_of(&board);
    assert_eq!(document.len(), board.len(), "what was refused is not there");

    process.kill();
    process.spawn().await;
    let cy = Person::enter(PersonPlan::new("Cy", process.link(Role::Guest), process.folder())).await;
    assert!(cy.whole_board().await == document, "nothing is spoilt");
}
