//! Published guides: all of them can be read, and what of them breaks FHIR's rules of structure is known.

use fhir::Severity;
use package::placing::place;
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
        let placed = place(&package, &[]);
        broken.extend(placed.left_out.iter().map(|(file, issue)| format!("{}!{file}: WARD-{:04}", package.manifest, issue.number)));
        for (file, value) in placed.write.iter().chain(&placed.record) {
            if let Some(issue) = fhir::check::check(value).iter().find(|issue| issue.severity >= Severity::Error) {
                broken.push(format!("{}!{file}: {} at {}", package.manifest, issue.ward_code(), issue.expression));
            }
        }
    }
    println!("{} packages with {resources} conformance resources, {} of them broken", files.len(), broken.len());
    assert!(resources > 1500, "{resources}");
    // Both say what R4 does not know: a guide for R5 too, a narrative without a text.
    let known = [
        "hl7.fhir.uv.extensions.r4@5.3.0-ballot-tc1!package/ImplementationGuide-hl7.fhir.uv.extensions.json: WARD-0123 at ImplementationGuide.fhirVersion[0]",
        "hl7.fhir.uv.extensions.r4@5.3.0-ballot-tc1!package/StructureDefinition-event-recorded.json: WARD-0109 at StructureDefinition.text",
    ];
    assert_eq!(broken, known, "\n{}", broken.join("\n"));
}
