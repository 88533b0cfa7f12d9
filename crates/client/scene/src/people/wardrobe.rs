use super::parts::{Cloth, PartKit, painted};
use atrium_avatar::{Appearance, SrgbColor};
use bevy::ecs::system::SystemParam;
use bevy::light::NotShadowCaster;
use bevy::prelude::*;
use std::collections::HashMap;

/// One material for each cloth and colour: people who wear the same are drawn together.
#[derive(Resource, Default)]
pub(super) struct Cloths {
    materials: HashMap<(Cloth, SrgbColor), Handle<StandardMaterial>>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Cloths>();
}

/// What people are dressed with.
#[derive(SystemParam)]
pub(super) struct Wardrobe<'w> {
    cloths: ResMut<'w, Cloths>,
    materials: ResMut<'w, Assets<StandardMaterial>>,
    meshes: ResMut<'w, Assets<Mesh>>,
}

impl Wardrobe<'_> {
    /// The entities of all parts of somebody near, by the kit's slots; hidden at first.
    pub(super) fn parts(&mut self, look: &Appearance, kit: &PartKit, commands: &mut Commands) -> Vec<Entity> {
        let spawn = |slot: &super::parts::Slot| {
            let material = self.material(slot.cloth, color(slot.cloth, look));
            let mesh = Mesh3d(kit.mesh(slot, look.hair_style));
            commands.spawn((mesh, MeshMaterial3d(material), Transform::default(), Visibility::Hidden)).id()
        };
        kit.slots.iter().map(spawn).collect()
    }

    /// The standing and the sitting figure of somebody far away, one mesh each; hidden at first.
    pub(super) fn figures(&mut self, look: &Appearance, kit: &PartKit, commands: &mut Commands) -> [Entity; 2] {
        // Colours are in the mesh; from afar everything is cloth.
        let material = self.material(Cloth::Top, [255; 3]);
        [0, 1].map(|index| {
            let mut whole: Option<Mesh> = None;
            for (cloth, mesh) in kit.figures.get(index).into_iter().flatten() {
                let mesh = painted(mesh.clone(), color(*cloth, look));
                match &mut whole {
                    Some(whole) => drop(whole.merge(&mesh)),
                    None => whole = Some(mesh),
                }
            }
            let mesh = Mesh3d(whole.map(|mesh| self.meshes.add(mesh)).unwrap_or_default());
            let material = MeshMaterial3d(material.clone());
            commands.spawn((mesh, material, Transform::default(), Visibility::Hidden, NotShadowCaster)).id()
        })
    }

    fn material(&mut self, cloth: Cloth, color: SrgbColor) -> Handle<StandardMaterial> {
        let make = || self.materials.add(material(cloth, color));
        self.cloths.materials.entry((cloth, color)).or_insert_with(make).clone()
    }
}

fn color(cloth: Cloth, look: &Appearance) -> SrgbColor {
    match cloth {
        Cloth::Skin => look.skin_color(),
        Cloth::Hair => look.hair_color(),
        Cloth::Top => look.top_color(),
        Cloth::Trousers => look.trousers_color(),
        Cloth::Shoes => look.shoes_color(),
        Cloth::Face => [255; 3],
    }
}

fn material(cloth: Cloth, [red, green, blue]: SrgbColor) -> StandardMaterial {
    let (roughness, reflectance) = match cloth {
        Cloth::Skin => (0.62, 0.4),
        Cloth::Hair => (0.6, 0.4),
        Cloth::Top | Cloth::Trousers => (0.92, 0.3),
        Cloth::Shoes => (0.65, 0.45),
        Cloth::Face => (0.3, 0.5),
    };
    StandardMaterial {
        base_color: Color::srgb_u8(red, green, blue),
        perceptual_roughness: roughness,
        reflectance,
        // Skin is warm where it turns away.
        specular_tint: if cloth == Cloth::Skin { Color::srgb(1.0, 0.78, 0.66) } else { Color::WHITE },
        ..default()
    }
}
