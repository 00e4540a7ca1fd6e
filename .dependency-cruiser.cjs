/**
 * Which way imports may point. `npm run direction` checks it; docs/architecture.md tells why.
 * Words used here: an edge talks to the outside (Slack, mail, HTTP, identity systems, databases, queues); the core decides.
 */
const CORE =
  '^(src/(notices|reports|incidents|approvals|audit|doctor)/|src/core\\.ts$|jobs/(containment|upkeep)/|jobs/[^/]+\\.ts$)';
const EDGE = '^(src/(slack|mail|web|store|connectors)/|jobs/queue/|sandbox/)';
/** Interfaces and pure decisions that stand beside an edge and belong to the core. */
const PORTS = '^(src/store/database|src/connectors/port|src/connectors/retry|jobs/queue/port)\\.ts$';
/** Where the process is put together: the only places that know the edges and the core at once. */
const COMPOSITION = '^src/(app|connect|cli|config)\\.ts$|^src/(commands|config)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no first file to read. Imports of types count. Move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-knows-no-edge',
      comment: 'The core knows the ports. An edge implements a port, and src/app.ts hands it in.',
      severity: 'error',
      from: { path: CORE },
      to: { path: EDGE, pathNot: PORTS },
    },
    {
      name: 'core-knows-no-composition',
      comment: 'The core is handed what it needs (src/core.ts). It reads no configuration and starts nothing.',
      severity: 'error',
      from: { path: CORE },
      to: { path: COMPOSITION },
    },
    {
      name: 'blocks-only-draw',
      comment:
        'A block is a value in and blocks out. Types may come from anywhere in src; what runs comes from blocks.',
      severity: 'error',
      from: { path: '^blocks/' },
      to: { path: '^(src|jobs|sandbox)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'connectors-are-strangers',
      comment:
        'A connector never imports another. What two of them share stands in src/connectors/http or beside the port.',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/' },
      to: { path: '^src/connectors/[^/]+/', pathNot: ['^src/connectors/$1/', '^src/connectors/http/'] },
    },
    {
      name: 'connectors-know-the-port-only',
      comment: 'A connector speaks to its identity system and answers through the port.',
      severity: 'error',
      from: { path: '^src/connectors/' },
      to: { path: '^(src/(?!connectors/)[^/]+/|src/(app|core|cli|config|connect)\\.ts$|jobs/|blocks/|sandbox/)' },
    },
    {
      name: 'nothing-knows-the-sandbox',
      comment:
        'The app cannot tell the sandbox from a real workspace. Two commands start it, and nothing else names it.',
      severity: 'error',
      from: { path: '^(src|jobs|blocks)/', pathNot: '^src/(cli|commands/start)\\.ts$' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'sandbox-is-loaded-late',
      comment: 'A real workspace never loads the sandbox: the two commands import it only when they run it.',
      severity: 'error',
      from: { path: '^src/(cli|commands/start)\\.ts$' },
      to: { path: '^sandbox/', dependencyTypesNot: ['dynamic-import'] },
    },
    {
      name: 'sandbox-slack-is-liftable',
      comment: 'The local Slack knows nothing of this app, so that other projects can lift it out as it is.',
      severity: 'error',
      from: { path: '^sandbox/slack/' },
      to: { path: '^(src|jobs|blocks)/|^sandbox/(?!slack/)' },
    },
    {
      name: 'sandbox-directories-are-strangers',
      comment:
        'A simulated identity system knows neither the app nor another simulator: it is what the outside is. What several share stands in sandbox/directories/http.',
      severity: 'error',
      from: { path: '^sandbox/directories/([^/]+)/' },
      to: {
        path: '^(src|jobs|blocks)/|^sandbox/',
        pathNot: ['^sandbox/directories/$1/', '^sandbox/directories/(http/|[^/]+\\.ts$)'],
      },
    },
    {
      name: 'environment-has-one-reader',
      comment: 'Only src/config.ts puts the parts of the configuration together. Others take the frozen value.',
      severity: 'error',
      from: { path: '^(src|jobs|blocks|sandbox)/', pathNot: '^src/config(\\.ts$|/)' },
      to: { path: '^src/config/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^sandbox/slack/page/assets/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
