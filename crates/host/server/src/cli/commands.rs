use super::arguments::{Command, ExportArguments, InviteArguments, InvitesCommand, RoomsCommand};
use super::settings::to_toml;
use anyhow::{Context as _, bail, ensure};
use atrium_protocol::{BoardId, InviteId, Micros, RoomId};
use atrium_server::{
    InviteRequest, ServerConfig, export_board, export_room, format_utc, import_room, invite_offline, parse_moment,
};
use atrium_store::{InviteStatus, RoomRow, Store};
use serde_json::json;
use std::io::{ErrorKind, Write as _};
use std::num::NonZeroU32;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Does what a command says.
pub(super) fn run(command: Command, config: &ServerConfig) -> anyhow::Result<()> {
    match command {
        Command::Invite(arguments) => invite(&arguments, config),
        Command::Invites(InvitesCommand::List { room, json }) => list_invites(config, room.as_ref(), json),
        Command::Invites(InvitesCommand::Revoke { id }) => revoke(config, &id),
        Command::Rooms(RoomsCommand::List { json }) => list_rooms(config, json),
        Command::Rooms(RoomsCommand::Delete { room }) => delete_room(config, &room),
        Command::Export(arguments) => export(&arguments, config),
        Command::Import { file, name } => import(config, &file, name),
        Command::Backup { file } => backup(config, &file),
        Command::Restore { file } => restore(config, &file),
        Command::Settings => print(to_toml(config)?.trim_end()),
    }
}

fn invite(arguments: &InviteArguments, config: &ServerConfig) -> anyhow::Result<()> {
    let now = now();
    let moment = |text: &str| parse_moment(text, now).map_err(anyhow::Error::msg);
    let link = invite_offline(
        config,
        &InviteRequest {
            room: arguments.room.clone(),
            role: arguments.role.into(),
            not_before: arguments.not_before.as_deref().map(moment).transpose()?,
            expires_at: moment(&arguments.expires)?,
            uses: arguments.uses.map(NonZeroU32::get),
            place: arguments.place.clone(),
        },
    )?;
    print(&link)
}

fn list_invites(config: &ServerConfig, room: Option<&RoomId>, as_json: bool) -> anyhow::Result<()> {
    let invites = existing_store(config)?.list_invites(room)?;
    let now = now();
    if as_json {
        let invites: Vec<_> = invites.iter().map(|status| invite_json(status, now)).collect();
        return print(&json!({ "invites": invites }).to_string());
    }
    let mut rows = vec![["ID", "ROOM", "ROLE", "STATE", "PEOPLE", "GOOD UNTIL"].map(str::to_owned)];
    rows.extend(invites.iter().map(|status| {
        let people = match status.invite.uses {
            Some(uses) => format!("{} of {uses}", status.people),
            None => status.people.to_string(),
        };
        let invite = &status.invite;
        [
            invite.id.to_string(),
            invite.room.to_string(),
            format!("{:?}", invite.role).to_lowercase(),
            state(status, now).to_owned(),
            people,
            format_utc(invite.expires_at),
        ]
    }));
    print(&table(&rows))
}

fn invite_json(status: &InviteStatus, now: Micros) -> serde_json::Value {
    let invite = &status.invite;
    json!({
        "id": invite.id,
        "room": invite.room,
        "role": invite.role,
        "state": state(status, now),
        "people": status.people,
        "uses": invite.uses,
        "not_before_ms": invite.not_before.millis(),
        "expires_at_ms": invite.expires_at.millis(),
        "created_at_ms": invite.created_at.millis(),
    })
}

fn state(status: &InviteStatus, now: Micros) -> &'static str {
    let invite = &status.invite;
    if status.revoked_at.is_some() {
        "revoked"
    } else if now >= invite.expires_at {
        "expired"
    } else if invite.uses.is_some_and(|uses| status.people >= uses) {
        "spent"
    } else if now < invite.not_before {
        "not yet"
    } else {
        "good"
    }
}

fn revoke(config: &ServerConfig, id: &InviteId) -> anyhow::Result<()> {
    let is_known = existing_store(config)?.revoke_invite(id, now())?;
    ensure!(is_known, "there is no invite {id}: `atrium-server invites list` shows them");
    print(&format!("revoked {id}"))
}

fn list_rooms(config: &ServerConfig, as_json: bool) -> anyhow::Result<()> {
    let rooms = existing_store(config)?.list_rooms()?;
    if as_json {
        let room_json =
            |row: &RoomRow| json!({ "room": row.room, "place": row.place, "created_at_ms": row.created_at.millis() });
        let rooms: Vec<_> = rooms.iter().map(room_json).collect();
        return print(&json!({ "rooms": rooms }).to_string());
    }
    let mut lines = vec![["ROOM", "PLACE", "CREATED"].map(str::to_owned)];
    lines.extend(rooms.iter().map(|row| [row.room.to_string(), row.place.clone(), format_utc(row.created_at)]));
    print(&table(&lines))
}

fn delete_room(config: &ServerConfig, room: &RoomId) -> anyhow::Result<()> {
    let is_known = existing_store(config)?.delete_room(room)?;
    ensure!(is_known, "there is no room {room}: `atrium-server rooms list` shows them");
    print(&format!("deleted {room}"))
}

fn export(arguments: &ExportArguments, config: &ServerConfig) -> anyhow::Result<()> {
    let (room, file) = (&arguments.room, &arguments.output);
    let store = existing_store(config)?;
    let said = match arguments.board {
        Some(board) => export_board(config, &store, room, BoardId(board), arguments.page, file)?,
        None => {
            let is_zip = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
            ensure!(is_zip, "a whole room is written as a .zip; for a picture of one board give --board N");
            export_room(&store, room, file)?
        }
    };
    said.iter().for_each(|sentence| eprintln!("{sentence}"));
    print(&format!("wrote {}", file.display()))
}

fn import(config: &ServerConfig, file: &Path, name: Option<RoomId>) -> anyhow::Result<()> {
    let (room, said) = import_room(config, file, name)?;
    said.iter().for_each(|sentence| eprintln!("{sentence}"));
    eprintln!("nobody has a role in it yet: `atrium-server invite {room} --role owner` makes the first link");
    print(&format!("imported {room}"))
}

fn backup(config: &ServerConfig, file: &Path) -> anyhow::Result<()> {
    atrium_server::backup(&config.data_dir, &existing_store(config)?, file)?;
    print(&format!("wrote {}", file.display()))?;
    eprintln!("the server's keys are in it: keep it as secret as {}", config.data_dir.display());
    Ok(())
}

fn restore(config: &ServerConfig, file: &Path) -> anyhow::Result<()> {
    let restored = atrium_server::restore(&config.data_dir, file)?;
    print(&format!("restored {}", config.data_dir.display()))?;
    if restored.files.is_empty() {
        eprintln!("there are no keys in this backup: links of another server need its signing.key and tls/ too");
    }
    for kept in restored.kept {
        eprintln!("what was there before is kept as {}", kept.display());
    }
    Ok(())
}

/// A command that only looks must not create a data folder where the user mistyped it.
fn existing_store(config: &ServerConfig) -> anyhow::Result<Store> {
    let data_dir = &config.data_dir;
    if !data_dir.is_dir() {
        bail!("there is no data folder {}: give the server's folder with --data", data_dir.display());
    }
    Ok(Store::open(data_dir)?)
}

fn now() -> Micros {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Micros(u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX))
}

fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let line = |row: &[String; COLUMNS]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whoever reads the output may stop early; that is no error.
fn print(text: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write to standard output"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_line_up() {
        let rows = [["A", "LONG"], ["wide", "x"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "A     LONG\nwide  x");
    }
}
