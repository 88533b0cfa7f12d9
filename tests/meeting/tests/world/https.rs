use atrium_protocol::{JoinAnswer, JoinRefusal, JoinRefusalCode};
use atrium_session::{JoinLink, client_tls_config};
use bytes::Bytes;
use serde_json::Value;

/// A web client that trusts the server of a link.
#[derive(Clone)]
pub(crate) struct Https {
    client: reqwest::Client,
    base: String,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Bytes,
}

/// Why a join was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) code: JoinRefusalCode,
    pub(crate) message: String,
}

impl Https {
    pub(crate) fn to(link: &JoinLink) -> Self {
        let tls = client_tls_config(link.fingerprint()).expect("TLS");
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().expect("HTTPS");
        Self { client, base: link.server().as_str().trim_end_matches('/').to_owned() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.ask(self.client.get(format!("{}{path}", self.base))).await
    }

    /// `GET` with a token, as files of rooms need it.
    pub(crate) async fn get_with_token(&self, path: &str, token: &str) -> Answered {
        self.ask(self.client.get(format!("{}{path}", self.base)).bearer_auth(token)).await
    }

    /// `POST` with a token and nothing that says who asks; gives the status.
    pub(crate) async fn post_with_token(&self, path: &str, token: &str, body: Vec<u8>) -> u16 {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(token).body(body);
        // A server that has seen enough may hang up before the end.
        request.send().await.map_or(413, |response| response.status().as_u16())
    }

    /// Asks to join a room with a body of any shape.
    pub(crate) async fn join(&self, room: &str, body: Vec<u8>) -> Result<JoinAnswer, Refused> {
        let answered = self.ask(self.client.post(format!("{}/v1/rooms/{room}/join", self.base)).body(body)).await;
        if answered.status == 200 {
            return Ok(serde_json::from_slice(&answered.body).expect("a join answer"));
        }
        let refusal: JoinRefusal = serde_json::from_slice(&answered.body).expect("a refusal in JSON");
        Err(Refused { status: answered.status, code: refusal.error, message: refusal.message })
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Answered {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answered { status, headers, body: response.bytes().await.expect("a body") }
    }
}

impl Answered {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }

    /// A number of the metrics page, over all shards; 0 where it is not.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let text = self.text();
        let of_name = |line: &&str| line.split(['{', ' ']).next() == Some(name);
        let values = text.lines().filter(of_name).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        values.sum()
    }
}
