use anyhow::Context as _;
use std::fs;
use std::time::Duration;

/// What the kernel says of a process (`proc(5)`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProcessMeter {
    pid: u32,
}

/// What the scheduler gave a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CpuTime {
    pub(crate) ran: Duration,
    /// Ready to run, but not running.
    pub(crate) waited: Duration,
}

impl CpuTime {
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        Self { ran: self.ran.saturating_sub(earlier.ran), waited: self.waited.saturating_sub(earlier.waited) }
    }
}

impl ProcessMeter {
    pub(crate) fn new(pid: u32) -> Self {
        Self { pid }
    }

    pub(crate) fn of_this_process() -> Self {
        Self::new(std::process::id())
    }

    /// CPU time of all threads that run, in user mode and in the kernel; on loopback also the work of delivering what
    /// they send. Beside it, how long they waited for a core that did something else.
    ///
    /// # Errors
    /// When the process is gone.
    pub(crate) fn cpu(&self) -> anyhow::Result<CpuTime> {
        let gone = || format!("the process {} is gone", self.pid);
        let tasks = fs::read_dir(format!("/proc/{}/task", self.pid)).with_context(gone)?;
        let mut sum = CpuTime::default();
        for task in tasks.flatten() {
            // A thread may end between the listing and the reading.
            let schedstat = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            let time = parse_schedstat(&schedstat).unwrap_or_default();
            sum = CpuTime { ran: sum.ran + time.ran, waited: sum.waited + time.waited };
        }
        Ok(sum)
    }

    /// Memory that is in use and not swapped out.
    ///
    /// # Errors
    /// When the process is gone.
    pub(crate) fn resident_kb(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))
            .with_context(|| format!("the process {} is gone", self.pid))?;
        parse_resident_kb(&status).context("the kernel does not say how much memory a process uses")
    }
}

/// The first two numbers of `/proc/PID/task/TID/schedstat`: nanoseconds on a core, and waiting for one.
fn parse_schedstat(text: &str) -> Option<CpuTime> {
    let mut numbers = text.split_ascii_whitespace().map(|number| number.parse().map(Duration::from_nanos));
    Some(CpuTime { ran: numbers.next()?.ok()?, waited: numbers.next()?.ok()? })
}

fn parse_resident_kb(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_busy_process_is_seen_to_be_busy() {
        let meter = ProcessMeter::of_this_process();
        let before = meter.cpu().unwrap();
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(60) {
            std::hint::black_box(start);
        }
        let used = meter.cpu().unwrap().since(&before).ran;
        assert!(used > Duration::from_millis(5), "{used:?}");
        assert!(meter.resident_kb().unwrap() > 500);
    }

    #[test]
    fn words_of_the_kernel_are_read() {
        let time = CpuTime { ran: Duration::from_nanos(581_050_749), waited: Duration::from_nanos(461_665_175) };
        assert_eq!(parse_schedstat("581050749 461665175 118\n"), Some(time));
        assert_eq!(parse_schedstat(""), None);
        assert_eq!(parse_resident_kb("Name:\tx\nVmRSS:\t   12345 kB\n"), Some(12_345));
        assert_eq!(parse_resident_kb("Name:\tx\n"), None);
        assert!(ProcessMeter::new(u32::MAX).cpu().is_err());
    }
}
