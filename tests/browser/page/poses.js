// Pose datagrams, decoded from docs/PROTOCOL.md and nothing else.

class BitReader {
  constructor(bytes, at) { this.bytes = bytes; this.at = at * 8; }
  read(count) {
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.at++) {
      const byte = this.bytes[this.at >> 3];
      if (byte === undefined) throw new Error("pose datagram is cut short");
      if ((byte >> (this.at & 7)) & 1) value += 2 ** bit;
    }
    return value;
  }
}

function readHead(bits) {
  const x = bits.read(17) / 512 - 128;
  const y = bits.read(14) / 512 - 8;
  const z = bits.read(17) / 512 - 128;
  bits.read(2 + 27);
  return { x, y, z };
}

function readHand(bits) {
  const [x, y, z] = [0, 0, 0].map(() => bits.read(11) / 512 - 2);
  bits.read(2 + 24);
  const curls = Array.from({ length: 5 }, () => bits.read(4) / 15);
  return { x, y, z, curls };
}

export function decodePoses(bytes) {
  if (bytes[0] !== 2) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const datagram = { tick: view.getUint16(1, true), sentMs: view.getUint32(3, true), records: [] };
  const count = view.getUint8(7);
  const bits = new BitReader(bytes, 8);
  let id = 0;
  for (let index = 0; index < count; index++) {
    let difference = 0;
    for (let shift = 0; ; shift += 3) {
      const group = bits.read(4);
      difference += (group & 7) * 2 ** shift;
      if (!(group & 8)) break;
    }
    id += difference;
    const record = { id, ageMs: bits.read(7) * 2, epoch: bits.read(6) };
    const mask = bits.read(3);
    if (mask & 1) record.head = readHead(bits);
    if (mask & 2) record.left = readHand(bits);
    if (mask & 4) record.right = readHand(bits);
    datagram.records.push(record);
  }
  return datagram;
}
