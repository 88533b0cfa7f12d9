// A client of Atrium written against docs/PROTOCOL.md: proof that the wire is WebRTC and not merely ourselves.
import { decode, encode } from "./messagepack.js";
import { decodePoses } from "./poses.js";

const VOICE_SLOTS = 8;
const VIDEO_LINES = 2;
const CAPTURE_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// `settings.seconds`: how long to stay; `settings.transport`: "udp" or "tcp", the only one to use.
export async function joinRoom(link, settings, report) {
  const url = new URL(link);
  const room = url.pathname.split("/").pop();
  const token = new URLSearchParams(url.hash.slice(1)).get("t");
  const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
  Object.assign(report, { opened: [], heard: [], people: {}, poses: 0, maxPoseAgeMs: 0, messages: [], chats: [] });

  const microphone = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  addLines(pc, microphone.getAudioTracks()[0]);
  const listening = listen(pc, report);
  const channels = openChannels(pc, report);
  await pc.setLocalDescription(await pc.createOffer());
  const offer = pc.localDescription.sdp;

  const started = performance.now();
  const answer = await postJoin(url.origin, room, token, offer);
  report.participant = answer.participant;
  report.answerMs = performance.now() - started;
  const others = settings.transport === "tcp" ? / udp /i : / tcp /i;
  const lines = answer.sdp.split("\r\n").filter((line) => !(line.startsWith("a=candidate:") && others.test(line)));
  await pc.setRemoteDescription({ type: "answer", sdp: lines.join("\r\n") });
  await Promise.all(Object.values(channels).map((channel) => channel.isOpen));
  report.openMs = performance.now() - started;
  channels.control.send(encode({ type: "ping", client_us: 1 }));
  channels.control.send(encode({ type: "chat", nonce: 1, text: "你好 from a browser" }));

  await sleep(Number(settings.seconds) * 1000);
  await listening.finish();
  report.connection = pc.connectionState;
  channels.control.send(encode({ type: "leave" }));
  await sleep(200);
  pc.close();
}

function addLines(pc, track) {
  const sending = pc.addTransceiver(track, { direction: "sendonly" });
  const receiving = Array.from({ length: VOICE_SLOTS }, () => pc.addTransceiver("audio", { direction: "recvonly" }));
  const screens = Array.from({ length: VIDEO_LINES }, () => pc.addTransceiver("video", { direction: "recvonly" }));
  const only = (kind, mime) =>
    RTCRtpReceiver.getCapabilities(kind).codecs.filter((codec) => codec.mimeType.toLowerCase() === mime);
  for (const line of [sending, ...receiving]) {
    line.setCodecPreferences(only("audio", "audio/opus"));
    const extensions = line.getHeaderExtensionsToNegotiate();
    for (const extension of extensions) if (extension.uri === CAPTURE_TIME) extension.direction = "sendrecv";
    line.setHeaderExtensionsToNegotiate(extensions);
  }
  for (const line of screens) line.setCodecPreferences(only("video", "video/vp8"));
}

function openChannels(pc, report) {
  const specs = {
    control: { negotiated: true, id: 0, ordered: true },
    board: { negotiated: true, id: 1, ordered: true },
    pose: { negotiated: true, id: 2, ordered: false, maxRetransmits: 0 },
  };
  const take = {
    control: (bytes) => takeControl(decode(bytes), report),
    board: () => {},
    pose: (bytes) => takePoses(decodePoses(bytes), report),
  };
  const channels = {};
  for (const [label, options] of Object.entries(specs)) {
    const channel = pc.createDataChannel(label, options);
    channel.binaryType = "arraybuffer";
    channel.isOpen = new Promise((done) => (channel.onopen = () => { report.opened.push(label); done(); }));
    channel.onmessage = ({ data }) => take[label](new Uint8Array(data));
    channels[label] = channel;
  }
  return channels;
}

function takeControl(message, report) {
  if (report.messages.length < 200) report.messages.push(message.type);
  if (message.type === "roster") for (const person of message.people) report.people[person.id] = person.name;
  if (message.type === "joined") report.people[message.person.id] = message.person.name;
  if (message.type === "chat") report.chats.push(message.message.text);
}

function takePoses(datagram, report) {
  if (!datagram) return;
  report.poses += 1;
  report.tracks ??= {};
  for (const record of datagram.records) {
    report.maxPoseAgeMs = Math.max(report.maxPoseAgeMs, record.ageMs);
    if (!record.head) continue;
    const track = (report.tracks[record.id] ??= { count: 0, path: 0, last: null, hands: 0 });
    const { x, y, z } = record.head;
    if (track.last) track.path += Math.hypot(x - track.last.x, z - track.last.z);
    track.last = { x, y, z };
    track.count += 1;
    if (record.left && record.right) track.hands += 1;
  }
}

async function postJoin(origin, room, token, offer) {
  const keys = await crypto.subtle.generateKey("Ed25519", true, ["sign"]);
  const claims = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  const fingerprint = offer.match(/^a=fingerprint:sha-256 (\S+)/m)[1];
  const signedAt = Date.now();
  const signed = `atrium-join-v1\n${room}\n${claims.jti}\n${signedAt}\n${fingerprint}`;
  const signature = await crypto.subtle.sign("Ed25519", keys.privateKey, new TextEncoder().encode(signed));
  const body = {
    protocol: 1,
    token,
    name: "浏览器 Browser",
    device_key: base64url(await crypto.subtle.exportKey("raw", keys.publicKey)),
    signed_at_ms: signedAt,
    signature: base64url(signature),
    sdp: offer,
  };
  const response = await fetch(`${origin}/v1/rooms/${room}/join`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`join refused: ${answer.error}: ${answer.message}`);
  return answer;
}

// Measures each slot's loudest frequency, and who the packets say is speaking.
function listen(pc, report) {
  const context = new AudioContext();
  const slots = [];
  pc.ontrack = ({ track, receiver, streams }) => {
    if (track.kind !== "audio") return;
    const stream = streams[0] ?? new MediaStream([track]);
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    context.createMediaStreamSource(stream).connect(analyser);
    slots.push({ receiver, analyser, loudest: { db: -200, hz: 0 }, speakers: new Set(), captures: 0 });
  };
  const measure = () => {
    for (const slot of slots) {
      const spectrum = new Float32Array(slot.analyser.frequencyBinCount);
      slot.analyser.getFloatFrequencyData(spectrum);
      spectrum.forEach((db, bin) => {
        const hz = (bin * context.sampleRate) / slot.analyser.fftSize;
        if (hz > 100 && db > slot.loudest.db) slot.loudest = { db, hz };
      });
      for (const source of slot.receiver.getContributingSources()) {
        slot.speakers.add(source.source);
        if (source.captureTimestamp) slot.captures += 1;
      }
    }
  };
  context.resume();
  const timer = setInterval(measure, 100);
  return {
    async finish() {
      clearInterval(timer);
      report.heard = slots
        .filter((slot) => slot.speakers.size > 0)
        .map(({ loudest, speakers, captures }) => ({ ...loudest, speakers: [...speakers], captures }));
      await context.close();
    },
  };
}
