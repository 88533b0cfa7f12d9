//! What the disk under a folder is, and how long it takes to keep four kibibytes.

use crate::delays::Delays;
use anyhow::{Context as _, ensure};
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What one probe writes.
const BLOCK_BYTES: usize = 4_096;
/// From the end of one probe to the next: the disk is there for the server.
const PAUSE: Duration = Duration::from_millis(40);
/// File systems that forget: what a sync costs there says nothing.
const IN_MEMORY: [&str; 3] = ["tmpfs", "ramfs", "rootfs"];

/// The name of the file system that holds `path`, if the system says so.
pub(crate) fn file_system_of(path: &Path) -> Option<String> {
    let device = fs::metadata(path).ok()?.dev();
    file_system_of_device(&fs::read_to_string("/proc/self/mountinfo").ok()?, device)
}

/// Looks a device up in `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
fn file_system_of_device(mounts: &str, device: u64) -> Option<String> {
    let number = format!("{}:{}", major(device), minor(device));
    let is_ours = |line: &&str| line.split(' ').nth(2) == Some(number.as_str());
    let line = mounts.lines().find(is_ours)?;
    let (_, about) = line.split_once(" - ")?;
    about.split(' ').next().map(str::to_owned)
}

/// makedev(3), backwards.
fn major(device: u64) -> u64 {
    ((device >> 8) & 0xfff) | ((device >> 32) & !0xfff)
}

fn minor(device: u64) -> u64 {
    (device & 0xff) | ((device >> 12) & !0xff)
}

/// Writes and syncs 4 KiB again and again, from a thread of its own, until it is asked what that took.
pub(crate) struct DiskProbe {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<std::io::Result<Delays>>,
}

impl DiskProbe {
    /// Begins in `folder`, which must be on a disk.
    ///
    /// # Errors
    /// A sentence when it is in memory, or cannot be written to.
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        let kind = file_system_of(folder).unwrap_or_default();
        ensure!(
            !IN_MEMORY.contains(&kind.as_str()),
            "{} is in memory ({kind}), where syncing costs nothing: set TMPDIR to a folder on a disk",
            folder.display()
        );
        let mut file = File::create(folder.join("probe")).context("cannot write beside the server's data")?;
        let stop = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&stop);
        let probe = move || {
            let mut delays = Delays::default();
            let block = [0x5a; BLOCK_BYTES];
            while !told.load(Ordering::Relaxed) {
                let start = Instant::now();
                file.write_all(&block)?;
                file.sync_all()?;
                delays.record(start.elapsed());
                thread::sleep(PAUSE);
            }
            Ok(delays)
        };
        let thread = thread::Builder::new().name("disk probe".to_owned()).spawn(probe).context("no thread")?;
        Ok(Self { stop, thread })
    }

    /// Ends, and says how long each sync took.
    ///
    /// # Errors
    /// When the disk failed.
    pub(crate) fn finish(self) -> anyhow::Result<Delays> {
        self.stop.store(true, Ordering::Relaxed);
        let delays = self.thread.join().map_err(|_| anyhow::anyhow!("the disk probe failed"))?;
        delays.context("the disk cannot be written to")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_systems_are_known_by_their_device() {
        let mounts = "25 30 0:23 / /dev/shm rw,nosuid - tmpfs tmpfs rw\n\
                      30 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n";
        assert_eq!(file_system_of_device(mounts, 254 << 8).as_deref(), Some("ext4"));
        assert_eq!(file_system_of_device(mounts, 23).as_deref(), Some("tmpfs"));
        assert_eq!(file_system_of_device(mounts, 99), None);
    }

    #[test]
    fn a_disk_is_timed_and_memory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        match DiskProbe::start(folder.path()) {
            Ok(probe) => {
                thread::sleep(Duration::from_millis(200));
                let delays = probe.finish().unwrap();
                assert!(delays.count() >= 1 && delays.summary().unwrap().max < 60_000.0);
            }
            Err(error) => assert!(error.to_string().contains("set TMPDIR"), "{error}"),
        }
        if Path::new("/dev/shm").is_dir() && file_system_of(Path::new("/dev/shm")).as_deref() == Some("tmpfs") {
            assert!(DiskProbe::start(Path::new("/dev/shm")).is_err());
        }
    }
}
