use crate::client::get;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atrium-server"));
    command.env_clear().env("ATRIUM_DATA", data_dir);
    command
}

pub(crate) fn output(data_dir: &Path, arguments: &str) -> Output {
    command(data_dir).args(arguments.split_whitespace()).output().unwrap()
}

/// What a command prints when it succeeds.
pub(crate) fn stdout(data_dir: &Path, arguments: &str) -> String {
    let output = output(data_dir, arguments);
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The sentence of a command that fails.
pub(crate) fn error(data_dir: &Path, arguments: &str) -> String {
    let output = output(data_dir, arguments);
    assert!(!output.status.success(), "{arguments}");
    assert!(output.stdout.is_empty(), "{arguments}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn invite_prints_one_link_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let link = stdout(&data, "invite Daily --url https://rooms.example.org --uses 2 --expires 7d");
    assert_eq!(link.lines().count(), 1);
    assert!(link.starts_with("https://rooms.example.org/r/daily#t="), "{link}");
    assert!(link.contains("&fp="), "{link}");
    let rooms: Value = serde_json::from_str(&stdout(&data, "rooms list --json")).unwrap();
    assert_eq!(rooms["rooms"][0]["room"], "daily");
    assert_eq!(rooms["rooms"][0]["place"], "boardroom");

    let invites: Value = serde_json::from_str(&stdout(&data, "invites list --json")).unwrap();
    let id = invites["invites"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(invites["invites"][0]["state"], "good");
    assert_eq!(invites["invites"][0]["uses"], 2);
    assert_eq!(stdout(&data, &format!("invites revoke {id}")), format!("revoked {id}\n"));
    let list = stdout(&data, "invites list daily");
    assert!(list.starts_with("ID") && list.contains("revoked") && list.contains("0 of 2"), "{list}");
    assert_eq!(stdout(&data, "rooms delete daily"), "deleted daily\n");
    assert!(error(&data, "rooms delete daily").contains("there is no room daily"));
    assert!(error(&data, "invites revoke nobody").contains("invites list"));
    assert!(error(&data, "invite daily --expires tomorrow").contains("24h"));
    assert!(error(&data, "invite daily --place moon").contains("boardroom"));
    let elsewhere = folder.path().join("typo");
    assert!(error(&elsewhere, "rooms list").contains("--data"));
    assert!(!elsewhere.exists(), "looking creates nothing");
}

#[test]
fn a_backup_brings_rooms_back() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("rooms.backup"));
    stdout(&data, "invite daily");
    stdout(&data, &format!("backup {}", file.display()));
    assert!(error(&data, &format!("backup {}", file.display())).contains("exists already"));
    stdout(&data, "rooms delete daily");
    stdout(&data, &format!("restore {}", file.display()));
    assert!(stdout(&data, "rooms list").contains("daily"));
}

#[test]
fn a_restored_server_is_the_one_that_links_lead_to() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new, file) = (folder.path().join("old"), folder.path().join("new"), folder.path().join("backup"));
    let link = stdout(&old, "invite daily --url https://rooms.example.org");
    stdout(&old, &format!("backup {}", file.display()));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    stdout(&new, &format!("restore {}", file.display()));
    for secret in ["signing.key", "tls/self-signed.pem"] {
        assert_eq!(std::fs::read(new.join(secret)).unwrap(), std::fs::read(old.join(secret)).unwrap(), "{secret}");
        assert_eq!(std::fs::metadata(new.join(secret)).unwrap().permissions().mode() & 0o777, 0o600, "{secret}");
    }
    let fingerprint = |link: &str| link.trim_end().split_once("&fp=").unwrap().1.to_owned();
    assert_eq!(fingerprint(&stdout(&new, "invite daily --url https://rooms.example.org")), fingerprint(&link));
    assert!(stdout(&new, "invites list daily").contains("0"), "the invite came along");
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("atrium.toml"), "shards = 2\nroom_capacity = 20\nmax_connections = 200\n")
        .unwrap();
    let output = command(folder.path())
        .env("ATRIUM_SHARDS", "3")
        .env("ATRIUM_ROOM_CAPACITY", "30")
        .env("ATRIUM_PUBLIC_ADDR", "192.0.2.1,192.0.2.2")
        .args(["--shards", "4", "settings"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let settings = String::from_utf8(output.stdout).unwrap();
    for line in [
        "shards = 4",
        "room_capacity = 30",
        "max_connections = 200",
        "max_connections_per_address = 512",
        "public_addr = [\"192.0.2.1\", \"192.0.2.2\"]",
    ] {
        assert!(settings.lines().any(|set| set == line), "{line}\n{settings}");
    }
}

#[tokio::test]
async fn the_server_stops_politely_and_invites_find_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut server = command(data).args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let serving = log.by_ref().map(Result::unwrap).find(|line| line.contains("serving")).expect("it serves");
    let endpoint: Value = serde_json::from_slice(&std::fs::read(data.join("endpoint.json")).unwrap()).unwrap();
    let url = url::Url::parse(endpoint["url"].as_str().unwrap()).unwrap();
    assert!(serving.contains(url.as_str()), "{serving}");
    let link = stdout(data, "invite daily");
    assert!(link.starts_with(&format!("{url}r/daily#t=")), "{link}");
    assert!(link.trim_end().ends_with(endpoint["fingerprint"].as_str().unwrap()), "{link}");
    assert!(error(data, "restore nothing").contains("nothing"));
    assert!(error(data, "--listen 127.0.0.1:0").contains("stop it first"));
    let addr = *url.socket_addrs(|| None).unwrap().first().unwrap();
    assert!(get(addr, "/healthz").await.unwrap().0.contains("\"alive\":1"));

    let killed = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(server.wait().unwrap().success(), "exit status 0");
    assert!(log.map(Result::unwrap).any(|line| line.contains("stopped")));
}
