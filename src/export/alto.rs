//! A page as ALTO 4 (Library of Congress): where every word stands on the picture.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::ExportError;
use crate::domain::text_page::{TextLine, TextPage};
use crate::domain::{Confidence, Rectangle};

/// The name space of ALTO 4.
const NAME_SPACE: &str = "http://www.loc.gov/standards/alto/ns-v4#";

/// Where the schema of ALTO 4 stands.
const SCHEMA: &str =
    "http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd";

/// The page as one ALTO document; `number` is its place in the book, from 1. Entries are text blocks, fields are
/// lines, words share the width of their line by their letters.
///
/// # Errors
/// When the document cannot be written.
pub fn alto(page: &TextPage, number: usize) -> Result<Vec<u8>, ExportError> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    write(&mut writer, page, number)?;
    Ok(writer.into_inner())
}

type Xml = Writer<Vec<u8>>;

fn write(writer: &mut Xml, page: &TextPage, number: usize) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = [
        ("xmlns", NAME_SPACE),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("xsi:schemaLocation", SCHEMA),
    ];
    writer.create_element("alto").with_attributes(root).write_inner_content(|writer| {
        writer.create_element("Description").write_inner_content(|writer| {
            text(writer, "MeasurementUnit", "pixel")?;
            writer
                .create_element("sourceImageInformation")
                .write_inner_content(|writer| text(writer, "fileName", &page.picture))?;
            Ok(())
        })?;
        writer.create_element("Layout").write_inner_content(|writer| layout(writer, page, number))?;
        Ok(())
    })?;
    Ok(())
}

fn text(writer: &mut Xml, name: &str, content: &str) -> io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(content))?;
    Ok(())
}

fn layout(writer: &mut Xml, page: &TextPage, number: usize) -> io::Result<()> {
    let (width, height) = (page.width.to_string(), page.height.to_string());
    let size = [("WIDTH", width.as_str()), ("HEIGHT", height.as_str())];
    let name = format!("page_{number}");
    let place = number.to_string();
    let element = writer.create_element("Page");
    let element = element.with_attributes([("ID", name.as_str()), ("PHYSICAL_IMG_NR", &place)]);
    element.with_attributes(size).write_inner_content(|writer| {
        let space = writer.create_element("PrintSpace").with_attributes([("HPOS", "0"), ("VPOS", "0")]);
        space.with_attributes(size).write_inner_content(|writer| {
            let entries = (1..).zip(page.entries.iter().filter(|entry| !entry.is_empty()));
            entries.into_iter().try_for_each(|(number, entry)| block(writer, entry, number))
        })?;
        Ok(())
    })?;
    Ok(())
}

/// An entry.
fn block(writer: &mut Xml, lines: &[TextLine], number: usize) -> io::Result<()> {
    let Some(area) = lines.iter().map(|line| line.area).reduce(|all, area| all.union(&area)) else {
        return Ok(());
    };
    let id = format!("entry_{number}");
    placed(writer, "TextBlock", &id, area, |writer| {
        (1..).zip(lines).try_for_each(|(place, line)| {
            let id = format!("{id}_line_{place}");
            placed(writer, "TextLine", &id, line.area, |writer| words(writer, &id, line))
        })
    })
}

/// The words of a line with the spaces between them.
fn words(writer: &mut Xml, line_id: &str, line: &TextLine) -> io::Result<()> {
    let letters = line.text.chars().count().max(1) as i32;
    let at = |letter: i32| line.area.left + line.area.width() * letter / letters;
    let mut letter = 0;
    for (place, word) in (1..).zip(line.text.split(' ')) {
        let length = word.chars().count() as i32;
        if place > 1 {
            let space = Rectangle { left: at(letter - 1), right: at(letter), ..line.area };
            let attributes = box_of(space);
            let attributes = attributes.iter().filter(|(name, _)| *name != "HEIGHT");
            let attributes = attributes.map(|(name, value)| (*name, value.as_str()));
            writer.create_element("SP").with_attributes(attributes).write_empty()?;
        }
        let area = Rectangle { left: at(letter), right: at(letter + length), ..line.area };
        let (id, sure) = (format!("{line_id}_word_{place}"), confidence(line.confidence));
        let attributes = box_of(area);
        let element = writer.create_element("String").with_attribute(("ID", id.as_str()));
        let element = element.with_attributes(attributes.iter().map(|(name, value)| (*name, value.as_str())));
        element.with_attributes([("CONTENT", word), ("WC", sure.as_str())]).write_empty()?;
        letter += length + 1;
    }
    Ok(())
}

fn placed(
    writer: &mut Xml,
    name: &str,
    id: &str,
    area: Rectangle,
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    let attributes = box_of(area);
    let element = writer.create_element(name).with_attribute(("ID", id));
    let element = element.with_attributes(attributes.iter().map(|(name, value)| (*name, value.as_str())));
    element.write_inner_content(inner)?;
    Ok(())
}

fn box_of(area: Rectangle) -> [(&'static str, String); 4] {
    [
        ("HPOS", area.left.to_string()),
        ("VPOS", area.top.to_string()),
        ("WIDTH", area.width().to_string()),
        ("HEIGHT", area.height().to_string()),
    ]
}

fn confidence(confidence: Confidence) -> String {
    format!("{:.3}", confidence.get())
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::alto;
    use crate::domain::text_page::{TextLine, TextPage};
    use crate::domain::{Confidence, Rectangle};

    fn line(text: &str, area: Rectangle) -> TextLine {
        TextLine { text: text.to_owned(), area, confidence: Confidence::clamped(0.75) }
    }

    #[test]
    fn a_page_has_the_structure_of_alto() {
        let page = TextPage {
            picture: "a&b.jpg".to_owned(),
            width: 1000,
            height: 500,
            entries: vec![
                vec![
                    line("Lê Ẩn", Rectangle::new(100, 50, 200, 80)),
                    line("xã \"A\"", Rectangle::new(300, 50, 400, 90)),
                ],
                Vec::new(),
                vec![line("46", Rectangle::new(10, 200, 30, 220))],
            ],
        };
        let xml = String::from_utf8(alto(&page, 3).unwrap()).unwrap();
        let mut reader = Reader::from_str(&xml);
        let (mut path, mut seen) = (Vec::new(), Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(element) => {
                    path.push(element.name().as_ref().to_string());
                    seen.push(path.join("/"));
                }
                Event::Empty(element) => seen.push(format!("{}/{}", path.join("/"), element.name().as_ref())),
                Event::End(_) => drop(path.pop()),
                Event::Eof => break,
                _ => {}
            }
        }
        let count = |wanted: &str| seen.iter().filter(|path| *path == wanted).count();
        let space = "alto/Layout/Page/PrintSpace";
        assert_eq!(count("alto/Description/MeasurementUnit"), 1);
        assert_eq!(count("alto/Description/sourceImageInformation/fileName"), 1);
        assert_eq!(count(&format!("{space}/TextBlock")), 2);
        assert_eq!(count(&format!("{space}/TextBlock/TextLine")), 3);
        assert_eq!(count(&format!("{space}/TextBlock/TextLine/String")), 5);
        assert_eq!(count(&format!("{space}/TextBlock/TextLine/SP")), 2);
        for wanted in [
            r#"xmlns="http://www.loc.gov/standards/alto/ns-v4#""#,
            "<fileName>a&amp;b.jpg</fileName>",
            r#"<Page ID="page_3" PHYSICAL_IMG_NR="3" WIDTH="1000" HEIGHT="500">"#,
            r#"<TextBlock ID="entry_1" HPOS="100" VPOS="50" WIDTH="300" HEIGHT="40">"#,
            r#"HPOS="160" VPOS="50" WIDTH="40" HEIGHT="30" CONTENT="Ẩn" WC="0.750"/>"#,
            "CONTENT=\"&quot;A&quot;\"",
        ] {
            assert!(xml.contains(wanted), "{wanted} is missing in\n{xml}");
        }
    }
}
