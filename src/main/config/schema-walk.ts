import { z } from 'zod';

/** The part of JSON Schema that is needed to find a setting's description and neighbours. */
interface SchemaNode {
  readonly description?: string | undefined;
  readonly properties?: Record<string, unknown> | undefined;
  readonly items?: unknown;
  readonly additionalProperties?: unknown;
}

const node = z.looseObject({
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  additionalProperties: z.unknown().optional(),
});

function asNode(value: unknown): SchemaNode | null {
  const parsed = node.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The part of the schema that a path leads to; `null` when it leads nowhere. */
export function schemaAt(root: unknown, path: readonly PropertyKey[]): SchemaNode | null {
  let here = asNode(root);
  for (const part of path) {
    if (here === null) return null;
    const named = here.properties !== undefined && Object.hasOwn(here.properties, String(part));
    here = asNode(
      typeof part === 'number' ? here.items : named ? here.properties?.[String(part)] : here.additionalProperties,
    );
  }
  return here;
}

/**
 * What a wrong key may have meant: the same name elsewhere, else the most similar beside it, else the most similar of
 * all.
 */
export function suggestKey(
  root: unknown,
  path: readonly PropertyKey[],
  nearest: (name: string, known: readonly string[]) => string | null,
): string | null {
  const wrong = String(path.at(-1) ?? '');
  const places = allPlaces(root);
  const sameName = places.find((place) => place.split('.').at(-1) === wrong);
  if (sameName !== undefined) return sameName;
  const known = Object.keys(schemaAt(root, path.slice(0, -1))?.properties ?? {});
  const beside = known.find((one) => one.startsWith(wrong)) ?? nearest(wrong, known);
  if (beside !== null) return beside;
  const names = places.map((place) => place.split('.').at(-1) ?? place);
  const name = nearest(wrong, names);
  return name === null ? null : (places[names.indexOf(name)] ?? null);
}

/** `workspace`, `workspace.security_channel` …, without the contents of lists. */
function allPlaces(root: unknown, prefix = ''): readonly string[] {
  const properties = Object.entries(asNode(root)?.properties ?? {});
  return properties.flatMap(([key, child]) => [`${prefix}${key}`, ...allPlaces(child, `${prefix}${key}.`)]);
}
