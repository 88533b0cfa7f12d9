// Makes a level of a texture from the one before, which is twice as large.

@group(0) @binding(0) var larger: texture_2d<f32>;
@group(0) @binding(1) var between: sampler;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    let corner = vec2<f32>(vec2<u32>(index & 1u, index >> 1u)) * 4.0 - 1.0;
    return vec4<f32>(corner, 0.0, 1.0);
}

@fragment
fn shrink(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    // In the middle of four texels: the sampler gives their mean.
    let uv = position.xy * 2.0 / vec2<f32>(textureDimensions(larger));
    return textureSampleLevel(larger, between, uv, 0.0);
}
