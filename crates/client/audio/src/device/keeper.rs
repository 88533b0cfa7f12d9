use super::{DeviceChoice, DeviceFault, StreamHealth};
use atrium_protocol::Micros;
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

/// Between tries to open a device that cannot be opened: doubled each time, between these.
const RETRY_FIRST: Duration = Duration::from_millis(250);
const RETRY_LAST: Duration = Duration::from_secs(4);
/// Until a device that is of no use is tried again.
const RETRY_USELESS: Duration = Duration::from_secs(60);
/// How often one looks which device is the system's default.
const DEFAULT_EVERY: Duration = Duration::from_secs(1);
/// A device that moves nothing for this long has stopped.
const STALLED: Duration = Duration::from_secs(2);

/// Opens devices of one side; `End` is what the engine gets.
pub(crate) trait Opener<End> {
    /// The id of the system's default device.
    fn default_id(&mut self) -> Option<String>;

    /// Opens a device, which may take its time.
    fn open(&mut self, choice: &DeviceChoice) -> Result<Opened<End>, DeviceFault>;
}

/// An open device.
pub(crate) struct Opened<End> {
    /// For the engine.
    pub(crate) end: End,
    /// What people call it.
    pub(crate) name: String,
    /// Of a device with a callback.
    pub(crate) health: Option<Arc<StreamHealth>>,
    /// Keeps the device open.
    pub(crate) stream: Option<Box<dyn Any + Send>>,
}

/// What the engine must know.
#[derive(Debug)]
pub(crate) enum News<End> {
    /// Use this from now on.
    Ready {
        /// The device.
        end: End,
        /// What people call it.
        name: String,
        /// Whether people were told that there was something wrong.
        had_fault: bool,
    },
    /// There is none until further notice. A fault is told once, not with each try.
    Lost(DeviceFault),
}

/// Keeps the chosen device of one side open: it opens it again after faults, and follows the system's default.
/// It is asked every tenth of a second or so.
pub(crate) struct Keeper {
    choice: DeviceChoice,
    state: State,
    /// Since the last open device people were told of a fault.
    had_fault: bool,
    /// They were told of one with this choice.
    is_told: bool,
}

enum State {
    Closed { retry_at: Option<Micros>, wait: Duration },
    Open(Watched),
}

struct Watched {
    health: Option<Arc<StreamHealth>>,
    /// Dropped to close the device.
    _stream: Option<Box<dyn Any + Send>>,
    default_id: Option<String>,
    default_seen_at: Micros,
    frames: u64,
    moved_at: Micros,
}

impl Keeper {
    pub(crate) fn new(choice: DeviceChoice) -> Self {
        Self { choice, state: State::closed(), had_fault: false, is_told: false }
    }

    /// Another device is chosen: the next [`Self::poll`] opens it.
    pub(crate) fn choose(&mut self, choice: DeviceChoice) {
        self.choice = choice;
        self.state = State::closed();
        self.is_told = false;
    }

    /// Looks after the device; gives news for the engine.
    pub(crate) fn poll<End>(&mut self, now: Micros, opener: &mut impl Opener<End>) -> Option<News<End>> {
        match &mut self.state {
            State::Open(watched) => {
                let follows_default = self.choice == DeviceChoice::SystemDefault;
                if let Some(fault) = watched.useless() {
                    let retry_at = Some(now + RETRY_USELESS);
                    self.state = State::Closed { retry_at, wait: RETRY_FIRST };
                    return Some(self.tell(fault));
                }
                if let Some(fault) = watched.fault(now) {
                    // The same choice may be another device by now: the first try comes at once.
                    self.state = State::closed();
                    return Some(match self.try_open(now, opener) {
                        Some(ready @ News::Ready { .. }) => ready,
                        _ => self.tell(fault),
                    });
                }
                if follows_default && watched.default_has_changed(now, opener) {
                    self.state = State::closed();
                    return self.try_open(now, opener);
                }
                None
            }
            State::Closed { retry_at, .. } if retry_at.is_none_or(|at| now >= at) => self.try_open(now, opener),
            State::Closed { .. } => None,
        }
    }

    fn try_open<End>(&mut self, now: Micros, opener: &mut impl Opener<End>) -> Option<News<End>> {
        let default_id = if self.choice == DeviceChoice::SystemDefault { opener.default_id() } else { None };
        match opener.open(&self.choice) {
            Ok(Opened { end, name, health, stream }) => {
                self.state = State::Open(Watched {
                    health,
                    _stream: stream,
                    default_id,
                    default_seen_at: now,
                    frames: 0,
                    moved_at: now,
                });
                self.is_told = false;
                // While no device is wanted, what was wrong with the last one is not over.
                let had_fault = self.choice != DeviceChoice::Null && std::mem::take(&mut self.had_fault);
                Some(News::Ready { end, name, had_fault })
            }
            Err(fault) => {
                let wait = match &self.state {
                    State::Closed { wait, .. } => *wait,
                    State::Open(_) => RETRY_FIRST,
                };
                self.state = State::Closed { retry_at: Some(now + wait), wait: (2 * wait).min(RETRY_LAST) };
                if self.is_told { None } else { Some(self.tell(fault)) }
            }
        }
    }

    fn tell<End>(&mut self, fault: DeviceFault) -> News<End> {
        (self.had_fault, self.is_told) = (true, true);
        News::Lost(fault)
    }
}

impl State {
    fn closed() -> Self {
        Self::Closed { retry_at: None, wait: RETRY_FIRST }
    }
}

impl Watched {
    fn useless(&self) -> Option<DeviceFault> {
        let true_hz = self.health.as_deref()?.absurd_hz()?;
        Some(DeviceFault::Unusable(format!("it runs at {true_hz} Hz")))
    }

    fn fault(&mut self, now: Micros) -> Option<DeviceFault> {
        let health = self.health.as_deref()?;
        if health.has_failed() {
            return Some(DeviceFault::Gone);
        }
        if health.frames() != self.frames {
            (self.frames, self.moved_at) = (health.frames(), now);
        }
        (now.since(self.moved_at) > STALLED).then_some(DeviceFault::Stalled)
    }

    fn default_has_changed<End>(&mut self, now: Micros, opener: &mut impl Opener<End>) -> bool {
        if now.since(self.default_seen_at) < DEFAULT_EVERY {
            return false;
        }
        self.default_seen_at = now;
        let default_id = opener.default_id();
        default_id.is_some() && default_id != self.default_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with one socket. What is opened is the name of the device.
    #[derive(Default)]
    struct Socket {
        plugged: Option<&'static str>,
        health: Arc<StreamHealth>,
        tries: usize,
    }

    impl Opener<&'static str> for Socket {
        fn default_id(&mut self) -> Option<String> {
            self.plugged.map(str::to_owned)
        }

        fn open(&mut self, choice: &DeviceChoice) -> Result<Opened<&'static str>, DeviceFault> {
            self.tries += 1;
            self.health = Arc::default();
            let wanted = |name: &&str| !matches!(choice, DeviceChoice::Device(id) if id != name);
            if *choice == DeviceChoice::Null {
                return Ok(Opened { end: "none", name: "none".into(), health: None, stream: None });
            }
            let end = self.plugged.filter(wanted).ok_or(DeviceFault::NotFound)?;
            Ok(Opened { end, name: end.into(), health: Some(Arc::clone(&self.health)), stream: None })
        }
    }

    /// A keeper, its machine and the time.
    struct Scene {
        keeper: Keeper,
        socket: Socket,
        now: Micros,
    }

    impl Scene {
        fn new(choice: DeviceChoice, plugged: Option<&'static str>) -> Self {
            Self { keeper: Keeper::new(choice), socket: Socket { plugged, ..Socket::default() }, now: Micros(1) }
        }

        /// Lets time pass in which the device moves sound; gives all news as words.
        fn pass(&mut self, secs: f64) -> Vec<String> {
            let mut news = Vec::new();
            for _ in 0..(secs * 10.0) as usize {
                self.now = self.now + Duration::from_millis(100);
                if !self.socket.health.has_failed() && self.socket.plugged.is_some() {
                    self.socket.health.moved(4_800, 0);
                }
                news.extend(self.keeper.poll(self.now, &mut self.socket).map(|news| match news {
                    News::Ready { end, had_fault, .. } => format!("{end}{}", if had_fault { " again" } else { "" }),
                    News::Lost(fault) => fault.key().to_owned(),
                }));
            }
            news
        }
    }

    #[test]
    fn a_device_taken_away_is_opened_again_when_it_comes_back() {
        let mut scene = Scene::new(DeviceChoice::Device("headset".into()), Some("headset"));
        assert_eq!(scene.pass(5.0), ["headset"]);
        scene.socket.plugged = None;
        scene.socket.health.fail();
        assert_eq!(scene.pass(60.0), ["sound-device-gone"], "told once");
        assert!((15..=25).contains(&scene.socket.tries), "{} tries", scene.socket.tries);
        scene.socket.plugged = Some("headset");
        assert_eq!(scene.pass(5.0), ["headset again"]);
    }

    #[test]
    fn the_systems_default_is_followed() {
        let mut scene = Scene::new(DeviceChoice::SystemDefault, Some("laptop"));
        assert_eq!(scene.pass(3.0), ["laptop"]);
        scene.socket.plugged = Some("headset");
        assert_eq!(scene.pass(1.5), ["headset"]);
        assert_eq!(scene.pass(3.0), [""; 0]);
        // A device that fails while another one is there already is replaced without a word.
        scene.socket.plugged = Some("laptop");
        scene.socket.health.fail();
        assert_eq!(scene.pass(3.0), ["laptop"]);
    }

    #[test]
    fn a_device_that_moves_nothing_is_opened_again() {
        let mut scene = Scene::new(DeviceChoice::SystemDefault, Some("laptop"));
        scene.pass(1.0);
        scene.socket.health = Arc::default();
        assert_eq!(scene.pass(2.5), ["laptop"]);
        assert_eq!(scene.pass(10.0), [""; 0]);
    }

    #[test]
    fn a_device_of_no_use_is_let_alone() {
        let mut scene = Scene::new(DeviceChoice::SystemDefault, Some("laptop"));
        scene.pass(1.0);
        scene.socket.health.give_up(1e12);
        assert_eq!(scene.pass(50.0), ["sound-device-unusable"]);
        assert_eq!(scene.socket.tries, 1);
        assert_eq!(scene.pass(15.0), ["laptop again"]);
    }

    #[test]
    fn a_fault_is_over_when_a_device_is_there_again_and_not_when_none_is_wanted() {
        let mut scene = Scene::new(DeviceChoice::SystemDefault, None);
        assert_eq!(scene.pass(3.0), ["sound-device-not-found"]);
        scene.keeper.choose(DeviceChoice::Null);
        assert_eq!(scene.pass(3.0), ["none"]);
        scene.socket.plugged = Some("laptop");
        scene.keeper.choose(DeviceChoice::SystemDefault);
        assert_eq!(scene.pass(1.0), ["laptop again"]);
    }

    #[test]
    fn another_choice_is_opened_at_once() {
        let mut scene = Scene::new(DeviceChoice::Device("other".into()), Some("laptop"));
        assert_eq!(scene.pass(3.0), ["sound-device-not-found"]);
        scene.keeper.choose(DeviceChoice::Device("third".into()));
        assert_eq!(scene.pass(3.0), ["sound-device-not-found"], "told of each choice");
        scene.keeper.choose(DeviceChoice::SystemDefault);
        assert_eq!(scene.pass(0.1), ["laptop again"]);
    }
}
