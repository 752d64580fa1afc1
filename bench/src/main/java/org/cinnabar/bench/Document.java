package org.cinnabar.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Sheets under names, with a closing remark: one text, whatever the format. */
final class Document {
    private record Part(String name, Sheet sheet) {}

    private final List<Part> parts = new ArrayList<>();
    private String title = "";
    private String summary = "";

    /** Adds a sheet. */
    void add(String name, Sheet sheet) {
        parts.add(new Part(name, sheet));
    }

    /** Sets what comes first, which only a page has a place for. */
    void begin(String title) {
        this.title = title;
    }

    /** Sets the closing remark, which the format CSV has no place for. */
    void conclude(String summary) {
        this.summary = summary;
    }

    /**
     * The document: tables one after the other; a page of them; one JSON object with an array for
     * each sheet; or one CSV table, which has the columns of all sheets and says in the first whose
     * a row is if there are several.
     */
    void print(Sheet.Format format, PrintWriter out) {
        out.println(
                switch (format) {
                    case TABLE -> table();
                    case CSV -> csv().stripTrailing();
                    case JSON -> json();
                    case MARKDOWN -> markdown();
                });
        out.flush();
    }

    private String table() {
        StringJoiner text = new StringJoiner("\n");
        parts.forEach(part -> text.add(part.sheet().table()));
        return text + summary;
    }

    private String markdown() {
        StringJoiner text = new StringJoiner("\n", title + "\n\n", "\n" + summary);
        parts.forEach(part -> text.add(part.sheet().markdown()));
        return text.toString();
    }

    private String csv() {
        return parts.size() == 1 ? parts.getFirst().sheet().csv() : joined().csv();
    }

    private Sheet joined() {
        Sheet joined = parts.getFirst().sheet().under("sheet", parts.getFirst().name());
        for (Part part : parts.subList(1, parts.size())) {
            joined = joined.and(part.sheet().under("sheet", part.name()));
        }
        return joined;
    }

    private String json() {
        StringJoiner object = new StringJoiner(",\n ", "{", "}");
        parts.forEach(part -> object.add("\"" + part.name() + "\": " + part.sheet().json()));
        if (!summary.isEmpty()) {
            object.add("\"summary\": \"" + summary + "\"");
        }
        return object.toString();
    }
}
