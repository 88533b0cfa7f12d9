use serde::Serialize;
use std::fmt;
use std::fs;

/// Where a figure was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// `release` or `debug`.
    pub(crate) profile: &'static str,
}

/// Figures of a build with debug assertions say nothing about the program that people run.
pub(crate) fn is_optimised() -> bool {
    !cfg!(debug_assertions)
}

impl Machine {
    pub(crate) fn this() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
        let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            cpu: model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, model)| model.trim().to_owned()),
            // Not those that this process is kept on.
            cores: cpuinfo.lines().filter(|line| line.starts_with("processor")).count().max(1),
            kernel: format!("Linux {}", release.trim()),
            profile: if is_optimised() { "release" } else { "debug" },
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} · {} cores · {} · {} build", self.cpu, self.cores, self.kernel, self.profile)
    }
}
