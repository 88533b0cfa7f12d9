use super::orders::VERTEX_BYTES;
use bevy::asset::{AssetServer, load_embedded_asset};
use bevy::mesh::VertexBufferLayout;
use bevy::prelude::*;
use bevy::render::render_resource::binding_types::{sampler, texture_2d, uniform_buffer_sized};
use bevy::render::render_resource::{
    BindGroupLayoutDescriptor, BindGroupLayoutEntries, BlendState, CachedRenderPipelineId, ColorTargetState,
    ColorWrites, FilterMode, FragmentState, MultisampleState, PipelineCache, RenderPipeline, RenderPipelineDescriptor,
    Sampler, SamplerBindingType, SamplerDescriptor, ShaderStages, TextureFormat, TextureSampleType, VertexAttribute,
    VertexFormat, VertexState, VertexStepMode,
};
use bevy::render::renderer::RenderDevice;
use std::num::NonZeroU64;

/// Of everything that is painted.
pub(super) const FORMAT: TextureFormat = TextureFormat::Rgba8UnormSrgb;
/// Samples of a texel while it is painted: ink has smooth edges on every machine.
pub(super) const SAMPLES: u32 = 4;
/// Bytes of the numbers about a tile, `Tile` in `paint.wgsl`.
pub(super) const TILE_BYTES: u64 = 48;

/// How things are painted.
#[derive(Resource)]
pub(super) struct Pipelines {
    pub(super) tile_layout: BindGroupLayoutDescriptor,
    pub(super) picture_layout: BindGroupLayoutDescriptor,
    /// Between the texels of a picture's levels.
    pub(super) between: Sampler,
    paper: CachedRenderPipelineId,
    ink: CachedRenderPipelineId,
    picture: CachedRenderPipelineId,
    shrink: CachedRenderPipelineId,
}

/// [`Pipelines`] that the driver has made.
pub(super) struct Ready<'a> {
    pub(super) paper: &'a RenderPipeline,
    pub(super) ink: &'a RenderPipeline,
    pub(super) picture: &'a RenderPipeline,
    pub(super) shrink: &'a RenderPipeline,
}

impl Pipelines {
    /// `None` while the driver still makes them.
    pub(super) fn ready<'a>(&self, cache: &'a PipelineCache) -> Option<Ready<'a>> {
        Some(Ready {
            paper: cache.get_render_pipeline(self.paper)?,
            ink: cache.get_render_pipeline(self.ink)?,
            picture: cache.get_render_pipeline(self.picture)?,
            shrink: cache.get_render_pipeline(self.shrink)?,
        })
    }
}

pub(super) fn set_up(
    device: Res<RenderDevice>,
    cache: Res<PipelineCache>,
    assets: Res<AssetServer>,
    mut commands: Commands,
) {
    let tile_layout = BindGroupLayoutDescriptor::new(
        "board tile",
        &BindGroupLayoutEntries::single(
            ShaderStages::VERTEX_FRAGMENT,
            uniform_buffer_sized(true, NonZeroU64::new(TILE_BYTES)),
        ),
    );
    let picture_layout = BindGroupLayoutDescriptor::new(
        "board picture",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::FRAGMENT,
            (texture_2d(TextureSampleType::Float { filterable: true }), sampler(SamplerBindingType::Filtering)),
        ),
    );
    let between = device.create_sampler(&SamplerDescriptor {
        label: Some("board levels"),
        mag_filter: FilterMode::Linear,
        min_filter: FilterMode::Linear,
        ..default()
    });
    let paint: Handle<Shader> = load_embedded_asset!(assets.as_ref(), "paint.wgsl");
    let shrink: Handle<Shader> = load_embedded_asset!(assets.as_ref(), "shrink.wgsl");
    let tile = || vec![tile_layout.clone()];
    let pipeline = |name, layout, shader: &Handle<Shader>, entries: [&'static str; 2], is_blended: bool| {
        let vertices = entries[0] != "paper_corner" && entries[0] != "corner";
        let samples = if entries[0] == "corner" { 1 } else { SAMPLES };
        cache.queue_render_pipeline(describe(name, layout, shader, entries, vertices, is_blended, samples))
    };
    let paper = pipeline("board paper", tile(), &paint, ["paper_corner", "paper"], false);
    let ink = pipeline("board ink", tile(), &paint, ["ink_corner", "ink"], true);
    let with_picture = vec![tile_layout.clone(), picture_layout.clone()];
    let picture = pipeline("board picture", with_picture, &paint, ["picture_corner", "picture"], true);
    let shrink = pipeline("board levels", vec![picture_layout.clone()], &shrink, ["corner", "shrink"], false);
    commands.insert_resource(Pipelines { tile_layout, picture_layout, between, paper, ink, picture, shrink });
}

fn describe(
    name: &'static str,
    layout: Vec<BindGroupLayoutDescriptor>,
    shader: &Handle<Shader>,
    [vertex, fragment]: [&'static str; 2],
    has_vertices: bool,
    is_blended: bool,
    samples: u32,
) -> RenderPipelineDescriptor {
    RenderPipelineDescriptor {
        label: Some(name.into()),
        layout,
        vertex: VertexState {
            shader: shader.clone(),
            entry_point: Some(vertex.into()),
            buffers: if has_vertices { vec![vertex_layout()] } else { Vec::new() },
            ..default()
        },
        fragment: Some(FragmentState {
            shader: shader.clone(),
            entry_point: Some(fragment.into()),
            targets: vec![Some(ColorTargetState {
                format: FORMAT,
                blend: is_blended.then_some(BlendState::ALPHA_BLENDING),
                write_mask: ColorWrites::ALL,
            })],
            ..default()
        }),
        multisample: MultisampleState { count: samples, ..default() },
        ..default()
    }
}

fn vertex_layout() -> VertexBufferLayout {
    VertexBufferLayout {
        array_stride: VERTEX_BYTES as u64,
        step_mode: VertexStepMode::Vertex,
        attributes: vec![
            VertexAttribute { format: VertexFormat::Float32x2, offset: 0, shader_location: 0 },
            VertexAttribute { format: VertexFormat::Unorm8x4, offset: 8, shader_location: 1 },
        ],
    }
}
