// MessagePack, as much of it as the protocol's messages use.

export function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (size) => { const start = at; at += size; return start; };
  const text = (size) => new TextDecoder().decode(bytes.subarray(take(size), at));
  const blob = (size) => bytes.slice(take(size), at);
  const list = (size) => Array.from({ length: size }, () => value());
  const map = (size) => Object.fromEntries(Array.from({ length: size }, () => [value(), value()]));
  function value() {
    const tag = view.getUint8(take(1));
    if (tag < 0x80) return tag;
    if (tag < 0x90) return map(tag & 15);
    if (tag < 0xa0) return list(tag & 15);
    if (tag < 0xc0) return text(tag & 31);
    if (tag >= 0xe0) return tag - 256;
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: return blob(view.getUint8(take(1)));
      case 0xc5: return blob(view.getUint16(take(2)));
      case 0xca: return view.getFloat32(take(4));
      case 0xcb: return view.getFloat64(take(8));
      case 0xcc: return view.getUint8(take(1));
      case 0xcd: return view.getUint16(take(2));
      case 0xce: return view.getUint32(take(4));
      case 0xcf: return Number(view.getBigUint64(take(8)));
      case 0xd0: return view.getInt8(take(1));
      case 0xd1: return view.getInt16(take(2));
      case 0xd2: return view.getInt32(take(4));
      case 0xd3: return Number(view.getBigInt64(take(8)));
      case 0xd9: return text(view.getUint8(take(1)));
      case 0xda: return text(view.getUint16(take(2)));
      case 0xdc: return list(view.getUint16(take(2)));
      case 0xde: return map(view.getUint16(take(2)));
      default: throw new Error(`MessagePack tag ${tag.toString(16)} at ${at}`);
    }
  }
  return value();
}

export function encode(value) {
  const out = [];
  const number64 = (n) => { for (let shift = 56n; shift >= 0n; shift -= 8n) out.push(Number((BigInt(n) >> shift) & 255n)); };
  const write = (v) => {
    if (v === null) out.push(0xc0);
    else if (v === true || v === false) out.push(v ? 0xc3 : 0xc2);
    else if (typeof v === "number") { out.push(0xcf); number64(v); }
    else if (typeof v === "string") {
      const bytes = new TextEncoder().encode(v);
      out.push(0xda, bytes.length >> 8, bytes.length & 255, ...bytes);
    } else {
      const entries = Object.entries(v);
      out.push(0xde, entries.length >> 8, entries.length & 255);
      for (const [key, item] of entries) { write(key); write(item); }
    }
  };
  write(value);
  return Uint8Array.from(out);
}
