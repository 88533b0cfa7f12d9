use crate::clock::micros_now;
use anyhow::Context as _;
use atrium_link::check_offer;
use atrium_protocol::{
    AvatarBytes, DeviceKey, DisplayName, JoinRequest, PROTOCOL_VERSION, ResumeClaim, join_signing_bytes,
};
use atrium_session::JoinLink;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};

/// A person's installation: its key is who they are.
#[derive(Clone)]
pub(crate) struct Device(SigningKey);

impl Device {
    /// A person whom nobody has seen before.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).context("the system gives no random numbers")?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The body of a join request, signed.
    ///
    /// # Errors
    /// When the offer or the name is not a possible one.
    pub(crate) fn join_body(
        &self,
        link: &JoinLink,
        name: &str,
        sdp: String,
        resume: Option<ResumeClaim>,
    ) -> anyhow::Result<Vec<u8>> {
        let fingerprint = check_offer(&sdp)?.fingerprint;
        let signed_at_ms = micros_now().millis();
        let signed = join_signing_bytes(link.room(), link.token_id().as_str(), signed_at_ms, &fingerprint);
        let request = JoinRequest {
            protocol: PROTOCOL_VERSION,
            token: link.token().to_owned(),
            name: DisplayName::try_from(name.to_owned()).map_err(|error| anyhow::anyhow!("{error}"))?,
            device_key: DeviceKey(self.0.verifying_key().to_bytes()),
            signed_at_ms,
            signature: URL_SAFE_NO_PAD.encode(self.0.sign(&signed).to_bytes()),
            sdp,
            avatar: AvatarBytes::default(),
            resume,
        };
        Ok(serde_json::to_vec(&request)?)
    }
}
