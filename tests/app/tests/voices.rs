//! People who hear one another, from file to file through two apps and a server.

use crate::world::{Server, Visitor};
use atrium_panels::{SoundFault, SoundSide};
use atrium_protocol::{ParticipantId, Role};
use atrium_scene::{AppScreen, MicrophoneLevel, OwnMute, PanelMemory, Speaking, TheMeeting, VoiceTest};
use bevy::prelude::*;
use std::f32::consts::TAU;
use std::path::Path;
use std::time::Duration;

const RATE_HZ: u32 = 48_000;

/// A second and a half of something like a voice: the buzz of vocal cords through two formants, in syllables, and a pause.
fn write_speech(path: &Path) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(path, spec).unwrap();
    for n in 0..RATE_HZ * 3 / 2 {
        let secs = n as f32 / RATE_HZ as f32;
        let pitch_hz = 130.0 + 15.0 * (secs * 5.0).sin();
        let voice: f32 = (1..30)
            .map(|harmonic| {
                let hz = pitch_hz * harmonic as f32;
                let formant = |middle: f32| (-((hz - middle) / 220.0).powi(2)).exp();
                (0.1 + formant(600.0) + 0.6 * formant(1_400.0)) * (TAU * hz * secs).sin() / 6.0
            })
            .sum();
        let syllable = if secs < 1.2 { (TAU * 2.5 * secs).sin().abs() } else { 0.0 };
        file.write_sample((voice * syllable * 0.4 * f32::from(i16::MAX)) as i16).unwrap();
    }
    file.finalize().unwrap();
}

/// Two people live on, in turns.
fn both(ada: &mut Visitor, ben: &mut Visitor, how_long: Duration) {
    let end = std::time::Instant::now() + how_long;
    while std::time::Instant::now() < end {
        ada.frame();
        ben.frame();
    }
}

fn both_until(ada: &mut Visitor, ben: &mut Visitor, what: &str, mut is_so: impl FnMut(&mut World) -> bool) {
    ben.until(what, |world| {
        ada.frame();
        is_so(world)
    });
}

fn hears(world: &World, who: ParticipantId) -> bool {
    world.resource::<Speaking>().level(who).is_some()
}

#[test]
fn one_hears_another_from_where_they_stand_until_they_are_muted() {
    let server = Server::start();
    let folder = server.folder().to_owned();
    let (spoken, heard) = (folder.join("spoken.wav"), folder.join("heard.wav"));
    write_speech(&spoken);
    // Ben looks along +z, so that +x is on his left.
    let ada_there = format!("--at 3,1.65,2.6,90,0 --microphone {}", spoken.display());
    let ben_there = format!("--at 1,1.65,2.6,180,0 --speaker {}", heard.display());
    let mut ada = Visitor::enter(&folder.join("ada"), "Ada", &server.link("boardroom", Role::Guest), &ada_there);
    let mut ben = Visitor::enter(&folder.join("ben"), "Ben", &server.link("boardroom", Role::Guest), &ben_there);
    let ada_id = ada.world().resource::<TheMeeting>().me().unwrap();
    both_until(&mut ada, &mut ben, "Ben hears Ada", |world| hears(world, ada_id));
    both(&mut ada, &mut ben, Duration::from_secs(4));

    ada.world().resource_mut::<OwnMute>().ask(true);
    both_until(&mut ada, &mut ben, "Ben hears Ada no more", |world| !hears(world, ada_id));
    both(&mut ada, &mut ben, Duration::from_secs(2));
    assert!(!hears(ben.world(), ada_id), "she goes on speaking, and nobody hears it");
    drop(ben);

    let (left, right) = levels_db(&heard);
    assert!(left > right + 4.0, "Ada is on the left: {left} dB and {right} dB");
    assert!(left > -45.0, "loud enough to be understood: {left} dB");
}

#[test]
fn one_hears_oneself_in_the_voice_test() {
    let folder = tempfile::tempdir().unwrap();
    let (spoken, heard) = (folder.path().join("spoken.wav"), folder.path().join("heard.wav"));
    write_speech(&spoken);
    let files = format!("--microphone {} --speaker {}", spoken.display(), heard.display());
    let mut ada = Visitor::start(&folder.path().join("ada"), &files);
    ada.live(Duration::from_millis(500));
    assert!(!heard.exists(), "nothing listens on the home screen");
    **ada.world().resource_mut::<VoiceTest>() = true;
    ada.until("the meter shows a voice", |world| {
        world.resource::<MicrophoneLevel>().is_some_and(|level| level.is_voice)
    });
    ada.live(Duration::from_secs(3));
    drop(ada);
    let (left, right) = levels_db(&heard);
    assert!(left > -45.0 && (left - right).abs() < 3.0, "one's own voice is in the middle: {left} dB and {right} dB");
}

#[test]
fn a_microphone_that_is_not_there_is_told_and_the_meeting_goes_on() {
    let server = Server::start();
    let home = server.folder().join("ada");
    let link = server.link("boardroom", Role::Guest);
    let mut ada = Visitor::enter(&home, "Ada", &link, "--microphone /nowhere/at/all.wav");
    ada.until("told of the microphone", |world| {
        matches!(
            world.resource::<PanelMemory>().sound.device(SoundSide::Microphone),
            Some(SoundFault::File { path, .. }) if path.contains("/nowhere/at/all.wav")
        )
    });
    assert!(ada.world().resource::<PanelMemory>().sound.device(SoundSide::Speaker).is_none());
    assert_eq!(*ada.world().resource::<State<AppScreen>>().get(), AppScreen::InRoom);
}

/// Root mean square of the louder tenths of a second in each ear, in dB of full scale.
fn levels_db(path: &Path) -> (f32, f32) {
    let mut file = hound::WavReader::open(path).unwrap();
    let spec = file.spec();
    assert_eq!((spec.channels, spec.sample_rate), (2, RATE_HZ));
    let samples: Vec<f32> = match spec.sample_format {
        hound::SampleFormat::Float => file.samples::<f32>().map(Result::unwrap).collect(),
        hound::SampleFormat::Int => {
            let scale = (1_u32 << (spec.bits_per_sample - 1)) as f32;
            file.samples::<i32>().map(|sample| sample.unwrap() as f32 / scale).collect()
        }
    };
    let power = |ear: usize| {
        let tenths = samples.chunks(RATE_HZ as usize / 5);
        let mut powers: Vec<f32> = tenths
            .map(|tenth| tenth.iter().skip(ear).step_by(2).map(|x| x * x).sum::<f32>() / (tenth.len() as f32 / 2.0))
            .collect();
        powers.sort_by(f32::total_cmp);
        let loud = &powers[powers.len() * 3 / 4..];
        10.0 * (loud.iter().sum::<f32>() / loud.len() as f32).max(1e-12).log10()
    };
    (power(0), power(1))
}
