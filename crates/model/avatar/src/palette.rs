/// A colour as screens have it: red, green, blue.
pub type SrgbColor = [u8; 3];

const fn hex(rgb: u32) -> SrgbColor {
    [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8]
}

/// Skin, from light to dark.
pub const SKIN_TONES: [SrgbColor; 8] = [
    hex(0xF2D2BA),
    hex(0xE8BD9C),
    hex(0xD9A47C),
    hex(0xC28A60),
    hex(0xA6714B),
    hex(0x875838),
    hex(0x67412B),
    hex(0x4A2E21),
];

/// Hair, from black to silver.
pub const HAIR_COLORS: [SrgbColor; 9] = [
    hex(0x1E1A1A),
    hex(0x372722),
    hex(0x5A3E2E),
    hex(0x86603F),
    hex(0xB48A57),
    hex(0xD6B787),
    hex(0x97492B),
    hex(0x87878A),
    hex(0xD5D1CB),
];

/// Tops: the most saturated colours of a room, and calm all the same.
pub const TOP_COLORS: [SrgbColor; 12] = [
    hex(0xC4694B),
    hex(0x3F8A68),
    hex(0xD19B38),
    hex(0x2A8A91),
    hex(0x5596CF),
    hex(0x44579C),
    hex(0x84507F),
    hex(0xC96A80),
    hex(0xA5413A),
    hex(0x86883F),
    hex(0xE2D6C0),
    hex(0x464C55),
];

/// Trousers.
pub const TROUSER_COLORS: [SrgbColor; 8] = [
    hex(0x2C3650),
    hex(0x33363C),
    hex(0x8A7A5E),
    hex(0x4B6483),
    hex(0x54583E),
    hex(0x5B4033),
    hex(0xA79F93),
    hex(0x23252A),
];

/// Shoes.
pub const SHOE_COLORS: [SrgbColor; 6] =
    [hex(0xE4DFD6), hex(0x26282C), hex(0x5F412F), hex(0xA9794B), hex(0xB05C42), hex(0x34456B)];
