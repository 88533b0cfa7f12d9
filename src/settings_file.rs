//! What one chose, on disk.

use anyhow::Context as _;
use atrium_panels::Settings;
use atrium_scene::UserSettings;
use bevy::prelude::*;
use bevy::tasks::IoTaskPool;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Changes come in bursts: a slider that moves, a name that is typed.
const SETTLE: Duration = Duration::from_secs(1);

/// Keeps the settings in a file whenever they have changed.
pub(crate) struct SettingsFilePlugin(pub(crate) PathBuf);

#[derive(Resource)]
struct SettingsFile {
    path: PathBuf,
    changed_at: Option<Duration>,
}

impl Plugin for SettingsFilePlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(UserSettings(read(&self.0)))
            .insert_resource(SettingsFile { path: self.0.clone(), changed_at: None })
            .add_systems(Update, keep)
            .add_systems(Last, keep_at_the_end.run_if(on_message::<AppExit>));
    }
}

fn keep(settings: Res<UserSettings>, time: Res<Time<Real>>, mut file: ResMut<SettingsFile>) {
    let now = time.elapsed();
    if settings.is_changed() && !settings.is_added() {
        file.changed_at = Some(now);
    }
    if file.changed_at.is_some_and(|at| now >= at + SETTLE) {
        file.changed_at = None;
        let (settings, path) = (settings.0.clone(), file.path.clone());
        IoTaskPool::get().spawn(async move { report(write(&settings, &path)) }).detach();
    }
}

fn keep_at_the_end(settings: Res<UserSettings>, mut file: ResMut<SettingsFile>) {
    if file.changed_at.take().is_some() {
        report(write(&settings.0, &file.path));
    }
}

fn report(done: anyhow::Result<()>) {
    if let Err(error) = done {
        tracing::warn!("{error:#}");
    }
}

/// Reads the settings; those of a new user when there are none, or none that can be understood.
pub(crate) fn read(path: &Path) -> Settings {
    let Ok(text) = fs::read_to_string(path) else { return Settings::default() };
    toml::from_str::<Settings>(&text).map(Settings::within_bounds).unwrap_or_else(|error| {
        tracing::warn!("the settings in {} cannot be understood and start anew: {error}", path.display());
        Settings::default()
    })
}

/// Writes the settings.
///
/// # Errors
/// Names the file.
pub(crate) fn write(settings: &Settings, path: &Path) -> anyhow::Result<()> {
    let text = toml::to_string(settings).context("the settings cannot be written as text")?;
    let partial = path.with_extension("part");
    fs::write(&partial, text)
        .and_then(|()| fs::rename(&partial, path))
        .with_context(|| format!("the settings cannot be kept in {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_panels::{SettingsIntent, Talk};
    use atrium_protocol::PersonId;

    #[test]
    fn what_is_kept_is_found_again() {
        let folder = std::env::temp_dir().join(format!("atrium-settings-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("settings.toml");
        assert_eq!(read(&path), Settings::default());
        let mut settings = Settings { name: "李雷".to_owned(), text_scale_percent: 150, ..Settings::default() };
        settings.apply(SettingsIntent::Talk(Talk::PushToTalk));
        settings.apply(SettingsIntent::Volume { person: PersonId([7; 32]), volume: 0.5 });
        write(&settings, &path).unwrap();
        assert_eq!(read(&path), settings);
        fs::write(&path, "name = [").unwrap();
        assert_eq!(read(&path), Settings::default());
        fs::remove_dir_all(&folder).unwrap();
    }
}
