// Paints a part of a page onto a tile.

struct Tile {
    // clip = page * scale + offset
    scale: vec2<f32>,
    offset: vec2<f32>,
    // The point of the page at the tile's upper left corner, and what a texel is wide and high, in millimetres.
    corner: vec2<f32>,
    mm_per_texel: vec2<f32>,
    // Linear.
    paper: vec4<f32>,
    // Where the tile goes on its texture, and how many texels of the tile one of the texture is wide.
    origin: vec2<f32>,
    fineness: vec2<f32>,
}

@group(0) @binding(0) var<uniform> tile: Tile;

// How much lighter or darker paper is in places, and how wide its fibres are in millimetres.
const GRAIN = 0.02;
const FIBRES_MM = vec2<f32>(1.1, 3.7);

@vertex
fn paper_corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle over all of the tile.
    let corner = vec2<f32>(vec2<u32>(index & 1u, index >> 1u)) * 4.0 - 1.0;
    return vec4<f32>(corner, 0.0, 1.0);
}

fn hash(cell: vec2<i32>) -> f32 {
    var v = bitcast<vec2<u32>>(cell) * 1664525u + 1013904223u;
    v.x += v.y * 1664525u;
    v.y += v.x * 1664525u;
    v = v ^ (v >> vec2<u32>(16u));
    v.x += v.y * 1664525u;
    return f32((v.x ^ (v.x >> 16u)) & 0xffffu) / 65535.0 * 2.0 - 1.0;
}

fn noise(at: vec2<f32>) -> f32 {
    let low = floor(at);
    let cell = vec2<i32>(low);
    let t = smoothstep(vec2<f32>(0.0), vec2<f32>(1.0), at - low);
    let above = mix(hash(cell), hash(cell + vec2<i32>(1, 0)), t.x);
    let below = mix(hash(cell + vec2<i32>(0, 1)), hash(cell + vec2<i32>(1, 1)), t.x);
    return mix(above, below, t.y);
}

@fragment
fn paper(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let page = tile.corner + position.xy * tile.mm_per_texel;
    // What is finer than a texel evens out.
    let share = saturate(FIBRES_MM / (2.0 * tile.mm_per_texel.x));
    let grain = 0.6 * noise(page / FIBRES_MM.x) * share.x + 0.4 * noise(page / FIBRES_MM.y + 31.7) * share.y;
    return vec4<f32>(tile.paper.rgb * (1.0 + GRAIN * grain), 1.0);
}

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) color: vec4<f32>,
}

fn place(page: vec2<f32>) -> vec4<f32> {
    return vec4<f32>(page * tile.scale + tile.offset, 0.0, 1.0);
}

@vertex
fn ink_corner(@location(0) page: vec2<f32>, @location(1) color: vec4<f32>) -> Corner {
    let low = color.rgb / 12.92;
    let high = pow((color.rgb + 0.055) / 1.055, vec3<f32>(2.4));
    return Corner(place(page), vec4<f32>(select(high, low, color.rgb <= vec3<f32>(0.04045)), color.a));
}

@fragment
fn ink(corner: Corner) -> @location(0) vec4<f32> {
    return corner.color;
}

@fragment
fn highlighter(corner: Corner) -> @location(0) vec4<f32> {
    return vec4<f32>(corner.color.rgb * corner.color.a, corner.color.a);
}

@group(1) @binding(0) var picture_texture: texture_2d<f32>;
@group(1) @binding(1) var picture_sampler: sampler;

@vertex
fn picture_corner(@location(0) page: vec2<f32>, @location(1) color: vec4<f32>) -> Corner {
    return Corner(place(page), color);
}

@fragment
fn picture(corner: Corner) -> @location(0) vec4<f32> {
    return textureSample(picture_texture, picture_sampler, corner.color.rg);
}

// A tile that was painted finer becomes texels of its texture.
@fragment
fn hang(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    // In the middle of four texels: the sampler gives their mean.
    let uv = (position.xy - tile.origin) * tile.fineness / vec2<f32>(textureDimensions(picture_texture));
    return textureSampleLevel(picture_texture, picture_sampler, uv, 0.0);
}
