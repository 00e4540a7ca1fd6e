import { parse } from 'libpg-query';
import * as z from 'zod';

/** What a statement puts into one column. */
export interface Write {
  readonly table: string;
  readonly column: string;
  /** The number of a parameter, a text that stands in the statement, or null. */
  readonly value: { readonly parameter: number } | { readonly text: string } | null;
}

const relation = z.object({ relname: z.string() });
const named = z.object({ ResTarget: z.object({ name: z.string().optional(), val: z.unknown().optional() }) });
const change = z.object({ relation, targetList: z.array(named) });
const addition = z.object({
  relation,
  cols: z.array(named),
  selectStmt: z.object({
    SelectStmt: z.object({
      valuesLists: z.array(z.object({ List: z.object({ items: z.array(z.unknown()) }) })).default([]),
      targetList: z.array(named).default([]),
    }),
  }),
  onConflictClause: z.object({ targetList: z.array(named).default([]) }).default({ targetList: [] }),
});

/** Every value that a statement binds or spells out for a column, wherever it stands in it, in Postgres's own grammar. */
export async function writesOf(text: string): Promise<readonly Write[]> {
  return writesIn(await parse(text));
}

function writesIn(node: unknown): readonly Write[] {
  if (Array.isArray(node)) return node.flatMap(writesIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, inner]: [string, unknown]) => {
    const own = name === 'InsertStmt' ? ofAddition(inner) : name === 'UpdateStmt' ? ofChange(inner) : [];
    return [...own, ...writesIn(inner)];
  });
}

function ofChange(node: unknown): readonly Write[] {
  const { relation: table, targetList } = change.parse(node);
  return ofTargets(table.relname, targetList);
}

function ofAddition(node: unknown): readonly Write[] {
  const { relation: table, cols, selectStmt, onConflictClause } = addition.parse(node);
  const { valuesLists, targetList } = selectStmt.SelectStmt;
  const rows = [...valuesLists.map(({ List }) => List.items), targetList.map(({ ResTarget }) => ResTarget.val)];
  const added = rows.flatMap((values) =>
    values.flatMap((value, place) => ofValue(table.relname, cols[place]?.ResTarget.name, value)),
  );
  return [...added, ...ofTargets(table.relname, onConflictClause.targetList)];
}

const ofTargets = (table: string, targets: readonly z.output<typeof named>[]): readonly Write[] =>
  targets.flatMap(({ ResTarget }) => ofValue(table, ResTarget.name, ResTarget.val));

const value = z.union([
  z
    .object({ ParamRef: z.object({ number: z.number() }) })
    .transform(({ ParamRef }) => [{ parameter: ParamRef.number }]),
  z
    .object({ A_Const: z.object({ sval: z.object({ sval: z.string() }) }) })
    .transform(({ A_Const }) => [{ text: A_Const.sval.sval }]),
  z.object({ A_Const: z.object({ isnull: z.literal(true) }) }).transform(() => [null]),
]);
const cast = z.object({ TypeCast: z.object({ arg: z.unknown() }) });
const choice = z.object({
  CaseExpr: z.object({
    args: z.array(z.object({ CaseWhen: z.object({ result: z.unknown() }) })),
    defresult: z.unknown(),
  }),
});

/** Computed values are left to Postgres, which knows their types. */
function ofValue(table: string, column: string | undefined, node: unknown): readonly Write[] {
  if (column === undefined) return [];
  const inner = cast.safeParse(node).data?.TypeCast.arg;
  if (inner !== undefined) return ofValue(table, column, inner);
  const chosen = choice.safeParse(node).data?.CaseExpr;
  if (chosen)
    return [...chosen.args.map(({ CaseWhen }) => CaseWhen.result), chosen.defresult].flatMap((one) =>
      ofValue(table, column, one),
    );
  return (value.safeParse(node).data ?? []).map((found) => ({ table, column, value: found }));
}
