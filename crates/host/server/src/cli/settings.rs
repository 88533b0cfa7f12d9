use super::arguments::SettingsArguments;
use anyhow::{Context as _, bail, ensure};
use atrium_server::{RateLimit, ServerConfig, TlsFiles};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU8, NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use url::Url;

/// The settings as a TOML file spells them; paths are relative to the file's folder.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SettingsFile {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    public_addr: Option<Vec<IpAddr>>,
    url: Option<String>,
    shards: Option<NonZeroU8>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    places: Option<Vec<PathBuf>>,
    room_capacity: Option<NonZeroU32>,
    join_rate: Option<String>,
    max_connections: Option<NonZeroUsize>,
    max_connections_per_address: Option<NonZeroUsize>,
    public_metrics: Option<bool>,
}

/// Settings from flags or the environment (which clap has put together), else from the file, else the usual ones.
pub(super) fn resolve(arguments: &SettingsArguments) -> anyhow::Result<ServerConfig> {
    let given_file = arguments.config.as_deref().map(read_file).transpose()?;
    let data_from_file = given_file.as_ref().and_then(|file| file.data.clone());
    let data_dir = match arguments.data.clone().or(data_from_file) {
        Some(data_dir) => data_dir,
        None => default_data_dir()?,
    };
    let file = match given_file {
        Some(file) => file,
        None => read_file_of_data_dir(&data_dir)?,
    };
    merge(arguments, file, data_dir)
}

fn merge(arguments: &SettingsArguments, file: SettingsFile, data_dir: PathBuf) -> anyhow::Result<ServerConfig> {
    let usual = ServerConfig::new(data_dir);
    let join_rate = match (arguments.join_rate, file.join_rate) {
        (Some(rate), _) => rate,
        (None, Some(rate)) => rate.parse::<RateLimit>().map_err(anyhow::Error::msg)?,
        (None, None) => usual.join_rate,
    };
    Ok(ServerConfig {
        listen: arguments.listen.or(file.listen).unwrap_or(usual.listen),
        data_dir: usual.data_dir,
        public_addrs: arguments.public_addr.clone().or(file.public_addr).unwrap_or_default(),
        shards: arguments.shards.or(file.shards).map_or(usual.shards, NonZeroU8::get),
        tls: tls_files(arguments.tls_cert.clone().or(file.tls_cert), arguments.tls_key.clone().or(file.tls_key))?,
        places_dirs: arguments.places.clone().or(file.places).unwrap_or_default(),
        url: url(arguments.url.clone(), file.url.as_deref())?,
        join_rate,
        max_connections: or(arguments.max_connections, file.max_connections, usual.max_connections),
        max_connections_per_address: or(
            arguments.max_connections_per_address,
            file.max_connections_per_address,
            usual.max_connections_per_address,
        ),
        room_capacity: arguments.room_capacity.or(file.room_capacity).map_or(usual.room_capacity, NonZeroU32::get),
        public_metrics: arguments.public_metrics.or(file.public_metrics).unwrap_or(usual.public_metrics),
    })
}

fn or(argument: Option<NonZeroUsize>, file: Option<NonZeroUsize>, usual: usize) -> usize {
    argument.or(file).map_or(usual, NonZeroUsize::get)
}

/// The settings in TOML.
pub(super) fn to_toml(config: &ServerConfig) -> anyhow::Result<String> {
    let tls = config.tls.clone();
    let file = SettingsFile {
        listen: Some(config.listen),
        data: Some(config.data_dir.clone()),
        public_addr: Some(config.public_addrs.clone()),
        url: config.url.as_ref().map(Url::to_string),
        shards: NonZeroU8::new(config.shards),
        tls_cert: tls.as_ref().map(|tls| tls.cert.clone()),
        tls_key: tls.map(|tls| tls.key),
        places: Some(config.places_dirs.clone()),
        room_capacity: NonZeroU32::new(config.room_capacity),
        join_rate: Some(config.join_rate.to_string()),
        max_connections: NonZeroUsize::new(config.max_connections),
        max_connections_per_address: NonZeroUsize::new(config.max_connections_per_address),
        public_metrics: Some(config.public_metrics),
    };
    Ok(toml::to_string(&file)?)
}

fn read_file(path: &Path) -> anyhow::Result<SettingsFile> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the settings {}", path.display()))?;
    parse(&text, path)
}

fn read_file_of_data_dir(data_dir: &Path) -> anyhow::Result<SettingsFile> {
    let path = data_dir.join("atrium.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(SettingsFile::default()),
        Err(error) => return Err(error).with_context(|| format!("cannot read the settings {}", path.display())),
    };
    let file = parse(&text, &path)?;
    ensure!(
        file.data.is_none(),
        "{}: 'data' has no meaning in the data folder's own settings: remove it, or give this file with --config",
        path.display()
    );
    Ok(file)
}

fn parse(text: &str, path: &Path) -> anyhow::Result<SettingsFile> {
    let mut file: SettingsFile =
        toml::from_str(text).with_context(|| format!("a mistake in the settings {}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let paths = [&mut file.data, &mut file.tls_cert, &mut file.tls_key].into_iter().flatten();
    for path in paths.chain(file.places.iter_mut().flatten()) {
        *path = folder.join(&*path);
    }
    Ok(file)
}

fn tls_files(cert: Option<PathBuf>, key: Option<PathBuf>) -> anyhow::Result<Option<TlsFiles>> {
    match (cert, key) {
        (Some(cert), Some(key)) => Ok(Some(TlsFiles { cert, key })),
        (None, None) => Ok(None),
        (Some(_), None) => bail!("a certificate needs its key: give --tls-key too"),
        (None, Some(_)) => bail!("a key needs its certificate: give --tls-cert too"),
    }
}

fn url(argument: Option<Url>, file: Option<&str>) -> anyhow::Result<Option<Url>> {
    let url = match (argument, file) {
        (Some(url), _) => url,
        (None, Some(text)) => Url::parse(text).with_context(|| format!("'{text}' is not a URL: write https://HOST"))?,
        (None, None) => return Ok(None),
    };
    check_url(url).map(Some)
}

fn check_url(url: Url) -> anyhow::Result<Url> {
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    ensure!(
        url.scheme() == "https" && url.host().is_some() && is_bare && url.username().is_empty(),
        "'{url}' is not a server's URL: write it as https://HOST or https://HOST:PORT"
    );
    Ok(url)
}

fn default_data_dir() -> anyhow::Result<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    folder("XDG_DATA_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local").join("share")))
        .map(|data_home| data_home.join("atrium-server"))
        .context("neither XDG_DATA_HOME nor HOME is set: give the data folder with --data")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_the_file_and_the_file_before_the_usual() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.toml");
        std::fs::write(
            &path,
            "listen = \"127.0.0.1:1111\"\nshards = 2\ndata = \"rooms\"\ntls_cert = \"c.pem\"\ntls_key = \"/k.pem\"\n\
             join_rate = \"1:2\"\npublic_addr = [\"1.2.3.4\", \"::1\"]\n",
        )
        .unwrap();
        let mut arguments = SettingsArguments { config: Some(path.clone()), ..Default::default() };
        arguments.shards = NonZeroU8::new(5);
        let config = resolve(&arguments).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:1111");
        assert_eq!(config.shards, 5);
        assert_eq!(config.data_dir, folder.path().join("rooms"));
        let tls = config.tls.clone().unwrap();
        assert_eq!((tls.cert, tls.key), (folder.path().join("c.pem"), PathBuf::from("/k.pem")));
        assert_eq!(config.join_rate, RateLimit { per_sec: 1.0, burst: 2.0 });
        assert_eq!(config.public_addrs.len(), 2);
        assert_eq!(config.max_connections, 2_000);
        std::fs::write(&path, to_toml(&config).unwrap()).unwrap();
        assert_eq!(resolve(&SettingsArguments { config: Some(path), ..Default::default() }).unwrap(), config);
    }

    #[test]
    fn the_data_folder_may_hold_settings() {
        let folder = tempfile::tempdir().unwrap();
        let arguments = SettingsArguments { data: Some(folder.path().to_owned()), ..Default::default() };
        assert_eq!(resolve(&arguments).unwrap(), ServerConfig::new(folder.path()));
        let write = |text: &str| std::fs::write(folder.path().join("atrium.toml"), text).unwrap();
        write("room_capacity = 9");
        assert_eq!(resolve(&arguments).unwrap().room_capacity, 9);
        write("data = \"elsewhere\"");
        assert!(resolve(&arguments).unwrap_err().to_string().contains("'data'"));
    }

    #[test]
    fn mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("server.toml");
        for (text, expected) in [
            ("lisen = \"127.0.0.1:1\"", "lisen"),
            ("shards = 0", "shards"),
            ("join_rate = \"fast\"", "20:400"),
            ("tls_cert = \"c.pem\"", "--tls-key"),
            ("url = \"http://host\"", "https://HOST"),
            ("url = \"https://host/path\"", "https://HOST"),
        ] {
            std::fs::write(&path, text).unwrap();
            let arguments = SettingsArguments {
                config: Some(path.clone()),
                data: Some(folder.path().to_owned()),
                ..Default::default()
            };
            let error = format!("{:#}", resolve(&arguments).unwrap_err());
            assert!(error.contains(expected), "{text}: {error}");
        }
        let missing = SettingsArguments { config: Some(folder.path().join("none.toml")), ..Default::default() };
        assert!(resolve(&missing).unwrap_err().to_string().contains("none.toml"));
    }
}
