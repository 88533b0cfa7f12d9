use crate::panels::{PanelMemory, ThisMachine, UserSettings};
use crate::screen::AppScreen;
use atrium_audio::{DeviceChoice, DeviceName, DeviceNames, device_names};
use atrium_panels::Tab;
use bevy::prelude::*;
use bevy::tasks::futures_lite::future;
use bevy::tasks::{IoTaskPool, Task, block_on};

/// How often devices are looked for while somebody may choose one.
const LOOK_SECS: f32 = 3.0;

/// The microphones and loudspeakers of this machine.
#[derive(Resource, Debug, Default)]
pub(super) struct KnownDevices {
    names: DeviceNames,
    look: Option<Task<DeviceNames>>,
    secs_to_next: f32,
    has_looked: bool,
}

impl KnownDevices {
    pub(super) fn microphone(&self, name: &str) -> DeviceChoice {
        choice(&self.names.microphones, name)
    }

    pub(super) fn speaker(&self, name: &str) -> DeviceChoice {
        choice(&self.names.speakers, name)
    }

    /// Whether both of these, where one is named, were seen when one last looked.
    fn has(&self, microphone: Option<&str>, speaker: Option<&str>) -> bool {
        let is_in = |devices: &[DeviceName], name: &str| devices.iter().any(|device| device.name == name);
        microphone.is_none_or(|name| is_in(&self.names.microphones, name))
            && speaker.is_none_or(|name| is_in(&self.names.speakers, name))
    }
}

/// Settings hold what people call a device. One that is not there now may come back.
fn choice(devices: &[DeviceName], name: &str) -> DeviceChoice {
    let id = devices.iter().find(|device| device.name == name).map_or(name, |device| &device.id);
    DeviceChoice::Device(id.to_owned())
}

/// Looks for devices while one may choose one, and while a chosen one is missing: it may be plugged in any moment. Away from
/// the main thread, since some systems take long to answer.
pub(super) fn look(
    mut known: ResMut<KnownDevices>,
    mut machine: ResMut<ThisMachine>,
    memory: Res<PanelMemory>,
    settings: Res<UserSettings>,
    screen: Res<State<AppScreen>>,
    time: Res<Time<Real>>,
) {
    let known = known.bypass_change_detection();
    if let Some(found) = known.look.as_mut().and_then(|look| block_on(future::poll_once(look))) {
        known.look = None;
        let names = |devices: &[DeviceName]| devices.iter().map(|device| device.name.clone()).collect();
        machine.microphones = names(&found.microphones);
        machine.speakers = names(&found.speakers);
        known.names = found;
    }
    known.secs_to_next -= time.delta_secs();
    // The first time, settings may name a device already.
    let is_chosen_here = **screen == AppScreen::Home || memory.tab == Some(Tab::Settings);
    let devices = &settings.devices;
    let is_wanted =
        !known.has_looked || is_chosen_here || !known.has(devices.microphone.as_deref(), devices.speaker.as_deref());
    if known.look.is_none() && known.secs_to_next <= 0.0 && is_wanted {
        known.has_looked = true;
        known.secs_to_next = LOOK_SECS;
        known.look = Some(IoTaskPool::get().spawn(async { device_names() }));
    }
}
