// @ts-check
/** Blocks to nodes: which block is drawn by whom. What is not drawn says so. */
import { h } from '../preact.js';
import { drawElement } from './element.js';
import { drawInput } from './input.js';
import { drawContext, drawHeader, drawImage, drawSection, undrawn } from './layout.js';
import { drawRich } from './rich.js';
import { drawMarkdown } from './markdown.js';
import { spot } from './context.js';

/** @typedef {import('../shapes.js').Json} Json */
/** @typedef {import('./context.js').Context} Context */

/** @type {Record<string, (block: Json, context: Context) => any>} */
const BLOCKS = {
  section: drawSection,
  header: (block) => drawHeader(block),
  divider: () => h('hr', { class: 'rule' }),
  context: drawContext,
  actions: drawActions,
  input: drawInput,
  image: (block) => drawImage(block),
  rich_text: (block, context) => drawRich(block, context.reader),
  markdown: (block) => drawMarkdown(String(block['text'] ?? '')),
};

/**
 * @param {Json[]} blocks
 * @param {Context} context
 */
export function drawBlocks(blocks, context) {
  return blocks.map((block, index) => {
    const type = String(block['type']);
    const draw = Object.hasOwn(BLOCKS, type) ? BLOCKS[type] : undefined;
    const named = { ...block, block_id: block['block_id'] ?? `block-${index}` };
    const body = draw === undefined ? undrawn(type) : draw(named, context);
    return h('div', { class: `block b-${type}`, key: `${type} ${named.block_id}` }, body);
  });
}

/** @param {Json} block @param {Context} context */
function drawActions(block, context) {
  const elements = /** @type {Json[]} */ (block['elements'] ?? []);
  return h(
    'div',
    { class: 'b-actions-row', role: 'group', 'aria-label': 'Actions' },
    elements.map((element, index) =>
      drawElement(
        spot(context, block['block_id'], { ...element, action_id: element['action_id'] ?? `action-${index}` }),
      ),
    ),
  );
}
