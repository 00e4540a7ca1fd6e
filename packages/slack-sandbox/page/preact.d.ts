/** `/preact.js` is served from the package of that name (`src/control/page.ts`). */
export { h, render, type VNode } from 'preact';
