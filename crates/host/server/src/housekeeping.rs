use crate::certificate::Certificate;
use crate::config::TlsFiles;
use crate::http::App;
use crate::shard_api::ShardCommand;
use arc_swap::ArcSwap;
use atrium_protocol::RoomId;
use atrium_store::StoreError;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;

const INTERVAL: Duration = Duration::from_secs(2);

/// What has to be done now and then: closing rooms that a command deleted, and taking up a renewed certificate.
pub(crate) async fn run(
    app: Arc<App>,
    files: Option<TlsFiles>,
    tls: Arc<ArcSwap<rustls::ServerConfig>>,
    mut stop: watch::Receiver<bool>,
) {
    let mut renewal = files.map(Renewal::new);
    loop {
        tokio::select! {
            () = tokio::time::sleep(INTERVAL) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        app.metrics.run_upkeep();
        let worker = Arc::clone(&app);
        let done = tokio::task::spawn_blocking(move || {
            close_deleted_rooms(&worker);
            let renewed = renewal.as_mut().and_then(Renewal::look);
            (renewal, renewed)
        });
        let Ok((same_renewal, renewed)) = done.await else { return };
        renewal = same_renewal;
        if let Some(renewed) = renewed {
            tls.store(renewed);
        }
    }
}

fn close_deleted_rooms(app: &App) {
    for (room, created_at) in app.joined_rooms() {
        let is_gone = match app.store.room(&room) {
            Ok(row) => row.created_at != created_at,
            Err(error) => matches!(error, StoreError::NoRoom(_)),
        };
        if is_gone && close(app, &room) {
            app.forget_joined(&room, created_at);
        }
    }
}

fn close(app: &App, room: &RoomId) -> bool {
    tracing::info!(%room, "the room was deleted: closing it");
    app.shard(room).is_some_and(|shard| shard.try_send(ShardCommand::CloseRoom(room.clone())).is_ok())
}

/// Notices that the certificate's files have changed.
struct Renewal {
    files: TlsFiles,
    seen: Option<(SystemTime, SystemTime)>,
}

impl Renewal {
    fn new(files: TlsFiles) -> Self {
        let seen = modified(&files);
        Self { files, seen }
    }

    /// The new certificate; a pair that does not fit (yet) is looked at again next time.
    fn look(&mut self) -> Option<Arc<rustls::ServerConfig>> {
        let now = modified(&self.files)?;
        if self.seen == Some(now) {
            return None;
        }
        match Certificate::from_files(&self.files) {
            Ok(certificate) => {
                tracing::info!("the renewed certificate is in use");
                self.seen = Some(now);
                Some(certificate.tls)
            }
            Err(error) => {
                tracing::warn!("the old certificate stays in use: {error:#}");
                None
            }
        }
    }
}

fn modified(files: &TlsFiles) -> Option<(SystemTime, SystemTime)> {
    let of = |path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    Some((of(&files.cert)?, of(&files.key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewed_certificate_is_taken_up_once_it_fits() {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsFiles { cert: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
        let make = || {
            let key = rcgen::KeyPair::generate().unwrap();
            let cert = rcgen::CertificateParams::new(vec!["a.example".to_owned()]).unwrap().self_signed(&key).unwrap();
            (cert.pem(), key.serialize_pem())
        };
        // Times of files are coarse: each writing gets a time of its own.
        let mut written_at = SystemTime::UNIX_EPOCH;
        let mut write = |path: &std::path::Path, content: &str| {
            std::fs::write(path, content).unwrap();
            written_at += Duration::from_secs(10);
            std::fs::File::options().write(true).open(path).unwrap().set_modified(written_at).unwrap();
        };
        let (cert, key) = make();
        write(&files.cert, &cert);
        write(&files.key, &key);
        let mut renewal = Renewal::new(files.clone());
        assert!(renewal.look().is_none(), "nothing changed");
        let (cert, key) = make();
        write(&files.cert, &cert);
        assert!(renewal.look().is_none(), "the key is still the old one");
        write(&files.key, &key);
        assert!(renewal.look().is_some());
        assert!(renewal.look().is_none(), "nothing changed again");
    }
}
