import path from 'node:path';
import ts from 'typescript';

/** The port's ways to run a statement; whoever implements or wraps the port is found by these too. */
const PORT = path.resolve('src/ports/database.ts');
const SCHEMA = path.resolve('src/ports/schema.ts');
const DRIVER_TYPES = path.resolve('test/schema/driver-types.ts');
const CLOSED_SETS = path.resolve('test/schema/closed-sets.ts');

/** One statement of the program, as it stands in a source file. */
export interface Statement {
  /** `src/incidents/people.ts:57` */
  readonly at: string;
  /** Every text that it can have: a condition inside it makes two. `null`: it is not constant. */
  readonly texts: readonly string[] | null;
  /** The type that its rows are given; `null` where none of their columns is read. */
  readonly row: ts.Type | null;
  /** What is bound to `$1`, `$2` and so on, where the values are listed beside the text. */
  readonly values: readonly ts.Expression[] | null;
}

export interface Sources {
  readonly checker: ts.TypeChecker;
  readonly statements: readonly Statement[];
  /** What the drivers make of each type of Postgres. */
  readonly driverTypes: ts.Type;
  /** What may be bound to each type of Postgres. */
  readonly boundTypes: ts.Type;
  /** The type of a table's column: that of src/ports/schema.ts, or the closed set that it holds. */
  columnType(table: string, column: string): ts.Type;
}

/** Every statement in these rooms, with the types that the compiler finds. */
export function readSources(rooms: readonly string[]): Sources {
  const { fileNames, options } = compilerConfig();
  const roots = fileNames.filter((file) => rooms.some((room) => file.startsWith(path.resolve(room) + path.sep)));
  const program = ts.createProgram([...roots, SCHEMA, DRIVER_TYPES, CLOSED_SETS], options);
  const checker = program.getTypeChecker();
  const statements = program
    .getSourceFiles()
    .filter(({ fileName }) => roots.includes(fileName))
    .flatMap((file) => statementsIn(file, checker));
  const tables = interfaceIn(program, SCHEMA, 'DB');
  const closedSets = interfaceIn(program, CLOSED_SETS, 'ClosedSets');
  return {
    checker,
    statements,
    driverTypes: interfaceIn(program, DRIVER_TYPES, 'DriverTypes'),
    boundTypes: interfaceIn(program, DRIVER_TYPES, 'BoundTypes'),
    columnType: (table, column) => {
      const columns = typeOfMember(checker, tables, table);
      const type =
        typeOfMember(checker, closedSets, `${table}.${column}`) ?? (columns && typeOfMember(checker, columns, column));
      if (type === null) throw new Error(`src/ports/schema.ts has no ${table}.${column}: run npm run schema`);
      return type;
    },
  };
}

function compilerConfig(): ts.ParsedCommandLine {
  const refuse = (problem: ts.Diagnostic): never => {
    throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  };
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: refuse };
  const config = ts.getParsedCommandLineOfConfigFile('tsconfig.json', {}, host);
  if (config === undefined) throw new Error('tsconfig.json could not be read');
  return config;
}

function interfaceIn(program: ts.Program, file: string, name: string): ts.Type {
  const declared = program
    .getSourceFile(file)
    ?.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (declared === undefined) throw new Error(`${path.relative('.', file)} has no ${name}`);
  return program.getTypeChecker().getTypeAtLocation(declared);
}

export function typeOfMember(checker: ts.TypeChecker, of: ts.Type, name: string): ts.Type | null {
  const found = checker.getPropertyOfType(of, name);
  return found ? checker.getTypeOfSymbol(found) : null;
}

function statementsIn(file: ts.SourceFile, checker: ts.TypeChecker): readonly Statement[] {
  const found: Statement[] = [];
  const visit = (node: ts.Node): void => {
    const statement = asCall(node, checker) ?? asBound(node, checker);
    if (statement) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      const at = `${path.relative('.', file.fileName)}:${String(line + 1)}`;
      found.push({
        at,
        texts: textsOf(statement.sql, checker),
        row: statement.row,
        values: elementsOf(statement.values, checker),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

interface Found {
  readonly sql: ts.Expression;
  readonly row: ts.Type | null;
  readonly values: ts.Expression | undefined;
}

/** `tx.query<Row>(sql, values)`, `tx.send(sql, values)` */
function asCall(node: ts.Node, checker: ts.TypeChecker): Found | null {
  // Most calls are told by their name: to resolve them all takes the compiler minutes.
  if (!ts.isCallExpression(node) || !isNamed(node.expression, ['query', 'send'])) return null;
  const [sql, values] = node.arguments;
  const signature = checker.getResolvedSignature(node);
  if (sql === undefined || signature?.declaration?.getSourceFile().fileName !== PORT) return null;
  return { sql, row: rowOf(signature, checker), values };
}

/** `Row` of `Promise<QueryRows<Row>>`; `null` where it is any object, so that no column can be read. */
function rowOf(signature: ts.Signature, checker: ts.TypeChecker): ts.Type | null {
  const answer = checker.getAwaitedType(signature.getReturnType());
  const rows = answer && typeOfMember(checker, answer, 'rows');
  const row = rows && checker.getIndexTypeOfType(rows, ts.IndexKind.Number);
  return row && (row.flags & ts.TypeFlags.NonPrimitive) === 0 ? row : null;
}

const isNamed = (callee: ts.Expression, names: readonly string[]): boolean =>
  ts.isPropertyAccessExpression(callee) && names.includes(callee.name.text);

/** `{ sql, values }`, sent with others */
function asBound(node: ts.Node, checker: ts.TypeChecker): Found | null {
  if (!ts.isObjectLiteralExpression(node)) return null;
  const member = (name: string): ts.Expression | undefined =>
    node.properties.filter(ts.isPropertyAssignment).find((one) => one.name.getText() === name)?.initializer;
  const sql = member('sql');
  if (sql === undefined) return null;
  // A type without a name has no symbol, whatever the compiler's own types say.
  const named: ts.Symbol | undefined = checker.getContextualType(node)?.symbol;
  return named?.name === 'BoundStatement' ? { sql, row: null, values: member('values') } : null;
}

/** The elements of a list that is written out, here or as a constant before. */
function elementsOf(values: ts.Expression | undefined, checker: ts.TypeChecker): readonly ts.Expression[] | null {
  if (values === undefined) return [];
  if (ts.isArrayLiteralExpression(values)) {
    const parts = values.elements.map((one) => (ts.isSpreadElement(one) ? elementsOf(one.expression, checker) : [one]));
    return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
  }
  const constant = ts.isIdentifier(values) ? constantOf(values, checker) : null;
  return constant && elementsOf(constant, checker);
}

/** Every text that a constant expression can have; `null` when it depends on more than constants and conditions. */
function textsOf(node: ts.Expression, checker: ts.TypeChecker): readonly string[] | null {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return templateTexts(node, checker);
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression, checker);
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [textsOf(node.whenTrue, checker), textsOf(node.whenFalse, checker)];
    return yes && no && [...yes, ...no];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return sums(node, checker);
  const constant = ts.isIdentifier(node) ? constantOf(node, checker) : null;
  return constant && textsOf(constant, checker);
}

function templateTexts(node: ts.TemplateExpression, checker: ts.TypeChecker): readonly string[] | null {
  return node.templateSpans.reduce<readonly string[] | null>(
    (texts, span) => {
      const parts = textsOf(span.expression, checker);
      return texts && parts && texts.flatMap((text) => parts.map((part) => text + part + span.literal.text));
    },
    [node.head.text],
  );
}

/** `LISTED + 1` inside a limit; a text that is put together */
function sums(node: ts.BinaryExpression, checker: ts.TypeChecker): readonly string[] | null {
  const [left, right] = [textsOf(node.left, checker), textsOf(node.right, checker)];
  const add = (a: string, b: string): string =>
    Number.isNaN(Number(a) + Number(b)) ? a + b : String(Number(a) + Number(b));
  return left && right && left.flatMap((a) => right.map((b) => add(a, b)));
}

/** What a constant was made of. */
function constantOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Expression | null {
  const symbol = checker.getSymbolAtLocation(node);
  if (symbol === undefined) return null;
  const origin = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declared = origin.valueDeclaration;
  if (declared === undefined || !ts.isVariableDeclaration(declared)) return null;
  const isConstant = (ts.getCombinedNodeFlags(declared) & ts.NodeFlags.Const) !== 0;
  return isConstant ? (declared.initializer ?? null) : null;
}
