//! Published guides: all of them can be read, and what of them breaks FHIR's rules of structure is known.

use fhir::Severity;
use package::{Limits, Package, Wanted};

#[test]
fn published_guides_are_read_and_sound() {
    let Some(folder) = published::data("ig") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "tgz"));
    files.sort();
    let (mut resources, mut broken) = (0, Vec::new());
    for file in &files {
        let package = Package::read(&std::fs::read(file).expect("a file"), Wanted::default(), Limits::default()).expect("a package");
        assert!(package.content.left_out.is_empty(), "{:?}", package.content.left_out);
        resources += package.content.resources.len();
        for resource in &package.content.resources {
            let found = fhir::check::check(&resource.value);
            if let Some(issue) = found.iter().find(|issue| issue.severity >= Severity::Error) {
                broken.push(format!("{}!{}: {issue}", package.manifest, resource.file));
            }
        }
    }
    println!("{} packages with {resources} conformance resources, {} of them broken", files.len(), broken.len());
    assert!(resources > 1500, "{resources}");
    assert_eq!(broken, Vec::<String>::new(), "{}", broken.join("\n"));
}
