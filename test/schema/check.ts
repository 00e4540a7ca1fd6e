import ts from 'typescript';
import type { Described, ResultColumn } from './describe.js';
import type { Write } from './writes.js';
import { type Sources, type Statement, typeOfMember } from './statements.js';

/** What is wrong with the rows of one statement, a sentence each; empty when its type is what Postgres gives. */
export function wrongRows(sources: Sources, statement: Statement, described: Described): readonly string[] {
  const { row } = statement;
  if (row === null) return [];
  const read = new Map(row.getProperties().map((one) => [one.name, sources.checker.getTypeOfSymbol(one)]));
  const returned = new Set(described.columns.map(({ name }) => name));
  const unread = described.columns.filter(({ name }) => !read.has(name));
  return [
    ...[...read.keys()].filter((name) => !returned.has(name)).map((name) => `${name} is not returned`),
    ...unread.map(({ name }) => `${name} is returned but not in the row's type`),
    ...described.columns.flatMap((column) => {
      const type = read.get(column.name);
      return type ? wrongColumn(sources, column, type) : [];
    }),
  ];
}

function wrongColumn(sources: Sources, column: ResultColumn, read: ts.Type): readonly string[] {
  const { checker } = sources;
  const real = realType(sources, column);
  if (real.flags & ts.TypeFlags.Unknown)
    return read.flags & ts.TypeFlags.Unknown ? [] : [`${column.name} is JSON: unknown until it is parsed`];
  const [known, claimed] = [checker.getNonNullableType(real), checker.getNonNullableType(read)];
  const same = checker.isTypeAssignableTo(known, claimed) && checker.isTypeAssignableTo(claimed, known);
  const wrong = same ? [] : [`${column.name} is ${checker.typeToString(known)}, not ${checker.typeToString(claimed)}`];
  const mayBeNull = claimed !== read;
  if (column.nullable === false && mayBeNull) return [...wrong, `${column.name} is never null`];
  if (column.nullable === true && !mayBeNull) return [...wrong, `${column.name} may be null`];
  if (column.nullable === 'unknown' && !mayBeNull)
    return [...wrong, `${column.name} may be null for all that is known`];
  return wrong;
}

/** A table's column has the type that src/ports/schema.ts gives it; what is computed, the one that the drivers make of it. */
function realType(sources: Sources, { origin, type, name }: ResultColumn): ts.Type {
  if (origin) return sources.columnType(origin.table, origin.column);
  const made = typeOfMember(sources.checker, sources.driverTypes, type);
  if (made === null)
    throw new Error(`${name} is ${type}: say in test/schema/driver-types.ts what the drivers make of it`);
  return made;
}

/** What is bound that Postgres or the column does not take, a sentence each. */
export function wrongValues(
  sources: Sources,
  { values }: Statement,
  described: Described,
  writes: readonly Write[],
): readonly string[] {
  const { checker } = sources;
  if (values === null) return [];
  const bound = values.map((value) => checker.getTypeAtLocation(value));
  if (bound.length !== described.parameters.length)
    return [`${String(described.parameters.length)} parameters are named, ${String(bound.length)} bound`];
  return [
    ...described.parameters.flatMap((type, place) => wrongParameter(sources, type, bound[place], place + 1)),
    ...writes.flatMap((write) => wrongWrite(sources, write, bound)),
  ];
}

function wrongParameter(sources: Sources, type: string, bound: ts.Type | undefined, number: number): readonly string[] {
  const { checker } = sources;
  const taken = typeOfMember(checker, sources.boundTypes, type);
  if (bound === undefined) return [];
  if (taken === null) return [`$${String(number)} is ${type}: say in test/schema/driver-types.ts what is bound to it`];
  return checker.isTypeAssignableTo(bound, taken)
    ? []
    : [`$${String(number)} is ${type}, and ${checker.typeToString(bound)} is bound`];
}

function wrongWrite(sources: Sources, { table, column, value }: Write, bound: readonly ts.Type[]): readonly string[] {
  const { checker } = sources;
  const type = sources.columnType(table, column);
  // What is bound to JSON is its text, which says nothing of a shape.
  if (type.flags & ts.TypeFlags.Unknown) return [];
  const written = writtenType(checker, value, bound);
  if (written === undefined || checker.isTypeAssignableTo(written, type)) return [];
  return [`${table}.${column} is ${checker.typeToString(type)}, and ${checker.typeToString(written)} is written`];
}

function writtenType(checker: ts.TypeChecker, value: Write['value'], bound: readonly ts.Type[]): ts.Type | undefined {
  if (value === null) return checker.getNullType();
  return 'text' in value ? checker.getStringLiteralType(value.text) : bound[value.parameter - 1];
}
