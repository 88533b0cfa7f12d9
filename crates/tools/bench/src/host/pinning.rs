//! Which core runs what.
//!
//! `unsafe` because the standard library has no safe face for a thread's affinity, nor for what a child does before
//! it becomes another program: every pointer handed to the kernel is to a local of the right size, and the child
//! makes two system calls that are safe after a fork and touches no memory of others.
#![allow(unsafe_code)]

use std::io;
use std::mem::{size_of, zeroed};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// Cores for the server and for the clients; none where there are not two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cores {
    pub(crate) server: Option<usize>,
    pub(crate) generator: Option<usize>,
}

impl Cores {
    /// The first two cores that this process may run on.
    pub(crate) fn of_this_machine() -> Self {
        let allowed = allowed_cores();
        match allowed.as_slice() {
            [server, generator, ..] => Self { server: Some(*server), generator: Some(*generator) },
            _ => Self::default(),
        }
    }
}

fn allowed_cores() -> Vec<usize> {
    let mut set: libc::cpu_set_t = unsafe { zeroed() };
    if unsafe { libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &mut set) } != 0 {
        return Vec::new();
    }
    (0..libc::CPU_SETSIZE as usize).filter(|core| unsafe { libc::CPU_ISSET(*core, &set) }).collect()
}

/// Keeps the calling thread, and those that it starts, on one core.
///
/// # Errors
/// When the kernel refuses.
pub(crate) fn pin_this_thread(core: usize) -> io::Result<()> {
    let mut set: libc::cpu_set_t = unsafe { zeroed() };
    unsafe { libc::CPU_SET(core, &mut set) };
    match unsafe { libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Keeps a program that is started on one core, and ends it together with the thread that starts it, however that
/// one ends.
pub(crate) fn tie_to_us(command: &mut Command, core: Option<usize>) {
    let prepare = move || {
        if unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } != 0 {
            return Err(io::Error::last_os_error());
        }
        core.map_or(Ok(()), pin_this_thread)
    };
    unsafe { command.pre_exec(prepare) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_runs_where_it_should() {
        let core = allowed_cores()[0];
        let mut command = Command::new("cat");
        command.arg("/proc/self/status");
        tie_to_us(&mut command, Some(core));
        let status = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap();
        assert_eq!(allowed.trim(), core.to_string());
    }

    #[test]
    fn server_and_clients_do_not_share_a_core() {
        let cores = Cores::of_this_machine();
        assert_eq!(cores.server.is_some(), allowed_cores().len() > 1);
        assert!(cores.server.is_none() || cores.server != cores.generator);
    }
}
