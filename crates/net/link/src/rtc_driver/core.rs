use super::profile::{OPUS_PAYLOAD_TYPE, WireIds, data_channels, sending_track};
use crate::event::{ClosedBy, LinkEvent, SendError, queue_limit_bytes};
use atrium_protocol::{CHANNELS, Lane};
use bytes::BytesMut;
use rtc::data_channel::RTCDataChannelId;
use rtc::peer_connection::RTCPeerConnection;
use rtc::peer_connection::event::{RTCDataChannelEvent, RTCPeerConnectionEvent};
use rtc::peer_connection::message::{RTCMessage, TaggedRTCMessage};
use rtc::peer_connection::state::RTCPeerConnectionState;
use rtc::peer_connection::transport::{CandidateConfig, CandidateHostConfig, RTCIceCandidate};
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RtpCodecKind};
use rtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit};
use rtc::sansio::Protocol;
use rtc::shared::error::Error;
use rtc::shared::{TaggedBytesMut, TransportContext};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

/// Most events that wait to be drained; a peer that causes more between two drains loses the newest.
const EVENT_LIMIT: usize = 512;

/// What an RTP packet means to this end.
pub(super) type ReadVoice = fn(&WireIds, rtc::rtp::Packet) -> Option<LinkEvent>;

/// What the two ends of a connection have in common: lanes, events and their bounds.
pub(super) struct Core {
    pub(super) pc: RTCPeerConnection,
    pub(super) ids: WireIds,
    read_voice: ReadVoice,
    channels: [RTCDataChannelId; CHANNELS.len()],
    is_open: [bool; CHANNELS.len()],
    events: VecDeque<LinkEvent>,
    is_closed: bool,
    pub(super) dropped: u64,
}

impl Core {
    pub(super) fn new(mut pc: RTCPeerConnection, read_voice: ReadVoice) -> Result<Self, Error> {
        let mut channels = [RTCDataChannelId::default(); CHANNELS.len()];
        for (channel, (spec, init)) in channels.iter_mut().zip(data_channels()) {
            *channel = pc.create_data_channel(spec.label, Some(init))?.id();
        }
        let ids = WireIds { opus: OPUS_PAYLOAD_TYPE, level: None, capture: None };
        Ok(Self {
            pc,
            ids,
            read_voice,
            channels,
            is_open: [false; CHANNELS.len()],
            events: VecDeque::new(),
            is_closed: false,
            dropped: 0,
        })
    }

    /// Adds a media line that sends one stream of RTP.
    pub(super) fn add_sending_line(
        &mut self,
        kind: RtpCodecKind,
        name: &str,
        ssrc: u32,
        codec: RTCRtpCodec,
    ) -> Result<(), Error> {
        let track = sending_track(kind, name, ssrc, codec);
        let init = RTCRtpTransceiverInit {
            direction: RTCRtpTransceiverDirection::Sendonly,
            streams: vec![name.to_owned()],
            send_encodings: track.codings().to_vec(),
        };
        self.pc.add_transceiver_from_track(track, Some(init)).map(drop)
    }

    /// Adds an address of one's own to the offer or answer.
    pub(super) fn add_host_candidate(&mut self, address: SocketAddr) -> Result<(), Error> {
        let candidate = CandidateHostConfig {
            base_config: CandidateConfig {
                network: "udp".to_owned(),
                address: address.ip().to_string(),
                port: address.port(),
                component: 1,
                ..Default::default()
            },
            ..Default::default()
        }
        .new_candidate_host()?;
        self.pc.add_local_candidate(RTCIceCandidate::from(&candidate).to_json()?)
    }

    pub(super) fn send(&mut self, now: Instant, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        let index = usize::from(lane.spec().id);
        if self.is_closed || !self.is_open[index] {
            return Err(SendError::NotOpen);
        }
        if bytes.len() > lane.spec().max_message_bytes {
            return Err(SendError::TooLarge);
        }
        let mut channel = self.pc.data_channel(self.channels[index]).ok_or(SendError::NotOpen)?;
        if channel.outstanding_bytes() + bytes.len() > queue_limit_bytes(lane) {
            return Err(SendError::Full);
        }
        channel.send(now, BytesMut::from(bytes)).map_err(|_| SendError::NotOpen)
    }

    /// Sends whatever the library takes, in any number.
    pub(super) fn send_beyond_limits(&mut self, now: Instant, lane: Lane, bytes: &[u8]) -> Result<(), SendError> {
        let id = self.channels[usize::from(lane.spec().id)];
        let mut channel = self.pc.data_channel(id).ok_or(SendError::NotOpen)?;
        channel.send(now, BytesMut::from(bytes)).map_err(|_| SendError::NotOpen)
    }

    pub(super) fn send_voice(&mut self, now: Instant, packet: rtc::rtp::Packet) -> Result<(), SendError> {
        if self.is_closed {
            return Err(SendError::NotOpen);
        }
        let message = RTCMessage::RtpPacket(Default::default(), packet);
        self.pc.handle_write(TaggedRTCMessage { now, message }).map_err(|error| {
            tracing::trace!(%error, "a voice packet was not sent");
            SendError::NotOpen
        })
    }

    /// Bytes that the other side has not acknowledged on a lane.
    pub(super) fn outstanding_bytes(&mut self, lane: Lane) -> usize {
        let id = self.channels[usize::from(lane.spec().id)];
        self.pc.data_channel(id).map_or(0, |channel| channel.outstanding_bytes())
    }

    pub(super) fn handle_datagram(&mut self, now: Instant, transport: TransportContext, bytes: &[u8]) {
        let message = BytesMut::from(bytes);
        if let Err(error) = self.pc.handle_read(TaggedBytesMut { now, transport, message }) {
            tracing::trace!(%error, "a datagram was refused");
        }
        // Every look at the library's events sweeps all of its handlers. While the lanes open that is needed after
        // each datagram; later the timers do it, and what arrives is read straight from its queues.
        if self.is_open.contains(&false) {
            self.drain();
        } else {
            self.read();
        }
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if let Err(error) = self.pc.handle_timeout(now) {
            tracing::debug!(%error, "a connection's timer failed");
        }
        self.drain();
    }

    pub(super) fn poll_event(&mut self) -> Option<LinkEvent> {
        self.events.pop_front()
    }

    pub(super) fn close(&mut self) {
        if let Err(error) = self.pc.close() {
            tracing::debug!(%error, "a connection did not close cleanly");
        }
        self.push_closed(ClosedBy::Us);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    pub(super) fn drain(&mut self) {
        while let Some(event) = self.pc.poll_event() {
            self.take_event(event);
        }
        self.read();
    }

    fn read(&mut self) {
        while let Some(read) = self.pc.poll_media_read().or_else(|| self.pc.poll_data_read()) {
            self.take_message(read.message);
        }
    }

    fn take_event(&mut self, event: RTCPeerConnectionEvent) {
        match event {
            RTCPeerConnectionEvent::OnDataChannel(RTCDataChannelEvent::OnOpen(id)) => {
                if let Some(index) = self.channels.iter().position(|channel| *channel == id) {
                    self.is_open[index] = true;
                    self.push(LinkEvent::LaneOpen(CHANNELS[index].lane));
                }
            }
            RTCPeerConnectionEvent::OnDataChannel(
                RTCDataChannelEvent::OnClose(id) | RTCDataChannelEvent::OnClosing(id),
            ) if id == self.channels[0] => self.push_closed(ClosedBy::Peer),
            RTCPeerConnectionEvent::OnConnectionStateChangeEvent(RTCPeerConnectionState::Failed) => {
                self.push_closed(ClosedBy::Timeout);
            }
            RTCPeerConnectionEvent::OnConnectionStateChangeEvent(RTCPeerConnectionState::Closed) => {
                self.push_closed(ClosedBy::Peer);
            }
            _ => {}
        }
    }

    fn take_message(&mut self, message: RTCMessage) {
        match message {
            RTCMessage::DataChannelMessage(id, message) => {
                let Some(index) = self.channels.iter().position(|channel| *channel == id) else { return };
                let mut data = message.data;
                data.truncate(CHANNELS[index].max_message_bytes + 1);
                self.push(LinkEvent::Message { lane: CHANNELS[index].lane, bytes: data.freeze() });
            }
            RTCMessage::RtpPacket(_, packet) => match (self.read_voice)(&self.ids, packet) {
                Some(voice) => self.push(voice),
                None => self.dropped += 1,
            },
            _ => {}
        }
    }

    fn push(&mut self, event: LinkEvent) {
        if self.is_closed || self.events.len() >= EVENT_LIMIT {
            self.dropped += 1;
        } else {
            self.events.push_back(event);
        }
    }

    fn push_closed(&mut self, by: ClosedBy) {
        if !self.is_closed {
            self.events.push_back(LinkEvent::Closed(by));
            self.is_closed = true;
        }
    }
}
