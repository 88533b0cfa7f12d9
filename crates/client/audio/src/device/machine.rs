use super::{
    CaptureCallback, DeviceChoice, DeviceFault, DeviceName, DeviceNames, DeviceSide, FileMicrophone, FileSpeaker,
    Microphone, Opened, Opener, PlaybackCallback, RingMicrophone, RingSpeaker, Sink, Speaker, StreamHealth, quietly,
};
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, Device, Error, ErrorKind, FromSample, Host, I24, SampleFormat, SizedSample, StreamConfig,
    SupportedBufferSize, SupportedStreamConfig, U24,
};
use std::sync::Arc;
use std::time::Duration;

/// Calls a function for the sample type of a format.
macro_rules! with_format {
    ($format:expr, $function:ident($($argument:expr),*)) => {
        match $format {
            SampleFormat::I8 => $function::<i8>($($argument),*),
            SampleFormat::I16 => $function::<i16>($($argument),*),
            SampleFormat::I24 => $function::<I24>($($argument),*),
            SampleFormat::I32 => $function::<i32>($($argument),*),
            SampleFormat::I64 => $function::<i64>($($argument),*),
            SampleFormat::U8 => $function::<u8>($($argument),*),
            SampleFormat::U16 => $function::<u16>($($argument),*),
            SampleFormat::U24 => $function::<U24>($($argument),*),
            SampleFormat::U32 => $function::<u32>($($argument),*),
            SampleFormat::U64 => $function::<u64>($($argument),*),
            SampleFormat::F32 => $function::<f32>($($argument),*),
            SampleFormat::F64 => $function::<f64>($($argument),*),
            other => Err(DeviceFault::Unusable(format!("it offers {other} only"))),
        }
    };
}

/// Longest wait for a device to be opened.
const OPEN: Duration = Duration::from_secs(2);

/// The devices of this machine, for people to choose. It asks the system, which may take a second: not for a frame.
pub fn device_names() -> DeviceNames {
    quietly(ask_device_names)
}

fn ask_device_names() -> DeviceNames {
    let host = cpal::default_host();
    let names = |side: DeviceSide| {
        let default_id = default_device(&host, side).and_then(|device| device.id().ok());
        let devices = host.devices().into_iter().flatten();
        let of_side = devices.filter(|device| match side {
            DeviceSide::Microphone => device.supports_input(),
            DeviceSide::Speaker => device.supports_output(),
        });
        let named = of_side.filter_map(|device| {
            let id = device.id().ok()?;
            Some(DeviceName {
                name: name_of(&device),
                is_default: Some(&id) == default_id.as_ref(),
                id: id.to_string(),
            })
        });
        named.collect()
    };
    DeviceNames { microphones: names(DeviceSide::Microphone), speakers: names(DeviceSide::Speaker) }
}

/// Opens devices of this machine, and what stands in for them.
pub(crate) struct Machine {
    host: Host,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self { host: quietly(cpal::default_host) }
    }

    fn find(&self, choice: &DeviceChoice, side: DeviceSide) -> Result<Device, DeviceFault> {
        let device = match choice {
            DeviceChoice::Device(id) => id.parse().ok().and_then(|id| self.host.device_by_id(&id)),
            _ => default_device(&self.host, side),
        };
        device.ok_or(DeviceFault::NotFound)
    }

    fn default_id(&self, side: DeviceSide) -> Option<String> {
        quietly(|| Some(default_device(&self.host, side)?.id().ok()?.to_string()))
    }
}

impl Opener<Microphone> for Machine {
    fn default_id(&mut self) -> Option<String> {
        Machine::default_id(self, DeviceSide::Microphone)
    }

    fn open(&mut self, choice: &DeviceChoice) -> Result<Opened<Microphone>, DeviceFault> {
        let end = match choice {
            DeviceChoice::SystemDefault | DeviceChoice::Device(_) => {
                return quietly(|| open_microphone(&self.find(choice, DeviceSide::Microphone)?));
            }
            DeviceChoice::File { path, repeat } => Microphone::File(Box::new(FileMicrophone::open(path, *repeat)?)),
            DeviceChoice::Null => Microphone::Null,
            DeviceChoice::Loopback(cable) => Microphone::Cable(cable.clone()),
        };
        Ok(Opened { end, name: stand_in_name(choice), health: None, stream: None })
    }
}

impl Opener<Speaker> for Machine {
    fn default_id(&mut self) -> Option<String> {
        Machine::default_id(self, DeviceSide::Speaker)
    }

    fn open(&mut self, choice: &DeviceChoice) -> Result<Opened<Speaker>, DeviceFault> {
        let sink = match choice {
            DeviceChoice::SystemDefault | DeviceChoice::Device(_) => {
                return quietly(|| open_speaker(&self.find(choice, DeviceSide::Speaker)?));
            }
            DeviceChoice::File { path, .. } => Sink::File(Box::new(FileSpeaker::create(path)?)),
            DeviceChoice::Null => Sink::Null,
            DeviceChoice::Loopback(cable) => Sink::Cable(cable.clone()),
        };
        Ok(Opened { end: Speaker::paced(sink), name: stand_in_name(choice), health: None, stream: None })
    }
}

fn open_microphone(device: &Device) -> Result<Opened<Microphone>, DeviceFault> {
    let offered = device.default_input_config().map_err(fault)?;
    let health = Arc::<StreamHealth>::default();
    let open = |config: StreamConfig| {
        let ring = RingMicrophone::new(config.sample_rate, config.channels, &health);
        let (callback, microphone) = ring.ok_or_else(|| unusable_rate(config))?;
        let stream = with_format!(offered.sample_format(), input_stream(device, config, callback, &health))?;
        Ok((stream, microphone))
    };
    let (stream, microphone) = with_short_periods(offered, open)?;
    stream.play().map_err(fault)?;
    Ok(Opened {
        end: Microphone::Ring(Box::new(microphone)),
        name: name_of(device),
        health: Some(health),
        stream: Some(Box::new(stream)),
    })
}

fn open_speaker(device: &Device) -> Result<Opened<Speaker>, DeviceFault> {
    let offered = device.default_output_config().map_err(fault)?;
    let health = Arc::<StreamHealth>::default();
    let open = |config: StreamConfig| {
        let ring = RingSpeaker::new(config.sample_rate, config.channels, &health);
        let (callback, speaker) = ring.ok_or_else(|| unusable_rate(config))?;
        let stream = with_format!(offered.sample_format(), output_stream(device, config, callback, &health))?;
        Ok((stream, speaker))
    };
    let (stream, speaker) = with_short_periods(offered, open)?;
    stream.play().map_err(fault)?;
    Ok(Opened {
        end: Speaker::Ring(Box::new(speaker)),
        name: name_of(device),
        health: Some(health),
        stream: Some(Box::new(stream)),
    })
}

/// Opens with periods of 10 ms, and with the device's own where it refuses those.
fn with_short_periods<T>(
    offered: SupportedStreamConfig,
    open: impl Fn(StreamConfig) -> Result<T, DeviceFault>,
) -> Result<T, DeviceFault> {
    let period_frames = offered.sample_rate() / 100;
    let is_offered = match *offered.buffer_size() {
        SupportedBufferSize::Range { min, max } => (min..=max).contains(&period_frames),
        SupportedBufferSize::Unknown => false,
    };
    let config = offered.config();
    if is_offered {
        let short = StreamConfig { buffer_size: BufferSize::Fixed(period_frames), ..config };
        if let Ok(opened) = open(short) {
            return Ok(opened);
        }
    }
    open(StreamConfig { buffer_size: BufferSize::Default, ..config })
}

fn input_stream<T>(
    device: &Device,
    config: StreamConfig,
    mut callback: CaptureCallback,
    health: &Arc<StreamHealth>,
) -> Result<cpal::Stream, DeviceFault>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let write = move |samples: &[T], _: &cpal::InputCallbackInfo| callback.write(samples);
    device.build_input_stream(config, write, on_error(health), Some(OPEN)).map_err(fault)
}

fn output_stream<T>(
    device: &Device,
    config: StreamConfig,
    mut callback: PlaybackCallback,
    health: &Arc<StreamHealth>,
) -> Result<cpal::Stream, DeviceFault>
where
    T: SizedSample + FromSample<f32>,
{
    let fill = move |samples: &mut [T], _: &cpal::OutputCallbackInfo| callback.fill(samples);
    device.build_output_stream(config, fill, on_error(health), Some(OPEN)).map_err(fault)
}

/// May run on the device's thread, so it only leaves a mark.
fn on_error(health: &Arc<StreamHealth>) -> impl FnMut(Error) + Send + 'static {
    let health = Arc::clone(health);
    move |error| match error.kind() {
        // The stream goes on.
        ErrorKind::Xrun | ErrorKind::RealtimeDenied | ErrorKind::DeviceChanged => {}
        _ => health.fail(),
    }
}

fn fault(error: Error) -> DeviceFault {
    match error.kind() {
        ErrorKind::DeviceNotAvailable => DeviceFault::NotFound,
        ErrorKind::DeviceBusy => DeviceFault::Busy,
        ErrorKind::PermissionDenied => DeviceFault::Denied,
        ErrorKind::HostUnavailable => DeviceFault::NoSoundSystem,
        _ => DeviceFault::Unusable(error.to_string()),
    }
}

fn unusable_rate(config: StreamConfig) -> DeviceFault {
    DeviceFault::Unusable(format!("it runs at {} Hz", config.sample_rate))
}

fn default_device(host: &Host, side: DeviceSide) -> Option<Device> {
    match side {
        DeviceSide::Microphone => host.default_input_device(),
        DeviceSide::Speaker => host.default_output_device(),
    }
}

fn name_of(device: &Device) -> String {
    device.description().map_or_else(|_| device.to_string(), |description| description.name().to_owned())
}

fn stand_in_name(choice: &DeviceChoice) -> String {
    match choice {
        DeviceChoice::File { path, .. } => path.display().to_string(),
        DeviceChoice::Loopback(_) => "Loopback".to_owned(),
        _ => "None".to_owned(),
    }
}
