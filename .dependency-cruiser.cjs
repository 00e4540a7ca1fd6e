/**
 * Which way imports may point. `npm run direction` checks it. The order of the rooms is the table in docs/architecture.md:
 * a room imports only what stands below it. Beside it stand the few rules that an order cannot say.
 */
const { readFileSync } = require('node:fs');

const [, section] = readFileSync(require.resolve('./docs/architecture.md'), 'utf8').split('\n## Rooms\n');
const ROWS = [...section.split('\n## ')[0].matchAll(/^\| `([a-z/-]+)` \|.*\| ([a-z]+) \|$/gm)];
const ROOMS = ROWS.map(([, room]) => room);
const ofKind = (kind) => ROWS.filter((row) => row[2] === kind).map(([, room]) => room);
const within = (rooms) => `^(${rooms.join('|')})/`;
const DOMAIN = within(ofKind('domain'));

const order = ROOMS.slice(1).map((room, above) => ({
  name: `${room.replaceAll('/', '-')}-imports-what-stands-below`,
  comment: 'The rooms are ordered in docs/architecture.md. What is needed from above is handed in as a value.',
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: within(ROOMS.slice(0, above + 1)) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...order,
    {
      name: 'every-file-has-a-room',
      comment: 'A file belongs to a room, and every room stands in the table of docs/architecture.md.',
      severity: 'error',
      from: { path: '^src/', pathNot: within(ROOMS) },
      to: {},
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no first file to read. Imports of types count. Move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'domain-knows-no-edge',
      comment: 'The domain knows the ports. An edge implements a port, and src/main/app.ts hands it in.',
      severity: 'error',
      from: { path: DOMAIN },
      to: { path: within(ofKind('edge')) },
    },
    {
      name: 'connectors-are-handed-in',
      comment: 'Only the composition knows which identity systems there are; everybody else knows the port.',
      severity: 'error',
      from: { path: within(ROOMS), pathNot: '^src/(main|connectors)/' },
      to: { path: '^src/connectors/' },
    },
    {
      name: 'the-store-is-handed-in',
      comment:
        'Only the composition opens the store, and the queue keeps its tables beside it; everybody else knows the port.',
      severity: 'error',
      from: { path: within(ROOMS), pathNot: '^(src/(main|store)|jobs/queue)/' },
      to: { path: '^src/store/' },
    },
    {
      name: 'incidents-are-changed-by-commands',
      comment:
        'What approvers do to an incident comes from one registry, so that each command is checked in one place.',
      severity: 'error',
      from: { path: within(ROOMS), pathNot: '^src/approvals/' },
      to: {
        path: '^src/approvals/(commands/|store-decision\\.ts$|take-(decision|undo)\\.ts$|in-incident\\.ts$)',
        pathNot: '^src/approvals/commands/index\\.ts$',
      },
    },
    {
      name: 'blocks-only-draw',
      comment: 'A block is a value in and blocks out. Types may come from any room below; what runs is pure.',
      severity: 'error',
      from: { path: '^blocks/' },
      to: {
        path: '^(src/|node:)',
        pathNot:
          '^src/(texts/|platform/untrusted|ports/(connector|decision-kinds)|incidents/(hold-reach|proven-state|step-standing|task-keys|waiting-decisions))',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'connectors-are-strangers',
      comment: 'A connector never imports another. What two of them share stands in src/connectors beside them.',
      severity: 'error',
      from: { path: '^src/connectors/([^/]+)/' },
      to: { path: '^src/connectors/[^/]+/', pathNot: ['^src/connectors/$1/', '^src/connectors/(http|kit)/'] },
    },
    {
      name: 'nothing-knows-the-sandbox',
      comment: 'The app cannot tell the sandbox from a real workspace. sandbox/cli.ts hands it to the command line.',
      severity: 'error',
      from: { path: '^(src|jobs|blocks)/' },
      to: { path: '^(sandbox|packages)/' },
    },
    {
      name: 'packages-know-only-themselves',
      comment:
        'The local Slack and the local identity systems are packages of their own: they know no app, nor each other.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^(src|jobs|blocks|sandbox|test|bench|packages)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'packages-have-one-door',
      comment: 'Who uses a package uses what its package.json exports, by its name.',
      severity: 'error',
      from: { pathNot: '^packages/' },
      to: { path: '^packages/', pathNot: ['^packages/[^/]+/src/index\\.ts$', '^packages/[^/]+/src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'identity-systems-are-strangers',
      comment:
        'A simulated identity system does not know another: it is what the outside is. What several share stands in packages/identity-sandbox/src/http.',
      severity: 'error',
      from: { path: '^packages/identity-sandbox/src/([^/]+)/' },
      to: {
        path: '^packages/identity-sandbox/src/',
        pathNot: ['^packages/identity-sandbox/src/$1/', '^packages/identity-sandbox/src/(http/|vendor/|[^/]+\\.ts$)'],
      },
    },
    {
      name: 'environment-has-one-reader',
      comment: 'Only src/main/config.ts puts the parts of the configuration together. Others take the frozen value.',
      severity: 'error',
      from: { path: '^(src|jobs|blocks|sandbox)/', pathNot: '^src/main/config(\\.ts$|/)' },
      to: { path: '^src/main/config/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/(page|dist)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
