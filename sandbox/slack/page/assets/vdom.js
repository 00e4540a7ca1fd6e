// @ts-check
/**
 * A very small view tree: `h` describes elements, `patch` brings the document in line with the description.
 * Nodes that stay keep their focus, their scroll position and what was typed into them. Text becomes text nodes, so
 * nothing a message holds can become markup.
 */

/** @typedef {{ tag: string, key: string, props: Record<string, any>, children: Child[] }} VNode */
/** @typedef {VNode | string} Child */

const SVG_SPACE = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'path', 'circle']);
/** Only set when a node is made: afterwards the person owns them. */
const INITIAL = new Set(['value', 'checked', 'selected']);

/** @type {WeakMap<Node, VNode>} */
const drawn = new WeakMap();

/**
 * @param {string} tag
 * @param {Record<string, any> | null} [props] attributes, `on…` handlers, `style` as an object, `key`, `ref` (called once)
 * @param {...any} children text, nodes, nested lists; null, undefined and booleans are left out
 * @returns {VNode}
 */
export function h(tag, props, ...children) {
  const key = props?.['key'];
  return { tag, key: key === undefined ? '' : String(key), props: props ?? {}, children: flat(children, []) };
}

/**
 * @param {any[]} list
 * @param {Child[]} out
 */
function flat(list, out) {
  for (const item of list) {
    if (Array.isArray(item)) flat(item, out);
    else if (item === null || item === undefined || typeof item === 'boolean' || item === '') continue;
    else out.push(typeof item === 'object' ? item : String(item));
  }
  return out;
}

/**
 * @param {Element} parent
 * @param {Child[]} children
 */
export function patch(parent, children) {
  const old = index(parent);
  const nodes = children.map((child) => {
    const found = take(old, child);
    if (found === undefined) return create(child);
    update(found, child);
    return found;
  });
  // Leftovers go first: moving a node that stays would cost it the focus.
  for (const node of [...parent.childNodes]) if (!nodes.includes(node)) node.remove();
  let cursor = parent.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

/** @param {Element} parent */
function index(parent) {
  /** @type {Map<string, Node>} */
  const keyed = new Map();
  /** @type {Map<string, Node[]>} */
  const plain = new Map();
  for (const node of parent.childNodes) {
    const vnode = drawn.get(node);
    if (vnode !== undefined && vnode.key !== '') keyed.set(`${vnode.tag} ${vnode.key}`, node);
    else {
      const tag = vnode?.tag ?? '#text';
      const list = plain.get(tag) ?? [];
      list.push(node);
      plain.set(tag, list);
    }
  }
  return { keyed, plain };
}

/**
 * @param {ReturnType<typeof index>} old
 * @param {Child} child
 * @returns {Node | undefined}
 */
function take(old, child) {
  if (typeof child === 'string') return old.plain.get('#text')?.shift();
  if (child.key === '') return old.plain.get(child.tag)?.shift();
  const name = `${child.tag} ${child.key}`;
  const found = old.keyed.get(name);
  old.keyed.delete(name);
  return found;
}

/**
 * @param {Child} child
 * @returns {Node}
 */
function create(child) {
  if (typeof child === 'string') return document.createTextNode(child);
  /** @type {any} */
  const element = SVG_TAGS.has(child.tag)
    ? document.createElementNS(SVG_SPACE, child.tag)
    : document.createElement(child.tag);
  for (const [name, value] of Object.entries(child.props)) if (!INITIAL.has(name)) setProp(element, name, value);
  for (const inner of child.children) element.append(create(inner));
  for (const name of INITIAL) {
    const value = child.props[name];
    if (value !== undefined && value !== null) element[name] = value;
  }
  drawn.set(element, child);
  child.props['ref']?.(element);
  return element;
}

/**
 * @param {Node} node
 * @param {Child} child
 */
function update(node, child) {
  if (typeof child === 'string') {
    if (node.nodeValue !== child) node.nodeValue = child;
    return;
  }
  const element = /** @type {Element} */ (node);
  const before = drawn.get(node)?.props ?? {};
  for (const name of Object.keys(before)) if (!(name in child.props)) setProp(element, name, undefined);
  for (const [name, value] of Object.entries(child.props)) {
    if (!INITIAL.has(name) && before[name] !== value) setProp(element, name, value);
  }
  drawn.set(node, child);
  patch(element, child.children);
}

/**
 * @param {any} element
 * @param {string} name
 * @param {any} value
 */
function setProp(element, name, value) {
  if (name === 'key' || name === 'ref') return;
  if (name.startsWith('on')) element[name] = value ?? null;
  else if (name === 'style')
    for (const [rule, text] of Object.entries(value ?? {})) element.style.setProperty(rule, text);
  else if (value === undefined || value === null || value === false) element.removeAttribute(name);
  else {
    const text = value === true ? '' : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}
