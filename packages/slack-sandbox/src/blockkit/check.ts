import type { ErrorObject } from 'ajv';
import { Ajv } from 'ajv';
import type { JsonObject } from '../json.js';
import { isObject, objectsOf } from '../json.js';
import type { Problem } from './limits.js';
import { brokenLimits, brokenViewLimits, missingAlternatives, repeatedIds, totalCharacters } from './limits.js';
import schema from './schema.json' with { type: 'json' };

export type BlockKitError = 'invalid_blocks' | 'msg_blocks_too_long' | 'view_too_large' | 'invalid_arguments';

/** `messages` are in Slack's form: `[ERROR] what [json-pointer:/blocks/0/text]`. */
export type BlockKitVerdict =
  { readonly ok: true } | { readonly ok: false; readonly error: BlockKitError; readonly messages: readonly string[] };

const MAX_MESSAGE_BLOCKS = 50;
/** Seen in practice (bolt-js #2509): a message whose blocks hold more is refused. */
const MAX_MESSAGE_CHARACTERS = 13_200;
const MAX_VIEW_BYTES = 250_000;

const ajv = new Ajv({ allErrors: false, discriminator: true, strict: false, allowUnionTypes: true });
ajv.addSchema(schema, 'blockkit');
const validatorOf = (name: string) => ajv.compile({ $ref: `blockkit#/definitions/${name}` });
const validBlock = validatorOf('KnownBlock');
const validModal = validatorOf('ModalView');
const validHome = validatorOf('HomeView');

const KEYWORDS: Readonly<Record<string, (params: JsonObject) => string>> = {
  required: (params) => `missing required field: ${String(params['missingProperty'])}`,
  additionalProperties: (params) => `no more fields allowed: ${String(params['additionalProperty'])}`,
  type: (params) => `must provide ${params['type'] === 'object' ? 'an object' : `a ${String(params['type'])}`}`,
  enum: (params) => `must be one of ${JSON.stringify(params['allowedValues'])}`,
  const: (params) => `must be ${JSON.stringify(params['allowedValue'])}`,
  discriminator: (params) =>
    params['error'] === 'tag' ? 'must provide a string' : `unsupported type: ${String(params['tagValue'])}`,
};

function asProblem(error: ErrorObject, base: string): Problem {
  const params: unknown = error.params;
  const words = KEYWORDS[error.keyword]?.(isObject(params) ? params : {}) ?? error.message ?? 'invalid';
  return { message: words, at: base + error.instancePath };
}

function structure(blocks: readonly unknown[], base: string): Problem[] {
  return blocks.flatMap((block, index) =>
    validBlock(block) ? [] : (validBlock.errors ?? []).slice(0, 1).map((error) => asProblem(error, `${base}/${index}`)),
  );
}

const verdict = (error: BlockKitError, problems: readonly Problem[]): BlockKitVerdict =>
  problems.length === 0
    ? { ok: true }
    : { ok: false, error, messages: problems.map(({ message, at }) => `[ERROR] ${message} [json-pointer:${at}]`) };

function blockProblems(blocks: readonly unknown[], base: string): Problem[] {
  const known = objectsOf(blocks);
  return [
    ...structure(blocks, base),
    ...missingAlternatives(known, base),
    ...brokenLimits(blocks, base),
    ...repeatedIds(known, base),
  ];
}

/** Whether Slack would take these blocks in a message: at most 50, each well-formed, within every limit. */
export function checkMessage(blocks: unknown): BlockKitVerdict {
  if (!Array.isArray(blocks)) return verdict('invalid_blocks', [{ message: 'must provide an array', at: '/blocks' }]);
  const many: Problem[] =
    blocks.length > MAX_MESSAGE_BLOCKS
      ? [{ message: `no more than ${MAX_MESSAGE_BLOCKS} items allowed`, at: '/blocks' }]
      : [];
  const found = verdict('invalid_blocks', [...many, ...blockProblems(blocks, '/blocks')]);
  if (!found.ok) return found;
  const characters = totalCharacters(blocks);
  if (characters <= MAX_MESSAGE_CHARACTERS) return found;
  return verdict('msg_blocks_too_long', [
    { message: `the blocks hold ${characters} characters, more than ${MAX_MESSAGE_CHARACTERS}`, at: '/blocks' },
  ]);
}

/** Inputs cannot be sent without a submit button. */
function missingSubmit(view: JsonObject): Problem[] {
  const hasInput = objectsOf(view['blocks']).some((block) => block['type'] === 'input');
  return view['type'] === 'modal' && hasInput && !('submit' in view)
    ? [{ message: 'missing required field: submit', at: '/view' }]
    : [];
}

/** Whether Slack would take this modal or home tab. */
export function checkView(view: unknown): BlockKitVerdict {
  if (!isObject(view)) return verdict('invalid_arguments', [{ message: 'must provide an object', at: '/view' }]);
  if (JSON.stringify(view).length > MAX_VIEW_BYTES)
    return verdict('view_too_large', [{ message: 'the view is larger than 250 KB', at: '/view' }]);
  const valid = view['type'] === 'home' ? validHome : validModal;
  const { blocks, ...frame } = view;
  const frameProblems = valid({ ...frame, blocks: Array.isArray(blocks) ? [] : blocks })
    ? []
    : (valid.errors ?? []).map((error) => asProblem(error, '/view'));
  const list = Array.isArray(blocks) ? blocks : [];
  return verdict('invalid_arguments', [
    ...frameProblems,
    ...brokenViewLimits(view),
    ...missingSubmit(view),
    ...blockProblems(list, '/view/blocks'),
  ]);
}
