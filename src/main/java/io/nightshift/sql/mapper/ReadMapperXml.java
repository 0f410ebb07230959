package io.nightshift.sql.mapper;

import io.nightshift.content.ContentFile;
import io.nightshift.problem.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.ext.DefaultHandler2;

/** Turns the text of one mapper file into nodes with lines; nothing outside the file is ever read. */
final class ReadMapperXml extends DefaultHandler2 {

    private static final Set<String> MYBATIS_DTDS =
            Set.of("http://mybatis.org/dtd/mybatis-3-mapper.dtd", "https://mybatis.org/dtd/mybatis-3-mapper.dtd");

    private final String file;
    private final Deque<MapperNode.Element> open = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable Locator locator;
    private int endOfLastTag = 1;
    private MapperNode.@Nullable Element root;

    private ReadMapperXml(String file) {
        this.file = file;
    }

    /** The root element, or nothing and a problem if the file cannot be read. */
    static Optional<MapperNode.Element> of(ContentFile content, Collection<Problem> problems) {
        ReadMapperXml reader = new ReadMapperXml(content.where());
        try {
            SAXParser parser = parser();
            parser.setProperty("http://xml.org/sax/properties/lexical-handler", reader);
            parser.setProperty("http://xml.org/sax/properties/declaration-handler", reader);
            parser.parse(new InputSource(new StringReader(withoutMark(content.text()))), reader);
            return Optional.ofNullable(reader.root);
        } catch (Refused e) {
            problems.add(new Problem(reader.here().toString(), e.what, e.fix));
        } catch (SAXParseException e) {
            problems.add(new Problem(
                    new Place(content.where(), Math.max(1, e.getLineNumber())).toString(),
                    "this is not well-formed XML: " + e.getMessage(),
                    "Correct the XML there; in SQL write &lt; for <, and &amp; for &."));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot parse XML from memory. This is a bug in Nightshift.", e);
        }
        return Optional.empty();
    }

    /** Some editors put a byte order mark in front, which is no part of the XML. */
    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static SAXParser parser() throws ParserConfigurationException, SAXException {
        SAXParserFactory factory = SAXParserFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newSAXParser();
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        this.locator = locator;
    }

    @Override
    public void startElement(String uri, String localName, String name, Attributes attributes) {
        endText();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < attributes.getLength(); i++) {
            values.put(attributes.getQName(i), attributes.getValue(i));
        }
        MapperNode.Element element = new MapperNode.Element(name, values, new ArrayList<>(), here());
        if (open.isEmpty()) {
            root = element;
        } else {
            open.element().children().add(element);
        }
        open.push(element);
    }

    @Override
    public void endElement(String uri, String localName, String name) {
        endText();
        open.pop();
    }

    @Override
    public void characters(char[] characters, int start, int length) {
        text.append(characters, start, length);
    }

    @Override
    public void comment(char[] characters, int start, int length) {
        endText();
    }

    @Override
    public void processingInstruction(String target, String data) {
        endText();
    }

    private void endText() {
        if (!text.isEmpty() && !open.isEmpty()) {
            open.element().children().add(new MapperNode.Text(text.toString(), new Place(file, endOfLastTag)));
        }
        text.setLength(0);
        endOfLastTag = here().line();
    }

    private Place here() {
        return new Place(file, locator == null ? 1 : Math.max(1, locator.getLineNumber()));
    }

    @Override
    public void startDTD(String name, @Nullable String publicId, @Nullable String systemId) throws Refused {
        if (systemId == null || !MYBATIS_DTDS.contains(systemId)) {
            throw new Refused(
                    "the DOCTYPE names \"" + (systemId == null ? "" : systemId) + "\", which is not MyBatis' own.",
                    "Leave the DOCTYPE out, it is not needed.");
        }
    }

    @Override
    public InputSource resolveEntity(
            @Nullable String name, @Nullable String publicId, @Nullable String baseUri, String systemId) {
        return new InputSource(new StringReader(""));
    }

    @Override
    public void elementDecl(String name, String model) throws Refused {
        throw Refused.declaration();
    }

    @Override
    public void attributeDecl(
            String element, String attribute, String type, @Nullable String mode, @Nullable String value)
            throws Refused {
        throw Refused.declaration();
    }

    @Override
    public void internalEntityDecl(String name, String value) throws Refused {
        throw Refused.declaration();
    }

    @Override
    public void externalEntityDecl(String name, @Nullable String publicId, String systemId) throws Refused {
        throw Refused.declaration();
    }

    /** Stops the parser at something that is well-formed but not wanted. */
    private static final class Refused extends SAXException {

        private static final long serialVersionUID = 1L;

        private final String what;
        private final String fix;

        private Refused(String what, String fix) {
            super(what);
            this.what = what;
            this.fix = fix;
        }

        private static Refused declaration() {
            return new Refused(
                    "the DOCTYPE declares entities, elements or attributes of its own.",
                    "Leave the DOCTYPE out, and write shared SQL as <sql id=\"...\"> with <include refid=\"...\"/>.");
        }
    }
}
