//! Headless people who walk, talk and listen.
