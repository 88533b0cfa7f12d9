// A board's face: what is painted on it, in the light of the room.

#import bevy_pbr::{
    forward_io::{FragmentOutput, VertexOutput},
    pbr_fragment::pbr_input_from_standard_material,
    pbr_functions::{apply_pbr_lighting, main_pass_post_lighting_processing},
}

struct Face {
    // uv = (dot(across, position), dot(down, position)), from the upper left corner to the lower right.
    across: vec4<f32>,
    down: vec4<f32>,
    // The part of the face that the lens shows: its upper left corner and its size; no size, no lens.
    lens: vec4<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(100) var<uniform> face: Face;
@group(#{MATERIAL_BIND_GROUP}) @binding(101) var wall_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(102) var wall_sampler: sampler;
@group(#{MATERIAL_BIND_GROUP}) @binding(103) var lens_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(104) var lens_sampler: sampler;

// Paper and ink are matt: what is written on a board is read from everywhere, whatever light falls on it.
const ROUGHNESS = 1.0;
const REFLECTANCE = 0.0;
// A board gets more light than the wall behind it, as from a lamp over it.
const LAMP = 2.1;
// Tone mapping takes colour and contrast out of what is bright; these give them back.
const COLOUR = 1.2;
const CONTRAST = 1.35;
// The part of the lens, from its edge, in which it becomes the wall's texture.
const LENS_EDGE = 0.03;

@fragment
fn fragment(in: VertexOutput, @builtin(front_facing) is_front: bool) -> FragmentOutput {
    var input = pbr_input_from_standard_material(in, is_front);
    let position = vec4<f32>(in.world_position.xyz, 1.0);
    let uv = vec2<f32>(dot(face.across, position), dot(face.down, position));
    let in_lens = (uv - face.lens.xy) / max(face.lens.zw, vec2<f32>(1e-6));
    let to_edge = min(in_lens, 1.0 - in_lens);
    let wall = textureSample(wall_texture, wall_sampler, uv);
    let lens = textureSample(lens_texture, lens_sampler, in_lens);
    let share = smoothstep(0.0, LENS_EDGE, min(to_edge.x, to_edge.y)) * step(1e-5, face.lens.z);
    let paint = pow(mix(wall.rgb, lens.rgb, share), vec3<f32>(CONTRAST));
    let grey = vec3<f32>(dot(paint, vec3<f32>(0.2126, 0.7152, 0.0722)));
    input.material.base_color = vec4<f32>(max(mix(grey, paint, COLOUR), vec3<f32>(0.0)), 1.0);
    input.material.perceptual_roughness = ROUGHNESS;
    input.material.reflectance = vec3<f32>(REFLECTANCE);
    var out: FragmentOutput;
    out.color = apply_pbr_lighting(input);
    out.color = vec4<f32>(out.color.rgb * LAMP, out.color.a);
    out.color = main_pass_post_lighting_processing(input, out.color);
    return out;
}
