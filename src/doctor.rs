//! Whether this machine can show the app, and what to do where it cannot.

use anyhow::bail;
use atrium_panels::fonts::ChineseFont;
use bevy::tasks::block_on;
use wgpu::{AdapterInfo, Backends, DeviceType, Instance, InstanceDescriptor};

/// What draws the pictures.
#[derive(Clone, Debug)]
pub struct Graphics {
    /// The best adapter.
    pub info: AdapterInfo,
}

impl Graphics {
    /// Looks for a graphics driver.
    ///
    /// # Errors
    /// What to install when there is none.
    pub fn find() -> anyhow::Result<Self> {
        let backends = Backends::from_env().unwrap_or(Backends::PRIMARY);
        let instance =
            Instance::new(InstanceDescriptor { backends, ..InstanceDescriptor::new_without_display_handle() });
        let adapters = block_on(instance.enumerate_adapters(backends));
        let best = adapters.iter().map(wgpu::Adapter::get_info).min_by_key(|info| rank(info.device_type));
        match best {
            Some(info) => Ok(Self { info }),
            None => bail!(
                "no graphics driver was found on this machine. Install one: on Debian and Ubuntu \
                 `sudo apt install mesa-vulkan-drivers`, for NVIDIA cards the maker's driver; then try again"
            ),
        }
    }

    /// Whether the processor draws, for want of a graphics card.
    pub fn is_software(&self) -> bool {
        self.info.device_type == DeviceType::Cpu
    }
}

fn rank(kind: DeviceType) -> u8 {
    match kind {
        DeviceType::DiscreteGpu => 0,
        DeviceType::IntegratedGpu => 1,
        DeviceType::VirtualGpu => 2,
        DeviceType::Other => 3,
        DeviceType::Cpu => 4,
    }
}

/// Whether there is a screen to open a window on.
///
/// # Errors
/// What to do when there is none.
pub fn display() -> anyhow::Result<()> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(not(all(unix, not(target_os = "macos")))) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
        return Ok(());
    }
    bail!(
        "there is no display to open a window on. Start the app from a desktop session; over SSH use `ssh -X`; \
         without a screen render a picture with --offscreen 1280x720 --screenshot room.png"
    )
}

/// Prints what was found; fails when something that is needed is missing.
///
/// # Errors
/// What to do.
pub fn run() -> anyhow::Result<()> {
    let mut problems = Vec::new();
    match Graphics::find() {
        Ok(graphics) => {
            let info = &graphics.info;
            println!("graphics   {} ({:?}, {:?}) {}", info.name, info.device_type, info.backend, info.driver_info);
            if graphics.is_software() {
                println!("           drawn by the processor: it works, slowly; the quality is set to low");
            }
        }
        Err(problem) => problems.push(format!("graphics   {problem}")),
    }
    match display() {
        Ok(()) => println!("display    fine"),
        Err(problem) => problems.push(format!("display    {problem}")),
    }
    match ChineseFont::find() {
        Ok(font) => println!("fonts      Chinese is written with {}", font.family()),
        Err(missing) => println!("fonts      {missing}"),
    }
    if problems.is_empty() {
        println!("This machine has what the app needs.");
        return Ok(());
    }
    bail!("{}", problems.join("\n"))
}
