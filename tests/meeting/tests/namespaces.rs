//! The same bad networks made by the system: a server in a network namespace behind a cable of its own.

use crate::network::{goes_on, outage};
use crate::world::{Person, PersonPlan, ServerProcess};
use atrium_protocol::{Role, SeatId};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::atomic::{AtomicU8, Ordering};

/// Namespaces of this file begin so, followed by the process that made them.
const PREFIX: &str = "atrium-";

fn run(words: &[&str]) -> Result<String, String> {
    let output = Command::new(words[0]).args(&words[1..]).output().map_err(|error| format!("{}: {error}", words[0]))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim()))
    }
}

/// A namespace at the other end of a virtual cable; both go when this goes.
struct Namespace {
    name: String,
    /// Our end of the cable.
    near: String,
    /// Its end.
    far: String,
    near_ip: Ipv4Addr,
    far_ip: Ipv4Addr,
}

impl Namespace {
    /// # Errors
    /// Why this machine does not permit it.
    fn new() -> Result<Self, String> {
        static MADE: AtomicU8 = AtomicU8::new(0);
        remove_leftovers();
        let (pid, number) = (std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        // 198.18.0.0/15 is for tests of networks (RFC 2544): nobody's own.
        let [third, fourth] = [(pid % 256) as u8, number % 64 * 4];
        let namespace = Self {
            name: format!("{PREFIX}{pid}-{number}"),
            near: format!("atn{}-{number}", pid % 100_000),
            far: format!("atf{}-{number}", pid % 100_000),
            near_ip: Ipv4Addr::new(198, 18, third, fourth + 1),
            far_ip: Ipv4Addr::new(198, 18, third, fourth + 2),
        };
        namespace.build()?;
        Ok(namespace)
    }

    fn build(&self) -> Result<(), String> {
        let (name, near, far) = (self.name.as_str(), self.near.as_str(), self.far.as_str());
        run(&["ip", "netns", "add", name])?;
        run(&["ip", "link", "add", near, "type", "veth", "peer", "name", far, "netns", name])?;
        run(&["ip", "address", "add", &format!("{}/30", self.near_ip), "dev", near])?;
        run(&["ip", "link", "set", near, "up"])?;
        self.inside(&["ip", "address", "add", &format!("{}/30", self.far_ip), "dev", far])?;
        self.inside(&["ip", "link", "set", far, "up"])?;
        self.inside(&["ip", "link", "set", "lo", "up"])?;
        Ok(())
    }

    fn inside(&self, words: &[&str]) -> Result<String, String> {
        run(&[&["ip", "netns", "exec", &self.name], words].concat())
    }

    fn make_bad(&self) -> Result<(), String> {
        let netem = ["root", "netem", "loss", "5%", "delay", "50ms", "20ms"];
        run(&[&["tc", "qdisc", "add", "dev", &self.near], &netem[..]].concat())?;
        self.inside(&[&["tc", "qdisc", "add", "dev", &self.far], &netem[..]].concat())?;
        Ok(())
    }

    fn cut(&self, is_cut: bool) {
        run(&["ip", "link", "set", &self.near, if is_cut { "down" } else { "up" }]).expect("our own cable");
    }

    async fn server(&self) -> ServerProcess {
        let listen = SocketAddr::from((self.far_ip, 0));
        ServerProcess::start_at(listen, &["ip", "netns", "exec", &self.name]).await
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = run(&["ip", "link", "del", &self.near]);
        let _ = run(&["ip", "netns", "del", &self.name]);
    }
}

/// Namespaces of processes that were killed.
fn remove_leftovers() {
    let list = run(&["ip", "netns", "list"]).unwrap_or_default();
    for name in list.lines().filter_map(|line| line.split(' ').next()) {
        let pid = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        let is_left_over = pid.is_some_and(|pid| !std::path::Path::new("/proc").join(pid).exists());
        if is_left_over {
            let _ = run(&["ip", "netns", "del", name]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_percent_loss_and_jitter_by_netem() {
    let bad = Namespace::new().and_then(|namespace| namespace.make_bad().map(|()| namespace));
    let namespace = match bad {
        Ok(namespace) => namespace,
        Err(why) => return println!("skipped: this machine gives no bad network ({why})"),
    };
    let server = namespace.server().await;
    let link = server.link(Role::Owner);
    let ada = Person::enter(PersonPlan::new("Ada", link.clone(), server.folder())).await;
    let bo = Person::enter(PersonPlan::new("Bo", link, server.folder())).await;
    goes_on(&ada, &bo).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cable_pulled_for_20_s() {
    let namespace = match Namespace::new() {
        Ok(namespace) => namespace,
        Err(why) => return println!("skipped: this machine gives no network namespace ({why})"),
    };
    let server = namespace.server().await;
    let link = server.link(Role::Owner);
    let traveller = Person::enter(PersonPlan::new("Traveller", link, server.folder())).await;
    traveller.sit(SeatId(4)).await;
    outage(&traveller, |is_cut| namespace.cut(is_cut)).await;
}
