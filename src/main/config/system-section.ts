import { z } from 'zod';
import type { System } from '../../connectors/kit/system.js';

/**
 * A system's section of notme.yml: its settings without the secrets, none of them required (the environment may have
 * it).
 */
export function sectionOf({ keys, environment, title, list }: System): z.ZodType {
  const isSecret = (name: string): boolean => environment[name]?.secret === true || name === list?.secret;
  const open = Object.entries(keys).filter(([name]) => !isSecret(name));
  if (list === null)
    return z
      .strictObject(Object.fromEntries(open.map(([name, schema]) => [name, schema.optional()])))
      .describe(`${title}; its secrets come from the environment`);
  return z
    .array(z.strictObject(Object.fromEntries(open)))
    .describe(`${title}; their secrets come from the environment (${list.variable})`);
}
