use atrium_protocol::{InviteId, Role, RoomId};
use atrium_server::RateLimit;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU8, NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use url::Url;

/// The room server of Atrium: without a command it serves until it is told to stop.
#[derive(Debug, Parser)]
#[command(
    name = "atrium-server",
    version,
    after_help = "Settings come from flags, then from the environment, then from \
    a TOML file with the same names (public_addr = [\"…\"], join_rate = \"20:400\"). ATRIUM_LOG sets what is logged: \
    info, debug, atrium_server=debug."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: SettingsArguments,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Each setting may also come from elsewhere, so that none has a default here; `settings.rs` knows the defaults.
#[derive(Debug, Default, Args)]
pub(crate) struct SettingsArguments {
    /// TCP address of HTTPS; shard i uses UDP port + i. [::] serves IPv4 too; port 0 is any free one
    /// [default: [::]:7443]
    #[arg(long, env = "ATRIUM_LISTEN", value_name = "ADDR:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Folder that holds everything durable [default: $XDG_DATA_HOME/atrium-server or ~/.local/share/atrium-server]
    #[arg(long, env = "ATRIUM_DATA", value_name = "DIR", global = true)]
    pub(crate) data: Option<PathBuf>,
    /// TOML file with settings [default: DATA/atrium.toml if it exists]
    #[arg(long, env = "ATRIUM_CONFIG", value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Address to advertise in place of this machine's own, behind a 1:1 NAT; may be given several times
    /// [default: this machine's addresses]
    #[arg(long, env = "ATRIUM_PUBLIC_ADDR", value_name = "IP", value_delimiter = ',')]
    pub(crate) public_addr: Option<Vec<IpAddr>>,
    /// URL that links carry [default: made from the certificate's host name or the address]
    #[arg(long, env = "ATRIUM_URL", value_name = "URL", global = true)]
    pub(crate) url: Option<Url>,
    /// Threads that own rooms [default: 1]
    #[arg(long, env = "ATRIUM_SHARDS", value_name = "N")]
    pub(crate) shards: Option<NonZeroU8>,
    /// Certificate chain in PEM; taken up anew when it is renewed [default: self-signed, links carry its fingerprint]
    #[arg(long, env = "ATRIUM_TLS_CERT", value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Private key of the certificate in PEM [default: self-signed]
    #[arg(long, env = "ATRIUM_TLS_KEY", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Folder with a folder for each place, besides DATA/places; may be given several times [default: none]
    #[arg(long, env = "ATRIUM_PLACES", value_name = "DIR", value_delimiter = ',', global = true)]
    pub(crate) places: Option<Vec<PathBuf>>,
    /// Most people at a time in one room [default: 300]
    #[arg(long, env = "ATRIUM_ROOM_CAPACITY", value_name = "N")]
    pub(crate) room_capacity: Option<NonZeroU32>,
    /// Joins a second from one address, and how many at once [default: 20:400]
    #[arg(long, env = "ATRIUM_JOIN_RATE", value_name = "RATE:BURST")]
    pub(crate) join_rate: Option<RateLimit>,
    /// Most TCP connections [default: 2000]
    #[arg(long, env = "ATRIUM_MAX_CONNECTIONS", value_name = "N")]
    pub(crate) max_connections: Option<NonZeroUsize>,
    /// Most TCP connections from one address [default: 512]
    #[arg(long, env = "ATRIUM_MAX_CONNECTIONS_PER_ADDRESS", value_name = "N")]
    pub(crate) max_connections_per_address: Option<NonZeroUsize>,
    /// Answer /metrics to other machines too [default: false]
    #[arg(long, env = "ATRIUM_PUBLIC_METRICS", value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
        require_equals = true)]
    pub(crate) public_metrics: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints a link that lets people join a room; creates the room if it does not exist
    Invite(InviteArguments),
    /// Lists or revokes invites
    #[command(subcommand)]
    Invites(InvitesCommand),
    /// Lists or deletes rooms
    #[command(subcommand)]
    Rooms(RoomsCommand),
    /// Writes a board as SVG, PNG or PDF, or a whole room as a zip archive, also while the server runs
    Export(ExportArguments),
    /// Makes a room of an archive that `export` wrote, also while the server runs
    Import {
        /// The archive
        file: PathBuf,
        /// What the room is called here [default: as it was called]
        #[arg(long = "as", value_name = "ROOM", value_parser = RoomId::parse)]
        name: Option<RoomId>,
    },
    /// Writes all rooms and the server's keys to a new file, also while the server runs
    Backup {
        /// The file; it must not exist
        file: PathBuf,
    },
    /// Puts a backup in place of all rooms and keys, while no server runs
    Restore {
        /// A file that `backup` wrote
        file: PathBuf,
    },
    /// Prints the settings as they are in effect, in TOML
    Settings,
}

#[derive(Debug, Args)]
pub(crate) struct InviteArguments {
    /// The room: letters, digits, '-' and '_'
    #[arg(value_parser = RoomId::parse)]
    pub(crate) room: RoomId,
    /// What people become who come by this link
    #[arg(long, default_value = "guest")]
    pub(crate) role: RoleArgument,
    /// When the link ends: 30m, 24h, 7d, or UTC as 2031-05-17T09:30Z
    #[arg(long, value_name = "WHEN", default_value = "24h")]
    pub(crate) expires: String,
    /// From when on the link is good: 30m, 24h, or UTC [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) not_before: Option<String>,
    /// How many people may use the link [default: any number]
    #[arg(long, value_name = "N")]
    pub(crate) uses: Option<NonZeroU32>,
    /// The place of a new room [default: the place of the room's name, else boardroom]
    #[arg(long, value_name = "NAME")]
    pub(crate) place: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The room
    #[arg(value_parser = RoomId::parse)]
    pub(crate) room: RoomId,
    /// One board, by its number in the place: 0 is the first [default: the whole room]
    #[arg(long, value_name = "N")]
    pub(crate) board: Option<u16>,
    /// One page of the board: 1 is the first [default: the first; all of them in a PDF]
    #[arg(long, value_name = "N", requires = "board")]
    pub(crate) page: Option<usize>,
    /// The file: .svg, .png or .pdf for a board, .zip for a room
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoleArgument {
    Guest,
    Member,
    Moderator,
    Owner,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Guest => Self::Guest,
            RoleArgument::Member => Self::Member,
            RoleArgument::Moderator => Self::Moderator,
            RoleArgument::Owner => Self::Owner,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum InvitesCommand {
    /// Lists invites, oldest first
    List {
        /// Those of this room alone
        #[arg(value_parser = RoomId::parse)]
        room: Option<RoomId>,
        /// As one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Makes a link worthless; people who are inside stay
    Revoke {
        /// The invite's id, as `invites list` shows it
        #[arg(value_parser = InviteId::parse)]
        id: InviteId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RoomsCommand {
    /// Lists rooms by name
    List {
        /// As one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Deletes a room with its chat, boards and invites, and sends everyone out
    Delete {
        /// The room
        #[arg(value_parser = RoomId::parse)]
        room: RoomId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use atrium_server::ServerConfig;
    use clap::CommandFactory as _;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_arguments_make_sense() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn help_shows_every_default_as_it_is() {
        let help = Arguments::command().render_long_help().to_string();
        let usual = ServerConfig::new("x");
        for (flag, default) in [
            ("--listen", usual.listen.to_string()),
            ("--shards", usual.shards.to_string()),
            ("--room-capacity", usual.room_capacity.to_string()),
            ("--join-rate", usual.join_rate.to_string()),
            ("--max-connections <", usual.max_connections.to_string()),
            ("--max-connections-per-address", usual.max_connections_per_address.to_string()),
            ("--public-metrics", usual.public_metrics.to_string()),
        ] {
            let entry = &help[help.find(&format!("      {flag}")).unwrap()..];
            let end = entry[1..].find("      --").map_or(entry.len(), |end| end + 1);
            assert!(entry[..end].contains(&format!("[default: {default}]")), "{flag} {default}:\n{}", &entry[..end]);
        }
        for argument in Arguments::command().get_arguments().filter(|argument| argument.get_long().is_some()) {
            let help = argument.get_help().unwrap().to_string();
            assert!(help.contains("[default: "), "{help}");
            assert!(argument.get_env().is_some(), "{help}");
        }
    }

    #[test]
    fn commands_of_the_contract_are_understood() {
        for line in [
            "atrium-server",
            "atrium-server --listen 127.0.0.1:0 --data d --public-addr 1.2.3.4 --public-addr ::1 --shards 4",
            "atrium-server --tls-cert c --tls-key k --public-metrics --join-rate 5:10",
            "atrium-server --public-metrics=false",
            "atrium-server invite Board-Room",
            "atrium-server invite room --role owner --expires 7d --not-before 1h --uses 3 --url https://a:1 --data d --place p",
            "atrium-server invites list",
            "atrium-server invites revoke abc",
            "atrium-server rooms list --json",
            "atrium-server rooms delete room",
            "atrium-server export room --board 0 -o board.svg --data d",
            "atrium-server export room --board 2 --page 3 -o board.pdf",
            "atrium-server export room -o room.zip",
            "atrium-server import room.zip",
            "atrium-server import room.zip --as Other --data d",
            "atrium-server backup file",
            "atrium-server restore file --data d",
        ] {
            parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        for line in [
            "atrium-server --shards 0",
            "atrium-server --shards 256",
            "atrium-server invite",
            "atrium-server invite no/room",
            "atrium-server invite room --role emperor",
            "atrium-server invite room --uses 0",
            "atrium-server invites revoke no.id",
            "atrium-server rooms delete",
            "atrium-server --join-rate fast",
            "atrium-server export room",
            "atrium-server export room --page 1 -o room.zip",
            "atrium-server export room --board first -o board.svg",
            "atrium-server import room.zip --as no/room",
        ] {
            assert!(parse(line).is_err(), "{line}");
        }
        let Some(Command::Invite(invite)) = parse("atrium-server invite Daily").unwrap().command else { panic!() };
        assert_eq!((invite.room.as_str(), invite.expires.as_str(), invite.uses), ("daily", "24h", None));
        assert!(matches!(invite.role, RoleArgument::Guest));
    }
}
