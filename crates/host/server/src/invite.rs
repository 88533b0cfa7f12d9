use crate::calendar::format_utc;
use crate::clock;
use crate::places::{DEFAULT_PLACE, PlaceLibrary};
use crate::token::{Claims, TokenKeys};
use anyhow::{Context as _, bail, ensure};
use atrium_protocol::{InviteId, Micros, Role, RoomId};
use atrium_store::{Invite, Store};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;
use url::Url;

/// An invite to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRequest {
    /// Where it leads; created if it does not exist.
    pub room: RoomId,
    /// The role that it gives.
    pub role: Role,
    /// From when on it is good; `None`: from now on.
    pub not_before: Option<Micros>,
    /// Until when it is good.
    pub expires_at: Micros,
    /// How many people may use it; `None`: any number.
    pub uses: Option<u32>,
    /// The place of a new room; `None`: the place of the room's name, else the boardroom.
    pub place: Option<String>,
}

impl InviteRequest {
    /// An invite that is good from now on, for any number of people.
    pub fn new(room: RoomId, role: Role, valid_for: Duration) -> Self {
        Self { room, role, not_before: None, expires_at: clock::now() + valid_for, uses: None, place: None }
    }
}

/// Makes invites and creates the rooms that they lead to.
pub(crate) struct Inviter<'a> {
    pub(crate) store: &'a Store,
    pub(crate) keys: &'a TokenKeys,
    pub(crate) places: &'a PlaceLibrary,
    /// `https://HOST:PORT`.
    pub(crate) url: &'a Url,
    /// What links carry with a self-signed certificate.
    pub(crate) fingerprint: Option<&'a str>,
}

impl Inviter<'_> {
    /// A link that lets people join.
    pub(crate) fn invite(&self, request: &InviteRequest, now: Micros) -> anyhow::Result<String> {
        let not_before = request.not_before.unwrap_or(now);
        ensure!(
            request.expires_at > not_before.max(now),
            "this invite would be over ({}) before it is good ({}): give it a later end with --expires",
            format_utc(request.expires_at),
            format_utc(not_before.max(now))
        );
        ensure!(request.uses != Some(0), "an invite for nobody: give --uses a number from 1, or leave it out");
        self.prepare_room(request, now)?;
        let id = random_id()?;
        self.store.insert_invite(Invite {
            id: id.clone(),
            room: request.room.clone(),
            role: request.role,
            not_before,
            expires_at: request.expires_at,
            uses: request.uses,
            created_at: now,
        })?;
        let token = self.keys.mint(&Claims {
            jti: id,
            room: request.room.clone(),
            role: request.role,
            exp: request.expires_at.millis() / 1_000,
            nbf: request.not_before.map(|at| at.millis() / 1_000),
            uses: request.uses,
        })?;
        self.link(&request.room, &token)
    }

    fn prepare_room(&self, request: &InviteRequest, now: Micros) -> anyhow::Result<()> {
        let room = &request.room;
        if let Some(place) = &request.place {
            let known: Vec<&str> = self.places.names().collect();
            ensure!(known.contains(&place.as_str()), "there is no place '{place}': choose one of {}", known.join(", "));
        }
        let has_own_place = self.places.get(room.as_str()).is_some();
        let usual_place = if has_own_place { room.as_str() } else { DEFAULT_PLACE };
        let place = request.place.as_deref().unwrap_or(usual_place);
        let is_new = self.store.create_room(room, place, now)?;
        if !is_new && let Some(wanted) = &request.place {
            let actual = self.store.room(room)?.place;
            if actual != *wanted {
                bail!("the room {room} is in the place '{actual}' already: leave --place out, or choose another room");
            }
        }
        Ok(())
    }

    fn link(&self, room: &RoomId, token: &str) -> anyhow::Result<String> {
        let mut link = self.url.join(&format!("/r/{room}")).context("the server's URL takes no path")?;
        let fragment = match self.fingerprint {
            Some(fingerprint) => format!("t={token}&fp={fingerprint}"),
            None => format!("t={token}"),
        };
        link.set_fragment(Some(&fragment));
        Ok(link.into())
    }
}

fn random_id() -> anyhow::Result<InviteId> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    InviteId::parse(&URL_SAFE_NO_PAD.encode(bytes)).map_err(anyhow::Error::msg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    const NOW: Micros = Micros(1_000_000_000_000);

    struct Host {
        _folder: tempfile::TempDir,
        store: Store,
        keys: TokenKeys,
        places: PlaceLibrary,
        url: Url,
    }

    impl Host {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(folder.path()).unwrap();
            let keys = TokenKeys::from_key(&SigningKey::from_bytes(&[3; 32])).unwrap();
            let (places, _) = PlaceLibrary::load([]);
            Self { _folder: folder, store, keys, places, url: "https://rooms.example.org:7443".parse().unwrap() }
        }

        fn inviter<'a>(&'a self, fingerprint: Option<&'a str>) -> Inviter<'a> {
            Inviter { store: &self.store, keys: &self.keys, places: &self.places, url: &self.url, fingerprint }
        }
    }

    fn request(room: &str) -> InviteRequest {
        InviteRequest {
            room: RoomId::parse(room).unwrap(),
            role: Role::Member,
            not_before: None,
            expires_at: NOW + Duration::from_secs(60),
            uses: Some(2),
            place: None,
        }
    }

    #[test]
    fn a_link_holds_a_token_of_the_store_and_the_fingerprint() {
        let host = Host::new();
        let link = host.inviter(Some("FINGER-print_")).invite(&request("Daily"), NOW).unwrap();
        let rest = link.strip_prefix("https://rooms.example.org:7443/r/daily#t=").unwrap();
        let token = rest.strip_suffix("&fp=FINGER-print_").unwrap();
        let claims = host.keys.verify(token, NOW).unwrap();
        assert_eq!((claims.role, claims.uses, claims.exp), (Role::Member, Some(2), 1_000_060));
        let status = host.store.invite_status(&claims.jti).unwrap().unwrap();
        assert_eq!(status.invite.room, claims.room);
        assert_eq!(host.store.room(&claims.room).unwrap().place, "boardroom");

        let link = host.inviter(None).invite(&request("daily"), NOW).unwrap();
        assert!(!link.contains("fp="), "{link}");
        assert_eq!(host.store.list_rooms().unwrap().len(), 1);
    }

    #[test]
    fn impossible_invites_are_explained() {
        let host = Host::new();
        let refused = |change: &dyn Fn(&mut InviteRequest), expected: &str| {
            let mut request = request("daily");
            change(&mut request);
            let error = host.inviter(None).invite(&request, NOW).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        refused(&|request| request.expires_at = NOW, "--expires");
        refused(&|request| request.not_before = Some(request.expires_at), "--expires");
        refused(&|request| request.uses = Some(0), "--uses");
        refused(&|request| request.place = Some("moon".into()), "there is no place 'moon': choose one of ");
        assert!(host.store.list_rooms().unwrap().is_empty(), "nothing was created");
        host.store.create_room(&RoomId::parse("daily").unwrap(), "garden", NOW).unwrap();
        refused(&|request| request.place = Some("boardroom".into()), "in the place 'garden' already");
    }
}
