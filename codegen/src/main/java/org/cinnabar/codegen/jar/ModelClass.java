package org.cinnabar.codegen.jar;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.cinnabar.codegen.bytecode.Expressions.call;
import static org.cinnabar.codegen.bytecode.Expressions.classConstant;
import static org.cinnabar.codegen.bytecode.Expressions.constant;
import static org.cinnabar.codegen.bytecode.Expressions.div;
import static org.cinnabar.codegen.bytecode.Expressions.element;
import static org.cinnabar.codegen.bytecode.Expressions.field;
import static org.cinnabar.codegen.bytecode.Expressions.ge;
import static org.cinnabar.codegen.bytecode.Expressions.length;
import static org.cinnabar.codegen.bytecode.Expressions.mul;
import static org.cinnabar.codegen.bytecode.Expressions.newArray;
import static org.cinnabar.codegen.bytecode.Expressions.self;
import static org.cinnabar.codegen.bytecode.Statements.assign;
import static org.cinnabar.codegen.bytecode.Statements.block;
import static org.cinnabar.codegen.bytecode.Statements.declare;
import static org.cinnabar.codegen.bytecode.Statements.evaluate;
import static org.cinnabar.codegen.bytecode.Statements.ifThen;
import static org.cinnabar.codegen.bytecode.Statements.returnValue;

import java.lang.constant.ClassDesc;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Modifier;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.bytecode.Expression;
import org.cinnabar.codegen.bytecode.FieldModel;
import org.cinnabar.codegen.bytecode.FieldRef;
import org.cinnabar.codegen.bytecode.MethodModel;
import org.cinnabar.codegen.bytecode.MethodRef;
import org.cinnabar.codegen.bytecode.Statement;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Program;
import org.cinnabar.runtime.Session;
import org.cinnabar.runtime.Signature;
import org.cinnabar.runtime.Slot;
import org.cinnabar.runtime.Weights;

/**
 * Generates the class that users of a model see: its inputs and outputs are the parameters of its
 * {@code run} methods.
 *
 * <pre>{@code
 * public final class LeNet extends Model {
 *     public static LeNet load()
 *     public void run(float[] image, float[] scores)
 *     public void run(FloatBuffer image, FloatBuffer scores)
 *     public void run(MemorySegment image, MemorySegment scores)
 *     public float[] run(float[] image)                           // of a model with one output
 * }
 * }</pre>
 */
final class ModelClass {
    private static final ClassDesc CD_FLOATS = CD_float.arrayType();
    private static final ClassDesc CD_MODEL = desc(Model.class);
    private static final ClassDesc CD_PORT = desc(Port.class);
    private static final ClassDesc CD_PROGRAM = desc(Program.class);
    private static final ClassDesc CD_SESSION = desc(Session.class);
    private static final ClassDesc CD_SIGNATURE = desc(Signature.class);
    private static final ClassDesc CD_WEIGHTS = desc(Weights.class);

    private final Artefact artefact;
    private final ClassDesc name;
    private final Variable self;
    private final List<Variant> widestFirst;

    private ModelClass(Artefact artefact) {
        this.artefact = artefact;
        this.name = artefact.model();
        this.self = self(name);
        this.widestFirst =
                artefact.variants().stream()
                        .sorted(Comparator.comparingInt(Variant::lanes).reversed())
                        .toList();
    }

    /** The class for {@code artefact}, whose weights have the CRC-32C {@code checksum}. */
    static ClassModel of(Artefact artefact, int checksum) {
        ModelClass generator = new ModelClass(artefact);
        List<MethodModel> methods = new ArrayList<>();
        methods.add(generator.load());
        FieldModel weights = generator.weights(checksum);
        methods.add(generator.constructor(weights.in(generator.name)));
        List<ClassDesc> memories =
                List.of(CD_FLOATS, desc(FloatBuffer.class), desc(MemorySegment.class));
        for (ClassDesc memory : memories) {
            methods.add(generator.run(memory));
        }
        if (artefact.signature().outputs().size() == 1) {
            methods.add(generator.runAndReturn());
        }
        methods.add(generator.lanes());
        methods.add(generator.program());
        methods.add(generator.describe());
        return ClassModel.of(
                        Modifier.PUBLIC | Modifier.FINAL, generator.name, List.of(weights), methods)
                .withSuperclass(CD_MODEL);
    }

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    private MethodModel load() {
        return MethodModel.of(
                Modifier.PUBLIC | Modifier.STATIC,
                name,
                "load",
                List.of(),
                block(returnValue(call(MethodRef.ofConstructor(name)))));
    }

    private FieldModel weights(int checksum) {
        MethodRef constructor =
                MethodRef.ofConstructor(CD_WEIGHTS, desc(Class.class), CD_String, CD_int, CD_int);
        return FieldModel.of(
                Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL,
                "WEIGHTS",
                CD_WEIGHTS,
                call(
                        constructor,
                        classConstant(name),
                        constant(JarWriter.WEIGHTS),
                        constant(artefact.weightCount()),
                        constant(checksum)));
    }

    private MethodModel constructor(FieldRef weights) {
        MethodRef superConstructor =
                MethodRef.ofSuperConstructor(
                        CD_MODEL, CD_SIGNATURE, CD_int, CD_PROGRAM, CD_WEIGHTS);
        return MethodModel.constructor(
                Modifier.PRIVATE,
                List.of(),
                block(
                        evaluate(
                                call(
                                        superConstructor,
                                        self,
                                        call(own("describe", CD_SIGNATURE)),
                                        call(own("width", CD_int)),
                                        call(own("program", CD_PROGRAM)),
                                        field(weights)))));
    }

    private MethodRef own(String method, ClassDesc returns) {
        return MethodRef.ofStatic(name, method, returns);
    }

    /** Binds memory of one kind to every port, in a session of the pool. */
    private MethodModel run(ClassDesc memory) {
        List<Variable> parameters = parameters(memory);
        Variable session = new Variable(JavaNames.fresh("session", parameters), CD_SESSION);
        MethodRef bind = MethodRef.ofVirtual(desc(Slot.class), "bind", CD_void, memory);
        List<Statement> body = new ArrayList<>();
        body.add(declare(session, call(MethodRef.ofVirtual(name, "take", CD_SESSION), self)));
        int inputs = artefact.signature().inputs().size();
        for (int i = 0; i < parameters.size(); i++) {
            Expression slot =
                    i < inputs
                            ? call(slot("input"), session, constant(i))
                            : call(slot("output"), session, constant(i - inputs));
            body.add(evaluate(call(bind, slot, parameters.get(i))));
        }
        body.add(evaluate(call(MethodRef.of(Session.class, "run"), session)));
        MethodRef give = MethodRef.ofVirtual(name, "give", CD_void, CD_SESSION);
        body.add(evaluate(call(give, self, session)));
        return MethodModel.of(Modifier.PUBLIC, CD_void, "run", parameters, block(body));
    }

    private static MethodRef slot(String side) {
        return MethodRef.of(Session.class, side, int.class);
    }

    /** Makes the only output as long as the first input asks for. */
    private MethodModel runAndReturn() {
        List<Variable> all = parameters(CD_FLOATS);
        List<Variable> inputs = all.subList(0, all.size() - 1);
        Variable output = all.getLast();
        Port in = artefact.signature().inputs().getFirst();
        Port out = artefact.signature().outputs().getFirst();
        Expression units = div(length(inputs.getFirst()), constant(in.length()));
        ClassDesc[] types = all.stream().map(Variable::type).toArray(ClassDesc[]::new);
        List<Expression> operands = new ArrayList<>();
        operands.add(self);
        operands.addAll(all);
        return MethodModel.of(
                Modifier.PUBLIC,
                CD_FLOATS,
                "run",
                inputs,
                block(
                        declare(output, newArray(CD_float, mul(units, constant(out.length())))),
                        evaluate(
                                call(
                                        MethodRef.ofVirtual(name, "run", CD_void, types),
                                        operands.toArray(Expression[]::new))),
                        returnValue(output)));
    }

    private List<Variable> parameters(ClassDesc memory) {
        List<Variable> parameters = new ArrayList<>();
        for (Port port : artefact.signature().inputs()) {
            parameters.add(new Variable(JavaNames.fresh(port.name(), parameters), memory));
        }
        for (Port port : artefact.signature().outputs()) {
            parameters.add(new Variable(JavaNames.fresh(port.name(), parameters), memory));
        }
        return parameters;
    }

    /** The widest width compiled that the machine's own covers. */
    private MethodModel lanes() {
        Variable preferred = new Variable("preferred", CD_int);
        List<Statement> body = new ArrayList<>();
        body.add(declare(preferred, call(MethodRef.of(Lanes.class, "preferred"))));
        for (Variant variant : widestFirst) {
            Expression lanes = constant(variant.lanes());
            body.add(
                    variant.lanes() == 0
                            ? returnValue(lanes)
                            : ifThen(ge(preferred, lanes), block(returnValue(lanes))));
        }
        return helper(CD_int, "width", body);
    }

    private MethodModel program() {
        Variable width = new Variable("width", CD_int);
        List<Statement> body = new ArrayList<>();
        body.add(declare(width, call(own("width", CD_int))));
        for (Variant variant : widestFirst) {
            Expression program = call(MethodRef.ofConstructor(variant.program()));
            body.add(
                    variant.lanes() == 0
                            ? returnValue(program)
                            : ifThen(
                                    ge(width, constant(variant.lanes())),
                                    block(returnValue(program))));
        }
        return helper(CD_PROGRAM, "program", body);
    }

    private MethodModel describe() {
        Signature signature = artefact.signature();
        Variable inputs = new Variable("inputs", CD_PORT.arrayType());
        Variable outputs = new Variable("outputs", CD_PORT.arrayType());
        List<Statement> body = new ArrayList<>();
        ports(inputs, signature.inputs(), body);
        ports(outputs, signature.outputs(), body);
        MethodRef of =
                MethodRef.ofStatic(
                        CD_SIGNATURE,
                        "of",
                        CD_SIGNATURE,
                        CD_String,
                        CD_PORT.arrayType(),
                        CD_PORT.arrayType(),
                        CD_int,
                        CD_boolean);
        body.add(
                returnValue(
                        call(
                                of,
                                constant(signature.name()),
                                inputs,
                                outputs,
                                constant(signature.arenaLength()),
                                constant(signature.batchable()))));
        return helper(CD_SIGNATURE, "describe", body);
    }

    private static void ports(Variable array, List<Port> ports, List<Statement> body) {
        MethodRef of = MethodRef.of(Port.class, "of", String.class, String.class, int.class);
        body.add(declare(array, newArray(CD_PORT, constant(ports.size()))));
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            Expression made =
                    call(
                            of,
                            constant(port.name()),
                            constant(port.shapeText()),
                            constant(port.offset()));
            body.add(assign(element(array, constant(i)), made));
        }
    }

    private static MethodModel helper(ClassDesc returns, String name, List<Statement> body) {
        return MethodModel.of(
                Modifier.PRIVATE | Modifier.STATIC, returns, name, List.of(), block(body));
    }
}
