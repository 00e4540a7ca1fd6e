import { SYSTEMS } from '../../connectors/registry.js';
import { nearest, placeOf, type ConfigProblem } from './problem.js';
import type { Sources } from './sources.js';

/** Settings that name another system; `any`: its name may also be that of one that Notme does not know. */
const NAMING = [
  { key: 'synced_from', any: ['google_workspace'] },
  { key: 'provisioned_from', any: [] },
] as const;

interface Naming {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly any: boolean;
}

const isSection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function namingsIn(system: string, path: readonly PropertyKey[], section: unknown): readonly Naming[] {
  if (!isSection(section)) return [];
  return NAMING.flatMap(({ key, any }) => {
    const name = section[key];
    const open: readonly string[] = any;
    return typeof name === 'string' ? [{ path: [...path, key], name, any: open.includes(system) }] : [];
  });
}

/**
 * What is told of a name that leads to no system: the order between a copy and its origin then does not hold, and nothing
 * else would say so.
 */
export function namedSystems({ file }: Sources): readonly ConfigProblem[] {
  const sections: Readonly<Record<string, unknown>> = file;
  const entriesOf = (id: string): readonly unknown[] => {
    const section = sections[id];
    return Array.isArray(section) ? section : [];
  };
  const known = SYSTEMS.flatMap(({ id, list }) =>
    list === null ? [id] : entriesOf(id).flatMap((one) => (isSection(one) ? [`${id}_${String(one['id'])}`] : [])),
  );
  const namings = SYSTEMS.flatMap(({ id, list }) =>
    list === null
      ? namingsIn(id, [id], sections[id])
      : entriesOf(id).flatMap((entry, index) => namingsIn(id, [id, index], entry)),
  );
  return namings.flatMap(({ path, name, any }) => {
    const near = nearest(name, known);
    if (known.includes(name) || (any && near === null)) return [];
    const key = placeOf(path);
    return [
      {
        key,
        problem: `${key} names no system of Notme, so its changes wait for those of no other.`,
        fix: near === null ? `Set ${key} to one of ${known.join(', ')}, or leave it out.` : `Did you mean ${near}?`,
      },
    ];
  });
}
