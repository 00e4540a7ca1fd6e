/**
 * Writes schema.json from the interfaces of @slack/types: `npm run schema -w slack-sandbox`.
 * Unions become `oneOf` with a discriminator on `type`, so that a mistake is reported at its own place.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';
import type { JsonObject } from '../src/json.js';
import { isObject, objectsOf } from '../src/json.js';

const PREFIX = '#/definitions/';
const source = fileURLToPath(import.meta.resolve('@slack/types')).replace(/\.js$/, '.d.ts');
const target = fileURLToPath(new URL('../src/blockkit/schema.json', import.meta.url));

const generated: unknown = JSON.parse(
  JSON.stringify(createGenerator({ path: source, type: 'View', skipTypeCheck: true }).createSchema('View')),
);
const root = isObject(generated) ? generated : {};
const definitions: JsonObject = isObject(root['definitions']) ? root['definitions'] : {};

const nameOf = (schema: JsonObject): string | undefined =>
  typeof schema['$ref'] === 'string' ? schema['$ref'].slice(PREFIX.length) : undefined;

const typeOf = (schema: JsonObject): unknown => {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return isObject(properties['type']) ? properties['type']['const'] : undefined;
};

/** The object schemas behind a union, through references and unions of unions. */
function members(schema: JsonObject): { ref: string | undefined; schema: JsonObject }[] {
  const ref = nameOf(schema);
  const actual = ref === undefined ? schema : definitions[ref];
  if (!isObject(actual)) return [];
  if (Array.isArray(actual['anyOf'])) return objectsOf(actual['anyOf']).flatMap(members);
  return [{ ref, schema: actual }];
}

/** Two shapes of one `type` (an image by URL or by file) become one whose differing parts are optional. */
function merge(one: JsonObject, other: JsonObject): JsonObject {
  const required = (schema: JsonObject): unknown[] => (Array.isArray(schema['required']) ? schema['required'] : []);
  return {
    ...one,
    properties: {
      ...(isObject(one['properties']) ? one['properties'] : {}),
      ...(isObject(other['properties']) ? other['properties'] : {}),
    },
    required: required(one).filter((key) => required(other).includes(key)),
  };
}

function discriminated(schema: JsonObject): JsonObject {
  const byType = new Map<unknown, { ref: string | undefined; schema: JsonObject }>();
  for (const member of members(schema)) {
    const type = typeOf(member.schema);
    if (type === undefined) continue; // the open-ended `Block` and custom values: only known types are taken
    const known = byType.get(type);
    byType.set(type, known ? { ref: undefined, schema: merge(known.schema, member.schema) } : member);
  }
  const variants = [...byType.values()].map(({ ref, schema: variant }) =>
    ref === undefined ? clean(variant) : { $ref: PREFIX + ref },
  );
  if (variants.length === 0) return { anyOf: objectsOf(schema['anyOf']).map(clean) };
  if (variants.length === 1 && variants[0]) return variants[0];
  return { type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: variants };
}

/** Without descriptions, with unions discriminated. */
function clean(schema: JsonObject): JsonObject {
  if (Array.isArray(schema['anyOf']) && members(schema).some((member) => typeOf(member.schema) !== undefined)) {
    return discriminated(schema);
  }
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === 'description' && typeof value === 'string'))
      .map(([key, value]): [string, unknown] => {
        if (key === 'properties' && isObject(value)) {
          return [key, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, isObject(v) ? clean(v) : v]))];
        }
        if (Array.isArray(value)) return [key, value.map((one: unknown) => (isObject(one) ? clean(one) : one))];
        return [key, isObject(value) ? clean(value) : value];
      }),
  );
}

/** Only what the wanted definitions reach. */
function reachable(all: JsonObject, wanted: readonly string[]): JsonObject {
  const kept: JsonObject = {};
  const queue = [...wanted];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name in kept) continue;
    kept[name] = all[name];
    for (const [, ref] of JSON.stringify(all[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) if (ref) queue.push(ref);
  }
  return Object.fromEntries(Object.entries(kept).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const cleaned = Object.fromEntries(
  Object.entries(definitions).map(([name, schema]) => [name, isObject(schema) ? clean(schema) : schema]),
);
cleaned['AnyBlock'] = { $ref: `${PREFIX}KnownBlock` };
const schema = {
  $comment: 'Generated from @slack/types by generate-schema.ts; do not edit.',
  definitions: reachable(cleaned, ['KnownBlock', 'ModalView', 'HomeView']),
};
writeFileSync(target, await format(JSON.stringify(schema), { parser: 'json', printWidth: 120 }));
