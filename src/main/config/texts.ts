import { en } from '../../texts/en.js';
import { currentKey } from '../../texts/renamed.js';
import { nearest, type ConfigProblem } from './problem.js';
import type { Config } from './shape.js';
import type { Sources } from './sources.js';

interface ReplacedTexts {
  readonly texts: Config['texts'];
  readonly warnings: readonly ConfigProblem[];
}

/** Replacements for texts of the catalogue, under their present names: a former name still works, with a warning. */
export function replacedTexts({ file, problems }: Sources): ReplacedTexts {
  const written = Object.entries(file.texts ?? {});
  const former = written.filter(([key]) => currentKey(key) !== key);
  for (const [key] of former.filter(([key]) => file.texts?.[currentKey(key)] !== undefined))
    problems.push({
      key: `texts.${key}`,
      problem: `texts.${key} stands beside texts.${currentKey(key)}, which replaces it.`,
      fix: `Remove texts.${key}.`,
    });
  return {
    texts: Object.fromEntries(written.map(([key, text]) => [currentKey(key), text])),
    warnings: [
      ...former.map(([key]) => ({
        key: `texts.${key}`,
        problem: `texts.${key} is an old name.`,
        fix: `Write texts.${currentKey(key)} instead.`,
      })),
      ...written.filter(([key]) => !Object.hasOwn(en, currentKey(key))).map(([key]) => unknownText(key)),
    ],
  };
}

/** Told and otherwise left: a text that a later version drops must not keep it from starting. */
function unknownText(key: string): ConfigProblem {
  const near = nearest(key, Object.keys(en));
  return {
    key: `texts.${key}`,
    problem: `texts.${key} replaces nothing: there is no such text.`,
    fix: near === null ? 'Remove it.' : `Did you mean texts.${near}? Rename or remove it.`,
  };
}
