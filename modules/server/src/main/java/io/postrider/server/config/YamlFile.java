package io.postrider.server.config;

import io.postrider.server.config.Values.Value;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a YAML file as text by dotted key. It never goes beyond the tree of nodes: so a value is what is written ("010" is
 * not eight, "no" is not false), each has its line, and nothing is ever constructed from it.
 */
public final class YamlFile {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_OCTETS = 1 << 20;

    private final Path file;
    private final Values values;

    private YamlFile(Path file, Values values) {
        this.file = file;
        this.values = values;
    }

    /** Adds what the file says; what is wrong with the file itself becomes a problem of the values. */
    public static void read(Path file, Values values) {
        new YamlFile(file, values).read();
    }

    private void read() {
        String text = text();
        if (text == null) {
            return;
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_OCTETS);
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root instanceof MappingNode mapping) {
                mapping(mapping, "", 1);
            } else if (root != null && !isEmpty(root)) {
                values.problem(at(root) + ": expected keys and values, like \"hostname: mail.example.com\"");
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            values.problem(file + " line " + line + ": " + e.getProblem());
        } catch (YAMLException e) {
            values.problem(file + ": " + e.getMessage().lines().findFirst().orElse("not YAML"));
        }
    }

    private String text() {
        try {
            if (Files.size(file) > MAX_OCTETS) {
                values.problem(file + ": larger than " + MAX_OCTETS + " octets");
                return null;
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            values.problem(file + ": no such file");
        } catch (CharacterCodingException e) {
            values.problem(file + ": not UTF-8");
        } catch (IOException e) {
            values.problem(file + ": cannot be read: " + e.getClass().getSimpleName());
        }
        return null;
    }

    private void mapping(MappingNode mapping, String prefix, int depth) {
        if (depth > MAX_DEPTH) {
            values.problem(at(mapping) + ": nested too deeply");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                values.problem(at(entry.getKeyNode()) + ": a key must be a plain word");
                continue;
            }
            String key = prefix + name.getValue();
            if (!seen.add(key)) {
                values.problem(at(name) + ": " + key + " is given twice");
                continue;
            }
            value(key, entry.getValueNode(), depth);
        }
    }

    private void value(String key, Node node, int depth) {
        if (node instanceof MappingNode mapping) {
            mapping(mapping, key + ".", depth + 1);
        } else if (node instanceof SequenceNode sequence) {
            List<String> texts = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                if (!(item instanceof ScalarNode scalar)) {
                    values.problem(at(item) + ": " + key + " must be a list of plain values");
                    return;
                }
                texts.add(scalar.getValue());
            }
            values.put(key, new Value(texts, true, at(node)));
        } else if (node instanceof ScalarNode scalar && !isEmpty(node)) {
            values.put(key, new Value(List.of(scalar.getValue()), false, at(node)));
        }
    }

    /** A key with nothing behind it, as when all below it is commented out, says nothing. */
    private static boolean isEmpty(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && scalar.getValue().isEmpty();
    }

    private String at(Node node) {
        return file + " line " + (node.getStartMark().getLine() + 1);
    }
}
