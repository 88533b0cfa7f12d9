//! Arguments, settings and commands.

mod arguments;
mod commands;
mod serve;
mod settings;

pub(crate) use arguments::Arguments;

/// Does what the arguments say.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    let config = settings::resolve(&arguments.settings)?;
    match arguments.command {
        None => serve::run(config),
        Some(command) => commands::run(command, &config),
    }
}
