use super::orders::VERTEX_BYTES;
use bevy::asset::{AssetServer, load_embedded_asset};
use bevy::mesh::VertexBufferLayout;
use bevy::prelude::*;
use bevy::render::render_resource::binding_types::{sampler, texture_2d, uniform_buffer_sized};
use bevy::render::render_resource::{
    BindGroupLayoutDescriptor, BindGroupLayoutEntries, BlendComponent, BlendFactor, BlendOperation, BlendState,
    CachedRenderPipelineId, ColorTargetState, ColorWrites, FilterMode, FragmentState, MultisampleState, PipelineCache,
    RenderPipeline, RenderPipelineDescriptor, Sampler, SamplerBindingType, SamplerDescriptor, ShaderStages,
    TextureFormat, TextureSampleType, VertexAttribute, VertexFormat, VertexState, VertexStepMode,
};
use bevy::render::renderer::RenderDevice;
use std::num::NonZeroU64;

/// Of everything that is painted.
pub(super) const FORMAT: TextureFormat = TextureFormat::Rgba8UnormSrgb;
/// Samples of a texel while it is painted: ink has smooth edges on every machine.
pub(super) const SAMPLES: u32 = 4;
/// Bytes of the numbers about a tile, `Tile` in `paint.wgsl`.
pub(super) const TILE_BYTES: u64 = 64;

/// Premultiplied ink that makes what is below darker.
const MULTIPLY: BlendState = see_through(BlendFactor::Dst, BlendFactor::OneMinusSrcAlpha);
/// Premultiplied ink that makes what is below lighter.
const SCREEN: BlendState = see_through(BlendFactor::One, BlendFactor::OneMinusSrc);

const fn see_through(src_factor: BlendFactor, dst_factor: BlendFactor) -> BlendState {
    let operation = BlendOperation::Add;
    BlendState {
        color: BlendComponent { src_factor, dst_factor, operation },
        // What is painted on stays opaque.
        alpha: BlendComponent { src_factor: BlendFactor::Zero, dst_factor: BlendFactor::One, operation },
    }
}

/// How things are painted.
#[derive(Resource)]
pub(super) struct Pipelines {
    pub(super) tile_layout: BindGroupLayoutDescriptor,
    pub(super) picture_layout: BindGroupLayoutDescriptor,
    /// Between the texels of a picture's levels.
    pub(super) between: Sampler,
    paper: CachedRenderPipelineId,
    ink: CachedRenderPipelineId,
    /// On light paper and on dark.
    highlighter: [CachedRenderPipelineId; 2],
    picture: CachedRenderPipelineId,
    hang: CachedRenderPipelineId,
    shrink: CachedRenderPipelineId,
}

/// [`Pipelines`] that the driver has made.
pub(super) struct Ready<'a> {
    pub(super) paper: &'a RenderPipeline,
    pub(super) ink: &'a RenderPipeline,
    pub(super) highlighter: [&'a RenderPipeline; 2],
    pub(super) picture: &'a RenderPipeline,
    pub(super) hang: &'a RenderPipeline,
    pub(super) shrink: &'a RenderPipeline,
}

impl Pipelines {
    /// `None` while the driver still makes them.
    pub(super) fn ready<'a>(&self, cache: &'a PipelineCache) -> Option<Ready<'a>> {
        let [light, dark] = self.highlighter;
        Some(Ready {
            paper: cache.get_render_pipeline(self.paper)?,
            ink: cache.get_render_pipeline(self.ink)?,
            highlighter: [cache.get_render_pipeline(light)?, cache.get_render_pipeline(dark)?],
            picture: cache.get_render_pipeline(self.picture)?,
            hang: cache.get_render_pipeline(self.hang)?,
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
    let alone = || vec![tile_layout.clone()];
    let with_picture = || vec![tile_layout.clone(), picture_layout.clone()];
    let queue = |recipe: Recipe<'_>| cache.queue_render_pipeline(recipe.describe());
    let painted = Recipe { samples: SAMPLES, ..Recipe::new(&paint) };
    let paper = queue(Recipe { layout: alone(), entries: ["paper_corner", "paper"], ..painted.clone() });
    let vertices = Recipe { blend: Some(BlendState::ALPHA_BLENDING), ..painted };
    let ink = queue(Recipe { layout: alone(), entries: ["ink_corner", "ink"], ..vertices.clone() });
    let highlighter = [MULTIPLY, SCREEN].map(|blend| {
        let entries = ["ink_corner", "highlighter"];
        queue(Recipe { layout: alone(), entries, blend: Some(blend), ..vertices.clone() })
    });
    let picture = queue(Recipe { layout: with_picture(), entries: ["picture_corner", "picture"], ..vertices });
    let hang = queue(Recipe { layout: with_picture(), entries: ["paper_corner", "hang"], ..Recipe::new(&paint) });
    let levels = Recipe { layout: vec![picture_layout.clone()], entries: ["corner", "shrink"], ..Recipe::new(&shrink) };
    let shrink = queue(levels);
    commands.insert_resource(Pipelines {
        tile_layout,
        picture_layout,
        between,
        paper,
        ink,
        highlighter,
        picture,
        hang,
        shrink,
    });
}

/// What pipelines differ in.
#[derive(Clone)]
struct Recipe<'a> {
    layout: Vec<BindGroupLayoutDescriptor>,
    shader: &'a Handle<Shader>,
    /// Names of the vertex and the fragment stage.
    entries: [&'static str; 2],
    /// Draws what is on a sheet, over what is there already, like this.
    blend: Option<BlendState>,
    samples: u32,
}

impl<'a> Recipe<'a> {
    fn new(shader: &'a Handle<Shader>) -> Self {
        Self { layout: Vec::new(), shader, entries: [""; 2], blend: None, samples: 1 }
    }

    fn describe(self) -> RenderPipelineDescriptor {
        let [vertex, fragment] = self.entries;
        RenderPipelineDescriptor {
            label: Some(format!("board {fragment}").into()),
            layout: self.layout,
            vertex: VertexState {
                shader: self.shader.clone(),
                entry_point: Some(vertex.into()),
                buffers: if self.blend.is_some() { vec![vertex_layout()] } else { Vec::new() },
                ..default()
            },
            fragment: Some(FragmentState {
                shader: self.shader.clone(),
                entry_point: Some(fragment.into()),
                targets: vec![Some(ColorTargetState {
                    format: FORMAT,
                    blend: self.blend,
                    write_mask: ColorWrites::ALL,
                })],
                ..default()
            }),
            multisample: MultisampleState { count: self.samples, ..default() },
            ..default()
        }
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
