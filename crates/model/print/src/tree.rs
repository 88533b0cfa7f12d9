use crate::{PrintError, font};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};
use std::sync::Arc;

/// Reads an SVG with these fonts. It reaches nothing outside of itself: pictures must be inside.
pub(crate) fn read(svg: &str, fonts: &Arc<fontdb::Database>) -> Result<Tree, PrintError> {
    let options = Options {
        font_family: "sans-serif".to_owned(),
        font_resolver: font::resolver(),
        fontdb: Arc::clone(fonts),
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    Tree::from_str(svg, &options).map_err(|error| PrintError::Unreadable(error.to_string()))
}
